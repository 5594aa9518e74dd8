"""A method is frozen: its written form and its hash change when, and only when, the method changes."""

import json
from decimal import Decimal
from typing import Any

import pytest

from wpound.core.additionality import Additionality
from wpound.core.cautions import method_warnings
from wpound.core.counting import activity_carbon, attendee_hours, attributed, fte_years, person_fte
from wpound.core.errors import InputErrors
from wpound.core.method import Method

FORM: dict[str, Any] = {
    "title": "Cleaning",
    "contract_value": "480000.00",
    "years": "2",
    "ties": ["quality"],
    "criteria": [
        {"code": "price", "kind": "price", "weighting": 60, "formula": "lowest_ratio"},
        {"code": "quality", "kind": "qualitative", "weighting": 40, "scale_max": "5"},
    ],
}


def test_the_hash_ignores_how_numbers_and_keys_are_written() -> None:
    other = dict(reversed(FORM.items())) | {"contract_value": "480000", "years": 2}
    assert Method.from_dict(other).method_hash == Method.from_dict(FORM).method_hash


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Cleaning of schools"},
        {"rounding": {"places": 3}},
        {"rounding": {"mode": "down"}},
        {"ties": []},
        {"threshold": "50"},
        {"additionality": {"deadweight": "0.2"}},
        {"criteria": [FORM["criteria"][0], FORM["criteria"][1] | {"threshold": "2"}]},
    ],
)
def test_any_change_of_the_method_changes_the_hash(change: dict[str, Any]) -> None:
    assert Method.from_dict(FORM | change).method_hash != Method.from_dict(FORM).method_hash


def test_the_written_form_has_no_binary_fractions() -> None:
    def refuse(text: str) -> None:
        raise AssertionError(f"a number with a fraction was written: {text}")

    json.loads(Method.from_dict(FORM | {"threshold": "62.5"}).to_json(), parse_float=refuse)


def test_a_method_is_read_without_a_day_or_bids() -> None:
    with pytest.raises(InputErrors, match="bids: is not a key that is known here"):
        Method.from_dict(FORM | {"bids": []})


def test_a_method_that_needs_no_other_bid_has_no_relative_warning() -> None:
    linear = {"code": "price", "kind": "price", "weighting": 60, "ceiling": "10", "floor": "5"}
    method = Method.from_dict(FORM | {"criteria": [linear | {"formula": "linear_to_ceiling"}, FORM["criteria"][1]]})
    assert "relative_formula" not in {warning.code for warning in method_warnings(method)}
    assert "relative_formula" in {warning.code for warning in method_warnings(Method.from_dict(FORM))}


def test_method_statements_beside_measures_count_as_social_value() -> None:
    def carried(codes: list[str]) -> set[str]:
        leaves = [{"code": code, "kind": "qualitative", "weighting": 50, "scale_max": "5"} for code in ("a", "b")]
        criteria = [
            {"code": "quality", "kind": "qualitative", "weighting": 90, "scale_max": "5"},
            {"code": codes[0], "kind": "group", "weighting": 10, "criteria": leaves},
        ]
        return {warning.code for warning in method_warnings(Method.from_dict({"title": "X", "criteria": criteria}))}

    assert "social_value_low" not in carried(["social_value"])
    assert "social_value_low" in carried(["style"])


def test_asking_where_the_supplier_is_carries_a_warning_and_a_local_measure_does_not() -> None:
    def warned(criterion: dict[str, Any]) -> bool:
        method = Method.from_dict(FORM | {"criteria": [FORM["criteria"][0], criterion]})
        return "supplier_location" in {warning.code for warning in method_warnings(method)}

    style = {"code": "style", "kind": "qualitative", "weighting": 40, "scale_max": "5"}
    spend = {"kind": "quantity", "measure": "local-direct-spend", "weighting": 40, "formula": "proportional"}
    assert warned(style | {"title": "Location of the bidder's depot"})
    assert warned(style | {"code": "local_supplier"})
    assert not warned(style)
    assert not warned(spend | {"code": "spend", "title": "Spending with local firms"})


def test_one_person_is_never_more_than_one_post_and_groups_count_their_first_months() -> None:
    assert person_fte(Decimal(60)) == 1
    assert fte_years(Decimal(0), [Decimal(60), Decimal("17.5")], Decimal(2)) == 3
    assert fte_years(Decimal(4), [], Decimal(3), first_months_only=12) == 4
    assert fte_years(Decimal(4), [], Decimal("0.5"), first_months_only=12) == 2


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: fte_years(Decimal(-1), [], Decimal(1)),
        lambda: person_fte(Decimal(10), Decimal(0)),
        lambda: attendee_hours(Decimal(-2), Decimal(8)),
        lambda: attributed(Decimal(100), Decimal(4), Decimal(3)),
        lambda: attributed(Decimal(100), Decimal(0), Decimal(0)),
        lambda: activity_carbon(Decimal(-1), Decimal(2)),
        lambda: Additionality(deadweight=Decimal("1.2")),
    ],
)
def test_amounts_that_cannot_be_are_refused(impossible: Any) -> None:
    with pytest.raises(ValueError):
        impossible()


WORDS: dict[str, Any] = {
    "title": "Parks",
    "criteria": [
        {"code": "insured", "kind": "pass_fail", "question": "Are you insured?", "note": "Send the certificate."},
        {
            "code": "team",
            "kind": "qualitative",
            "weighting": 50,
            "scale_max": "5",
            "question": "Who does the work?",
            "word_limit": 500,
        },
        {
            "code": "jobs",
            "kind": "quantity",
            "weighting": 50,
            "measure": "local-jobs",
            "formula": "target",
            "target": "10",
            "evidence": "Payroll extract",
            "area": "The city's own wards",
        },
    ],
}


def test_words_for_bidders_are_kept_and_count_in_the_hash() -> None:
    method = Method.from_dict(WORDS)
    assert Method.from_dict(method.to_dict()) == method
    insured, team, jobs = method.criteria
    assert (insured.question, insured.note) == ("Are you insured?", "Send the certificate.")
    assert (team.question, team.word_limit) == ("Who does the work?", 500)
    assert (jobs.evidence, jobs.area) == ("Payroll extract", "The city's own wards")
    bare = [{k: v for k, v in c.items() if k not in {"question", "word_limit"}} for c in WORDS["criteria"]]
    assert Method.from_dict(WORDS | {"criteria": bare}).method_hash != method.method_hash


def test_a_method_without_words_for_bidders_keeps_its_hash_of_old() -> None:
    assert Method.from_dict(FORM).method_hash == "ba62dc5c6cb5b3156d9ba194b14a832cddb9b0b7d62ee743cd1534d05a84d3ec"


@pytest.mark.parametrize(
    ("position", "change", "place"),
    [
        (1, {"word_limit": 0}, "word_limit"),
        (1, {"word_limit": 10_001}, "word_limit"),
        (1, {"question": "x" * 2001}, "question"),
        (1, {"evidence": "Payroll"}, "evidence"),
        (2, {"question": "How many?"}, "question"),
        (0, {"word_limit": 5}, "word_limit"),
    ],
)
def test_words_that_a_kind_does_not_use_or_that_are_too_long_are_refused(
    position: int, change: dict[str, Any], place: str
) -> None:
    criteria = [c | change if i == position else c for i, c in enumerate(WORDS["criteria"])]
    with pytest.raises(InputErrors, match=rf"criteria\[{position}\]\.{place}"):
        Method.from_dict(WORDS | {"criteria": criteria})
