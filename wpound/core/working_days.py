"""Working days: Monday to Friday without bank holidays, for standstill and for days to reply."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta

from wpound.core.errors import RuleError

STANDSTILL_DAYS = 8
SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BankHolidays:
    """Every bank holiday from the first day of ``first_year`` to the last of ``last_year``."""

    days: Set[date]
    first_year: int
    last_year: int

    def __contains__(self, day: date) -> bool:
        """Whether the day is a bank holiday; raises :class:`RuleError` outside the years that are known."""
        if not self.first_year <= day.year <= self.last_year:
            raise RuleError(
                f"The bank holidays of {day.year} are not in the catalogue, which has {self.first_year} to "
                f"{self.last_year}. Ask whoever runs this service for a newer release, or count the days by hand."
            )
        return day in self.days


def is_working_day(day: date, holidays: BankHolidays) -> bool:
    """Whether the day is neither a Saturday, a Sunday nor a bank holiday; raises :class:`RuleError` as they do."""
    return day not in holidays and day.weekday() < SATURDAY


def add_working_days(day: date, count: int, holidays: BankHolidays) -> date:
    """The working day that is ``count`` working days after a day, which itself is never counted.

    The day to start from may be any day. Raises ``ValueError`` for a count below 1 and :class:`RuleError` where the
    bank holidays are not known.

    >>> add_working_days(date(2026, 4, 2), 1, BankHolidays({date(2026, 4, 3), date(2026, 4, 6)}, 2026, 2026))
    datetime.date(2026, 4, 7)
    """
    if count < 1:
        raise ValueError("count at least one working day")
    while count:
        day += ONE_DAY
        count -= is_working_day(day, holidays)
    return day


def standstill_ends_on(noticed_on: date, holidays: BankHolidays) -> date:
    """The last day of standstill, at whose midnight it ends: the eighth working day after the day of the award notice.

    Section 51 of the Procurement Act 2023 asks for at least eight working days beginning with the day of the notice.
    Here the day after the notice is the first, so a notice late in the evening gives bidders eight whole days: never
    less than the law asks, and lawful because a longer standstill may be stated in the notice.

    >>> standstill_ends_on(date(2026, 6, 1), BankHolidays(frozenset(), 2026, 2026))
    datetime.date(2026, 6, 11)
    """
    return add_working_days(noticed_on, STANDSTILL_DAYS, holidays)
