"""Which lines of a return are looked at closely: drawn by lot, heavier lines more likely, the same for the same seed.

Efraimidis and Spirakis, Weighted random sampling with a reservoir, 2006: each line draws a number u between 0 and 1 and
the smallest -ln(u) / weight win. Here u is the SHA-256 of the seed and the line's number, so that anybody can draw
again and nobody can steer it. A line weighs its value times its surprise, both rules of this house. One that claims
nothing is none of the lines: there is nothing in it to look at.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext
from hashlib import sha256

from wpound.core.money import divide, format_number

DEFAULT_SHARE = Decimal("0.3333")
ONE = Decimal(1)
MOST_SURPRISE = Decimal(10)
_DIGITS = 50
_BITS = 256


@dataclass(frozen=True, slots=True)
class SampleLine:
    """A line that claims something and what it weighs: its pounds (None: no value in force) and its surprise."""

    claim_id: int
    weight_value: Decimal | None
    surprise: Decimal


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A claim that was drawn, and why in words."""

    claim_id: int
    reason: str


def surprise_of(claimed: Decimal, due: Decimal, usual: Sequence[Decimal] = ()) -> Decimal:
    """How surprising a claim is: how many times what was to be expected it is, at least 1 and at most 10.

    To be expected are what was due this quarter and the middle of what was claimed in quarters before (``usual``), of
    which the smaller above 0 counts. Nothing claimed is no surprise; something where nothing was to be expected is 10.

    >>> [str(surprise_of(Decimal(claimed), Decimal(4), [Decimal(2)])) for claimed in (0, 2, 6, 600)]
    ['1', '1', '3', '10']
    """
    expected = [figure for figure in (due, _middle(usual)) if figure > 0]
    if claimed <= 0:
        return ONE
    return max(ONE, min(MOST_SURPRISE, divide(claimed, min(expected)))) if expected else MOST_SURPRISE


def _middle(figures: Sequence[Decimal]) -> Decimal:
    ordered = sorted(figures)
    half = len(ordered) // 2
    return divide(ordered[half] + ordered[~half], 2) if ordered else Decimal(0)


def draw_sample(lines: Iterable[SampleLine], seed: str, share: Decimal = DEFAULT_SHARE) -> tuple[DrawnLine, ...]:
    """The lines drawn, first drawn first: a share of them, rounded up, so at least one where there is any.

    The order of ``lines`` never matters. A line without a value weighs as the mean of those with one; a line that
    weighs nothing is drawn only once all others are. Raises ValueError where the share is not above 0 and at most 1.

    >>> lines = [SampleLine(number, Decimal(1000), Decimal(1)) for number in range(1, 7)]
    >>> len(draw_sample(lines, "5f3a")), draw_sample(lines, "5f3a") == draw_sample(reversed(lines), "5f3a")
    (2, True)
    """
    if not 0 < share <= 1:
        raise ValueError("a share is above 0 and at most 1")
    with localcontext(prec=_DIGITS):
        weights = _weigh(sorted(lines, key=lambda line: line.claim_id))
        number = int((share * len(weights)).to_integral_value(ROUND_CEILING))
        drawn = sorted(weights, key=lambda claim_id: _rank(claim_id, weights[claim_id], seed))[:number]
        total = sum(weights.values(), Decimal(0))
    return tuple(DrawnLine(one, _say_why(weights[one], total, number, len(weights))) for one in drawn)


def _weigh(lines: Sequence[SampleLine]) -> dict[int, Decimal]:
    """Value times surprise of every claim."""
    known = [line.weight_value for line in lines if line.weight_value is not None]
    mean = divide(sum(known, Decimal(0)), len(known)) if any(known) else ONE
    return {
        line.claim_id: max(Decimal(0), (mean if line.weight_value is None else line.weight_value) * line.surprise)
        for line in lines
    }


def _rank(claim_id: int, weight: Decimal, seed: str) -> tuple[bool, Decimal, int]:
    """What lines are sorted by: -ln(u) / weight, those of no weight behind all others."""
    lot = int.from_bytes(sha256(f"{seed}\n{claim_id}".encode()).digest())
    drawn = -(Decimal(2 * lot + 1) / Decimal(2 ** (_BITS + 1))).ln()
    return (not weight, drawn / (weight or ONE), claim_id)


def _say_why(weight: Decimal, total: Decimal, number: int, lines: int) -> str:
    part = format_number(divide(weight * 100, total), 0) if total else "0"
    drawn = f"Drawn by lot, {number} of {lines} lines that claim something"
    return f"{drawn}: by its value and how far it is above what was expected, it had {part}% of the weight."
