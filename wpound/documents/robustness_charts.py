"""The robustness panel in pictures: where each bid came under other weightings, and how far one weighting can move."""

from collections.abc import Iterator
from decimal import Decimal

from wpound.core.money import divide, format_number
from wpound.core.robustness import RobustnessPanel
from wpound.core.sensitivity import Draws
from wpound.core.tipping import TippingPoint
from wpound.documents.charts import Chart, IntervalRow, StackRow, interval_chart, stacked_chart

PLACES = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh")
PERCENT = Decimal(100)


def list_places(draws: Draws) -> list[str]:
    """The headings of the places bids took, those after the seventh together."""
    count = len(draws.placed)
    shown = list(PLACES[:count])
    return [*shown, "Later"] if count > len(PLACES) else shown


def share_places(draws: Draws) -> Iterator[tuple[str, tuple[Decimal, ...]]]:
    """Each bid with its share of the draws by place, in the order of the result."""
    for bidder, placed in draws.placed.items():
        late = [sum(placed[len(PLACES) :])] if len(placed) > len(PLACES) else []
        yield bidder, tuple(divide(count, draws.draws) for count in [*placed[: len(PLACES)], *late])


def draws_chart(draws: Draws) -> Chart:
    """One bar a bid, cut into the places it took."""
    about = "near the published ones" if draws.near else "drawn with no regard to the published ones"
    rows = [StackRow(bidder, shares) for bidder, shares in share_places(draws)]
    return stacked_chart(f"Places under other weightings {about}", list_places(draws), rows)


def tipping_chart(panel: RobustnessPanel) -> Chart:
    """One line for each weighting that could change who is first, from where it is to where another draws level.

    For weightings in percent; an award on value has pounds instead, which share no scale.
    """
    points = [point for point in panel.tipping_points if not point.in_pounds]
    return interval_chart("From the published weighting to the one where another bid draws level", [*map(_row, points)])


def name_point(point: TippingPoint) -> str:
    """A criterion with the group it belongs to."""
    return f"{point.title} (within {point.within})" if point.within else point.title


def _row(point: TippingPoint) -> IntervalRow:
    low, high = sorted((point.weighting, point.tips_at))
    how = "up" if point.tips_at > point.weighting else "down"
    return IntervalRow(f"{name_point(point)}, {how} to {format_number(point.tips_at)}%", low / PERCENT, high / PERCENT)
