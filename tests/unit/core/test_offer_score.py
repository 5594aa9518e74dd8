"""A bidder sees the marks that are certain, and is told plainly which hang on the other bids."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wpound.core.bid_content import BidContent
from wpound.core.bids import Bid, Commitment
from wpound.core.errors import InputErrors
from wpound.core.method import Method
from wpound.core.money import Money
from wpound.core.offer_score import OfferPreview, preview_offer
from wpound.core.scoring import CatalogueLike, score_tender

DAY = date(2026, 11, 22)
SALT = "0f" * 16
JOBS: dict[str, Any] = {"code": "jobs", "kind": "quantity", "weighting": 40, "measure": "local-jobs"}
TARGET = JOBS | {"formula": "target", "target": "10"}


def method_of(*criteria: dict[str, Any], **settings: Any) -> Method:
    rest = 100 - sum(criterion["weighting"] for criterion in criteria)
    quality = {"code": "quality", "kind": "qualitative", "weighting": rest, "scale_max": "5"}
    return Method.from_dict({"title": "Draft", "criteria": [quality, *criteria]} | settings)


@pytest.fixture
def preview(catalogue: CatalogueLike) -> Any:
    def run(method: Method, quantity: str | None = "5", **content: Any) -> OfferPreview:
        promises = () if quantity is None else (Commitment("local-jobs", Decimal(quantity)),)
        return preview_offer(method, BidContent("Ashgrove", SALT, commitments=promises, **content), catalogue, DAY)

    return run


def test_a_target_is_marked_for_certain_without_price_or_answers(preview: Any) -> None:
    told = preview(method_of(TARGET))
    (line,) = told.lines
    assert (line.marks, line.at_most, line.available) == (Decimal(20), Decimal(20), Decimal(40))
    assert line.words.startswith("Jobs: the bid promises 5 FTE-years, set against a target of 10 FTE-years.")
    assert told.certain == 20
    assert told.words.startswith("Preview: 20 of 40 marks for promises are certain")


def test_a_relative_mark_is_never_given_as_certain(preview: Any) -> None:
    told = preview(method_of(JOBS | {"formula": "proportional"}))
    (line,) = told.lines
    assert line.marks is None
    assert "depends on the others: at most 40 of 40 marks" in line.words
    assert told.certain == 0
    assert "1 of 1 lines cannot be told yet" in told.words


def test_no_promise_has_no_marks_under_any_formula(preview: Any) -> None:
    for formula in ({"formula": "proportional"}, {"formula": "target", "target": "10", "per": "price_100k"}):
        (line,) = preview(method_of(JOBS | formula), None).lines
        assert (line.marks, line.at_most) == (0, 0)


@pytest.mark.parametrize(
    ("per", "entered", "asks"),
    [
        ("price_100k", {"price": Money.from_pounds(100_000)}, "enter your price"),
        ("fte", {"fte": Decimal(1)}, "enter the posts on the contract"),
    ],
)
def test_what_is_not_entered_yet_is_asked_for(preview: Any, per: str, entered: dict[str, Any], asks: str) -> None:
    method = method_of(TARGET | {"per": per})
    assert asks in preview(method).lines[0].words
    assert preview(method).lines[0].marks is None
    assert preview(method, **entered).lines[0].marks == 20


def test_a_promise_below_the_threshold_is_a_warning_in_time(preview: Any) -> None:
    (line,) = preview(method_of(TARGET | {"threshold": "6"})).lines
    assert "the bid would be excluded" in line.words
    assert "excluded" not in preview(method_of(TARGET | {"threshold": "5"})).lines[0].words


def test_pounds_off_are_told_as_pounds(preview: Any) -> None:
    worth = {key: value for key, value in TARGET.items() if key != "weighting"} | {"worth": "4000"}
    method = Method.from_dict({"title": "Draft", "award": {"method": "award_on_value"}, "criteria": [worth]})
    told = preview(method, price=Money.from_pounds(100_000))
    assert told.lines[0].marks == 2000
    assert "2,000 of 4,000 pounds off the price" in told.words


def test_social_value_against_a_target_waits_for_the_price(preview: Any) -> None:
    method = method_of(
        {
            "code": "value",
            "kind": "social_value",
            "weighting": 20,
            "formula": "target",
            "target": "10",
            "include_flow": True,
        }
    )
    assert "enter your price" in preview(method).lines[0].words
    assert preview(method, price=Money.from_pounds(100_000)).lines[0].marks is not None


def test_a_promise_that_cannot_be_counted_is_refused(catalogue: CatalogueLike) -> None:
    content = BidContent("Ashgrove", SALT, commitments=(Commitment("no-such-measure", Decimal(1)),))
    with pytest.raises(InputErrors, match="there is no measure"):
        preview_offer(method_of(TARGET), content, catalogue, DAY)


def test_a_tender_without_promises_says_so(preview: Any) -> None:
    assert preview(method_of()).words == "Preview: this tender marks no promises."


@settings(max_examples=30, deadline=None)
@given(quantity=st.decimals(0, 20, places=2), other=st.decimals(0, 20, places=2), mark=st.integers(0, 5))
def test_a_certain_mark_is_the_mark_the_bid_gets(
    catalogue: CatalogueLike, quantity: Decimal, other: Decimal, mark: int
) -> None:
    method = method_of(TARGET)
    content = BidContent("Ashgrove", SALT, Money(100), commitments=(Commitment("local-jobs", quantity),))
    (line,) = preview_offer(method, content, catalogue, DAY).lines
    bids = [
        Bid("Ashgrove", Money(100), {"quality": Decimal(mark)}, commitments=content.commitments),
        Bid("Birchfield", Money(90), {"quality": Decimal(3)}, commitments=(Commitment("local-jobs", other),)),
    ]
    result = score_tender(method, bids, catalogue, DAY)
    (scored,) = [bid for bid in result.bids if bid.bidder == "Ashgrove"]
    assert line.marks == scored.lines[1].contribution
