"""Promises stand beside the size of the firm, so that a large firm is not ahead only for being large."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wpound.core.bids import Bid, Commitment, Company
from wpound.core.fairness import FairnessRow, view_fairness
from wpound.core.method import Method
from wpound.core.money import Money
from wpound.core.scoring import CatalogueLike, score_tender

DAY = date(2026, 11, 22)
QUANTITY: dict[str, Any] = {"kind": "quantity", "weighting": 30}
METHOD = Method.from_dict(
    {
        "title": "Draft",
        "criteria": [
            {"code": "quality", "kind": "qualitative", "weighting": 40, "scale_max": "5"},
            {"code": "jobs", "measure": "local-jobs", "formula": "target", "target": "20"} | QUANTITY,
            {"code": "wage", "measure": "real-living-wage", "formula": "target", "target": "100"} | QUANTITY,
        ],
    }
)


def bid(name: str, pounds: int, jobs: str, people: int | None) -> Bid:
    promises = (Commitment("local-jobs", Decimal(jobs)), Commitment("real-living-wage", Decimal(80)))
    company = Company(headcount=people)
    return Bid(name, Money.from_pounds(pounds), {"quality": Decimal(4)}, commitments=promises, company=company)


def view(catalogue: CatalogueLike, *bids: Bid) -> dict[str, FairnessRow]:
    rows = view_fairness(score_tender(METHOD, bids, catalogue, DAY), bids)
    return {row.bidder: row for row in rows}


def test_a_small_firm_that_promises_much_for_its_size_is_seen(catalogue: CatalogueLike) -> None:
    rows = view(catalogue, bid("Large", 500_000, "20", 1000), bid("Small", 400_000, "4", 10))
    assert rows["Large"].as_scored > rows["Small"].as_scored
    assert rows["Large"].by_person is not None
    assert rows["Small"].by_person == Decimal(60)
    assert rows["Large"].by_person < rows["Small"].by_person
    assert rows["Small"].promises[0].per_person == Decimal("0.4")
    assert rows["Small"].promises[0].per_100k == 1
    assert rows["Small"].words == (
        "Small: 30 of 60 marks for promises; 37.5 for its price and 60 for its size (10 people)."
    )


@settings(max_examples=30, deadline=None)
@given(jobs=st.decimals(1, 50, places=1), people=st.integers(1, 500), pounds=st.integers(10_000, 10**6))
def test_a_bid_and_its_firm_ten_times_as_large_look_the_same_for_their_size(
    catalogue: CatalogueLike, jobs: Decimal, people: int, pounds: int
) -> None:
    own, other = bid("Own", pounds, str(jobs), people), bid("Other", 300_000, "5", 40)
    larger = bid("Own", pounds * 10, str(jobs * 10), people * 10)
    before, after = view(catalogue, own, other), view(catalogue, larger, other)
    for name in before:
        assert after[name].by_person == before[name].by_person
        assert after[name].by_price == before[name].by_price
    assert after["Own"].promises[0].per_person == before["Own"].promises[0].per_person


def test_a_firm_that_states_no_size_is_not_taken_for_a_firm_of_none(catalogue: CatalogueLike) -> None:
    rows = view(catalogue, bid("Silent", 500_000, "20", None), bid("Small", 400_000, "4", 10), bid("New", 9, "1", 0))
    assert rows["Silent"].by_person is None
    assert "not stated" in rows["Silent"].words
    assert "none yet" in rows["New"].words
    assert rows["Small"].by_person == Decimal(60)
    assert rows["Silent"].to_dict()["promises"][0]["per_person"] is None


def test_a_percentage_is_the_same_for_a_firm_of_any_size(catalogue: CatalogueLike) -> None:
    row = view(catalogue, bid("Small", 400_000, "4", 10))["Small"]
    assert (row.promises[1].per_100k, row.promises[1].per_person) == (80, 80)


def test_a_tender_without_promises_has_nothing_to_show(catalogue: CatalogueLike) -> None:
    method = Method.from_dict(
        {"title": "Draft", "criteria": [{"code": "quality", "kind": "qualitative", "weighting": 100, "scale_max": "5"}]}
    )
    bids = [Bid("Small", Money(100), {"quality": Decimal(4)})]
    assert view_fairness(score_tender(method, bids, catalogue, DAY), bids) == ()


@pytest.mark.parametrize(("jobs", "marks"), [("0", 30), ("1", 60)])
def test_where_nobody_promises_nobody_has_marks_for_size(catalogue: CatalogueLike, jobs: str, marks: int) -> None:
    assert view(catalogue, bid("Small", 400_000, jobs, 10))["Small"].by_person == marks
