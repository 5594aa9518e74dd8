"""Charts as SVG pictures, each with a title and a text alternative that says what the picture shows.

Used in PDFs and, from a route, on web pages; a table with the same figures always stands beside. Shades are
dark enough on white (4.5:1) and never the only difference: shape, order and printed figures say the same.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from textwrap import fill
from threading import Lock
from typing import Any

from wpound.documents.render import format_percent

BRAND = "#512f7a"
INK = "#0b0c0c"
GREY = "#6b6b70"
GRID = "#d9d5e0"
# Each at least 4.5:1 against white, so that the white figure printed on it can be read.
SHADES = ("#512f7a", "#7d5fa8", "#1d5b79", "#2a7d78", "#5d4037", "#84683f", "#37474f", "#6f6f74")
NARROWEST_NUMBERED = 3
# matplotlib keeps its fonts and settings for the whole process.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture, its title and the words that stand for it where it cannot be seen."""

    svg: bytes
    title: str
    alt: str


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """One row of an interval chart: a share known to lie between ``low`` and ``high``; None is not known."""

    label: str
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class StackRow:
    """One row of a stacked chart: the shares of a whole in the order of the chart's parts."""

    label: str
    shares: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One row of a delivery chart: how much of the promise was verified (1 is all of it); None where nothing was
    promised. ``note`` is printed beside the bar."""

    label: str
    share: Decimal | None
    note: str


def interval_chart(title: str, rows: Sequence[IntervalRow]) -> Chart:
    """Draw one line a row from the lowest to the highest share it can be, on a scale from 0 to 100%."""
    alt = _sentences(title, (f"{row.label}: {_span(row)}" for row in rows))

    def draw(axes: Any) -> None:
        for y, row in enumerate(rows):
            if row.low is None or row.high is None:
                axes.text(1, y, "not known", va="center", color=GREY)
                continue
            low, high = _percent(row.low), _percent(row.high)
            axes.plot([low, high], [y, y], color=BRAND, linewidth=5, solid_capstyle="butt")
            axes.plot([low, high], [y, y], color=BRAND, marker="o", markersize=8, linestyle="none")
            _label_span(axes, y, low, high, _span(row))

    return _picture(title, alt, [row.label for row in rows], draw)


def stacked_chart(title: str, parts: Sequence[str], rows: Sequence[StackRow]) -> Chart:
    """Draw one bar a row, cut into the numbered parts of a whole, with a key; no share is negative."""
    alt = _sentences(
        title,
        (
            f"{row.label}: "
            + ", ".join(f"{part} {format_percent(s)}" for part, s in zip(parts, row.shares, strict=True) if s)
            for row in rows
        ),
    )

    def draw(axes: Any) -> None:
        for i, part in enumerate(parts):
            widths = [_percent(row.shares[i]) for row in rows]
            starts = [_percent(sum(row.shares[:i], Decimal(0))) for row in rows]
            key = {"color": SHADES[i % len(SHADES)], "label": fill(f"{i + 1}  {part}", 24)}
            axes.barh(range(len(rows)), widths, left=starts, height=0.55, edgecolor="white", linewidth=1.5, **key)
            for y, (start, width) in enumerate(zip(starts, widths, strict=True)):
                if width >= NARROWEST_NUMBERED:
                    axes.text(start + width / 2, y, str(i + 1), va="center", ha="center", color="white")
        axes.figure.legend(loc="outside lower center", ncols=4, frameon=False, handlelength=1)

    return _picture(title, alt, [row.label for row in rows], draw, extra=0.3 * (1 + (len(parts) - 1) // 4))


def delivery_chart(title: str, rows: Sequence[PromiseRow]) -> Chart:
    """Draw one bar a row: the share of a promise that was verified, against a line at 100%."""
    alt = _sentences(title, (f"{row.label}: {_verified(row.share)}" for row in rows))

    def draw(axes: Any) -> None:
        for y, row in enumerate(rows):
            share = _percent(min(row.share, Decimal(1))) if row.share is not None else 0
            axes.barh(y, 100, height=0.5, color="white", edgecolor=GREY, linewidth=1)
            axes.barh(y, share, height=0.5, color=BRAND)
            inside = share > 50
            axes.text(2 if inside else share + 2, y, row.note, va="center", color="white" if inside else INK)

    return _picture(title, alt, [row.label for row in rows], draw)


def _label_span(axes: Any, y: int, low: float, high: float, text: str) -> None:
    """Print the figures to the right of the line, or where there is no room to its left, or else above it."""
    if high <= 70:
        axes.text(high + 2.5, y, text, va="center", ha="left")
    elif low >= 30:
        axes.text(low - 2.5, y, text, va="center", ha="right")
    else:
        axes.text((low + high) / 2, y - 0.14, text, va="bottom", ha="center")


def _verified(share: Decimal | None) -> str:
    return "nothing was promised" if share is None else f"{format_percent(share)} of the promise was verified"


def _span(row: IntervalRow) -> str:
    if row.low is None or row.high is None:
        return "not known"
    low, high = format_percent(row.low), format_percent(row.high)
    return low if low == high else f"{low} to {high}"


def _sentences(title: str, rows: Iterable[str]) -> str:
    return f"{title}. " + ". ".join(rows) + "."


def _percent(share: Decimal) -> float:
    """A place on the drawing; the printed figure never comes from here."""
    return float(share * 100)


def _picture(title: str, alt: str, labels: Sequence[str], draw: Callable[[Any], None], extra: float = 0.0) -> Chart:
    """Set up the axes, let ``draw`` fill them, and save the picture with its title and no date."""
    names = [fill(label, 36, max_lines=3, placeholder=" …") for label in labels]
    row = max(0.38, 0.07 + 0.15 * max((1 + name.count("\n") for name in names), default=1))
    with _ONE_AT_A_TIME:
        figure = _figure_class()(figsize=(7.2, row * len(labels) + 0.4 + extra), layout="constrained")
        axes = figure.subplots()
        axes.set_yticks(range(len(labels)), names)
        axes.set_ylim(len(labels) - 0.4, -0.6)
        axes.set_xlim(0, 100)
        axes.set_xticks(range(0, 101, 20), [f"{tick}%" for tick in range(0, 101, 20)])
        axes.grid(axis="x", color=GRID, linewidth=0.8)
        axes.set_axisbelow(True)
        axes.tick_params(length=0)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        draw(axes)
        out = BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Title": title})
    return Chart(out.getvalue(), title, alt)


@lru_cache(maxsize=1)
def _figure_class() -> Any:
    """matplotlib's figure, with settings that make a picture the same everywhere (letters drawn, fixed names)."""
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams.update(
        {
            "svg.hashsalt": "wpound",
            "svg.fonttype": "path",
            "font.family": "DejaVu Sans",
            "font.size": 9,
            "text.parse_math": False,
            "text.color": INK,
        }
    )
    return Figure
