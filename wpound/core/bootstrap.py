"""How much a local share rests on who happened to be paid: suppliers drawn again, with a given seed."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from wpound.core.local_spend import ShareRange, share_of_positive
from wpound.core.money import Money
from wpound.core.rank_ranges import Interval, RankRange, rank_ranges

T = TypeVar("T", Decimal, int)


@dataclass(frozen=True, order=True, slots=True)
class SupplierSpend:
    """One supplier's net pence in the period: all of it, and what of it is surely and possibly local."""

    total_pence: int
    local_low_pence: int
    local_high_pence: int


def resample_shares(suppliers: Sequence[SupplierSpend], seed: str, draws: int) -> list[Interval]:
    """Local share, as low and high, of ``draws`` samples of as many suppliers, drawn with replacement.

    The same suppliers in any order and the same seed give the same draws. Samples that total £0 or less are left out.
    """
    ordered = sorted(suppliers)
    totals = [one.total_pence for one in ordered]
    lows = [one.local_low_pence for one in ordered]
    highs = [one.local_high_pence for one in ordered]
    pick = random.Random(seed)  # noqa: S311 (repeatable sampling, nothing secret)
    shares = []
    for _ in range(draws):
        drawn = pick.choices(range(len(ordered)), k=len(ordered))
        total = Money(sum(map(totals.__getitem__, drawn)))
        low = share_of_positive(Money(sum(map(lows.__getitem__, drawn))), total)
        high = share_of_positive(Money(sum(map(highs.__getitem__, drawn))), total)
        if low is not None and high is not None:
            shares.append((low, high))
    return shares


def middle_shares(draws: Sequence[Interval]) -> ShareRange:
    """The middle 95% of the draws: low ends from the 2.5th percentile, high ends to the 97.5th (nearest rank)."""
    if not draws:
        return ShareRange(None, None)
    return ShareRange(_at([low for low, _ in draws], 25), _at([high for _, high in draws], 975))


def middle_ranks(draws: Mapping[str, Sequence[Interval]], places: int) -> dict[str, RankRange]:
    """The middle 95% of each anchor's rank when every draw is ranked as a table of its own.

    Shares are compared in per cent with ``places`` decimals, as they are printed.
    """
    ranks: dict[str, list[RankRange]] = {anchor: [] for anchor in draws}
    for drawn in zip(*draws.values(), strict=False):
        percents = {anchor: (low * 100, high * 100) for anchor, (low, high) in zip(draws, drawn, strict=True)}
        for anchor, found in rank_ranges(percents, places).items():
            ranks[anchor].append(found)
    return {
        anchor: RankRange(_at([one.low for one in found], 25), _at([one.high for one in found], 975))
        for anchor, found in ranks.items()
        if found
    }


def _at(values: Sequence[T], per_mille: int) -> T:
    """The value at a percentile, given in thousandths, by nearest rank."""
    position = -(-len(values) * per_mille // 1000)
    return sorted(values)[max(position, 1) - 1]
