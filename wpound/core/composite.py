"""One mark out of 100 over the three heads, economy, jobs and climate, with weightings that are printed beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from wpound.core.errors import RuleError
from wpound.core.money import Money, divide
from wpound.core.rank_ranges import Interval

MILLION_IN_PENCE = 100_000_000


@dataclass(frozen=True, slots=True)
class VerifiedDelivery:
    """FTE-years of local jobs, apprenticeship weeks and tCO2e saved, all verified; None is not reported, never 0."""

    fte_years: Decimal | None = None
    apprenticeship_weeks: Decimal | None = None
    tco2e: Decimal | None = None

    def per_million(self, spend: Money) -> "VerifiedDelivery":
        """The same for each £1m of spend; None where not reported or where spend is not above £0."""

        def rate(amount: Decimal | None) -> Decimal | None:
            return None if amount is None or spend.pence <= 0 else divide(amount * MILLION_IN_PENCE, spend.pence)

        return VerifiedDelivery(rate(self.fte_years), rate(self.apprenticeship_weeks), rate(self.tco2e))


@dataclass(frozen=True, slots=True)
class HeadWeightings:
    """Whole per cent of the composite for each head; they total 100 (RuleError otherwise)."""

    economy: int = 34
    jobs: int = 33
    climate: int = 33

    def __post_init__(self) -> None:
        parts = (self.economy, self.jobs, self.climate)
        if min(parts) < 0 or sum(parts) != 100:
            raise RuleError(f"The weightings of the three heads total {sum(parts)}; they must total 100, none below 0.")


@dataclass(frozen=True, slots=True)
class HeadFigures:
    """What one anchor is marked on: its local share as an interval and its verified delivery for each £1m."""

    share: Interval
    per_million: VerifiedDelivery = field(default_factory=VerifiedDelivery)

    def known(self) -> tuple[Interval, Interval, Interval, Interval] | None:
        """Local share, FTE-years, apprenticeship weeks and tCO2e, or None where one of them is not known."""
        jobs, weeks, carbon = self.per_million.fte_years, self.per_million.apprenticeship_weeks, self.per_million.tco2e
        if jobs is None or weeks is None or carbon is None:
            return None
        return self.share, (jobs, jobs), (weeks, weeks), (carbon, carbon)


def mark_heads(figures: Mapping[str, HeadFigures], weightings: HeadWeightings) -> dict[str, Interval]:
    """Marks out of 100, as intervals, for the anchors whose three heads are all known.

    Each figure is marked against the best of those marked; the jobs head is the mean of its two figures, each against
    its own best, so that weeks and years are never added. Where the best is nothing, everyone has 0 for it.
    """
    known = {anchor: found for anchor, own in figures.items() if (found := own.known()) is not None}
    half = Decimal(weightings.jobs) / 2
    weights = (Decimal(weightings.economy), half, half, Decimal(weightings.climate))
    columns = [_against_best({anchor: found[i] for anchor, found in known.items()}) for i in range(len(weights))]
    return {anchor: _weighted([column[anchor] for column in columns], weights) for anchor in known}


def _against_best(figures: Mapping[str, Interval]) -> dict[str, Interval]:
    """Each figure as a share of the best: least when the others do as well as they can, most when as badly."""
    marks = {}
    for anchor, (low, high) in figures.items():
        others = [ends for other, ends in figures.items() if other != anchor]
        best_against_low = max([low, *(most for _, most in others)])
        best_against_high = max([high, *(least for least, _ in others)])
        marks[anchor] = (
            divide(low, best_against_low) if best_against_low > 0 else Decimal(0),
            divide(high, best_against_high) if best_against_high > 0 else Decimal(0),
        )
    return marks


def _weighted(marks: Sequence[Interval], weights: Sequence[Decimal]) -> Interval:
    pairs = list(zip(marks, weights, strict=True))
    return (
        sum((low * weight for (low, _), weight in pairs), Decimal(0)),
        sum((high * weight for (_, high), weight in pairs), Decimal(0)),
    )
