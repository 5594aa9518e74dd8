"""The league table of anchors: no rank finer than the data can bear.

Shares are intervals, so ranks are ranges: an anchor's best rank counts only those surely above it, its worst rank all
that could be. Several columns stand side by side because they disagree (``docs/method/league.md``).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from wpound.core.bootstrap import SupplierSpend, middle_ranks, middle_shares, resample_shares
from wpound.core.composite import HeadFigures, HeadWeightings, VerifiedDelivery, mark_heads
from wpound.core.errors import RuleError
from wpound.core.local_spend import (
    LocalShare,
    ShareRange,
    average_shares,
    measure_concentration,
    pool_shares,
)
from wpound.core.money import Money, divide, format_share
from wpound.core.periods import Period
from wpound.core.rank_ranges import Interval, RankRange, rank_ranges


class Column(StrEnum):
    """What anchors are ranked by, each column for itself."""

    SHARE = "share"
    LOCAL_POUNDS = "local_pounds"
    PER_HEAD = "per_head"
    GROWTH = "growth"
    COMPOSITE = "composite"


# Decimals at which a column is printed and therefore compared: per cent, pounds, marks out of 100.
PLACES = {Column.SHARE: 1, Column.LOCAL_POUNDS: 2, Column.PER_HEAD: 2, Column.GROWTH: 2, Column.COMPOSITE: 1}


@dataclass(frozen=True, slots=True)
class LeagueEntry:
    """One anchor's figures for the period of the table.

    ``period`` and ``basis`` (floor and VAT, in words) are those its spend files really have; ``population`` is of the
    area it serves; ``suppliers`` hold one net row per supplier, transfers left out; ``previous`` is the share of the
    period before under the same definition of local; ``delivery`` is verified for the period.
    """

    anchor: str
    name: str
    kind: str
    share: LocalShare
    period: Period
    basis: str
    previous: LocalShare | None = None
    population: int | None = None
    suppliers: Sequence[SupplierSpend] = ()
    delivery: VerifiedDelivery = field(default_factory=VerifiedDelivery)


@dataclass(frozen=True, slots=True)
class LeagueRules:
    """How a table is drawn up: coverage a rank needs, weightings, seed and number of bootstrap draws (0 for none)."""

    coverage_floor: Decimal = Decimal("0.6")
    weightings: HeadWeightings = field(default_factory=HeadWeightings)
    seed: str = "league"
    draws: int = 500


@dataclass(frozen=True, slots=True)
class LeagueRow:
    """One anchor in the table; figures unrounded, ``low`` and ``high`` the ends of what the data can bear.

    ``ranks`` has a range for each column the anchor has a figure in, none at all where ``unranked_because`` gives the
    reason. ``bootstrap_share`` and ``bootstrap_rank`` are the middle 95% when suppliers are drawn again.
    """

    anchor: str
    name: str
    kind: str
    total: Money
    local_low: Money
    local_high: Money
    unknown: Money
    share_low: Decimal | None
    share_high: Decimal | None
    coverage: Decimal | None
    per_head_low: Money | None
    per_head_high: Money | None
    growth_low: Money | None
    growth_high: Money | None
    top1_share: Decimal | None
    top5_share: Decimal | None
    per_million: VerifiedDelivery
    composite_low: Decimal | None
    composite_high: Decimal | None
    ranks: Mapping[Column, RankRange]
    unranked_because: str | None
    bootstrap_share: ShareRange | None
    bootstrap_rank: RankRange | None

    @property
    def rank_low(self) -> int | None:
        """The best rank by share the anchor could have; None for an unranked one."""
        return self.ranks[Column.SHARE].low if Column.SHARE in self.ranks else None

    @property
    def rank_high(self) -> int | None:
        """The worst rank by share the anchor could have; None for an unranked one."""
        return self.ranks[Column.SHARE].high if Column.SHARE in self.ranks else None

    @property
    def rank_label(self) -> str:
        """The rank by share as printed: ``3``, ``=3``, ``2 to 4`` or ``unranked``."""
        return self.ranks[Column.SHARE].label if Column.SHARE in self.ranks else "unranked"


@dataclass(frozen=True, slots=True)
class LeagueTable:
    """Anchors in order of share, the unranked last; both averages (of every anchor listed) and the notes to print."""

    rows: tuple[LeagueRow, ...]
    pooled: ShareRange
    mean: ShareRange
    definition: str
    period: Period
    rules: LeagueRules
    notes: tuple[str, ...]


def build_league(
    entries: Sequence[LeagueEntry], definition: str, period: Period, rules: LeagueRules | None = None
) -> LeagueTable:
    """Draw up the table for one definition of local and one period; the order of the entries makes no difference.

    ``definition`` is the title of the locality rule every share was measured under. Raises RuleError where an anchor
    is entered twice. Source: local spend reference, section 13.
    """
    rules = rules or LeagueRules()
    entries = sorted(entries, key=lambda entry: entry.anchor)
    if len({entry.anchor for entry in entries}) < len(entries):
        raise RuleError("An anchor is entered twice; a league table has one row for each.")
    shares = [entry.share for entry in entries]
    return LeagueTable(
        rows=tuple(sorted(_rows(entries, rules), key=_order)),
        pooled=pool_shares(shares),
        mean=average_shares(shares),
        definition=definition,
        period=period,
        rules=rules,
        notes=_notes(entries, period),
    )


def _rows(entries: Sequence[LeagueEntry], rules: LeagueRules) -> list[LeagueRow]:
    reasons = {entry.anchor: _unranked_because(entry.share, rules) for entry in entries}
    ranked = [entry for entry in entries if reasons[entry.anchor] is None]
    figures = {column: _figures(ranked, figure) for column, figure in _FIGURES.items()}
    heads = {
        entry.anchor: HeadFigures(figures[Column.SHARE][entry.anchor], entry.delivery.per_million(entry.share.total))
        for entry in ranked
    }
    figures[Column.COMPOSITE] = mark_heads(heads, rules.weightings)
    ranks = {column: rank_ranges(intervals, PLACES[column]) for column, intervals in figures.items()}
    draws = _draw(ranked, rules)
    redrawn = middle_ranks(draws, PLACES[Column.SHARE]) if len(draws) == len(ranked) else {}
    rows = []
    for entry in entries:
        key = entry.anchor
        rows.append(
            _row(
                entry,
                ranks={column: found[key] for column, found in ranks.items() if key in found},
                unranked_because=reasons[key],
                composite=figures[Column.COMPOSITE].get(key),
                bootstrap=(middle_shares(draws[key]) if key in draws else None, redrawn.get(key)),
            )
        )
    return rows


def _unranked_because(share: LocalShare, rules: LeagueRules) -> str | None:
    if share.low is None or share.high is None or share.coverage is None:
        return "There is no net spend in the period, so there is no share."
    if share.coverage < rules.coverage_floor:
        known, floor = format_share(share.coverage), format_share(rules.coverage_floor)
        return f"The place is known for {known} of spend; a rank needs {floor}."
    if share.low < 0 or share.high > 1:
        return "Credit notes outweigh payments, so the share lies outside 0 to 100%."
    return None


def _share(entry: LeagueEntry) -> Interval | None:
    low, high = entry.share.low, entry.share.high
    return (low * 100, high * 100) if low is not None and high is not None else None


def _local_pounds(entry: LeagueEntry) -> Interval:
    return entry.share.local_low.pounds, entry.share.local_high.pounds


def _per_head(entry: LeagueEntry) -> Interval | None:
    if not entry.population:
        return None
    low, high = _local_pounds(entry)
    return divide(low, entry.population), divide(high, entry.population)


def _growth(entry: LeagueEntry) -> Interval | None:
    """The least and the most by which local pounds changed on the period before."""
    if entry.previous is None:
        return None
    return (
        (entry.share.local_low - entry.previous.local_high).pounds,
        (entry.share.local_high - entry.previous.local_low).pounds,
    )


_FIGURES: dict[Column, Callable[[LeagueEntry], Interval | None]] = {
    Column.SHARE: _share,
    Column.LOCAL_POUNDS: _local_pounds,
    Column.PER_HEAD: _per_head,
    Column.GROWTH: _growth,
}


def _figures(entries: Sequence[LeagueEntry], figure: Callable[[LeagueEntry], Interval | None]) -> dict[str, Interval]:
    """A column's figure for every anchor that has one, in the unit it is printed in."""
    return {entry.anchor: interval for entry in entries if (interval := figure(entry)) is not None}


