"""What must hold for every tender, whatever its numbers."""

from decimal import Decimal, localcontext
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from wpound.catalogue.loader import load_catalogue
from wpound.core.form import Problems
from wpound.core.scoring import TenderResult, score_tender
from wpound.core.tender import read_tender

CATALOGUE = load_catalogue()
MEASURES = ["local-jobs", "donations", "volunteering-hours", "carbon-fleet"]
NAMES = ["Ash", "Birch", "Cedar", "Damson", "Elm"]

amounts = st.decimals(min_value=0, max_value=5000, places=2).map(str)
prices = st.decimals(min_value=Decimal("0.01"), max_value=2_000_000, places=2).map(str)
marks = st.integers(min_value=0, max_value=10).map(str)


def shares_of_100(parts: int) -> st.SearchStrategy[list[int]]:
    """Whole percents that total 100, each at least 1."""
    cuts = st.lists(st.integers(1, 99), min_size=parts - 1, max_size=parts - 1, unique=True).map(sorted)
    return cuts.map(lambda c: [b - a for a, b in zip([0, *c], [*c, 100], strict=True)])


PRICE_FORMULAS: dict[str, dict[str, Any]] = {
    "linear_to_ceiling": {"ceiling": "1500000", "floor": "100"},
    "banded": {"bands": [{"from": "0", "marks": "90"}, {"from": "1000", "marks": "30"}]},
    "lowest_ratio": {},
    "deviation_from_lowest": {},
    "deviation_from_mean": {},
    "min_max": {},
}
OFFER_FORMULAS: dict[str, dict[str, Any]] = {
    "target": {"target": "700", "floor": "5", "cap": "900"},
    "banded": {"bands": [{"from": "10", "marks": "20"}, {"from": "500", "marks": "60"}], "scale_max": "60"},
    "proportional": {"cap": "3000"},
}
INDEPENDENT = {"linear_to_ceiling", "banded", "target"}


@st.composite
def tenders(draw: st.DrawFn, only_independent: bool = False) -> dict[str, Any]:
    """A tender with a price, a mark, two measures (in a group) and social value in pounds, and one to five bids."""

    def formula(known: dict[str, dict[str, Any]]) -> dict[str, Any]:
        names = [name for name in known if name in INDEPENDENT or not only_independent]
        name = draw(st.sampled_from(names))
        return {"formula": name} | known[name]

    top, below = draw(shares_of_100(4)), draw(shares_of_100(2))
    value = "target" if only_independent else draw(st.sampled_from(["target", "proportional"]))
    offers = [
        {"code": f"m{i}", "kind": "quantity", "weighting": below[i], "measure": MEASURES[i]} | formula(OFFER_FORMULAS)
        for i in range(2)
    ]
    if not draw(st.booleans()):
        offers[0]["per"] = "price_100k"
    criteria = [
        {"code": "price", "kind": "price", "weighting": top[0]} | formula(PRICE_FORMULAS),
        {"code": "quality", "kind": "qualitative", "weighting": top[1], "scale_max": "10"},
        {"code": "offers", "kind": "group", "weighting": top[2], "criteria": offers},
        {"code": "value", "kind": "social_value", "weighting": top[3], "formula": value}
        | ({"target": "0.3"} if value == "target" else {}),
    ]
    if draw(st.booleans()):
        criteria[1]["threshold"] = "3"
    bids = [
        {
            "bidder": name,
            "price": draw(prices),
            "marks": {"quality": draw(marks)},
            "commitments": [{"measure": measure, "quantity": draw(amounts)} for measure in MEASURES],
        }
        for name in NAMES[: draw(st.integers(1, 5))]
    ]
    ties = draw(st.sampled_from([[], ["quality"], ["price", "value"]]))
    return {"title": "Any", "as_of": "2026-06-01", "ties": ties, "criteria": criteria, "bids": bids}


def score(data: dict[str, Any]) -> TenderResult:
    problems = Problems()
    tender = read_tender(data, problems)
    problems.raise_if_any()
    return score_tender(tender.method, tender.bids, CATALOGUE, tender.as_of)


def ranks(result: TenderResult) -> dict[str, int | None]:
    return {bid.bidder: bid.rank for bid in result.bids}


