"""A tender that cannot be scored: every problem is found at once, each with its place."""

from typing import Any

import pytest

from wpound.core.errors import InputErrors

CRITERIA: list[dict[str, Any]] = [
    {"code": "price", "kind": "price", "weighting": 40, "formula": "lowest_ratio"},
    {"code": "quality", "kind": "qualitative", "weighting": 40, "scale_max": "5"},
    {
        "code": "social",
        "kind": "group",
        "weighting": 20,
        "criteria": [
            {"code": "jobs", "kind": "quantity", "weighting": 50, "measure": "local-jobs", "formula": "proportional"},
            {"code": "value", "kind": "social_value", "weighting": 50, "formula": "proportional"},
        ],
    },
]
BID: dict[str, Any] = {"bidder": "A", "price": "100.00", "marks": {"quality": "3"}}


def with_leaf(at: int, **change: Any) -> dict[str, Any]:
    return {"criteria": [c | change if i == at else c for i, c in enumerate(CRITERIA)]}


def with_bid(**change: Any) -> dict[str, Any]:
    return {"bids": [BID | change]}


def problems(score: Any, change: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(InputErrors) as refused:
        score({"criteria": CRITERIA, "bids": [BID]} | change)
    return {error.field: error.message for error in refused.value.errors}


@pytest.mark.parametrize(
    ("change", "places"),
    [
        (with_leaf(0, weighting=45), {f"criteria[{i}].weighting" for i in range(3)}),
        (with_leaf(0, weighting=35), {f"criteria[{i}].weighting" for i in range(3)}),
        (with_leaf(0, weighting="40.5"), {"criteria[0].weighting"}),
        (with_leaf(0, weighting=0), {"criteria[0].weighting"}),
        (with_leaf(0, formula="cheapest"), {"criteria[0].formula"}),
        (with_leaf(0, threshold="2"), {"criteria[0].threshold"}),
        (with_leaf(0, formula="linear_to_ceiling", ceiling="10", floor="20"), {"criteria[0].floor"}),
        (with_leaf(0, formula="banded", bands=[{"from": "5", "marks": "100"}]), {"criteria[0].bands[0].from"}),
        (with_leaf(1, scale_max="0"), {"criteria[1].scale_max"}),
        (with_leaf(1, threshold="6"), {"criteria[1].threshold"}),
        (with_leaf(1, kind="qualitatif"), {"criteria[1].kind"}),
        (with_leaf(1, code="price"), {"criteria[1].code", "bids[0].marks.price", "bids[0].marks.quality"}),
        (with_leaf(2, criteria=[]), {"criteria[2].criteria"}),
        ({"ties": ["colour"]}, {"ties[0]"}),
        ({"rounding": {"places": 2, "mode": "up"}}, {"rounding.mode"}),
        ({"award": {"method": "lottery"}}, {"award.method"}),
        ({"colour": "red"}, {"colour"}),
        ({"as_of": "1 April"}, {"as_of"}),
        ({"threshold": "101"}, {"threshold"}),
        (with_bid(bidder="A\x1b[2J"), {"bids[0].bidder"}),
        (with_bid(price="0"), {"bids[0].price"}),
        (with_bid(price="-5.00"), {"bids[0].price"}),
        (with_bid(price="12.345"), {"bids[0].price"}),
        (with_bid(price="1,000"), {"bids[0].price"}),
        (with_bid(price=99.5), {"bids[0].price"}),
        (with_bid(price="1e9"), {"bids[0].price"}),
        (with_bid(marks={}), {"bids[0].marks.quality"}),
        (with_bid(marks={"quality": "5.5"}), {"bids[0].marks.quality"}),
        (with_bid(marks={"quality": "3", "style": "4"}), {"bids[0].marks.style"}),
        (with_bid(passes={"style": True}), {"bids[0].passes.style"}),
        (with_bid(reasons={"style": "Neat."}), {"bids[0].reasons.style"}),
        ({"bids": [BID, BID | {"bidder": "a"}]}, {"bids[1].bidder"}),
        (with_bid(commitments=[{"measure": "no-such", "quantity": "1"}]), {"bids[0].commitments[0].measure"}),
        (with_bid(commitments=[{"measure": "donations", "quantity": "-1"}]), {"bids[0].commitments[0].quantity"}),
        (
            with_bid(commitments=[{"measure": "local-jobs", "quantity": "1", "unit": "week"}]),
            {"bids[0].commitments[0].unit"},
        ),
        (
            with_bid(commitments=[{"measure": "carbon-fleet", "quantity": "1", "year": 2060}]),
            {"bids[0].commitments[0].year"},
        ),
        (
            with_bid(commitments=[{"measure": "donations", "quantity": "1"}] * 2),
            {"bids[0].commitments[1].measure"},
        ),
        (
            with_bid(commitments=[{"measure": "prompt-payment", "quantity": "101"}]),
            {"bids[0].commitments[0].quantity"},
        ),
    ],
)
def test_a_problem_is_found_at_its_place_and_only_there(score: Any, change: Any, places: set[str]) -> None:
    assert set(problems(score, change)) == places


def test_every_problem_is_found_in_one_look(score: Any) -> None:
    found = problems(
        score,
        with_leaf(0, weighting=50) | {"titel": "x", "bids": [BID | {"price": "0"}, BID | {"bidder": "B", "marks": {}}]},
    )
    assert {"titel", "criteria[0].weighting", "bids[0].price", "bids[1].marks.quality"} <= set(found)
    assert found["criteria[0].weighting"] == "the weightings of this level total 110, not 100"
    assert "did you mean 'title'" in found["titel"]


def test_words_of_a_scale_bind_the_marks(score: Any) -> None:
    scale = [{"mark": "0", "words": "Nothing."}, {"mark": "2", "words": "Some."}, {"mark": "4", "words": "All."}]
    found = problems(score, {"criteria": [*with_leaf(1, scale=scale, scale_max="4")["criteria"]]})
    assert found == {"bids[0].marks.quality": "is 3, which is no point of the scale"}


def test_a_mandatory_requirement_must_be_answered(score: Any) -> None:
    criteria = [*CRITERIA, {"code": "insurance", "kind": "pass_fail"}]
    assert set(problems(score, {"criteria": criteria})) == {"bids[0].passes.insurance"}


def test_posts_must_be_known_where_a_criterion_counts_per_post(score: Any) -> None:
    jobs = CRITERIA[2]["criteria"][0] | {"per": "fte"}
    change = with_leaf(2, criteria=[jobs, CRITERIA[2]["criteria"][1]])
    assert set(problems(score, change)) == {"bids[0].fte"}


def test_price_is_not_counted_twice_under_another_award(score: Any) -> None:
    found = problems(score, {"award": {"method": "price_per_quality_point"}})
    assert set(found) == {"criteria[0].kind"}


def test_criteria_are_not_nested_without_end(score: Any) -> None:
    criterion: dict[str, Any] = {"code": "deep", "kind": "qualitative", "weighting": 100, "scale_max": "5"}
    for level in range(8):
        criterion = {"code": f"g{level}", "kind": "group", "weighting": 100, "criteria": [criterion]}
    found = problems(score, {"criteria": [criterion], "bids": [BID | {"marks": {}}]})
    assert any("5 levels" in message for message in found.values())
