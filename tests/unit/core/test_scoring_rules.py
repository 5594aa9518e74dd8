"""The rules of scoring a tender that an auditor would look for."""

from decimal import Decimal
from typing import Any

import pytest

from wpound.core.errors import InputErrors

QUALITY = {"code": "quality", "kind": "qualitative", "weighting": 60, "scale_max": "5"}
PRICE = {"code": "price", "kind": "price", "weighting": 40, "formula": "lowest_ratio"}


def bid(name: str, price: str = "100000", quality: str | None = None, **more: Any) -> dict[str, Any]:
    marks = {} if quality is None else {"marks": {"quality": quality}}
    return {"bidder": name, "price": price} | marks | more


def quantity(measure: str = "local-jobs", weighting: int = 100, **settings: Any) -> dict[str, Any]:
    return {"code": "offer", "kind": "quantity", "weighting": weighting, "measure": measure} | settings


def promise(amount: str, measure: str = "local-jobs", **more: Any) -> dict[str, Any]:
    return {"commitments": [{"measure": measure, "quantity": amount} | more]}


def shares(result: Any, code: str) -> dict[str, Decimal | None]:
    return {b.bidder: next(line.share for line in b.lines if line.criterion == code) for b in result.bids}


def codes(result: Any) -> set[str]:
    return {warning.code for warning in result.warnings}


def test_a_bid_below_a_threshold_never_sets_the_lowest_price(score: Any) -> None:
    result = score(
        {
            "criteria": [PRICE, QUALITY | {"threshold": "2"}],
            "bids": [bid("Cheap", "10000", "1"), bid("Fair", "100000", "2"), bid("Dear", "200000", "5")],
        }
    )
    assert shares(result, "price") == {"Fair": Decimal(1), "Dear": Decimal("0.5"), "Cheap": None}
    cheap = result.bids[-1]
    assert cheap.rank is None and cheap.score is None
    assert cheap.excluded_because == "Quality: 1 is below the threshold of 2"
    assert shares(result, "quality")["Cheap"] == Decimal("0.2"), "an excluded bidder is still owed its quality marks"


def test_failing_a_mandatory_requirement_excludes_before_anything_is_compared(score: Any) -> None:
    result = score(
        {
            "criteria": [PRICE, QUALITY, {"code": "insurance", "kind": "pass_fail", "title": "Insurance"}],
            "bids": [
                bid("A", "50000", "5", passes={"insurance": False}),
                bid("B", "100000", "3", passes={"insurance": True}),
            ],
        }
    )
    assert [b.bidder for b in result.bids] == ["B", "A"]
    assert result.bids[1].excluded_because == "Insurance: not passed"
    assert shares(result, "price")["B"] == 1
    assert "single_bid" in codes(result)


def test_a_group_threshold_is_a_percentage_of_what_can_be_scored_there(score: Any) -> None:
    group = {
        "code": "quality",
        "kind": "group",
        "weighting": 60,
        "threshold": "50",
        "criteria": [
            {"code": "q1", "kind": "qualitative", "weighting": 75, "scale_max": "4"},
            {"code": "q2", "kind": "qualitative", "weighting": 25, "scale_max": "4"},
        ],
    }
    bids = [
        {"bidder": "Just", "price": "10", "marks": {"q1": "2", "q2": "2"}},
        {"bidder": "Below", "price": "10", "marks": {"q1": "1", "q2": "4"}},
    ]
    result = score({"criteria": [PRICE, group], "bids": bids})
    assert [(b.bidder, b.rank) for b in result.bids] == [("Just", 1), ("Below", None)]
    assert result.bids[1].excluded_because == "Quality: 43.75% is below the threshold of 50%"


