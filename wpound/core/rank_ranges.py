"""Ranks of figures that are intervals."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from wpound.core.money import round_half_up

Interval = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class RankRange:
    """Best and worst possible rank; ``shared`` where another has the very same printed figure."""

    low: int
    high: int
    shared: bool = False

    @property
    def label(self) -> str:
        """The rank as printed: ``3``, ``=3`` or ``2 to 4``."""
        if self.low != self.high:
            return f"{self.low} to {self.high}"
        return f"={self.low}" if self.shared else str(self.low)


def rank_ranges(intervals: Mapping[str, Interval], places: int) -> dict[str, RankRange]:
    """Best and worst rank of each, highest figure first, compared as printed with ``places`` decimals.

    Equal printed figures share a rank and the next rank skips (standard competition ranking). Widening an interval
    never narrows a range. Source: local spend reference, section 13, rule 8.

    >>> ranks = rank_ranges({"a": (Decimal(5), Decimal(7)), "b": (Decimal(6), Decimal(6)), "c": (Decimal(1),) * 2}, 1)
    >>> [ranks[key].label for key in "abc"]
    ['1 to 2', '1 to 2', '3']
    """
    printed = {key: (round_half_up(low, places), round_half_up(high, places)) for key, (low, high) in intervals.items()}
    ranks = {}
    for key, (low, high) in printed.items():
        others = [ends for other, ends in printed.items() if other != key]
        ranks[key] = RankRange(
            low=1 + sum(other_low > high for other_low, _ in others),
            high=1 + sum(other_high > low for _, other_high in others),
            shared=low == high and (low, high) in others,
        )
    return ranks
