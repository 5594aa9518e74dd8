"""A bid in the making: parts that two people write, what belongs to nothing, what a workbook would change."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from wpound.core.bid_changes import list_changes, merge_workbook
from wpound.core.bid_content import BidContent
from wpound.core.bid_sheets import BidSheets
from wpound.core.bid_work import BidWork, WaitingWorkbook, only_asked
from wpound.core.bids import Commitment, Company
from wpound.core.errors import InputError
from wpound.core.method import Method
from wpound.core.money import Money
from wpound.core.plausibility.advice import advise_bidder
from wpound.core.quantities import Unit
from wpound.core.valuing import ValueKind

SALT = "5a" * 16
METHOD = Method.from_dict(
    {
        "title": "Grounds",
        "years": "2",
        "criteria": [
            {"code": "price", "kind": "price", "weighting": 60, "formula": "lowest_ratio"},
            {"code": "wages", "kind": "qualitative", "weighting": 20, "scale_max": "5"},
            {
                "code": "jobs",
                "kind": "quantity",
                "weighting": 20,
                "measure": "jobs",
                "formula": "target",
                "target": "8",
            },
            {"code": "insured", "kind": "pass_fail"},
        ],
    }
)


@dataclass(frozen=True)
class Counted:
    """A measure as the workbook and the rules know it."""

    code: str
    title: str
    unit: Unit = Unit.FTE_YEAR
    how_to_count: str = "Count each once."
    evidence: tuple[str, ...] = ()
    strand: str = "local_jobs"
    value_kind: ValueKind = ValueKind.NONE
    limits: Any = None

    def value_on(self, day: date) -> Any:
        raise AssertionError(day)


SHEETS = BidSheets("ocds-1", 1, METHOD, (Counted("jobs", "Local jobs"),), (2027, 2028))
WHOLE = BidContent(
    bidder="Ash",
    salt=SALT,
    price=Money.from_pounds("450000"),
    passes={"insured": True},
    commitments=(Commitment("jobs", Decimal(4), 2027), Commitment("jobs", Decimal(6), 2028)),
    company=Company(headcount=40, supply_chain_share=Decimal("0.25")),
    answers={"wages": "All of them."},
    plans={"jobs": "Two a quarter."},
)


def test_a_part_is_stale_only_after_that_part_was_saved() -> None:
    work = BidWork(WHOLE).save("price", WHOLE, 3)
    assert work.is_stale("price", 2) and not work.is_stale("price", 3)
    assert not work.is_stale("company", 0)


def test_what_is_kept_comes_back_whole() -> None:
    waiting = WaitingWorkbook(WHOLE, (InputError("Price!E5", "is no number"),), "ada@example.org")
    work = BidWork(WHOLE, submitted=WHOLE, saved={"price": 3}, workbook=waiting)
    back = BidWork.from_dict(work.to_dict())
    assert (back.content, back.submitted, back.saved) == (WHOLE, WHOLE, {"price": 3})
    assert back.workbook is not None and [str(one) for one in back.workbook.problems] == ["is no number"]
    assert not back.is_changed and replace(back, content=replace(WHOLE, price=Money(1))).is_changed


def test_what_belongs_to_nothing_that_is_asked_is_left_out() -> None:
    more = replace(
        WHOLE,
        commitments=(*WHOLE.commitments, Commitment("gone", Decimal(1)), Commitment("jobs", Decimal(0))),
        plans={**WHOLE.plans, "gone": "A plan."},
        answers={**WHOLE.answers, "gone": "An answer."},
        passes={**WHOLE.passes, "gone": True},
    )
    assert only_asked(SHEETS, more) == WHOLE
    assert only_asked(SHEETS, replace(WHOLE, commitments=())).plans == {}, "a plan alone promises nothing"


def test_an_entry_that_could_not_be_read_stays_and_an_empty_cell_empties() -> None:
    data = {"price": "440000.00", "commitments": [{"measure": "jobs", "quantity": "5", "year": 2028}]}
    found = BidContent.from_dict(merge_workbook(SHEETS, WHOLE, data, {"Commitments!F5", "Statements!E5", "Checks!E5"}))
    assert found.price == Money.from_pounds("440000")
    assert set(found.commitments) == {Commitment("jobs", Decimal(5), 2028), Commitment("jobs", Decimal(4), 2027)}
    assert (found.answers, found.passes) == (WHOLE.answers, WHOLE.passes)
    assert (found.plans, found.company) == ({}, Company())


def test_what_was_read_but_cannot_be_used_gives_way_to_what_was_there() -> None:
    data = {"company": {"headcount": 7, "turnover": "1"}, "fte": "9", "price": "nonsense"}
    found = merge_workbook(SHEETS, WHOLE, data, {"Price!E5", "Company!E5"})
    assert (found["price"], found["fte"], found["company"]) == ("450000.00", "9", {"turnover": "1", "headcount": 40})


def test_changes_are_told_entry_by_entry_with_their_cell() -> None:
    after = replace(
        WHOLE,
        price=Money.from_pounds("440000"),
        passes={},
        commitments=(Commitment("jobs", Decimal("4.0"), 2027),),
        company=Company(headcount=40, supply_chain_share=Decimal("0.3")),
    )
    assert [(one.cell, one.title, one.before, one.after) for one in list_changes(SHEETS, WHOLE, after)] == [
        ("Price!E5", "Price for the whole contract, in pounds", "£450,000.00", "£440,000.00"),
        ("Checks!E5", "Insured", "Yes", ""),
        ("Commitments!G5", "Local jobs in 2028", "6", ""),
        ("Company!E8", "Part of the price you would spend with suppliers", "25%", "30%"),
    ]
    assert list_changes(SHEETS, WHOLE, WHOLE) == []


@pytest.mark.parametrize(("headcount", "asked"), [(5, ["fte_above_headcount"]), (6, []), (None, [])])
def test_a_bidder_is_advised_before_anything_else_is_entered(headcount: int | None, asked: list[str]) -> None:
    draft = replace(WHOLE, price=None, answers={}, passes={}, company=Company(headcount=headcount))
    measures = {"jobs": Counted("jobs", "Local jobs")}
    flags = advise_bidder(METHOD, draft, measures, date(2026, 4, 1))  # type: ignore[arg-type]
    assert [flag.code for flag in flags] == asked


def test_what_is_set_against_the_price_is_asked_once_there_is_one() -> None:
    draft = replace(WHOLE, company=Company(headcount=40, turnover=Money.from_pounds("1000")))
    measures = {"jobs": Counted("jobs", "Local jobs")}
    for price, asked in ((WHOLE.price, ["contract_above_turnover"]), (None, [])):
        flags = advise_bidder(METHOD, replace(draft, price=price), measures, date(2026, 4, 1))  # type: ignore[arg-type]
        assert [flag.code for flag in flags] == asked
