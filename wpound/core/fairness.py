"""How promises look beside the size of the contract and of the firm: for officers who ask whether small firms can win.

Information only; no mark is changed. Beside the marks a bid has for its promises stand the marks it would have if every
promise were set against its price, and against the people the firm employs, in proportion to the best of the bids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from wpound.core.bids import Bid
from wpound.core.criteria import Kind
from wpound.core.form import write_decimal
from wpound.core.marking import EXACT, SHARE_PLACES
from wpound.core.money import format_number, round_half_up
from wpound.core.quantities import Quantity, Unit
from wpound.core.quantity_marks import PER_100K, proportional_shares
from wpound.core.results import TenderResult
from wpound.core.trace import ScoreLine

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class PromiseBySize:
    """One promise: the whole of it, for each £100,000 of price and for each person employed (None: not stated).

    A percentage is the same for a firm of any size, so it stands unchanged in all three.
    """

    criterion: str
    title: str
    quantity: Quantity
    per_100k: Decimal
    per_person: Decimal | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, decimals as text."""
        return {
            "criterion": self.criterion,
            "title": self.title,
            "quantity": write_decimal(self.quantity.amount),
            "unit": self.quantity.unit.value,
            "per_100k": write_decimal(self.per_100k),
            "per_person": None if self.per_person is None else write_decimal(self.per_person),
        }


@dataclass(frozen=True, slots=True)
class FairnessRow:
    """One ranked bid: its marks for promises as scored, by price and by people employed, each of ``available``.

    ``by_person`` is None where the firm did not state how many people it employs, or employs nobody.
    """

    bidder: str
    headcount: int | None
    promises: tuple[PromiseBySize, ...]
    available: Decimal
    as_scored: Decimal
    by_price: Decimal
    by_person: Decimal | None

    @property
    def words(self) -> str:
        """The row in one plain sentence."""
        of = f"of {format_number(self.available)} marks for promises"
        told = f"{self.bidder}: {format_number(self.as_scored)} {of}; {format_number(self.by_price)} for its price"
        if self.by_person is None:
            why = "are not stated" if self.headcount is None else "are none yet, so there is no size to set it against"
            return f"{told}; the people it employs {why}."
        people = "1 person" if self.headcount == 1 else f"{self.headcount:,} people"
        return f"{told} and {format_number(self.by_person)} for its size ({people})."

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, decimals as text."""
        return {
            "bidder": self.bidder,
            "headcount": self.headcount,
            "promises": [promise.to_dict() for promise in self.promises],
            "available": write_decimal(self.available),
            "as_scored": write_decimal(self.as_scored),
            "by_price": write_decimal(self.by_price),
            "by_person": None if self.by_person is None else write_decimal(self.by_person),
            "words": self.words,
        }


def view_fairness(result: TenderResult, bids: Sequence[Bid]) -> tuple[FairnessRow, ...]:
    """One row for each ranked bid, in rank order; empty where the tender marks no promises.

    ``bids`` are the bids that were scored. In an award on value the marks are pounds off the price.
    """
    offered = {bid.bidder: bid for bid in bids}
    with localcontext(EXACT):
        lines = {
            bid.bidder: [line for line in bid.lines if line.kind.is_promised]
            for bid in result.bids
            if bid.rank is not None
        }
        promises = {name: [_by_size(line, offered[name]) for line in own] for name, own in lines.items() if own}
        return tuple(_row(offered[name], lines[name], own, promises) for name, own in promises.items())


def _by_size(line: ScoreLine, bid: Bid) -> PromiseBySize:
    told = line.inputs["quantity" if line.kind is Kind.QUANTITY else "social_value"]
    quantity = told if isinstance(told, Quantity) else Quantity(Decimal(str(told)), Unit.GBP)
    people = bid.company.headcount
    if quantity.unit is Unit.PERCENT:
        return PromiseBySize(line.criterion, line.title, quantity, quantity.amount, quantity.amount if people else None)
    per_100k = round_half_up(quantity.amount * PER_100K / bid.price.pounds, SHARE_PLACES)
    per_person = round_half_up(quantity.amount / people, SHARE_PLACES) if people else None
    return PromiseBySize(line.criterion, line.title, quantity, per_100k, per_person)


def _row(
    bid: Bid,
    lines: Sequence[ScoreLine],
    own: Sequence[PromiseBySize],
    promises: Mapping[str, Sequence[PromiseBySize]],
) -> FairnessRow:
    available = [line.available for line in lines]
    return FairnessRow(
        bidder=bid.bidder,
        headcount=bid.company.headcount,
        promises=tuple(own),
        available=sum(available, NOTHING),
        as_scored=sum((abs(line.contribution or NOTHING) for line in lines), NOTHING),
        by_price=_marks(available, [[p.per_100k for p in row] for row in promises.values()], [p.per_100k for p in own]),
        by_person=_marks_by_person(available, promises, own),
    )


def _marks_by_person(
    available: Sequence[Decimal], promises: Mapping[str, Sequence[PromiseBySize]], own: Sequence[PromiseBySize]
) -> Decimal | None:
    rows = [[p.per_person for p in row if p.per_person is not None] for row in promises.values()]
    mine = [p.per_person for p in own if p.per_person is not None]
    return _marks(available, [row for row in rows if row], mine) if mine else None


def _marks(available: Sequence[Decimal], rows: Sequence[Sequence[Decimal]], own: Sequence[Decimal]) -> Decimal:
    """Marks in proportion to the best offer under each criterion."""
    bests = [max(column) for column in zip(*rows, strict=True)]
    shares = [proportional_shares([figure], best)[0] for figure, best in zip(own, bests, strict=True)]
    return sum((round_half_up(s, SHARE_PLACES) * marks for s, marks in zip(shares, available, strict=True)), NOTHING)