def test_a_threshold_on_the_whole_is_tested_again_until_every_bid_left_is_above_it(score: Any) -> None:
    data = {
        "criteria": [PRICE | {"weighting": 50, "formula": "min_max"}, QUALITY | {"weighting": 50}],
        "threshold": "40",
        "bids": [bid("A", "100", "5"), bid("B", "150", "4"), bid("C", "200", "0"), bid("D", "300", "4")],
    }
    result = score(data)
    # First round: C has 25% and leaves, D has exactly 40% and stays; without C nothing moves, as D is still dearest.
    assert {b.bidder: b.rank for b in result.bids} == {"A": 1, "B": 2, "D": 3, "C": None}
    assert all(b.score >= 40 for b in result.bids if b.score is not None)
    assert "relative_threshold" in codes(result)
    # A higher bar: D leaves too, which makes B the dearest and takes B's marks for price; B then falls below as well.
    higher = score(data | {"threshold": "45"})
    assert {b.bidder for b in higher.bids if b.rank} == {"A"}


def test_all_prices_equal_gives_everyone_full_marks(score: Any) -> None:
    for formula in ("lowest_ratio", "deviation_from_lowest", "deviation_from_mean", "min_max"):
        result = score(
            {"criteria": [PRICE | {"formula": formula}, QUALITY], "bids": [bid("A", "100", "5"), bid("B", "100", "4")]}
        )
        assert shares(result, "price") == {"A": Decimal(1), "B": Decimal(1)}
        assert "equal_prices" in codes(result)


def test_a_price_far_below_the_mean_has_full_marks_and_no_more(score: Any) -> None:
    price = PRICE | {"formula": "deviation_from_mean"}
    bids = [bid("Cheap", "10", "5"), bid("Dear", "95", "5"), bid("Dearest", "195", "5")]
    assert shares(score({"criteria": [price, QUALITY], "bids": bids}), "price") == {
        "Cheap": Decimal(1),
        "Dear": Decimal("0.55"),
        "Dearest": Decimal(0),
    }


def test_a_single_bid_is_marked_with_a_warning(score: Any) -> None:
    result = score({"criteria": [PRICE, QUALITY], "bids": [bid("Only", "100", "3")]})
    assert result.bids[0].score == Decimal("76.00")
    assert "single_bid" in codes(result)


def test_when_nobody_offers_anything_nobody_has_marks_and_it_is_said(score: Any) -> None:
    result = score({"criteria": [quantity(formula="proportional")], "bids": [bid("A"), bid("B", **promise("0"))]})
    assert shares(result, "offer") == {"A": Decimal(0), "B": Decimal(0)}
    assert "nothing_offered" in codes(result)
    notes = {b.bidder: b.lines[0].note for b in result.bids}
    assert "nothing is promised" in notes["A"], "no promise and a promise of 0 are told apart"
    assert "nothing is promised" not in notes["B"]


@pytest.mark.parametrize(
    ("settings", "offers", "expected"),
    [
        ({"formula": "target", "target": "10"}, ["5", "10", "25"], ["0.5", "1", "1"]),
        ({"formula": "target", "target": "10", "floor": "4"}, ["3.9", "4", "8"], ["0", "0.4", "0.8"]),
        ({"formula": "proportional"}, ["5", "10", "20"], ["0.25", "0.5", "1"]),
        ({"formula": "proportional", "cap": "10"}, ["5", "10", "40"], ["0.5", "1", "1"]),
        (
            {"formula": "banded", "bands": [{"from": "2", "marks": "40"}, {"from": "6", "marks": "100"}]},
            ["1", "2", "6"],
            ["0", "0.4", "1"],
        ),
    ],
)
def test_quantity_formulas(score: Any, settings: Any, offers: list[str], expected: list[str]) -> None:
    result = score(
        {"criteria": [quantity(**settings)], "bids": [bid(f"B{i}", **promise(q)) for i, q in enumerate(offers)]}
    )
    found = shares(result, "offer")
    assert [found[f"B{i}"] for i in range(len(offers))] == [Decimal(share) for share in expected]