@settings(deadline=None, max_examples=60)
@given(tenders())
def test_contributions_add_up_exactly_and_shares_stay_between_none_and_all(data: dict[str, Any]) -> None:
    for bid in score(data).bids:
        assert all(0 <= line.share <= 1 for line in bid.lines if line.share is not None)
        if bid.score is None or bid.points is None or bid.unrounded is None:
            continue
        with localcontext(prec=60):
            contributions = [line.contribution for line in bid.lines if line.contribution is not None]
            assert sum(contributions, Decimal(0)) == bid.unrounded == bid.points
            assert all(line.contribution == (line.share or 0) * line.available for line in bid.lines)
        assert abs(bid.score - bid.unrounded) <= Decimal("0.0050000001")
        assert 0 <= bid.score <= 100


@settings(deadline=None, max_examples=60)
@given(tenders(), st.randoms(use_true_random=False))
def test_the_order_of_bids_and_promises_changes_nothing(data: dict[str, Any], random: Any) -> None:
    shuffled = [bid | {"commitments": random.sample(bid["commitments"], len(MEASURES))} for bid in data["bids"]]
    random.shuffle(shuffled)
    first, second = score(data).to_dict(), score(data | {"bids": shuffled}).to_dict()
    for result in (first, second):
        for line in (line for bid in result["bids"] for line in bid["lines"]):
            line["values_used"].sort(key=lambda used: used["measure"])
    assert first == second


@settings(deadline=None, max_examples=60)
@given(tenders(only_independent=True))
def test_without_relative_formulas_no_losing_bid_can_reorder_the_rest(data: dict[str, Any]) -> None:
    everyone = ranks(score(data))
    for name, rank in everyone.items():
        if rank == 1 or len(data["bids"]) == 1:
            continue
        rest = ranks(score(data | {"bids": [bid for bid in data["bids"] if bid["bidder"] != name]}))
        for one, other in ((a, b) for a in rest for b in rest if everyone[a] and everyone[b]):
            assert (everyone[one] < everyone[other]) == (rest[one] < rest[other])


@settings(deadline=None, max_examples=60)
@given(tenders(), st.integers(min_value=2, max_value=1000))
def test_scaling_all_money_leaves_price_ratios_alone(data: dict[str, Any], factor: int) -> None:
    price = {"code": "price", "kind": "price", "weighting": 100}
    for formula in ("lowest_ratio", "deviation_from_lowest", "min_max"):
        bids = [{"bidder": bid["bidder"], "price": bid["price"]} for bid in data["bids"]]
        scaled = [bid | {"price": str(Decimal(bid["price"]) * factor)} for bid in bids]
        method = {"title": "Any", "as_of": "2026-06-01", "criteria": [price | {"formula": formula}]}
        before, after = score(method | {"bids": bids}), score(method | {"bids": scaled})
        assert [(b.bidder, b.rank, b.unrounded) for b in before.bids] == [
            (b.bidder, b.rank, b.unrounded) for b in after.bids
        ]


@settings(deadline=None, max_examples=60)
@given(tenders(), st.sampled_from(range(2)), st.decimals(min_value=0, max_value=5000, places=2))
def test_more_of_a_measure_never_lowers_its_own_mark(data: dict[str, Any], which: int, extra: Decimal) -> None:
    def mark(tender: dict[str, Any]) -> Decimal | None:
        bid = next(bid for bid in score(tender).bids if bid.bidder == NAMES[0])
        return next(line.share for line in bid.lines if line.criterion == f"m{which}")

    first, *others = data["bids"]
    promises = [dict(promise) for promise in first["commitments"]]
    promises[which]["quantity"] = str(Decimal(promises[which]["quantity"]) + extra)
    before, after = mark(data), mark(data | {"bids": [first | {"commitments": promises}, *others]})
    assert (before is None and after is None) or (before is not None and after is not None and after >= before)


@settings(deadline=None, max_examples=60)
@given(tenders())
def test_a_frozen_method_scores_again_byte_for_byte(data: dict[str, Any]) -> None:
    tender = read_tender(data, Problems())
    again = type(tender.method).from_dict(tender.method.to_dict())
    assert again == tender.method
    assert again.to_json() == tender.method.to_json() and again.method_hash == tender.method.method_hash
    bids = [type(bid)(bid.bidder, bid.price, bid.marks, bid.passes, bid.commitments) for bid in tender.bids]
    first = score_tender(tender.method, tender.bids, CATALOGUE, tender.as_of)
    assert score_tender(again, bids, CATALOGUE, tender.as_of).to_dict() == first.to_dict()
