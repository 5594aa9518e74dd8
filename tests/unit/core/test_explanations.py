"""Every mark is explained in one sentence a councillor understands."""

from typing import Any

from wpound.core.trace import explain
from wpound.web.filters import format_explanation


def sentences(score: Any, criteria: list[dict[str, Any]], **more: Any) -> list[str]:
    bids = [
        {"bidder": "A", "price": "80000", "commitments": [{"measure": "donations", "quantity": "12000"}]},
        {"bidder": "B", "price": "100000", "commitments": [{"measure": "donations", "quantity": "4000"}]},
    ]
    result = score({"criteria": criteria, "bids": [bid | more for bid in bids]})
    return [explain(line) for line in next(bid for bid in result.bids if bid.bidder == "B").lines]


def test_the_sentence_holds_the_figures_it_was_made_from(score: Any) -> None:
    price = {"code": "price", "kind": "price", "weighting": 100}
    [told] = sentences(score, [price | {"formula": "lowest_ratio"}])
    assert told == (
        "Price: the lowest price, £80,000.00, is divided by this bid's £100,000.00. "
        "That is 80.00% of the 100 marks available: 80.00 marks."
    )
    [told] = sentences(score, [price | {"formula": "deviation_from_mean"}])
    assert "£90,000.00, gets half" in told and "38.89%" in told


def test_every_formula_has_its_sentence(score: Any) -> None:
    bands = [{"from": "0", "marks": "100"}, {"from": "90000", "marks": "25"}]
    settings: list[dict[str, Any]] = [
        {"kind": "price", "formula": "linear_to_ceiling", "ceiling": "120000", "floor": "80000"},
        {"kind": "price", "formula": "deviation_from_lowest"},
        {"kind": "price", "formula": "min_max"},
        {"kind": "price", "formula": "banded", "bands": bands},
        {"kind": "quantity", "measure": "donations", "formula": "target", "target": "8000", "per": "price_100k"},
        {"kind": "quantity", "measure": "donations", "formula": "proportional", "cap": "3000"},
        {"kind": "quantity", "measure": "donations", "formula": "banded", "bands": [{"from": "1", "marks": "50"}]},
        {"kind": "social_value", "formula": "target", "target": "0.25"},
        {"kind": "social_value", "formula": "proportional"},
        {"kind": "qualitative", "scale_max": "4"},
    ]
    expected = [
        "on a straight line between full marks at £80,000.00 and none at £120,000.00. That is 50.00%",
        "above the lowest price, £80,000.00. That is 75.00%",
        "and none at the highest, £100,000.00. That is 0.00%",
        "in the band worth 25 of 100. That is 25.00%",
        "£4,000 for each £100,000 of price, set against a target of £8,000. That is 50.00%",
        "counted as £3,000, set against the best offer, £3,000; the offer is above the cap",
        "in the band worth 50 of 100. That is 50.00%",
        "counted as £0.04 for each £1 of price, set against a target of £0.25. That is 16.00%",
        "set against the best offer, £12,000.00. That is 33.33%",
        "marked 3 out of 4. That is 75.00% of the 10 marks available: 7.50 marks.",
    ]
    criteria = [{"code": f"c{i}", "weighting": 10} | setting for i, setting in enumerate(settings)]
    for told, part in zip(sentences(score, criteria, marks={"c9": "3"}), expected, strict=True):
        assert part in told


def test_pounds_taken_off_the_price_are_said_as_such(score: Any) -> None:
    result = score(
        {
            "award": {"method": "award_on_value"},
            "criteria": [{"code": "quality", "kind": "qualitative", "worth": "2500", "scale_max": "100"}],
            "bids": [{"bidder": "A", "price": "80000", "marks": {"quality": "60"}}],
        }
    )
    assert [explain(line) for line in result.bids[0].lines] == [
        "Price: the price is £80,000.00.",
        "Quality: marked 60 out of 100. That is 60.00% of the £2,500.00 it is worth, so £1,500.00 off the price.",
    ]


def test_a_mark_that_was_never_compared_says_why(score: Any) -> None:
    criteria = [
        {"code": "price", "kind": "price", "weighting": 100, "formula": "lowest_ratio"},
        {"code": "insurance", "kind": "pass_fail"},
    ]
    result = score({"criteria": criteria, "bids": [{"bidder": "A", "price": "5", "passes": {"insurance": False}}]})
    assert [explain(line) for line in result.bids[0].lines] == [
        "Price: the price is £5.00; the bid was excluded before it could be compared with the others.",
        "Insurance: not passed, so the bid is excluded.",
    ]


def test_pages_say_one_mark_and_none_as_people_do(score: Any) -> None:
    criteria = [
        {"code": "price", "kind": "price", "weighting": 99, "formula": "min_max"},
        {"code": "c1", "kind": "qualitative", "weighting": 1, "scale_max": "4"},
    ]
    stored = [sentences(score, criteria, marks={"c1": mark}) for mark in ("0", "3", "4")]
    assert stored[0][1].endswith("That is 0.00% of the 1 marks available: 0.00 marks."), (
        "a stored result is not rewritten"
    )
    shown = [[format_explanation(told) for told in told_of] for told_of in stored]
    assert shown[0][0].endswith("That is 0% of the 99 marks available: 0 marks.")
    assert [told.partition("That is ")[2] for _, told in shown] == [
        "0% of the 1 mark available: 0 marks.",
        "75.00% of the 1 mark available: 0.75 marks.",
        "100.00% of the 1 mark available: 1 mark.",
    ]
