"""Marks for every bid, in the order the law of the thing demands.

1. Pass or fail, and thresholds in a criterion's own marks.
2. Thresholds on groups and on the whole that need no other bid.
3. Marks that compare bids, among those still in the running only.
4. Thresholds that include such marks; bids below leave together and step 3 is done again, until none is below.

So a bid that fails can never set the lowest price, and every bid that stays is above every threshold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal

from wpound.core.bids import Bid
from wpound.core.criteria import Criterion, Kind
from wpound.core.figures import Figures, own_figures
from wpound.core.form import write_decimal
from wpound.core.method import SETTLED_PLACES, Method
from wpound.core.money import round_each_half_up, round_half_up
from wpound.core.pricing import PriceField, price_field, price_shares
from wpound.core.quantity_marks import quantity_shares
from wpound.core.valuing import Valuation
from wpound.core.weighting import Leaf, Tree

# The only place where a division is cut off; all that follows is exact multiplication and addition.
SHARE_PLACES = 20
# Wide enough that no product of a 20-decimal share and its weightings is ever cut off.
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
NOTHING, FULL = Decimal(0), Decimal(1)


@dataclass(slots=True)
class Marked:
    """A bid while it is marked: its figures, its shares (None: not compared) and why it is out, if it is."""

    bid: Bid
    figures: Figures
    shares: list[Decimal | None]
    reasons_out: list[str] = field(default_factory=list)

    @property
    def is_running(self) -> bool:
        """Whether the bid is still in the running."""
        return not self.reasons_out

    @property
    def compared_shares(self) -> list[Decimal]:
        """The shares of a bid in the running, which was compared under every criterion."""
        return [share for share in self.shares if share is not None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the bids in the running are compared with: their prices, and the best figure under each criterion."""

    prices: PriceField
    bests: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold on a group or the whole, in percent of what its leaves can score."""

    title: str
    percent: Decimal
    leaves: slice
    available: Decimal
    is_relative: bool


@dataclass(frozen=True, slots=True)
class Marking:
    """Every bid marked, with the last comparison made (None when no bid is left)."""

    tree: Tree
    marked: tuple[Marked, ...]
    comparison: Comparison | None

    @property
    def running(self) -> list[Marked]:
        """The bids that were not excluded."""
        return [entry for entry in self.marked if entry.is_running]


def mark_bids(method: Method, bids: Sequence[Bid], valuation: Valuation) -> Marking:
    """Mark every bid; excluded bids keep the marks that need no other bid, so that they can be given reasons."""
    tree = method.tree
    criteria = [leaf.criterion for leaf in tree.leaves]
    rows = own_figures(criteria, bids, valuation, method.additionality)
    columns = zip(*rows, strict=True)
    shares = zip(*map(_own_shares, criteria, columns), strict=True)
    marked = [Marked(bid, row, list(own)) for bid, row, own in zip(bids, rows, shares, strict=True)]
    _apply_own_thresholds(tree.leaves, marked)
    thresholds = _thresholds(method)
    for entry in marked:
        _apply(tree, [threshold for threshold in thresholds if not threshold.is_relative], entry)
    comparison = _compare_running(tree, marked, [threshold for threshold in thresholds if threshold.is_relative])
    return Marking(tree, tuple(marked), comparison)


def compare(marked: Sequence[Marked]) -> Comparison:
    """The lowest, highest and mean price and the best figures of at least one bid."""
    bests = tuple(map(max, zip(*(entry.figures for entry in marked), strict=True)))
    return Comparison(price_field([entry.bid.price.pounds for entry in marked]), bests)


def _own_shares(criterion: Criterion, figures: Sequence[Decimal]) -> Sequence[Decimal | None]:
    """One criterion's shares for every bid, None where they wait for the comparison."""
    if criterion.is_relative:
        return [None] * len(figures)
    return _shares(criterion, figures, None, NOTHING)


def _shares(
    criterion: Criterion, figures: Sequence[Decimal], prices: PriceField | None, best: Decimal
) -> list[Decimal]:
    if criterion.kind is Kind.PRICE:
        shares = price_shares(criterion, figures, prices)
    elif criterion.kind is Kind.QUALITATIVE:
        shares = [figure / (criterion.scale_max or FULL) for figure in figures]
    elif criterion.kind is Kind.PASS_FAIL:
        shares = list(figures)
    else:
        shares = quantity_shares(criterion, figures, best)
    return round_each_half_up(shares, SHARE_PLACES)


def _apply_own_thresholds(leaves: Sequence[Leaf], marked: Sequence[Marked]) -> None:
    for i, criterion in enumerate(leaf.criterion for leaf in leaves):
        if criterion.kind is Kind.PASS_FAIL:
            for entry in marked:
                if not entry.figures[i]:
                    entry.reasons_out.append(f"{criterion.heading}: not passed")
        elif criterion.threshold is not None:
            _apply_own(criterion, criterion.threshold, i, marked)


def _apply_own(criterion: Criterion, threshold: Decimal, i: int, marked: Sequence[Marked]) -> None:
    for entry in marked:
        if entry.figures[i] < threshold:
            got, least = write_decimal(round_half_up(entry.figures[i], 4)), write_decimal(threshold)
            entry.reasons_out.append(f"{criterion.heading}: {got} is below the threshold of {least}")


def _thresholds(method: Method) -> list[Threshold]:
    found = [
        Threshold(
            group.criterion.heading,
            group.criterion.threshold,
            slice(group.first, group.last),
            group.available,
            group.criterion.is_relative,
        )
        for group in method.tree.groups
        if group.criterion.threshold is not None
    ]
    if method.threshold is not None:
        is_relative = any(criterion.is_relative for criterion in method.criteria)
        found.append(Threshold("The whole bid", method.threshold, slice(None), method.tree.available, is_relative))
    return found


def _apply(tree: Tree, thresholds: Sequence[Threshold], entry: Marked) -> None:
    for threshold in thresholds:
        pairs = zip(tree.leaves[threshold.leaves], entry.shares[threshold.leaves], strict=True)
        scored = sum((leaf.available * share for leaf, share in pairs if share is not None), NOTHING)
        percent = round_half_up(scored * 100 / threshold.available, SETTLED_PLACES)
        if percent < threshold.percent:
            got, least = write_decimal(round_half_up(percent, 2)), write_decimal(threshold.percent)
            entry.reasons_out.append(f"{threshold.title}: {got}% is below the threshold of {least}%")


def _compare_running(tree: Tree, marked: Sequence[Marked], thresholds: Sequence[Threshold]) -> Comparison | None:
    relative = [i for i, leaf in enumerate(tree.leaves) if leaf.criterion.is_relative]
    while running := [entry for entry in marked if entry.is_running]:
        comparison = compare(running)
        for i in relative:
            figures = [entry.figures[i] for entry in running]
            shares = _shares(tree.leaves[i].criterion, figures, comparison.prices, comparison.bests[i])
            for entry, share in zip(running, shares, strict=True):
                entry.shares[i] = share
        for entry in running:
            _apply(tree, thresholds, entry)
        left = [entry for entry in running if not entry.is_running]
        if not left:
            return comparison
        for entry in left:
            for i in relative:
                entry.shares[i] = None
    return None
