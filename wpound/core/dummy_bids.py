"""Four invented bidders, made from a method and a contract value, to try a method out before anyone bids.

What each of them prices, is marked and promises is stated in :data:`PROPORTIONS`; how much of a measure a contract can
plausibly carry in :data:`CARRIED`. Both are working assumptions of this program, not published figures
(``docs/method/simulation.md``), and decide no mark of any real bid.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from wpound.core.bids import Bid, Commitment
from wpound.core.criteria import Criterion, Kind
from wpound.core.method import Method
from wpound.core.money import Money, divide, round_half_up
from wpound.core.quantities import Unit
from wpound.core.valuing import CatalogueLike, MeasureLike


class DummyKind(StrEnum):
    """The sort of bidder."""

    CHEAP = "cheap"
    BIG_PROMISES = "big_promises"
    SMALL_LOCAL = "small_local"
    CHARITY = "charity"

    @property
    def label(self) -> str:
        """The name it bids under."""
        return _LABELS[self]


_LABELS = {
    DummyKind.CHEAP: "Cheap and plain",
    DummyKind.BIG_PROMISES: "Big promises",
    DummyKind.SMALL_LOCAL: "Small and local",
    DummyKind.CHARITY: "Charity",
}


@dataclass(frozen=True, slots=True)
class Proportions:
    """Shares: ``price`` of the contract value, ``marks`` of a scale, ``promises`` of what the contract can carry."""

    price: Decimal
    marks: Decimal
    promises: Decimal


PROPORTIONS: Mapping[DummyKind, Proportions] = {
    DummyKind.CHEAP: Proportions(Decimal("0.80"), Decimal("0.4"), Decimal("0.10")),
    DummyKind.BIG_PROMISES: Proportions(Decimal("1.00"), Decimal("0.6"), Decimal("1.00")),
    DummyKind.SMALL_LOCAL: Proportions(Decimal("0.95"), Decimal("0.6"), Decimal("0.35")),
    DummyKind.CHARITY: Proportions(Decimal("0.90"), Decimal("0.8"), Decimal("0.50")),
}
# The most that each £100,000 of contract value plausibly carries, in the unit; a post is taken at £50,000 a year.
CARRIED: Mapping[Unit, Decimal] = {
    Unit.FTE_YEAR: Decimal(2),
    Unit.PERSON: Decimal(2),
    Unit.WEEK: Decimal(104),
    Unit.HOUR: Decimal(100),
    Unit.ATTENDEE_HOUR: Decimal(200),
    Unit.GBP: Decimal(5_000),
    Unit.TCO2E: Decimal(10),
    Unit.TONNE: Decimal(20),
    Unit.MILE: Decimal(20_000),
    Unit.EVENT: Decimal(4),
    Unit.SQUARE_METRE: Decimal(2_000),
    Unit.COUNT: Decimal(50),
}
# Spending with local firms is part of the contract itself, so all of its price could go there; a gift could not.
SPENDING = "local_spend"
PER = Decimal(100_000)
WHOLE_PERCENT = Decimal(100)


def carried(measure: MeasureLike, contract_value: Money) -> Decimal:
    """The most of a measure, in its unit, that a contract of this value plausibly carries; 100 for a percentage."""
    if measure.unit is Unit.PERCENT:
        return WHOLE_PERCENT
    if measure.unit is Unit.GBP and measure.strand == SPENDING:
        return contract_value.pounds
    return divide(CARRIED[measure.unit] * contract_value.pounds, PER)


def build_dummies(method: Method, contract_value: Money, catalogue: CatalogueLike) -> dict[DummyKind, Bid]:
    """The four bids; ``contract_value`` is more than nothing. Raises ``UnknownMeasure`` as the catalogue does."""
    codes = dict.fromkeys(leaf.criterion.measure for leaf in method.tree.leaves if leaf.criterion.measure)
    measures = [catalogue.get_measure(code) for code in codes]
    return {kind: _build(kind, method, contract_value, measures) for kind in DummyKind}


def _build(kind: DummyKind, method: Method, contract_value: Money, measures: list[MeasureLike]) -> Bid:
    shares = PROPORTIONS[kind]
    leaves = [leaf.criterion for leaf in method.tree.leaves]
    posts = divide(CARRIED[Unit.FTE_YEAR] * contract_value.pounds, PER * (method.years or 1))
    return Bid(
        bidder=kind.label,
        price=contract_value.times(shares.price),
        marks={leaf.code: _mark(leaf, shares.marks) for leaf in leaves if leaf.kind is Kind.QUALITATIVE},
        passes={leaf.code: True for leaf in leaves if leaf.kind is Kind.PASS_FAIL},
        commitments=tuple(
            Commitment(measure.code, round_half_up(carried(measure, contract_value) * shares.promises, 2))
            for measure in measures
        ),
        fte=posts,
    )


def _mark(criterion: Criterion, share: Decimal) -> Decimal:
    """The point of the scale nearest to a share of its highest mark, the higher of two as near."""
    top = criterion.scale_max or Decimal(0)
    if not criterion.scale:
        return round_half_up(top * share, 0) if top >= 2 else top * share
    return min((point.mark for point in criterion.scale), key=lambda mark: (abs(mark - top * share), -mark))