def test_quantities_can_be_counted_against_price_and_posts(score: Any) -> None:
    per_price = score(
        {
            "criteria": [quantity(formula="target", target="2", per="price_100k")],
            "bids": [bid("A", "400000", **promise("4")), bid("B", "100000", **promise("4"))],
        }
    )
    assert shares(per_price, "offer") == {"A": Decimal("0.5"), "B": Decimal(1)}
    per_post = score(
        {
            "criteria": [quantity(formula="proportional", per="fte")],
            "bids": [bid("A", fte="8", **promise("4")), bid("B", fte="4", **promise("4"))],
        }
    )
    assert shares(per_post, "offer") == {"A": Decimal("0.5"), "B": Decimal(1)}


def test_the_same_measure_in_several_years_adds_up(score: Any) -> None:
    years = {"commitments": [{"measure": "local-jobs", "quantity": "2", "year": y} for y in (2026, 2027)]}
    result = score({"criteria": [quantity(formula="target", target="8")], "bids": [bid("A", **years)]})
    assert shares(result, "offer") == {"A": Decimal("0.5")}


def test_carbon_takes_the_value_of_the_year_in_which_it_is_saved(score: Any) -> None:
    criteria = [{"code": "value", "kind": "social_value", "weighting": 100, "formula": "proportional"}]
    result = score({"criteria": criteria, "bids": [bid("A", **promise("10", "carbon-fleet", year="2030"))]})
    used = result.bids[0].lines[0].values_used[0]
    assert (used.value, used.amount) == (Decimal("294.50"), Decimal("2945.00"))
    assert used.valid_from.year == 2030 and used.reference_url


def test_a_promise_takes_the_value_at_the_end_of_its_year_or_on_the_day_of_the_tender(score: Any) -> None:
    criteria = [{"code": "value", "kind": "social_value", "weighting": 100, "formula": "proportional"}]
    hours = [{"measure": "volunteering-hours", "quantity": "1"} | year for year in ({}, {"year": 2025}, {"year": 2026})]
    result = score({"as_of": "2026-03-31", "criteria": criteria, "bids": [bid("A", commitments=hours)]})
    used = result.bids[0].lines[0].values_used
    assert [(u.year, u.valid_from.year) for u in used if u.valid_from] == [(None, 2025), (2025, 2025), (2026, 2026)]


def test_local_flow_is_never_social_value_unless_the_tender_says_so(score: Any) -> None:
    value = {"code": "value", "kind": "social_value", "weighting": 100, "formula": "proportional"}
    offer = promise("40000", "local-direct-spend")
    apart = score({"criteria": [value], "bids": [bid("A", **offer)]})
    assert apart.bids[0].lines[0].inputs["social_value"] == 0
    counted = score({"criteria": [value | {"include_flow": True}], "bids": [bid("A", **offer)]})
    assert counted.bids[0].lines[0].inputs["social_value"] > 0
    assert "flow_counted" in codes(counted) and "flow_counted" not in codes(apart)


def test_a_social_value_target_is_pounds_for_each_pound_of_price(score: Any) -> None:
    value = {"code": "value", "kind": "social_value", "weighting": 100, "formula": "target", "target": "0.25"}
    result = score({"criteria": [value], "bids": [bid("A", "200000", **promise("10000", "donations"))]})
    assert shares(result, "value") == {"A": Decimal("0.2")}
    reduced = score(
        {
            "criteria": [value],
            "additionality": {"deadweight": "0.20", "displacement": "0.25", "leakage": "0.10"},
            "bids": [bid("A", "200000", **promise("10000", "donations"))],
        }
    )
    assert shares(reduced, "value") == {"A": Decimal("0.108")}


def test_price_bands_and_a_ceiling_need_no_other_bid(score: Any) -> None:
    bands = [{"from": "0", "marks": "100"}, {"from": "90000", "marks": "50"}]
    banded = PRICE | {"weighting": 100, "formula": "banded", "bands": bands}
    result = score({"criteria": [banded], "bids": [bid("A", "89999.99"), bid("B", "90000")]})
    assert shares(result, "price") == {"A": Decimal(1), "B": Decimal("0.5")}
    linear = PRICE | {"weighting": 100, "formula": "linear_to_ceiling", "ceiling": "100000", "floor": "60000"}
    result = score({"criteria": [linear], "bids": [bid("A", "50000"), bid("B", "70000"), bid("C", "120000")]})
    assert shares(result, "price") == {"A": Decimal(1), "B": Decimal("0.75"), "C": Decimal(0)}


