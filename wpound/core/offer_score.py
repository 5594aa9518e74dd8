"""A preview for a bidder: what its promises would be marked, as far as that does not hang on the other bids.

The marks are made by the scoring of a tender itself, so a certain mark here is the mark the bid will get if nothing is
changed. It is a preview of promises only: evaluators' marks, and the marks for price, are not in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from wpound.core.bid_content import BidContent
from wpound.core.bids import Bid
from wpound.core.criteria import Criterion, Formula, Kind, Per
from wpound.core.form import write_decimal
from wpound.core.method import Method
from wpound.core.money import Money, format_number
from wpound.core.quantities import Quantity
from wpound.core.scoring import score_tender
from wpound.core.trace import ScoreLine, explain
from wpound.core.valuing import CatalogueLike

NOTHING = Decimal(0)
ONE_PENNY = Money(1)


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One criterion that marks promises.

    ``marks`` are certain, None where they hang on the other bids or on something not entered yet; ``at_most`` is the
    most they can be, of ``available``. In an award on value all three are pounds off the price.
    """

    criterion: str
    title: str
    marks: Decimal | None
    at_most: Decimal
    available: Decimal
    words: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, decimals as text."""
        return {
            "criterion": self.criterion,
            "title": self.title,
            "marks": None if self.marks is None else write_decimal(self.marks),
            "at_most": write_decimal(self.at_most),
            "available": write_decimal(self.available),
            "words": self.words,
        }


@dataclass(frozen=True, slots=True)
class OfferPreview:
    """Every line of the preview, in the order of the method."""

    lines: tuple[PreviewLine, ...]
    in_pounds: bool

    @property
    def certain(self) -> Decimal:
        """The sum of the marks that do not hang on anyone else."""
        return sum((line.marks for line in self.lines if line.marks is not None), NOTHING)

    @property
    def available(self) -> Decimal:
        """Everything that promises can score."""
        return sum((line.available for line in self.lines), NOTHING)

    @property
    def words(self) -> str:
        """What the preview comes to, in one plain sentence."""
        if not self.lines:
            return "Preview: this tender marks no promises."
        unit = "pounds off the price" if self.in_pounds else "marks"
        open_lines = sum(line.marks is None for line in self.lines)
        more = f" {open_lines} of {len(self.lines)} lines cannot be told yet." if open_lines else ""
        return (
            f"Preview: {format_number(self.certain)} of {format_number(self.available)} {unit} for promises are "
            f"certain if you change nothing.{more} Answers and price are not in this."
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, decimals as text."""
        return {
            "preview": True,
            "certain": write_decimal(self.certain),
            "available": write_decimal(self.available),
            "words": self.words,
            "lines": [line.to_dict() for line in self.lines],
        }


def preview_offer(method: Method, content: BidContent, catalogue: CatalogueLike, as_of: date) -> OfferPreview:
    """Mark the promises of a bid that may still be unfinished, as they would be marked on ``as_of``.

    Raises :class:`InputErrors`, as scoring does, for a promise that cannot be counted; places begin with ``bids[0]``.
    """
    result = score_tender(method, [_stand_in(method, content)], catalogue, as_of)
    criteria = {leaf.criterion.code: leaf.criterion for leaf in method.tree.leaves}
    lines = [line for line in result.bids[0].lines if line.kind.is_promised]
    previewed = tuple(_preview(criteria[line.criterion], line, content) for line in lines)
    return OfferPreview(previewed, any(line.in_pounds for line in lines))


def _stand_in(method: Method, content: BidContent) -> Bid:
    """The bid with full marks and harmless figures for what is not entered, so that its promises can be scored."""
    leaves = [leaf.criterion for leaf in method.tree.leaves]
    return Bid(
        bidder=content.bidder,
        price=content.price if content.price is not None and content.price.pence > 0 else ONE_PENNY,
        marks={leaf.code: leaf.scale_max or NOTHING for leaf in leaves if leaf.kind is Kind.QUALITATIVE},
        passes={leaf.code: True for leaf in leaves if leaf.kind is Kind.PASS_FAIL},
        commitments=content.commitments,
        fte=content.fte if content.fte is not None and content.fte > 0 else Decimal(1),
    )


def _preview(criterion: Criterion, line: ScoreLine, content: BidContent) -> PreviewLine:
    missing = _missing(criterion, content)
    promises_nothing = not line.values_used
    if missing and not promises_nothing:
        words = f"{line.title}: enter {missing} to see the marks."
        return PreviewLine(line.criterion, line.title, None, line.available, line.available, words)
    if criterion.is_relative:
        return _relative(line, promises_nothing)
    marks = abs(line.contribution or NOTHING)
    words = " ".join([explain(line), *_below_threshold(criterion, line)])
    return PreviewLine(line.criterion, line.title, marks, marks, line.available, words)


def _missing(criterion: Criterion, content: BidContent) -> str:
    """What the marks are set against and is not entered yet."""
    by_price = criterion.per is Per.PRICE_100K or (
        criterion.kind is Kind.SOCIAL_VALUE and criterion.formula is Formula.TARGET
    )
    if by_price and (content.price is None or content.price.pence <= 0):
        return "your price"
    return "the posts on the contract" if criterion.per is Per.FTE and not content.fte else ""


def _relative(line: ScoreLine, promises_nothing: bool) -> PreviewLine:
    if promises_nothing:
        words = f"{line.title}: nothing is promised that counts here, so there are no marks whatever the others bid."
        return PreviewLine(line.criterion, line.title, NOTHING, NOTHING, line.available, words)
    most = format_number(line.available)
    what = f"at most £{most} off the price" if line.in_pounds else f"at most {most} of {most} marks"
    words = f"{line.title}: this depends on the others: {what}, if no other bid offers more."
    return PreviewLine(line.criterion, line.title, None, line.available, line.available, words)


def _below_threshold(criterion: Criterion, line: ScoreLine) -> Iterator[str]:
    figure, least = line.inputs["figure"], criterion.threshold
    if least is None:
        return
    if isinstance(figure, Quantity) and figure.amount < least:
        told = Quantity(least, figure.unit).format()
    elif isinstance(figure, Decimal) and figure < least:
        told = f"£{write_decimal(least)}"
    else:
        return
    yield f"That is below the least this tender accepts, {told}: the bid would be excluded."
