"""A draft method is tried with dummy bids: each kind of bad method has its own warning, and a sound one has none."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wpound.catalogue.loader import list_starters, load_starter
from wpound.catalogue.starters import Starter
from wpound.core.dummy_bids import CARRIED, DummyKind, build_dummies
from wpound.core.errors import InputErrors
from wpound.core.method import Method
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.core.scoring import CatalogueLike, TenderResult
from wpound.core.simulation import Simulation, dominant_measures, simulate

DAY = date(2026, 11, 22)
VALUE = Money.from_pounds(480_000)
JOBS: dict[str, Any] = {"kind": "quantity", "measure": "local-jobs", "formula": "target", "per": "price_100k"}


def method_of(price: int, quality: int, jobs: int, **settings: Any) -> Method:
    criteria = [
        {"code": "price", "kind": "price", "weighting": price, "formula": "lowest_ratio"},
        {"code": "quality", "kind": "qualitative", "weighting": quality, "scale_max": "5"},
        {"code": "jobs", "weighting": jobs, "target": "0.5"} | JOBS | settings,
    ]
    kept = [criterion for criterion in criteria if criterion["weighting"]]
    return Method.from_dict({"title": "Draft", "years": "2", "criteria": kept})


@pytest.fixture
def tried(catalogue: CatalogueLike) -> Any:
    def run(method: Method) -> Simulation:
        return simulate(method, VALUE, catalogue, DAY)

    return run


@pytest.mark.parametrize(
    ("method", "code"),
    [
        (method_of(5, 85, 10), "price_irrelevant"),
        (method_of(30, 0, 70), "one_measure_dominates"),
        (method_of(40, 40, 20, target="1.9", floor="1.9"), "small_firms_cannot_score"),
        (method_of(40, 40, 20, target="1.9", threshold="1.5"), "small_firms_excluded"),
        (method_of(40, 40, 20, target="2.5"), "target_out_of_reach"),
    ],
)
def test_each_bad_method_has_its_own_warning_and_no_other(tried: Any, method: Method, code: str) -> None:
    assert {warning.code for warning in tried(method).warnings} == {code}


def test_a_sound_method_has_no_warning(tried: Any) -> None:
    assert tried(method_of(40, 40, 20)).warnings == ()


@pytest.mark.parametrize("starter", list_starters(), ids=lambda starter: starter.key)
@pytest.mark.parametrize("pounds", [30_000, 480_000, 9_000_000])
def test_every_starter_is_sound_at_any_size(starter: Starter, pounds: int, catalogue: CatalogueLike) -> None:
    assert simulate(starter.method, Money.from_pounds(pounds), catalogue, DAY).warnings == ()


@pytest.mark.parametrize(("weighting", "warns"), [(60, False), (61, True)])
def test_one_measure_may_carry_sixty_per_cent_of_a_score_and_not_sixty_one(
    score: Any, weighting: int, warns: bool
) -> None:
    result: TenderResult = score(
        {
            "criteria": [
                {"code": "quality", "kind": "qualitative", "weighting": 100 - weighting, "scale_max": "5"},
                {"code": "jobs", "weighting": weighting, "target": "2"} | JOBS,
            ],
            "bids": [
                {
                    "bidder": "Ashgrove",
                    "price": "100000",
                    "marks": {"quality": "5"},
                    "commitments": [{"measure": "local-jobs", "quantity": "2"}],
                }
            ],
        }
    )
    assert bool(dominant_measures(result)) is warns


def test_pounds_are_shared_out_over_the_measures_they_come_from(score: Any, catalogue: CatalogueLike) -> None:
    promises = [{"measure": "donations", "quantity": "900"}, {"measure": "carbon-fleet", "quantity": "1"}]
    result: TenderResult = score(
        {
            "criteria": [{"code": "value", "kind": "social_value", "weighting": 100, "formula": "proportional"}],
            "bids": [{"bidder": "Ashgrove", "price": "100000", "commitments": promises}],
        }
    )
    (warning,) = dominant_measures(result)
    assert warning.code == "one_measure_dominates"
    assert warning.message.startswith(catalogue.get_measure("donations").title)


def test_who_wins_by_how_much_and_what_decides(tried: Any) -> None:
    simulation = tried(method_of(40, 40, 20))
    assert simulation.winners == ("Charity",)
    ranked = {bid.bidder: bid.score for bid in simulation.result.bids}
    others = sorted(score for bidder, score in ranked.items() if bidder != "Charity")
    assert simulation.margin == ranked["Charity"] - others[-1]
    assert simulation.decided_by == "quality"


def test_an_award_on_value_is_tried_as_well(tried: Any) -> None:
    simulation = tried(
        Method.from_dict(
            {
                "title": "Draft",
                "award": {"method": "award_on_value"},
                "criteria": [{"code": "quality", "kind": "qualitative", "worth": "60000", "scale_max": "5"}],
            }
        )
    )
    assert simulation.winners == ("Cheap and plain",)
    assert simulation.decided_by == "price"
    assert simulation.margin is not None
    assert simulation.margin > 0


@pytest.mark.parametrize("value", [None, Money(0)])
def test_without_a_contract_value_nothing_can_be_made_up(value: Money | None, catalogue: CatalogueLike) -> None:
    with pytest.raises(InputErrors, match="contract_value"):
        simulate(method_of(40, 40, 20), value, catalogue, DAY)


@settings(max_examples=20, deadline=None)
@given(st.integers(10_000, 10**8))
def test_marks_that_go_by_price_do_not_depend_on_the_size_of_the_contract(
    catalogue: CatalogueLike, pounds: int
) -> None:
    method = load_starter("services").method
    ranks = [
        [(bid.bidder, bid.rank) for bid in simulate(method, Money.from_pounds(size), catalogue, DAY).result.bids]
        for size in (pounds, 480_000)
    ]
    assert ranks[0] == ranks[1]


def test_every_unit_a_measure_counts_in_can_be_promised(catalogue: CatalogueLike) -> None:
    assert CARRIED.keys() == set(Unit) - {Unit.PERCENT}
    dummies = build_dummies(method_of(40, 40, 20), VALUE, catalogue)
    promised = {kind: dummies[kind].commitments[0].quantity for kind in DummyKind}
    assert promised[DummyKind.BIG_PROMISES] == Decimal("9.60")
    assert promised[DummyKind.CHEAP] == Decimal("0.96")
