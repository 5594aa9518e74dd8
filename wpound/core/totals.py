"""From shares of marks to the one figure a bid is ranked by."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import mul

from wpound.core.bids import Bid
from wpound.core.marking import SHARE_PLACES
from wpound.core.method import AwardMethod, Method
from wpound.core.money import round_half_up
from wpound.core.ranking import Contender, tie_keys
from wpound.core.weighting import Tree

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Total:
    """A bid's exact points (or pounds), the figure that is ranked before rounding, and the bid as it is ranked."""

    points: Decimal
    unrounded: Decimal
    contender: Contender


def total_up(method: Method, tree: Tree, bid: Bid, shares: Sequence[Decimal]) -> Total | None:
    """Add up a bid's shares, in the order of the tree's leaves; None where a price for each point has no points.

    The tree is the method's own, or the same criteria under other weightings.
    """
    price = bid.price.pounds
    points = sum(map(mul, shares, tree.marks), NOTHING)
    if method.award is AwardMethod.AWARD_ON_VALUE:
        points = price - points
    unrounded = points
    if method.award is AwardMethod.PRICE_PER_QUALITY_POINT:
        if not points:
            return None
        unrounded = round_half_up(price / points, SHARE_PLACES)
    keys = tie_keys(method.ties, tree, price, shares)
    return Total(points, unrounded, Contender(bid.bidder, method.rounding.apply(unrounded), keys))
