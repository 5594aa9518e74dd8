"""Price formulas: each gives the share of the marks, from 0 to 1, for a price in pounds.

Sources and published worked examples (T1 to T5) are in ``docs/method/scoring.md``. Prices are more than zero: a zero
price is refused before any formula sees it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from wpound.core.criteria import Criterion, Formula
from wpound.core.quantity_marks import band_of

NONE, FULL, HALF = Decimal(0), Decimal(1), Decimal("0.5")


@dataclass(frozen=True, slots=True)
class PriceField:
    """The prices a relative formula compares with: those of the bids still in the running."""

    lowest: Decimal
    highest: Decimal
    mean: Decimal

    @property
    def all_equal(self) -> bool:
        """Whether there is only one price, so that comparing says nothing."""
        return self.lowest == self.highest


def price_field(prices: Sequence[Decimal]) -> PriceField:
    """The lowest, highest and mean of at least one price."""
    return PriceField(min(prices), max(prices), sum(prices, NONE) / len(prices))


def lowest_ratio(price: Decimal, lowest: Decimal) -> Decimal:
    """Lowest price over this price. Depends on the other bids.

    >>> lowest_ratio(Decimal(20000), Decimal(10000))
    Decimal('0.5')
    """
    return lowest / price


def linear_to_ceiling(price: Decimal, ceiling: Decimal, floor: Decimal) -> Decimal:
    """Full marks at the floor or below, none at the ceiling or above, a straight line between. Needs no other bid.

    >>> linear_to_ceiling(Decimal(75), Decimal(100), Decimal(50))
    Decimal('0.5')
    """
    return min(FULL, max(NONE, (ceiling - price) / (ceiling - floor)))


def deviation_from_lowest(price: Decimal, lowest: Decimal) -> Decimal:
    """One less the share by which the price is above the lowest, never below 0. Depends on the other bids.

    >>> deviation_from_lowest(Decimal(125), Decimal(100))
    Decimal('0.75')
    """
    return max(NONE, FULL - (price - lowest) / lowest)


def deviation_from_mean(price: Decimal, mean: Decimal) -> Decimal:
    """Half at the mean; a per cent more for each per cent below it, less above, within 0 and 1. Depends on other bids.

    >>> deviation_from_mean(Decimal(90), Decimal(100))
    Decimal('0.6')
    """
    return min(FULL, max(NONE, HALF + (mean - price) / mean))


def min_max(price: Decimal, lowest: Decimal, highest: Decimal) -> Decimal:
    """Full marks at the lowest price, none at the highest, a straight line between. Depends on the other bids.

    >>> min_max(Decimal(75), Decimal(50), Decimal(100))
    Decimal('0.5')
    """
    return (highest - price) / (highest - lowest)


def price_shares(criterion: Criterion, prices: Sequence[Decimal], among: PriceField | None) -> list[Decimal]:
    """The share of a price criterion's marks for each price; where all are equal a comparing formula gives full marks.

    ``among`` may be None under a formula that needs no other bid.
    """
    formula = criterion.formula
    if formula is Formula.BANDED:
        return [band_of(price, criterion.bands).marks / (criterion.scale_max or 100) for price in prices]
    if formula is Formula.LINEAR_TO_CEILING or among is None:
        return [linear_to_ceiling(price, criterion.ceiling or NONE, criterion.floor or NONE) for price in prices]
    if among.all_equal:
        return [FULL] * len(prices)
    if formula is Formula.LOWEST_RATIO:
        return [lowest_ratio(price, among.lowest) for price in prices]
    if formula is Formula.DEVIATION_FROM_LOWEST:
        return [deviation_from_lowest(price, among.lowest) for price in prices]
    if formula is Formula.DEVIATION_FROM_MEAN:
        return [deviation_from_mean(price, among.mean) for price in prices]
    return [min_max(price, among.lowest, among.highest) for price in prices]
