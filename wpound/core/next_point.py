"""How far a score line was from its next point: the next words of the scale, the gap to a target, a lower price.

Everyone else's bid is taken to stay as it was. A line with nothing more to gain has no next point.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from wpound.core.criteria import Criterion, Formula, Kind
from wpound.core.form import write_decimal
from wpound.core.money import Money, round_half_up
from wpound.core.quantities import Quantity
from wpound.core.quantity_marks import band_of
from wpound.core.trace import PER_WORDS, ScoreLine

NOTHING, FULL, ONE_MARK = Decimal(0), Decimal(1), Decimal(1)


@dataclass(frozen=True, slots=True)
class NextPoint:
    """What would have been the next step, and the share of the line's marks it would have added (None: not told)."""

    words: str
    share: Decimal | None = None


def find_next_point(criterion: Criterion | None, line: ScoreLine) -> NextPoint | None:
    """The next point of a line under its criterion; None where it has full marks or was never compared.

    ``criterion`` is None for the price that an award on value starts from.
    """
    if line.kind is Kind.PASS_FAIL:
        return None if line.inputs["passed"] else NextPoint("a bid that passes this stays in the running.")
    if criterion is None:
        return NextPoint("every pound less on the price is a pound less on the figure that is compared.")
    if line.share is None or line.share >= FULL:
        return None
    if line.kind is Kind.QUALITATIVE:
        return _next_mark(criterion, line)
    if line.kind is Kind.PRICE:
        return _lower_price(criterion, line, line.share)
    return _larger_offer(criterion, line, line.share)


def _next_mark(criterion: Criterion, line: ScoreLine) -> NextPoint:
    mark, top = _number(line, "mark"), criterion.scale_max or FULL
    needed = criterion.threshold
    least = "" if needed is None or mark >= needed else f" At least {write_decimal(needed)} was needed to stay in."
    above = sorted((point for point in criterion.scale if point.mark > mark), key=lambda point: point.mark)
    if above:
        words = (
            f"the next mark, {write_decimal(above[0].mark)}, is given for this: {above[0].words.rstrip('.')}.{least}"
        )
        return NextPoint(words, (above[0].mark - mark) / top)
    step = min(mark + ONE_MARK, top)
    return NextPoint(f"the next mark is {write_decimal(step)} of {write_decimal(top)}.{least}", (step - mark) / top)


def _lower_price(criterion: Criterion, line: ScoreLine, share: Decimal) -> NextPoint | None:
    price = _number(line, "price")
    if criterion.formula is Formula.BANDED:
        return _better_price_band(criterion, price)
    step = min(ONE_MARK / line.available, FULL - share)
    lower = _LOWER[criterion.formula or Formula.LOWEST_RATIO](criterion, line, share + step)
    return NextPoint(f"a price of {_pounds(lower)} in place of {_pounds(price)} was the next step.", step)


def _for_ratio(criterion: Criterion, line: ScoreLine, share: Decimal) -> Decimal:
    return _number(line, "lowest") / share


def _for_linear(criterion: Criterion, line: ScoreLine, share: Decimal) -> Decimal:
    floor, ceiling = criterion.floor or NOTHING, criterion.ceiling or NOTHING
    return ceiling - share * (ceiling - floor)


def _for_lowest(criterion: Criterion, line: ScoreLine, share: Decimal) -> Decimal:
    return _number(line, "lowest") * (2 - share)


def _for_mean(criterion: Criterion, line: ScoreLine, share: Decimal) -> Decimal:
    return _number(line, "mean") * (Decimal("1.5") - share)


def _for_min_max(criterion: Criterion, line: ScoreLine, share: Decimal) -> Decimal:
    lowest, highest = _number(line, "lowest"), _number(line, "highest")
    return highest - share * (highest - lowest)


# The price at which each formula gives a share, the lowest, highest and mean price staying as they were.
_LOWER: dict[Formula, Callable[[Criterion, ScoreLine, Decimal], Decimal]] = {
    Formula.LOWEST_RATIO: _for_ratio,
    Formula.LINEAR_TO_CEILING: _for_linear,
    Formula.DEVIATION_FROM_LOWEST: _for_lowest,
    Formula.DEVIATION_FROM_MEAN: _for_mean,
    Formula.MIN_MAX: _for_min_max,
}


def _better_price_band(criterion: Criterion, price: Decimal) -> NextPoint | None:
    own = band_of(price, criterion.bands)
    better = [i for i, band in enumerate(criterion.bands) if band.marks > own.marks]
    if not better:
        return None
    last, end = criterion.bands[better[-1]], criterion.bands[better[-1] + 1].start
    share = (last.marks - own.marks) / (criterion.scale_max or 100)
    return NextPoint(f"a price below {_pounds(end)} lies in the next band.", share)


@dataclass(frozen=True, slots=True)
class _Goal:
    """A figure that would have been the next step, what it is called and the share it would have added."""

    figure: Decimal
    name: str
    share: Decimal | None


def _larger_offer(criterion: Criterion, line: ScoreLine, share: Decimal) -> NextPoint | None:
    figure = _number(line, "figure")
    if criterion.formula is Formula.PROPORTIONAL and not _number(line, "best"):
        return NextPoint("any promise here would have been the best offer, with full marks.", FULL)
    goal = _goal(criterion, line, figure, share)
    if goal is None:
        return None
    per = PER_WORDS[str(line.inputs["per"])]
    if criterion.kind is Kind.SOCIAL_VALUE and criterion.formula is Formula.TARGET:
        per = " for each £1 of price"
    more, whole = _told(line, goal.figure - figure), _told(line, goal.figure)
    return NextPoint(f"{more} more{per} would have come to {goal.name}, {whole}{per}.", goal.share)


def _goal(criterion: Criterion, line: ScoreLine, figure: Decimal, share: Decimal) -> _Goal | None:
    if criterion.threshold is not None and figure < criterion.threshold:
        return _Goal(criterion.threshold, "the least this tender accepted", None)
    if criterion.formula is Formula.BANDED:
        own = band_of(figure, criterion.bands)
        better = next((band for band in criterion.bands if band.marks > own.marks), None)
        if better is None:
            return None
        return _Goal(better.start, "the next band", (better.marks - own.marks) / (criterion.scale_max or 100))
    if criterion.formula is Formula.PROPORTIONAL:
        return _Goal(_number(line, "best"), "the best offer", FULL - share)
    target = criterion.target or FULL
    if criterion.floor is not None and figure < criterion.floor:
        return _Goal(criterion.floor, "the least that scores", criterion.floor / target)
    return _Goal(target, "the target", FULL - share)


def _number(line: ScoreLine, name: str) -> Decimal:
    """An input of a line as a plain number: an amount in its unit, or pounds."""
    value = line.inputs[name]
    if isinstance(value, Quantity):
        return value.amount
    return value.pounds if isinstance(value, Money) else Decimal(value)


def _told(line: ScoreLine, amount: Decimal) -> str:
    """An amount of what a line counts, as printed."""
    figure, rounded = line.inputs["figure"], round_half_up(amount, 4)
    if isinstance(figure, Quantity):
        return Quantity(rounded, figure.unit).format()
    # Pounds for each pound of price: pence would hide the figure.
    return _pounds(amount) if rounded >= 1 else f"£{write_decimal(rounded)}"


def _pounds(amount: Decimal) -> str:
    return Money.rounded(amount).format()
