"""Marks for every bid, in the order the law of the thing demands.

1. Pass or fail, and thresholds in a criterion's own marks.
2. Thresholds on groups and on the whole that need no other bid.
3. Marks that compare bids, among those still in the running only.
4. Thresholds that include such marks; bids below leave together and step 3 is done again, until none is below.

So a bid that fails can never set the lowest price, and every bid that stays is above every threshold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from wpound.core.bids import Bid
from wpound.core.criteria import Criterion, Kind
from wpound.core.figures import Figure, own_figures
from wpound.core.form import write_decimal
from wpound.core.method import SETTLED_PLACES, Method
from wpound.core.money import round_half_up
from wpound.core.pricing import PriceField, price_field, price_share
from wpound.core.quantity_marks import quantity_share
from wpound.core.valuing import Valuation
from wpound.core.weighting import Leaf, Tree

# The only place where a division is cut off; all that follows is exact multiplication and addition.
SHARE_PLACES = 20
NOTHING = Decimal(0)


@dataclass(slots=True)
class Marked:
    """A bid while it is marked: its figures, its shares (None: not compared) and why it is out, if it is."""

    bid: Bid
    figures: tuple[Figure, ...]
    shares: list[Decimal | None] = field(default_factory=list)
    reasons_out: list[str] = field(default_factory=list)

    @property
    def is_running(self) -> bool:
        """Whether the bid is still in the running."""
        return not self.reasons_out


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
    marked = [Marked(bid, own_figures(criteria, bid, valuation, method.additionality)) for bid in bids]
    everyone = compare(marked)
    for entry in marked:
        entry.shares = [
            None if leaf.criterion.is_relative else _share(leaf.criterion, figure, everyone, i)
            for i, (leaf, figure) in enumerate(zip(tree.leaves, entry.figures, strict=True))
        ]
        _apply_own_thresholds(tree.leaves, entry)
    thresholds = _thresholds(method)
    for entry in marked:
        _apply(tree, [threshold for threshold in thresholds if not threshold.is_relative], entry)
    comparison = _compare_running(tree, marked, [threshold for threshold in thresholds if threshold.is_relative])
    return Marking(tree, tuple(marked), comparison)


def compare(marked: Sequence[Marked]) -> Comparison:
    """The lowest, highest and mean price and the best figures of at least one bid."""
    columns = zip(*(entry.figures for entry in marked), strict=True)
    bests = tuple(max(figure.amount for figure in column) for column in columns)
    return Comparison(price_field([entry.bid.price.pounds for entry in marked]), bests)


def _share(criterion: Criterion, figure: Figure, comparison: Comparison, i: int) -> Decimal:
    if criterion.kind is Kind.PRICE:
        share = price_share(criterion, figure.amount, comparison.prices)
    elif criterion.kind is Kind.QUALITATIVE:
        share = figure.amount / (criterion.scale_max or Decimal(1))
    elif criterion.kind is Kind.PASS_FAIL:
        share = figure.amount
    else:
        share = quantity_share(criterion, figure.amount, comparison.bests[i])
    return round_half_up(share, SHARE_PLACES)


def _apply_own_thresholds(leaves: Sequence[Leaf], entry: Marked) -> None:
    for leaf, figure in zip(leaves, entry.figures, strict=True):
        criterion = leaf.criterion
        if criterion.kind is Kind.PASS_FAIL and not figure.amount:
            entry.reasons_out.append(f"{criterion.heading}: not passed")
        elif criterion.threshold is not None and figure.amount < criterion.threshold:
            got, least = write_decimal(round_half_up(figure.amount, 4)), write_decimal(criterion.threshold)
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
        for entry in running:
            for i in relative:
                entry.shares[i] = _share(tree.leaves[i].criterion, entry.figures[i], comparison, i)
            _apply(tree, thresholds, entry)
        left = [entry for entry in running if not entry.is_running]
        if not left:
            return comparison
        for entry in left:
            for i in relative:
                entry.shares[i] = None
    return None
