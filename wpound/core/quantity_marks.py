"""Formulas for quantities and social value: each gives the share of the marks, from 0 to 1."""

from collections.abc import Sequence
from decimal import Decimal

from wpound.core.criteria import Band, Criterion, Formula, Per
from wpound.core.money import Money

NONE, FULL = Decimal(0), Decimal(1)
BELOW_ALL_BANDS = Band(NONE, NONE)
PER_100K = Decimal(100_000)


def target_shares(figures: Sequence[Decimal], target: Decimal, floor: Decimal | None = None) -> list[Decimal]:
    """Each figure over the target, never above 1; below the floor nothing. Needs no other bid.

    >>> target_shares([Decimal(5), Decimal(11)], Decimal(10)), target_shares([Decimal(5)], Decimal(10), Decimal(6))
    ([Decimal('0.5'), Decimal('1')], [Decimal('0')])
    """
    shares = [figure / target if figure < target else FULL for figure in figures]
    if floor is None:
        return shares
    return [share if figure >= floor else NONE for figure, share in zip(figures, shares, strict=True)]


def proportional_shares(figures: Sequence[Decimal], best: Decimal) -> list[Decimal]:
    """Each figure over the best offer; 0 for everyone where the best offer is 0. Depends on the other bids.

    >>> proportional_shares([Decimal(40000)], Decimal(80000)), proportional_shares([Decimal(0)], Decimal(0))
    ([Decimal('0.5')], [Decimal('0')])
    """
    return [figure / best for figure in figures] if best else [NONE] * len(figures)


def band_of(figure: Decimal, bands: Sequence[Band]) -> Band:
    """The last band that starts at or below the figure; below them all, a band without marks."""
    found = BELOW_ALL_BANDS
    for band in bands:
        if band.start > figure:
            break
        found = band
    return found


def figure_per(amount: Decimal, per: Per, price: Money, fte: Decimal | None) -> Decimal:
    """An amount for the contract, for each £100,000 of price, or for each full-time post.

    ``price`` is more than zero, and ``fte`` more than zero where it is needed: both are checked before.

    >>> figure_per(Decimal(3), Per.PRICE_100K, Money.from_pounds(300000), None)
    Decimal('1')
    """
    if per is Per.PRICE_100K:
        return amount * PER_100K / price.pounds
    if per is Per.FTE and fte is not None:
        return amount / fte
    return amount


def quantity_shares(criterion: Criterion, figures: Sequence[Decimal], best: Decimal) -> list[Decimal]:
    """The share of a quantity or social value criterion's marks for each figure."""
    if criterion.formula is Formula.TARGET:
        return target_shares(figures, criterion.target or FULL, criterion.floor)
    if criterion.formula is Formula.BANDED:
        return [band_of(figure, criterion.bands).marks / (criterion.scale_max or 100) for figure in figures]
    return proportional_shares(figures, best)
