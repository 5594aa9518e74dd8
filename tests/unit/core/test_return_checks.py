"""Warnings of a return: each on its planted case, and silent on the clean twin."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.core.claim_counting import EntryKind
from wpound.core.double_counts import Use
from wpound.core.return_checks import CheckedClaim, FileUse, check_claim, find_moved_starts, find_same_files

CLEAN = CheckedClaim(7, claimed=Decimal(10), due=Decimal(8), promised=Decimal(64), delivered_before=Decimal(16))
CARBON = replace(
    CLEAN,
    is_plain_carbon=True,
    narrative="Against the baseline of 2024, scope 1, with the factor of 2026.",
)
FILE = FileUse("aa", 7, return_id=1, supplier_id=1)


def codes(claim: CheckedClaim) -> list[str]:
    return [warning.code for warning in check_claim(claim)]


@pytest.mark.parametrize(
    ("planted", "clean", "code", "words"),
    [
        ({"claimed": Decimal("24.0001")}, {"claimed": Decimal(24)}, "far_above_due", "more than 3 times the 8 due"),
        (
            {"delivered_before": Decimal("54.01")},
            {"delivered_before": Decimal(54)},
            "above_promise",
            "64.01, more than the 64",
        ),
        ({"claimed": Decimal(0)}, {"claimed": Decimal("0.0001")}, "nothing_claimed", "though 8 is due"),
        ({"last_quarter": Decimal("10.0")}, {"last_quarter": Decimal("10.01")}, "same_as_before", "10 is exactly"),
        ({"elsewhere": [Decimal(9), Decimal(10)]}, {"elsewhere": [Decimal(9)]}, "same_elsewhere", "Exactly 10"),
        ({"weekly_hours": [Decimal("15.99"), Decimal(16)]}, {"weekly_hours": [Decimal(16)]}, "short_hours", "1 job is"),
        ({"weekly_hours": [Decimal(8), Decimal(0)]}, {"weekly_hours": []}, "short_hours", "2 jobs are"),
    ],
)
def test_each_warning_fires_on_its_case_and_is_silent_on_the_twin(
    planted: dict[str, object], clean: dict[str, object], code: str, words: str
) -> None:
    [warning] = check_claim(replace(CLEAN, **planted))  # type: ignore[arg-type]

    assert (warning.code, warning.claim_id, warning.buyer_only) == (code, 7, False)
    assert words in warning.message
    assert codes(replace(CLEAN, **clean)) == []  # type: ignore[arg-type]


def test_nothing_again_is_no_copy_and_what_is_early_is_not_far_above_nothing() -> None:
    nothing = replace(CLEAN, claimed=Decimal(0), due=Decimal(0), last_quarter=Decimal(0), elsewhere=[Decimal(0)])

    assert codes(nothing) == []
    assert codes(replace(CLEAN, due=Decimal(0))) == []
    assert codes(replace(nothing, delivered_before=Decimal(99))) == []


@pytest.mark.parametrize(
    ("narrative", "missing"),
    [
        ("Scope 1 with the factor of 2026.", "the baseline"),
        ("Against our baseline, with the factor of 2026.", "the scope"),
        ("Against our baseline, scopes 1 and 2, with the factor.", "the year of the factor"),
        ("We saved a lot.", "the baseline, the scope and the year of the factor"),
    ],
)
def test_carbon_without_its_working_is_asked_about(narrative: str, missing: str) -> None:
    [warning] = check_claim(replace(CARBON, narrative=narrative))

    assert warning.code == "carbon_words"
    assert warning.message == f"The narrative does not seem to name {missing}."
    assert codes(CARBON) == []
    assert codes(replace(CARBON, narrative=narrative, is_plain_carbon=False)) == []
    assert "carbon_words" not in codes(replace(CARBON, narrative=narrative, claimed=Decimal(0)))


@pytest.mark.parametrize(
    ("other", "code", "buyer_only"),
    [
        (FileUse("aa", 8, 1, 1), "same_file_claim", False),
        (FileUse("aa", 8, 2, 1), "same_file_return", False),
        (FileUse("aa", 8, 2, 2), "same_file_supplier", True),
    ],
)
def test_a_file_behind_two_claims_is_found_wherever_the_other_is(other: FileUse, code: str, buyer_only: bool) -> None:
    [warning] = find_same_files([FILE, replace(FILE, sha256="bb")], [other, replace(other, sha256="cc")])

    assert (warning.code, warning.claim_id, warning.buyer_only) == (code, 7, buyer_only)
    assert warning.message.startswith("One file of this claim is also evidence")


def test_both_claims_of_a_return_hear_of_their_common_files_once() -> None:
    mine = [replace(FILE, sha256=sha256, claim_id=claim_id) for sha256 in ("aa", "bb") for claim_id in (7, 8)]
    found = find_same_files(mine, [])

    assert [(warning.claim_id, warning.code) for warning in found] == [(7, "same_file_claim"), (8, "same_file_claim")]
    assert all(warning.message.startswith("2 files") for warning in found)


@given(st.lists(st.builds(FileUse, st.sampled_from("abc"), st.integers(1, 9), st.just(1), st.just(1)), max_size=9))
def test_files_of_one_claim_each_are_no_matter(mine: list[FileUse]) -> None:
    own = [replace(use, sha256=f"{use.sha256}{use.claim_id}") for use in mine]

    assert find_same_files(own, [replace(use, sha256="elsewhere", return_id=2) for use in own]) == []


def test_a_first_day_of_employment_that_moved_is_seen() -> None:
    person = Use(EntryKind.PERSON, "k", "care-leavers-jobs", True, 1, None, None, date(2025, 5, 6))
    moved = replace(person, started_on=date(2026, 5, 6))
    [warning] = find_moved_starts({7: [person, moved], 8: [person]}, [person, replace(person, started_on=None)])

    assert (warning.code, warning.claim_id) == ("start_moved", 7)
    assert warning.message.startswith("One person has")
    assert find_moved_starts({7: [moved]}, [replace(person, key="other"), replace(person, measure_code="other")]) == []
    assert find_moved_starts({7: [replace(person, started_on=None)]}, [person]) == []
