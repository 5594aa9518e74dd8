"""When a supplier's next report on a contract is due."""

from dataclasses import dataclass
from datetime import date, timedelta

from wpound.core.periods import Period, quarters

# Four weeks after a quarter's end: a rule of this house, as no source gives one; contracts may say otherwise.
DAYS_TO_REPORT = 28


@dataclass(frozen=True, slots=True)
class DueReport:
    """The period a supplier reports on next, and the last day for it."""

    period: Period
    due_on: date

    def is_open(self, today: date) -> bool:
        """Whether the period is over, so that it can be reported."""
        return today > self.period.end_on

    def is_overdue(self, today: date) -> bool:
        """Whether the last day for it has passed."""
        return today > self.due_on


def next_report(life: Period, reported_until: date | None) -> DueReport | None:
    """The first quarter of a contract's life after what was reported (None: nothing was); None once all of it was.

    A contract is reported by the quarter, from the one it starts in to the one it ends in.

    >>> life = Period(date(2025, 4, 1), date(2026, 3, 31))
    >>> next_report(life, date(2025, 6, 30)).due_on
    datetime.date(2025, 10, 28)
    >>> next_report(life, date(2026, 3, 31)) is None
    True
    """
    left = (quarter for quarter in quarters(life) if reported_until is None or quarter.end_on > reported_until)
    period = next(left, None)
    return DueReport(period, period.end_on + timedelta(days=DAYS_TO_REPORT)) if period else None
