"""What promises become when a contract is varied, extended or ended early (``docs/method/contracts.md``)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from wpound.core.errors import RuleError
from wpound.core.money import Money, divide, round_half_up
from wpound.core.periods import Period
from wpound.core.quantities import Unit

# What a promise is rounded to where it was not written with more decimals; the rest are counted whole.
PLACES = {Unit.FTE_YEAR: 2, Unit.GBP: 2, Unit.TCO2E: 2, Unit.TONNE: 2}


class Rule(StrEnum):
    """How promises follow a change: with the days the contract runs, with its value, or not at all."""

    TIME = "time"
    VALUE = "value"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Terms:
    """The days a contract runs and what it is worth."""

    life: Period
    value: Money


@dataclass(frozen=True, slots=True)
class Promised:
    """A promised quantity of a measure, for one calendar year or (None) the whole contract."""

    measure: str
    unit: Unit
    quantity: Decimal
    year: int | None = None


def reproportion(promises: Sequence[Promised], before: Terms, after: Terms, rule: Rule) -> tuple[Promised, ...]:
    """The promises under the new terms, measure by measure in the order met.

    A promise for the whole contract is multiplied by new days over old days (time) or new value over old value (value).
    Promises for years are shared out anew over the calendar years of the new life: each year weighs its old quantity by
    the days of it that are left, a year that had none the old quantity a day; by time the parts are those weights, by
    value the old total times the ratio of the values is shared by them. Every measure's new total is rounded once and
    its parts by largest remainder, so that they add up to it. Shares (per cent) are no amounts and stay as they are.
    Raises RuleError by value where the old value is nothing.

    >>> from datetime import date
    >>> life = Period(date(2026, 4, 1), date(2027, 3, 31))
    >>> longer = Period(date(2026, 4, 1), date(2028, 3, 30))
    >>> terms, new = Terms(life, Money(100)), Terms(longer, Money(100))
    >>> [str(one.quantity) for one in reproportion([Promised("weeks", Unit.WEEK, Decimal(52))], terms, new, Rule.TIME)]
    ['104']
    """
    if rule is Rule.KEEP:
        return tuple(promises)
    if rule is Rule.VALUE and not before.value.pence:
        raise RuleError("Promises cannot follow the value of a contract that had none. Follow the days instead.")
    found: list[Promised] = []
    for measure in dict.fromkeys(promise.measure for promise in promises):
        own = [promise for promise in promises if promise.measure == measure]
        whole = [promise for promise in own if promise.year is None]
        yearly = [promise for promise in own if promise.year is not None]
        found += [_whole(promise, before, after, rule) for promise in whole]
        found += _yearly(yearly, before, after, rule) if yearly else []
    return tuple(found)


def _whole(promise: Promised, before: Terms, after: Terms, rule: Rule) -> Promised:
    if promise.unit is Unit.PERCENT:
        return promise
    ratio = (after.value.pence, before.value.pence) if rule is Rule.VALUE else (after.life.days, before.life.days)
    quantity = divide(promise.quantity * ratio[0], ratio[1])
    return replace(promise, quantity=round_half_up(quantity, _places([promise])))


def _yearly(promises: Sequence[Promised], before: Terms, after: Terms, rule: Rule) -> list[Promised]:
    old = {promise.year: promise.quantity for promise in promises}
    years = range(after.life.start_on.year, after.life.end_on.year + 1)
    if promises[0].unit is Unit.PERCENT:
        last = promises[-1]
        return [replace(last, year=year, quantity=old.get(year, last.quantity)) for year in years]
    weights = [_weight(year, old, before.life, after.life) for year in years]
    total = sum(weights, Decimal(0))
    if rule is Rule.VALUE:
        total = divide(sum(old.values(), Decimal(0)) * after.value.pence, before.value.pence)
    places = _places(promises)
    parts = share_out(round_half_up(total, places), weights, places)
    kept = zip(years, parts, strict=True)
    return [replace(promises[0], year=year, quantity=part) for year, part in kept if part or year in old]


def _weight(year: int, old: dict[int | None, Decimal], before: Period, after: Period) -> Decimal:
    """What the days of a year that are left carry: of its own promise, or of all of them where it had none."""
    days = _days_in(after, year)
    if year in old:
        own = _days_in(before, year)
        return divide(old[year] * days, own) if own else old[year]
    covered = sum(_days_in(before, known) for known in old if known is not None)
    return divide(sum(old.values(), Decimal(0)) * days, covered) if covered else Decimal(0)


def _days_in(life: Period, year: int) -> int:
    start_on, end_on = max(life.start_on, date(year, 1, 1)), min(life.end_on, date(year, 12, 31))
    return max((end_on - start_on).days + 1, 0)


def _places(promises: Iterable[Promised]) -> int:
    """The decimals of the quantities as they were written, at least those their unit is counted to."""
    written = [-int(promise.quantity.normalize().as_tuple().exponent) for promise in promises]
    return max([0, *written, *(PLACES.get(promise.unit, 0) for promise in promises)])


def share_out(total: Decimal, weights: Sequence[Decimal], places: int) -> list[Decimal]:
    """Split a total of so many decimals by weights, largest remainder first; the parts add up to it exactly.

    >>> [str(part) for part in share_out(Decimal(10), [Decimal(1)] * 3, 0)]
    ['4', '3', '3']
    """
    if not any(weights):
        return [Decimal(0) for _ in weights]
    steps = Money(int(total.scaleb(places))).allocate(weights)
    return [Decimal(step.pence).scaleb(-places) for step in steps]
