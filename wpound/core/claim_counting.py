"""What a claim of a return comes to: every person, event or asset it counts, and its figure in the measure's unit.

Worked examples, sources and rules of this house: ``docs/method/returns.md``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from wpound.core.counting import FULL_TIME_HOURS, Counting, activity_carbon, attendee_hours, attributed, person_fte
from wpound.core.errors import InputError
from wpound.core.money import divide, format_number, round_half_up
from wpound.core.periods import Period, first_months, format_day

WHOLE = Decimal(100)
HOURS_IN_A_WEEK = 168
QUARTERS = 4
# What counts is recorded to a hundredth of a per cent of one unit: a day of one post is 0.0027 FTE-years.
RECORDED_PLACES = 4


class EntryKind(StrEnum):
    """What an entry of a claim is about."""

    PERSON = "person"
    EVENT = "event"
    ASSET = "asset"

    @property
    def label(self) -> str:
        """The kind as people read it."""
        return "Item" if self is EntryKind.ASSET else self.value.capitalize()


@dataclass(frozen=True, slots=True)
class Entry:
    """One person, event or asset of a claim, as its supplier states it; what does not apply is None.

    ``hours`` are a person's hours a week or the hours of an event; ``factor_kg`` is in kg CO2e for one unit of
    ``amount``; ``share`` is the per cent of it that belongs to this contract. Without ``first_on`` or ``last_on`` a
    person counts from the first or to the last day of the quarter; ``started_on`` is the day the employment started.
    """

    kind: EntryKind
    first_on: date | None = None
    last_on: date | None = None
    started_on: date | None = None
    hours: Decimal | None = None
    attendees: int | None = None
    amount: Decimal | None = None
    factor_kg: Decimal | None = None
    share: Decimal = WHOLE


_ALLOWED = {
    Counting.FTE_YEARS: (EntryKind.PERSON,),
    Counting.ATTENDEE_HOURS: (EntryKind.EVENT,),
    Counting.ACTIVITY_CARBON: (EntryKind.ASSET,),
    Counting.GIVEN: (EntryKind.EVENT, EntryKind.ASSET),
}

_NEEDED = {
    Counting.FTE_YEARS: {"hours": "Give the hours a week that the job guarantees."},
    Counting.ATTENDEE_HOURS: {
        "hours": "Give how many hours the event lasted.",
        "attendees": "Give how many people attended, presenters not counted.",
    },
    Counting.ACTIVITY_CARBON: {
        "amount": "Give the amount of the activity, in the unit of its factor.",
        "factor_kg": "Choose the emission factor of the activity.",
    },
    Counting.GIVEN: {"amount": "Give the amount in the unit of the measure."},
}


def allowed_entries(counting: Counting) -> tuple[EntryKind, ...]:
    """The kinds of entries that a measure counted this way takes."""
    return _ALLOWED[counting]


def needs_entries(counting: Counting) -> bool:
    """Whether such a measure is claimed by entries only, never by a plain amount: posts and attendee-hours.

    >>> needs_entries(Counting.FTE_YEARS), needs_entries(Counting.GIVEN)
    (True, False)
    """
    return counting in {Counting.FTE_YEARS, Counting.ATTENDEE_HOURS}


def recorded(quantity: Decimal) -> Decimal:
    """What is kept of a quantity: four decimals, half up.

    >>> recorded(Decimal("0.12345"))
    Decimal('0.1235')
    """
    return round_half_up(quantity, RECORDED_PLACES)


def days_counted(entry: Entry, period: Period, first_months_only: int | None = None) -> Period | None:
    """The days of the quarter on which a person counts, None where there is none.

    Not before the first day given or the start of the employment, and not after the last day given or, where a measure
    counts ``first_months_only``, after those months.

    >>> quarter = Period(date(2026, 4, 1), date(2026, 6, 30))
    >>> days_counted(Entry(EntryKind.PERSON, started_on=date(2025, 5, 6)), quarter, 12).end_on
    datetime.date(2026, 5, 5)
    """
    firsts = [day for day in (period.start_on, entry.first_on, entry.started_on) if day]
    lasts = [day for day in (period.end_on, entry.last_on) if day]
    if first_months_only and entry.started_on:
        lasts.append(first_months(entry.started_on, first_months_only).end_on)
    return Period(max(firsts), min(lasts)) if max(firsts) <= min(lasts) else None


def count_entry(
    entry: Entry,
    counting: Counting,
    period: Period,
    first_months_only: int | None = None,
    full_time_hours: Decimal = FULL_TIME_HOURS,
) -> Decimal:
    """What one entry comes to in the measure's unit, unrounded; raises ValueError where a figure it needs is missing.

    >>> quarter = Period(date(2026, 7, 1), date(2026, 9, 30))
    >>> count_entry(Entry(EntryKind.PERSON, hours=Decimal("17.5")), Counting.FTE_YEARS, quarter)
    Decimal('0.125')
    """
    return _as_decimal(_exact(entry, counting, period, first_months_only, full_time_hours))


def count_claim(
    entries: Iterable[Entry],
    counting: Counting,
    period: Period,
    first_months_only: int | None = None,
    full_time_hours: Decimal = FULL_TIME_HOURS,
) -> Decimal:
    """What all entries of a claim come to, added exactly and unrounded; 0 without any.

    >>> quarter = Period(date(2026, 7, 1), date(2026, 9, 30))
    >>> count_claim([Entry(EntryKind.PERSON, hours=Decimal(35))] * 3, Counting.FTE_YEARS, quarter)
    Decimal('0.75')
    """
    exact = (_exact(entry, counting, period, first_months_only, full_time_hours) for entry in entries)
    return _as_decimal(sum(exact, Fraction(0)))


def count_amount(amount: Decimal, share: Decimal = WHOLE) -> Decimal:
    """What a claim without entries comes to: the amount, times the per cent of it that belongs to this contract.

    >>> count_amount(Decimal(1500), Decimal(20))
    Decimal('300')
    """
    return attributed(amount, share, WHOLE)


def _exact(
    entry: Entry, counting: Counting, period: Period, first_months_only: int | None, full_time_hours: Decimal
) -> Fraction:
    """A fraction, as the parts of a claim are only rounded once they are added up."""
    missing = [name for name in _NEEDED[counting] if getattr(entry, name) is None]
    if missing:
        raise ValueError(f"an entry counted as {counting} needs {', '.join(missing)}")
    hours, amount = entry.hours or Decimal(0), entry.amount or Decimal(0)
    if counting is Counting.FTE_YEARS:
        days = days_counted(entry, period, first_months_only)
        post = Fraction(min(hours, full_time_hours)) / Fraction(full_time_hours)
        whole = post * Fraction(days.days if days else 0, period.days * QUARTERS)
    elif counting is Counting.ATTENDEE_HOURS:
        whole = Fraction(attendee_hours(hours, Decimal(entry.attendees or 0)))
    elif counting is Counting.ACTIVITY_CARBON:
        whole = Fraction(activity_carbon(amount, entry.factor_kg or Decimal(0)))
    else:
        whole = Fraction(amount)
    return whole * Fraction(entry.share) / 100


def _as_decimal(exact: Fraction) -> Decimal:
    return divide(exact.numerator, exact.denominator)


def explain_entry(
    entry: Entry,
    counting: Counting,
    period: Period,
    first_months_only: int | None = None,
    full_time_hours: Decimal = FULL_TIME_HOURS,
) -> str:
    """How an entry comes to what it counts, in one line; raises ValueError as :func:`count_entry` does.

    >>> quarter = Period(date(2026, 7, 1), date(2026, 9, 30))
    >>> explain_entry(Entry(EntryKind.PERSON, hours=Decimal("17.5")), Counting.FTE_YEARS, quarter)
    '0.5 of a full-time post for 92 of 92 days of the quarter: 0.125'
    """
    result = _print(count_entry(entry, counting, period, first_months_only, full_time_hours))
    hours, amount = entry.hours or Decimal(0), entry.amount or Decimal(0)
    if counting is Counting.FTE_YEARS:
        days = days_counted(entry, period, first_months_only)
        fte = person_fte(hours, full_time_hours)
        post = "1 full-time post" if fte == 1 else f"{_print(fte)} of a full-time post"
        working = f"{post} for {days.days if days else 0} of {period.days} days of the quarter"
        if first_months_only and entry.started_on:
            working += f" (only the first {first_months_only} months of the employment count)"
    elif counting is Counting.ATTENDEE_HOURS:
        people = "1 person" if entry.attendees == 1 else f"{entry.attendees} people"
        working = f"{_print(hours)} {'hour' if hours == 1 else 'hours'} \N{MULTIPLICATION SIGN} {people}"
    elif counting is Counting.ACTIVITY_CARBON:
        working = f"{_print(amount)} \N{MULTIPLICATION SIGN} {_print(entry.factor_kg or Decimal(0), 6)} kg CO2e ÷ 1,000"
    else:
        working = _print(amount)
    if entry.share == WHOLE:
        return result if counting is Counting.GIVEN else f"{working}: {result}"
    return f"{working}, {_print(entry.share)}% of it for this contract: {result}"


def _print(value: Decimal, places: int = RECORDED_PLACES) -> str:
    return format_number(value, places)


def entry_problems(
    entry: Entry, counting: Counting, period: Period, first_months_only: int | None = None
) -> Iterator[InputError]:
    """Everything that keeps an entry from being counted, each with the name of the field of :class:`Entry`."""
    if entry.kind not in _ALLOWED[counting]:
        kinds = " or ".join(kind.label.lower() for kind in _ALLOWED[counting])
        yield InputError("kind", f"This measure does not count by {entry.kind.label.lower()}. Choose: {kinds}.")
    for name, words in _NEEDED[counting].items():
        if getattr(entry, name) is None:
            yield InputError(name, words)
    yield from _figure_problems(entry, period)
    yield from _day_problems(entry, period)
    if counting is Counting.FTE_YEARS and first_months_only:
        yield from _first_months_problems(entry, period, first_months_only)


def _figure_problems(entry: Entry, period: Period) -> Iterator[InputError]:
    if entry.hours is not None:
        is_person = entry.kind is EntryKind.PERSON
        most = HOURS_IN_A_WEEK if is_person else 24 * period.days
        if not 0 <= entry.hours <= most:
            what = f"a week has {most}" if is_person else f"the quarter has {most:,}"
            yield InputError("hours", f"Hours cannot be less than 0 or more than {most:,}: {what}.")
    if entry.attendees is not None and entry.attendees < 1:
        yield InputError("attendees", "The number of people must be 1 or more.")
    if entry.amount is not None and entry.amount < 0:
        yield InputError("amount", "The amount cannot be less than 0.")
    if not 0 < entry.share <= WHOLE:
        yield InputError("share", "The share for this contract must be more than 0 and at most 100 per cent.")


def _day_problems(entry: Entry, period: Period) -> Iterator[InputError]:
    for name, day in (("first_on", entry.first_on), ("last_on", entry.last_on)):
        if day is not None and day not in period:
            yield InputError(name, f"{format_day(day)} is not in the quarter, {period.format()}.")
    first, last = entry.first_on or period.start_on, entry.last_on or period.end_on
    if last < first:
        yield InputError("last_on", f"The last day, {format_day(last)}, is before the first, {format_day(first)}.")
    if entry.started_on is None:
        return
    start = format_day(entry.started_on)
    if entry.started_on > last:
        yield InputError("started_on", f"The employment started on {start}, after the last day, {format_day(last)}.")
    elif entry.first_on is not None and entry.first_on < entry.started_on:
        words = f"The first day, {format_day(entry.first_on)}, is before the employment started, {start}."
        yield InputError("first_on", words)


def _first_months_problems(entry: Entry, period: Period, months: int) -> Iterator[InputError]:
    if entry.started_on is None:
        words = f"Give the day the employment started: this measure counts its first {months} months only."
        yield InputError("started_on", words)
        return
    last = first_months(entry.started_on, months).end_on
    if last < (entry.first_on or period.start_on):
        words = f"The first {months} months ended on {format_day(last)}, so this person no longer counts here."
        yield InputError("started_on", f"{words} Leave them out.")
