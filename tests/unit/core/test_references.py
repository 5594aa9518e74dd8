"""References: one spelling, and no personal data in them."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wpound.core.claim_counting import EntryKind
from wpound.core.references import MOST_CHARACTERS, normal_reference, reference_problem


@given(st.text(max_size=40))
@example("\u0390")  # whose capital is three signs, two of which compose
def test_the_one_spelling_is_its_own(text: str) -> None:
    once = normal_reference(text)

    assert normal_reference(once) == once
    assert normal_reference(f"  {text}\t") == once
    assert normal_reference(unicodedata.normalize("NFD", text)) == once


@pytest.mark.parametrize(
    "text",
    [
        "emp-0012",
        " EMP-0012 ",
        "EMP\u20110012",
        "EMP \u2013 0012",
        "Emp\u22120012",
        "EMP\u200b-0012",
        "\uff25\uff2d\uff30\uff0d\uff10\uff10\uff11\uff12",
        "emp -\n0012",
        "\u1d49mp-0012",
    ],
)
def test_one_person_spelled_in_many_ways_is_one(text: str) -> None:
    assert normal_reference(text) == "EMP-0012"


@pytest.mark.parametrize(
    "text",
    [
        "EMP-0012",
        "0012",
        "00000012345",
        "Staff no 12",
        "PR/12/77",
        "apprentice 3",
        "W-7",
        "a1b2c3d4",
        "E12-05-01",
        "12345678",
        "QQ123456C",
    ],
)
def test_numbers_and_codes_are_taken(text: str) -> None:
    assert reference_problem(text, EntryKind.PERSON) is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Ada Lovelace", "a name"),
        ("lovelace", "a name"),
        ("A. Lovelace 12", "a name"),
        ("Ada Lovelace 12", "a name"),
        ("Lovelace, Ada (12)", "a name"),
        ("O'Neill-Smith 4", "a name"),
        ("\u0410\u0434\u0430 \u041b\u0430\u0432\u043b\u0435\u0439\u0441 1", "a name"),
        ("ada@example.org", "an e-mail address"),
        ("ada.1\uff20example.org", "an e-mail address"),
        ("AB 12 34 56 C", "a National Insurance number"),
        ("ni ab123456c", "a National Insurance number"),
        ("AB-12-34-56-C", "a National Insurance number"),
        ("07700 900123", "a phone number"),
        ("07700-900-123", "a phone number"),
        ("(01632) 960 001", "a phone number"),
        ("+44 7700 900123", "a phone number"),
        ("+44 (0)7700 900123", "a phone number"),
        ("0044 7700 900123", "a phone number"),
        ("447700900123", "a phone number"),
        ("+49 30 901820", "a phone number"),
        ("12/05/1988", "a date of birth"),
        ("12.5.88", "a date of birth"),
        ("1988-05-12", "a date of birth"),
        ("12 May 1988", "a date of birth"),
        ("12th may 88", "a date of birth"),
        ("12051988", "a date of birth"),
        ("19880512", "a date of birth"),
        ("DOB 12-05-1988", "a date of birth"),
    ],
)
def test_what_names_a_person_is_refused_and_told_what_to_write(text: str, what: str) -> None:
    problem = reference_problem(text, EntryKind.PERSON)

    assert problem is not None
    assert problem.startswith(f"This looks like {what}.")
    assert "payroll number" in problem
    assert text not in problem


@pytest.mark.parametrize("kind", [EntryKind.EVENT, EntryKind.ASSET])
def test_events_and_assets_may_have_words_but_nothing_that_leads_to_a_person(kind: EntryKind) -> None:
    assert reference_problem("Careers fair, town hall, 12 May 2026", kind) is None
    assert reference_problem("Van AB12 CDE", kind) is None
    for text in ("Fair 2026, ring 07700 900123", "fair2026@example.org", "Van of AB123456C"):
        problem = reference_problem(text, kind)
        assert problem is not None
        assert "Leave out whatever leads to a person." in problem


def test_two_careers_fairs_are_not_one() -> None:
    """Events and assets are compared between all suppliers, so words that fit many of them are not enough."""
    fair, van = reference_problem("Careers fair", EntryKind.EVENT), reference_problem("Van", EntryKind.ASSET)

    assert fair is not None
    assert "where and when" in fair
    assert van is not None
    assert "registration" in van


@pytest.mark.parametrize("kind", EntryKind)
def test_a_reference_is_there_and_not_a_text(kind: EntryKind) -> None:
    for nothing in ("", " \t\u200b"):
        assert (reference_problem(nothing, kind) or "").startswith("Give a reference.")
    assert reference_problem("1" * MOST_CHARACTERS, kind) is None
    assert "at most 80" in (reference_problem("1" * (MOST_CHARACTERS + 1), kind) or "")


@given(st.integers(1, 999_999), st.sampled_from(["", "E", "EMP-", "Staff "]))
def test_no_payroll_number_of_up_to_six_digits_is_refused(number: int, before: str) -> None:
    assert reference_problem(f"{before}{number:06}", EntryKind.PERSON) is None
