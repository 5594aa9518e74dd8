"""How firmly a result stands: the robustness panel, for people to read after moderation is locked.

Information only: nothing here changes a mark, a weighting or a rank.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from wpound.core.bids import Bid
from wpound.core.form import write_decimal, write_list
from wpound.core.method import Method
from wpound.core.money import Money, format_share, round_half_up
from wpound.core.sensitivity import Draws, draw_weightings
from wpound.core.standing import Standing, find_standing
from wpound.core.tipping import TippingPoint, find_tipping_points, rests_on_ties
from wpound.core.valuing import CatalogueLike
from wpound.core.variations import (
    Change,
    Variation,
    leave_bidders_out,
    leave_measures_out,
    swing_weightings,
    vary_values,
)

DRAWS, SEED = 10_000, 1


@dataclass(frozen=True)
class RobustnessPanel:
    """Everything that was tried; no draws where one criterion carries all marks.

    ``without_range`` names measures whose value has no published low and high.
    """

    standing: Standing
    tipping_points: tuple[TippingPoint, ...]
    variations: tuple[Variation, ...]
    draws: tuple[Draws, ...]
    without_range: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was found, in plain words, for the evaluation report."""
        return tuple(_sentences(self))

    def to_dict(self) -> dict[str, Any]:
        """The stable JSON of ``wpound tender robustness --json``; decimals are text."""
        return {
            "title": self.standing.method.title,
            "method_hash": self.standing.method.method_hash,
            "winners": list(self.standing.winners),
            "ranks": dict(self.standing.ranks),
            "tipping_points": [point.to_dict() for point in self.tipping_points],
            "variations": [variation.to_dict() for variation in self.variations],
            "draws": [draws.to_dict() for draws in self.draws],
            "values_without_range": list(self.without_range),
            "sentences": list(self.sentences),
        }


def check_robustness(
    method: Method,
    bids: Sequence[Bid],
    catalogue: CatalogueLike,
    as_of: date,
    *,
    seed: int = SEED,
    draws: int = DRAWS,
) -> RobustnessPanel:
    """Try every change and draw. The same arguments give the same panel on every machine.

    Raises :class:`InputErrors` as scoring does where the bids cannot be scored. With fewer than two ranked bids there
    is nothing to compare and the panel says so.
    """
    standing = find_standing(method, bids, catalogue, as_of)
    if len(standing.bids) < 2:
        return RobustnessPanel(standing, (), (), (), ())
    at_ends, without_range = vary_values(standing, bids, catalogue, as_of)
    variations = (
        *swing_weightings(standing),
        *at_ends,
        *leave_measures_out(standing),
        *leave_bidders_out(standing, bids, catalogue, as_of),
    )
    can_draw = sum(bool(marks) for marks in method.tree.marks) > 1
    drawn = tuple(draw_weightings(standing, draws, seed, near) for near in (True, False)) if can_draw else ()
    return RobustnessPanel(standing, find_tipping_points(standing), variations, drawn, without_range)


def _sentences(panel: RobustnessPanel) -> Iterator[str]:
    standing = panel.standing
    if len(standing.bids) < 2:
        who = "Only one bid was" if standing.bids else "No bid was"
        yield f"{who} ranked, so there is no order that a change could turn round."
        return
    yield _about_the_margin(panel)
    for changes, what in _TRIED:
        tried = [variation for variation in panel.variations if variation.change in changes]
        if tried:
            yield from _about(tried, what)
    if panel.without_range:
        count = len(panel.without_range)
        measures = "1 measure counted in pounds has" if count == 1 else f"{count} measures counted in pounds have"
        yield f"{measures} no published low and high value, so nothing was tried there."
    if panel.draws:
        yield _about_draws(panel)
    yield "None of this changes a mark, a weighting or the result."


_TRIED = [
    ({Change.WEIGHTING}, "moved each weighting down and up by a quarter of itself"),
    ({Change.VALUE_LOW, Change.VALUE_HIGH}, "took each value in pounds at the low and the high end of its source"),
    ({Change.WITHOUT_MEASURE}, "left each measure out in turn"),
    ({Change.WITHOUT_BIDDER}, "left each bidder out in turn"),
]


def _about_the_margin(panel: RobustnessPanel) -> str:
    winners = panel.standing.winners
    if len(winners) > 1:
        return f"{write_list(winners)} share first place, so any change at all could part them."
    if rests_on_ties(panel.standing):
        return f"{winners[0]} is first only by the rule for ties or by rounding: there is no lead to measure."
    if not panel.tipping_points:
        return f"No change of a single weighting, however large, would put another bid level with {winners[0]}."
    point, first = panel.tipping_points[0], winners[0]
    what = f"{point.title} (within {point.within})" if point.within else point.title
    how = "rose" if point.tips_at > point.weighting else "fell"
    now, then = (_weighting(number, point.in_pounds) for number in (point.weighting, point.tips_at))
    return (
        f"{first} is first. The smallest change of one weighting that would matter: if {what} {how} from {now} to "
        f"{then}, {point.rival} would draw level with {first}, and be ahead beyond that."
    )


def _about(tried: Sequence[Variation], what: str) -> Iterator[str]:
    turned = [variation for variation in tried if variation.changes_winner]
    runs = "once" if len(tried) == 1 else f"{len(tried)} times"
    if not turned:
        yield f"We {what} ({runs}): the same bid was first every time."
        return
    times = "once" if len(turned) == 1 else f"{len(turned)} times"
    yield f"We {what} ({runs}): first place changed {times}."
    for variation in turned:
        yield f"{_case(variation)}, {_who(variation)}."


def _case(variation: Variation) -> str:
    if variation.setting is not None:
        return f"With {variation.title} at {_weighting(variation.setting, variation.in_pounds)}"
    if variation.change is Change.VALUE_LOW:
        return f"With the low value for {variation.title}"
    if variation.change is Change.VALUE_HIGH:
        return f"With the high value for {variation.title}"
    return f"Without {variation.title}"


def _who(variation: Variation) -> str:
    if not variation.winners:
        return "no bid is left"
    one = len(variation.winners) == 1
    first = f"{variation.winners[0]} is first" if one else f"{write_list(variation.winners)} share first place"
    is_paradox = variation.change is Change.WITHOUT_BIDDER
    return f"{first} (the ranking paradox: the order of the others depends on this bid)" if is_paradox else first


def _about_draws(panel: RobustnessPanel) -> str:
    near, free = panel.draws
    name = panel.standing.bids[0].bidder
    return (
        f"Of {near.draws:,} sets of weightings drawn by chance near the published ones, {name} is first in "
        f"{format_share(near.won(name))}; of as many drawn with no regard to the published ones, in "
        f"{format_share(free.won(name))} (seed {near.seed})."
    )


def _weighting(number: Decimal, in_pounds: bool) -> str:
    return Money.rounded(number).format() if in_pounds else f"{write_decimal(round_half_up(number, 2))}%"
