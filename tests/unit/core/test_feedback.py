"""Every bidder is told what earned marks, what was missing and how far the next point was, line by line."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wpound.core.bids import Bid, Commitment
from wpound.core.errors import NotFound
from wpound.core.feedback import About, Feedback, give_feedback
from wpound.core.method import Method
from wpound.core.money import Money
from wpound.core.scoring import CatalogueLike, score_tender

DAY = date(2026, 11, 22)
JOBS: dict[str, Any] = {"kind": "quantity", "measure": "local-jobs"}
PLAIN: dict[str, Any] = {"code": "plan", "kind": "qualitative", "scale_max": "5"}
SCALE = [{"mark": str(mark), "words": f"Words of {mark}."} for mark in (0, 2, 5)]
PRICES: list[dict[str, Any]] = [
    {"formula": "lowest_ratio"},
    {"formula": "linear_to_ceiling", "floor": "50", "ceiling": "400"},
    {"formula": "deviation_from_lowest"},
    {"formula": "deviation_from_mean"},
    {"formula": "min_max"},
    {"formula": "banded", "bands": [{"from": "0", "marks": "100"}, {"from": "150", "marks": "40"}]},
]
OFFERS: list[dict[str, Any]] = [
    {"formula": "target", "target": "10"},
    {"formula": "target", "target": "10", "floor": "4"},
    {"formula": "target", "target": "10", "threshold": "3"},
    {"formula": "proportional"},
    {"formula": "proportional", "per": "price_100k"},
    {"formula": "banded", "bands": [{"from": "2", "marks": "50"}, {"from": "8", "marks": "80"}]},
]


def told(catalogue: CatalogueLike, criteria: list[dict[str, Any]], *bids: Bid, **settings: Any) -> list[Feedback]:
    method = Method.from_dict({"title": "Parks", "criteria": criteria} | settings)
    result = score_tender(method, bids, catalogue, DAY)
    return [give_feedback(method, result, bid.bidder) for bid in bids]


def bid(name: str, pounds: int = 100, mark: int = 3, jobs: str = "5", **rest: Any) -> Bid:
    promises = (Commitment("local-jobs", Decimal(jobs)),)
    return Bid(name, Money.from_pounds(pounds), {"plan": Decimal(mark)}, commitments=promises, **rest)


def only(catalogue: CatalogueLike, criterion: dict[str, Any], *bids: Bid) -> str:
    """The next point of the first bid under the one criterion that is not the plan."""
    quality = PLAIN | {"weighting": 50}
    (feedback, *_) = told(catalogue, [quality, criterion | {"code": "it", "weighting": 50}], *bids)
    (sentence,) = [entry for entry in feedback.about(About.NEXT_POINT) if entry.criterion == "it"]
    return sentence.words


def test_what_was_earned_and_what_was_missing_come_to_everything(catalogue: CatalogueLike) -> None:
    criteria = [
        PLAIN | {"weighting": 60},
        JOBS | {"code": "jobs", "weighting": 40, "formula": "target", "target": "10"},
    ]
    (feedback,) = told(catalogue, criteria, bid("Ashgrove"))
    assert [entry.words for entry in feedback.about(About.EARNED)] == ["Plan: 36 of 60 marks.", "Jobs: 20 of 40 marks."]
    amounts = [entry.marks or 0 for entry in feedback.sentences if entry.about is not About.NEXT_POINT]
    assert sum(amounts) == 100
    assert feedback.is_winner
    assert feedback.behind == 0


def test_the_next_mark_is_told_in_the_words_of_the_scale(catalogue: CatalogueLike) -> None:
    scaled = {"code": "plan", "kind": "qualitative", "weighting": 100, "scale": SCALE}
    (feedback,) = told(catalogue, [scaled], bid("Ashgrove", mark=2))
    (sentence,) = feedback.about(About.NEXT_POINT)
    assert sentence.words == (
        "Plan: the next mark, 5, is given for this: Words of 5. That would have earned 60 more marks."
    )


def test_a_mark_below_the_threshold_is_told_what_was_needed(catalogue: CatalogueLike) -> None:
    criteria = [PLAIN | {"weighting": 100, "threshold": "2"}]
    feedback, _ = told(catalogue, criteria, bid("Ashgrove", mark=1), bid("Birchfield"))
    assert "At least 2 was needed to stay in." in feedback.about(About.NEXT_POINT)[0].words
    assert feedback.behind is None


@pytest.mark.parametrize(
    ("offer", "jobs", "words"),
    [
        (
            OFFERS[0],
            "5",
            "5 FTE-years more would have come to the target, 10 FTE-years. That would have earned 25 more marks",
        ),
        (OFFERS[1], "3", "1 FTE-years more would have come to the least that scores, 4 FTE-years."),
        (OFFERS[2], "2", "1 FTE-years more would have come to the least this tender accepted, 3 FTE-years."),
        (OFFERS[3], "2", "4 FTE-years more would have come to the best offer, 6 FTE-years."),
        (OFFERS[5], "5", "3 FTE-years more would have come to the next band, 8 FTE-years. That would have earned 15"),
    ],
)
def test_the_gap_to_a_target_a_band_or_the_best_offer(
    catalogue: CatalogueLike, offer: dict[str, Any], jobs: str, words: str
) -> None:
    assert words in only(catalogue, JOBS | offer, bid("Ashgrove", jobs=jobs), bid("Birchfield", jobs="6"))


def test_where_nobody_promised_any_promise_would_have_been_the_best(catalogue: CatalogueLike) -> None:
    nobody = bid("Ashgrove", jobs="0"), bid("Birchfield", jobs="0")
    assert "any promise here would have been the best offer" in only(catalogue, JOBS | OFFERS[3], *nobody)


def test_a_target_by_price_says_so(catalogue: CatalogueLike) -> None:
    words = only(catalogue, JOBS | OFFERS[0] | {"per": "price_100k"}, bid("Ashgrove", 200_000, jobs="5"))
    assert "7.5 FTE-years more for each £100,000 of price would have come to the target, 10 FTE-years" in words


@pytest.mark.parametrize("formula", PRICES, ids=lambda formula: str(formula["formula"]))
def test_the_lower_price_named_really_earns_what_is_said(catalogue: CatalogueLike, formula: dict[str, Any]) -> None:
    price = {"kind": "price", "code": "it", "weighting": 50} | formula
    criteria = [PLAIN | {"weighting": 50}, price]
    others = bid("Birchfield", 100), bid("Cedarway", 300)
    feedback, *_ = told(catalogue, criteria, bid("Ashgrove", 180), *others)
    (sentence,) = [entry for entry in feedback.about(About.NEXT_POINT) if entry.criterion == "it"]
    pounds = sentence.words.split("£")[1].split(" ")[0].replace(",", "")
    lower = Money.from_pounds(pounds) - Money(1 if "below" in sentence.words else 0)
    method = Method.from_dict({"title": "Parks", "criteria": criteria})
    again = score_tender(method, [Bid("Ashgrove", lower, {"plan": Decimal(3)}), *others], catalogue, DAY)
    before = score_tender(method, [bid("Ashgrove", 180), *others], catalogue, DAY)
    marks = [
        next(line.contribution for entry in result.bids if entry.bidder == "Ashgrove" for line in entry.lines[1:])
        for result in (again, before)
    ]
    assert marks[0] is not None
    assert marks[1] is not None
    assert sentence.marks is not None
    # A lower price also lowers the mean it is compared with; all other formulas are exact to the penny.
    slack = Decimal("0.5") if formula["formula"] == "deviation_from_mean" else Decimal("0.01")
    assert abs(marks[0] - marks[1] - sentence.marks) < slack


def test_a_bid_that_did_not_pass_is_told_so(catalogue: CatalogueLike) -> None:
    criteria = [PLAIN | {"weighting": 100}, {"code": "insured", "kind": "pass_fail"}]
    out, passed = told(
        catalogue, criteria, bid("Ashgrove", passes={"insured": False}), bid("Birchfield", passes={"insured": True})
    )
    assert "Insured: not passed, so the bid was excluded." in [entry.words for entry in out.about(About.MISSING)]
    assert "insured" in {entry.criterion for entry in out.about(About.NEXT_POINT)}
    assert "Insured: passed." in [entry.words for entry in passed.about(About.EARNED)]


def test_a_bid_level_with_first_place_is_told_of_the_rule_for_ties(catalogue: CatalogueLike) -> None:
    price = {"code": "price", "kind": "price", "weighting": 50, "formula": "linear_to_ceiling"}
    ends = {"floor": "150", "ceiling": "300"}
    criteria = [PLAIN | {"weighting": 50}, price | ends]
    dear, _ = told(catalogue, criteria, bid("Ashgrove", 120, 5), bid("Birchfield", 100, 5), ties=["price"])
    (sentence,) = dear.about(About.NEXT_POINT)
    assert not dear.is_winner
    assert "the rule for ties decided" in sentence.words


def test_price_for_each_point_of_quality_is_lost_on_price(catalogue: CatalogueLike) -> None:
    dear, _ = told(
        catalogue,
        [PLAIN | {"weighting": 100}],
        bid("Ashgrove", 120, 5),
        bid("Birchfield", 100, 5),
        award={"method": "price_per_quality_point"},
    )
    assert "a lower price was the next step" in dear.about(About.NEXT_POINT)[0].words


def test_an_award_on_value_speaks_of_pounds(catalogue: CatalogueLike) -> None:
    dear, _ = told(
        catalogue,
        [PLAIN | {"worth": "50"}],
        bid("Ashgrove", 120),
        bid("Birchfield", 100),
        award={"method": "award_on_value"},
    )
    words = [entry.words for entry in dear.sentences]
    assert "Plan: £30.00 of £50.00 off the price." in words
    assert "Plan: £20.00 off the price not earned." in words
    assert any("every pound less on the price" in word for word in words)


def test_a_stranger_gets_no_feedback(catalogue: CatalogueLike) -> None:
    method = Method.from_dict({"title": "Parks", "criteria": [PLAIN | {"weighting": 100}]})
    result = score_tender(method, [bid("Ashgrove")], catalogue, DAY)
    with pytest.raises(NotFound, match="Cedarway has no bid"):
        give_feedback(method, result, "Cedarway")


bids = st.tuples(st.integers(60, 500), st.integers(0, 5), st.integers(0, 12), st.booleans())


@settings(max_examples=150, deadline=None)
@given(
    entries=st.lists(bids, min_size=2, max_size=4),
    price=st.sampled_from(PRICES),
    offer=st.sampled_from(OFFERS),
    threshold=st.sampled_from([None, "40", "90"]),
)
def test_no_losing_bidder_is_without_a_next_point_and_every_sentence_names_its_line(
    catalogue: CatalogueLike, entries: list[Any], price: dict[str, Any], offer: dict[str, Any], threshold: str | None
) -> None:
    criteria = [
        {"code": "insured", "kind": "pass_fail"},
        {"code": "price", "kind": "price", "weighting": 40} | price,
        PLAIN | {"weighting": 30},
        JOBS | {"code": "jobs", "weighting": 30} | offer,
    ]
    made = [
        bid(f"Bidder {i}", pounds, mark, str(jobs), passes={"insured": passed})
        for i, (pounds, mark, jobs, passed) in enumerate(entries)
    ]
    limit = {} if threshold is None else {"threshold": threshold}
    for feedback in told(catalogue, criteria, *made, ties=["price"], **limit):
        titles = {"insured": "Insured", "price": "Price", "plan": "Plan", "jobs": "Jobs"}
        assert feedback.is_winner or feedback.about(About.NEXT_POINT)
        assert all(entry.words.startswith(f"{titles[entry.criterion]}: ") for entry in feedback.sentences)
        assert all(entry.words.endswith(".") and ".." not in entry.words for entry in feedback.sentences)
        assert all(entry.marks is None or entry.marks > 0 for entry in feedback.sentences)