def _draw(entries: Sequence[LeagueEntry], rules: LeagueRules) -> dict[str, list[Interval]]:
    """Bootstrap draws of the anchors whose suppliers are known; each anchor's seed is its own."""
    return {
        entry.anchor: resample_shares(entry.suppliers, f"{rules.seed}:{entry.anchor}", rules.draws)
        for entry in entries
        if rules.draws and entry.suppliers
    }


def _row(
    entry: LeagueEntry,
    ranks: Mapping[Column, RankRange],
    unranked_because: str | None,
    composite: Interval | None,
    bootstrap: tuple[ShareRange | None, RankRange | None],
) -> LeagueRow:
    share = entry.share
    per_head_low, per_head_high = _as_money(_per_head(entry))
    growth_low, growth_high = _as_money(_growth(entry))
    largest = measure_concentration(Money(one.total_pence) for one in entry.suppliers)
    return LeagueRow(
        anchor=entry.anchor,
        name=entry.name,
        kind=entry.kind,
        total=share.total,
        local_low=share.local_low,
        local_high=share.local_high,
        unknown=share.unknown,
        share_low=share.low,
        share_high=share.high,
        coverage=share.coverage,
        per_head_low=per_head_low,
        per_head_high=per_head_high,
        growth_low=growth_low,
        growth_high=growth_high,
        top1_share=largest.top1,
        top5_share=largest.top5,
        per_million=entry.delivery.per_million(share.total),
        composite_low=composite[0] if composite else None,
        composite_high=composite[1] if composite else None,
        ranks=ranks,
        unranked_because=unranked_because,
        bootstrap_share=bootstrap[0],
        bootstrap_rank=bootstrap[1],
    )


def _as_money(interval: Interval | None) -> tuple[Money | None, Money | None]:
    return (Money.rounded(interval[0]), Money.rounded(interval[1])) if interval else (None, None)


def _order(row: LeagueRow) -> tuple[bool, Decimal, Decimal, str]:
    """The ranked by their lowest share, then their highest; the unranked after them; names break ties."""
    low, high = row.share_low or Decimal(0), row.share_high or Decimal(0)
    return row.unranked_because is not None, -low, -high, row.name


def _notes(entries: Sequence[LeagueEntry], period: Period) -> tuple[str, ...]:
    """What makes the anchors hard to compare, in words to print under the table."""
    notes = [
        f"{entry.name}: figures cover {entry.period.format()}, not the period of the table."
        for entry in entries
        if entry.period != period
    ]
    if len({entry.basis for entry in entries}) > 1:
        notes += [f"{entry.name}: published on the basis {entry.basis}." for entry in entries]
        notes.append("The anchors publish on different bases, so small differences between them mean little.")
    if len({entry.kind for entry in entries}) > 1:
        notes.append("The anchors are of different kinds and buy different things; compare like with like.")
    return tuple(notes)
