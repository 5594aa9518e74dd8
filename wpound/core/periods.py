"""Days, quarters and UK financial years (1 April to 31 March)."""

from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A span of days, both ends included."""

    start_on: date
    end_on: date

    def __post_init__(self) -> None:
        if self.end_on < self.start_on:
            raise ValueError("a period cannot end before it starts")

    def __contains__(self, day: date) -> bool:
        return self.start_on <= day <= self.end_on

    @property
    def days(self) -> int:
        """The number of days, both ends counted."""
        return (self.end_on - self.start_on).days + 1

    def format(self) -> str:
        """The period as people read it: ``1 April 2025 to 31 March 2026``."""
        return f"{format_day(self.start_on)} to {format_day(self.end_on)}"


def format_day(day: date) -> str:
    """A day as people read it.

    >>> format_day(date(2026, 4, 1))
    '1 April 2026'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def financial_year_of(day: date) -> int:
    """The calendar year in which the day's financial year starts.

    >>> financial_year_of(date(2026, 3, 31))
    2025
    """
    return day.year if day.month >= 4 else day.year - 1


def financial_year(start_year: int) -> Period:
    """The financial year that starts on 1 April of ``start_year``."""
    return Period(date(start_year, 4, 1), date(start_year + 1, 3, 31))


def format_financial_year(start_year: int) -> str:
    """A financial year as people write it.

    >>> format_financial_year(2025)
    '2025-26'
    """
    return f"{start_year}-{(start_year + 1) % 100:02d}"


def quarter_of(day: date) -> Period:
    """The quarter of the financial year (equally of the calendar year) in which the day lies."""
    start = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    following = date(start.year + start.month // 10, (start.month + 2) % 12 + 1, 1)
    return Period(start, following - timedelta(days=1))


def first_months(start_on: date, months: int) -> Period:
    """The first so many months from a day on: to the day before the same day of the month, however long the months.

    Where the last month has no such day, they end with that month. Raises ValueError for less than one month.

    >>> first_months(date(2025, 5, 6), 12).end_on, first_months(date(2024, 2, 29), 12).end_on
    (datetime.date(2026, 5, 5), datetime.date(2025, 2, 28))
    """
    if months < 1:
        raise ValueError("a period has at least one month")
    years, month = divmod(start_on.month - 1 + months, 12)
    first = date(start_on.year + years, month + 1, 1)
    days_in_month = (date(first.year + month // 11, (month + 1) % 12 + 1, 1) - first).days
    return Period(start_on, first + timedelta(days=min(start_on.day - 1, days_in_month) - 1))


def quarters(period: Period) -> list[Period]:
    """Every quarter that touches the period, in order."""
    found = [quarter_of(period.start_on)]
    while found[-1].end_on < period.end_on:
        found.append(quarter_of(found[-1].end_on + timedelta(days=1)))
    return found