def test_price_per_quality_point_ranks_the_lowest_first_and_excludes_no_quality(score: Any) -> None:
    result = score(
        {
            "award": {"method": "price_per_quality_point"},
            "criteria": [QUALITY | {"weighting": 100}],
            "bids": [bid("A", "8000", "4"), bid("B", "3000", "2"), bid("C", "10", "0")],
        }
    )
    assert [(b.bidder, b.rank, b.score) for b in result.bids] == [
        ("B", 1, Decimal("75.00")),
        ("A", 2, Decimal("100.00")),
        ("C", None, None),
    ]


@pytest.mark.parametrize(("mode", "expected"), [("half_up", "70.9"), ("half_even", "70.8"), ("down", "70.8")])
def test_the_method_decides_how_the_score_is_rounded(score: Any, mode: str, expected: str) -> None:
    criteria = [{"code": "quality", "kind": "qualitative", "weighting": 100, "scale_max": "100"}]
    data = {"rounding": {"places": 1, "mode": mode}, "criteria": criteria, "bids": [bid("A", quality="70.85")]}
    assert str(score(data).bids[0].score) == expected


def test_thirds_that_make_a_whole_are_not_rounded_down(score: Any) -> None:
    criteria = [{"code": c, "kind": "qualitative", "weighting": 25, "scale_max": "3"} for c in ("a", "b", "c", "d")]
    marks = {"a": "1", "b": "1", "c": "1", "d": "0"}
    data = {"rounding": {"places": 0, "mode": "down"}, "criteria": criteria, "bids": [bid("A", marks=marks)]}
    assert str(score(data).bids[0].score) == "25"


def test_ties_use_the_rules_in_order_and_the_next_rank_is_skipped(score: Any) -> None:
    criteria = [QUALITY | {"weighting": 100}]
    bids = [bid("A", "300", "4"), bid("B", "200", "4"), bid("C", "200", "4"), bid("D", "100", "3")]
    result = score({"criteria": criteria, "ties": ["quality", "price"], "bids": bids})
    assert {b.bidder: b.rank for b in result.bids} == {"B": 1, "C": 1, "A": 3, "D": 4}
    assert [(tie.rank, tie.bidders) for tie in result.ties] == [(1, ("B", "C"))]
    message = next(w.message for w in result.warnings if w.code == "tie_broken")
    assert "the lower price" in message and "A" in message


def test_warnings_about_the_method_itself(score: Any) -> None:
    measures = ["local-jobs", "donations", "volunteering-hours", "trees-planted", "green-space", "youth-safety-hours"]
    many = [
        quantity(measure, 14, formula="target", target="1") | {"code": f"m{i}"}
        for i, measure in enumerate([*measures, "digital-skills"])
    ]
    many[0]["weighting"] = 16
    assert {"many_measures", "one_measure_decides"} <= codes(score({"criteria": many, "bids": [bid("A")]}))
    assert "social_value_low" in codes(score({"criteria": [PRICE, QUALITY], "bids": [bid("A", quality="1")]}))
    large = {"contract_value": "21000000", "years": "4", "criteria": [PRICE, QUALITY], "bids": [bid("A", quality="1")]}
    assert "carbon_reduction_plan" in codes(score(large))


def test_nothing_is_ranked_when_every_bid_is_excluded(score: Any) -> None:
    result = score({"criteria": [PRICE, QUALITY | {"threshold": "4"}], "bids": [bid("A", quality="1")]})
    assert result.bids[0].rank is None and "no_bid_left" in codes(result)


def test_a_tender_without_bids_is_refused(score: Any) -> None:
    with pytest.raises(InputErrors, match="bids"):
        score({"criteria": [PRICE, QUALITY], "bids": []})
