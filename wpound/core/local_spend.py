"""How much of what an anchor paid stayed local: rings that add up, and a share that is an interval.

A line is known local when the farthest ring it could lie in is local, and possibly local when the nearest is. Payments
to other public bodies are transfers: they are shown apart and belong to no share (``docs/method/local-spend.md``).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from wpound.core.money import Money, divide
from wpound.core.places import Ring


@dataclass(frozen=True, slots=True)
class RingSpend:
    """A sum of payments with one placement: net pence (credit notes negative), number of lines, transfer or not."""

    ring: Ring
    nearest: Ring
    farthest: Ring
    pence: int
    lines: int
    is_transfer: bool = False


@dataclass(frozen=True, slots=True)
class RingRow:
    """One ring of a ring table; ``share`` is of the table's total, None where that total is not above £0."""

    ring: Ring
    spend: Money
    lines: int
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class RingTable:
    """Every ring once, nearest first; the rings add up to ``total``. Transfers to public bodies stand beside it."""

    rings: tuple[RingRow, ...]
    total: Money
    lines: int
    transfers: Money
    transfer_lines: int


@dataclass(frozen=True, slots=True)
class LocalShare:
    """A local share as the interval the data can bear.

    ``low`` and ``high`` are shares of ``total`` (1 is all of it), None where the total is not above £0. ``unknown`` is
    money without any known place. ``coverage`` is the share of gross value (credits counted by size) whose place is
    known at least in part, None where nothing was paid.
    """

    low: Decimal | None
    high: Decimal | None
    local_low: Money
    local_high: Money
    total: Money
    unknown: Money
    coverage: Decimal | None


@dataclass(frozen=True, slots=True)
class ShareRange:
    """An average of shares with its two ends; None where there was nothing to average."""

    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Concentration:
    """The share of money that went to the largest and to the five largest suppliers; None where nobody was paid."""

    top1: Decimal | None
    top5: Decimal | None


def share_of_positive(part: Money, whole: Money) -> Decimal | None:
    """A share of a whole above £0, unrounded; of nothing or of a net credit there is no share."""
    return part.share_of(whole) if whole.pence > 0 else None


def build_ring_table(rows: Iterable[RingSpend]) -> RingTable:
    """Add payments up by their likeliest ring.

    Every ring is listed, also at £0.00 (which is a finding; unknown has a ring of its own). Source: geography
    reference, section 10 (nested areas, printed disjoint).
    """
    rows = list(rows)
    spent = [row for row in rows if not row.is_transfer]
    moved = [row for row in rows if row.is_transfer]
    total = Money(sum(row.pence for row in spent))
    rings = []
    for ring in Ring:
        here = [row for row in spent if row.ring is ring]
        spend = Money(sum(row.pence for row in here))
        rings.append(RingRow(ring, spend, sum(row.lines for row in here), share_of_positive(spend, total)))
    return RingTable(
        rings=tuple(rings),
        total=total,
        lines=sum(row.lines for row in spent),
        transfers=Money(sum(row.pence for row in moved)),
        transfer_lines=sum(row.lines for row in moved),
    )


def measure_local_share(rows: Iterable[RingSpend], local_ring: Ring) -> LocalShare:
    """The interval [known local / total, (known local + could be local) / total], transfers left out.

    A row that could be local adds to the high end when it is a payment and takes from the low end when it is a net
    credit, so low never exceeds high.

    >>> paid = RingSpend(Ring.CITY, Ring.CITY, Ring.CITY, 60_00, 1)
    >>> lost = RingSpend(Ring.UNKNOWN, Ring.WARD, Ring.OVERSEAS, 40_00, 1)
    >>> share = measure_local_share([paid, lost], Ring.CITY)
    >>> share.low, share.high, share.coverage
    (Decimal('0.6'), Decimal('1'), Decimal('0.6'))
    """
    spent = [row for row in rows if not row.is_transfer]
    reach = local_ring.distance
    known = sum(row.pence for row in spent if row.farthest.distance <= reach)
    possible = [row.pence for row in spent if row.nearest.distance <= reach < row.farthest.distance]
    low = Money(known + sum(min(pence, 0) for pence in possible))
    high = Money(known + sum(max(pence, 0) for pence in possible))
    total = Money(sum(row.pence for row in spent))
    gross = sum(abs(row.pence) for row in spent)
    unplaced = [row.pence for row in spent if row.ring is Ring.UNKNOWN]
    return LocalShare(
        low=share_of_positive(low, total),
        high=share_of_positive(high, total),
        local_low=low,
        local_high=high,
        total=total,
        unknown=Money(sum(unplaced)),
        coverage=divide(gross - sum(map(abs, unplaced)), gross) if gross else None,
    )


def measure_concentration(amounts: Iterable[Money]) -> Concentration:
    """The largest and the five largest of one net amount per supplier, as shares of all that was paid.

    Suppliers whose net is a credit are left out of both sides, so a share lies between 0 and 1.

    >>> measure_concentration([Money(60), Money(30), Money(10), Money(-5)])
    Concentration(top1=Decimal('0.6'), top5=Decimal('1'))
    """
    paid = sorted((amount.pence for amount in amounts if amount.pence > 0), reverse=True)
    whole = Money(sum(paid))
    return Concentration(
        top1=share_of_positive(Money(sum(paid[:1])), whole),
        top5=share_of_positive(Money(sum(paid[:5])), whole),
    )


def pool_shares(shares: Collection[LocalShare]) -> ShareRange:
    """The pooled average: all local pounds over all pounds, so that a large spender counts for more."""
    total = Money.total(share.total for share in shares)
    return ShareRange(
        low=share_of_positive(Money.total(share.local_low for share in shares), total),
        high=share_of_positive(Money.total(share.local_high for share in shares), total),
    )


def average_shares(shares: Iterable[LocalShare]) -> ShareRange:
    """The unweighted mean of the shares, every spender counting the same; those without a share are left out."""
    known = [(share.low, share.high) for share in shares if share.low is not None and share.high is not None]
    return ShareRange(low=_mean([low for low, _ in known]), high=_mean([high for _, high in known]))


def _mean(values: Sequence[Decimal]) -> Decimal | None:
    return divide(sum(values, Decimal(0)), len(values)) if values else None
