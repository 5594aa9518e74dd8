"""The least change of one weighting that brings another bid level with the winner, solved in closed form.

A bid's lead over another is a straight line in any one weighting when the others of its level are scaled in
proportion, so the weighting at which the lead is nothing is the root of a linear equation: no search, no rounding.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from wpound.core.criteria import Criterion
from wpound.core.form import write_decimal
from wpound.core.marking import EXACT, SHARE_PLACES
from wpound.core.method import SETTLED_PLACES, AwardMethod, Method
from wpound.core.money import round_half_up
from wpound.core.standing import NOTHING, Standing, stated
from wpound.core.weighting import WHOLE, Tree


@dataclass(frozen=True, slots=True)
class TippingPoint:
    """The weighting of one criterion at which ``rival`` draws level with the winner; beyond it the rival is ahead.

    ``weighting`` and ``tips_at`` are percent of the level (pounds where ``in_pounds``), to 20 decimals; ``within`` is
    the title of the group, empty at the top; ``moved`` the same change in marks out of 100 (or pounds), by which
    changes at different levels can be compared.
    """

    criterion: str
    title: str
    within: str
    weighting: Decimal
    tips_at: Decimal
    moved: Decimal
    rival: str
    in_pounds: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, decimals as text."""
        return {
            "criterion": self.criterion,
            "title": self.title,
            "within": self.within,
            "weighting": write_decimal(self.weighting),
            "tips_at": write_decimal(self.tips_at),
            "change": write_decimal(self.tips_at - self.weighting),
            "marks_moved": write_decimal(self.moved),
            "rival": self.rival,
        }


@dataclass(frozen=True, slots=True)
class Lead:
    """How far the winner is ahead of one rival: the whole lead, and what each leaf brings to it."""

    rival: str
    whole: Decimal
    by_leaf: tuple[Decimal, ...]


def find_tipping_points(standing: Standing) -> tuple[TippingPoint, ...]:
    """For every criterion the nearest tipping point there is, the narrowest first, equal ones in the method's order.

    Empty where there is no single winner, no rival, or a lead that only a rule for ties or rounding decided
    (see :func:`rests_on_ties`). Scores are compared before rounding. A weighting never passes 0 or its whole level.
    """
    if len(standing.winners) != 1 or rests_on_ties(standing):
        return ()
    with localcontext(EXACT):
        found = []
        leads = _leads(standing)
        for place in _places(standing.method):
            roots = [_root(standing.method.tree, place, lead) for lead in leads]
            points = [point for point in roots if point is not None]
            if points:
                found.append(min(points, key=lambda point: (point.moved, point.rival)))
    return tuple(sorted(found, key=lambda point: round_half_up(point.moved, SETTLED_PLACES)))


def rests_on_ties(standing: Standing) -> bool:
    """Whether the winner is not ahead of every other bid before rounding, so that a rule for ties decided."""
    with localcontext(EXACT):
        return any(lead.whole <= NOTHING for lead in _leads(standing))


def _leads(standing: Standing) -> list[Lead]:
    """The winner's lead over each other bid, in marks; under price per quality point scaled by both prices."""
    award, tree = standing.method.award, standing.method.tree
    winner, first = standing.bids[0], standing.shares[0]
    found = []
    for rival, second in zip(standing.bids[1:], standing.shares[1:], strict=True):
        ours, theirs, start = Decimal(1), Decimal(1), NOTHING
        if award is AwardMethod.PRICE_PER_QUALITY_POINT:
            ours, theirs = rival.price.pounds, winner.price.pounds
        elif award is AwardMethod.AWARD_ON_VALUE:
            start = rival.price.pounds - winner.price.pounds
        pairs = zip(first, second, tree.marks, strict=True)
        by_leaf = tuple((ours * own - theirs * other) * marks for own, other, marks in pairs)
        found.append(Lead(rival.bidder, start + sum(by_leaf, NOTHING), by_leaf))
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """A criterion that carries marks, its level, the title of its group and the marks that level shares out."""

    criterion: Criterion
    level: tuple[Criterion, ...]
    within: str
    marks: Decimal


def _places(method: Method) -> Iterator[Place]:
    for criterion in method.criteria:
        if stated(criterion):
            yield Place(criterion, method.criteria, "", WHOLE)
    for group in method.tree.groups:
        level = group.criterion.criteria
        for criterion in level:
            if stated(criterion):
                yield Place(criterion, level, group.criterion.heading, group.available)


def _root(tree: Tree, place: Place, lead: Lead) -> TippingPoint | None:
    """Where the straight line of the lead comes to nothing, if it does so between 0 and the whole of the level."""
    criterion, now = place.criterion, stated(place.criterion)
    brought = _brought(tree, lead)
    own = brought[criterion.code]
    if criterion.worth is not None:
        slope, marks_each, most = own / now, Decimal(1), None
    elif now == WHOLE:
        return None
    else:
        others = sum((brought[other.code] for other in place.level), NOTHING) - own
        slope, marks_each, most = own / now - others / (WHOLE - now), place.marks / WHOLE, WHOLE
    if not slope:
        return None
    tips_at = round_half_up(now - lead.whole / slope, SHARE_PLACES)
    if tips_at <= NOTHING or (most is not None and tips_at >= most):
        return None
    return TippingPoint(
        criterion=criterion.code,
        title=criterion.heading,
        within=place.within,
        weighting=now,
        tips_at=tips_at,
        moved=abs(tips_at - now) * marks_each,
        rival=lead.rival,
        in_pounds=criterion.worth is not None,
    )


def _brought(tree: Tree, lead: Lead) -> Mapping[str, Decimal]:
    """What each criterion brings to the lead, with everything below it."""
    found = {leaf.criterion.code: part for leaf, part in zip(tree.leaves, lead.by_leaf, strict=True)}
    for group in tree.groups:
        found[group.criterion.code] = sum(lead.by_leaf[group.first : group.last], NOTHING)
    return found
