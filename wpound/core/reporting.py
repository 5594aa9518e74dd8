"""When a supplier's next report on a contract is due, and who is told as the day comes and goes."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from wpound.core.periods import Period, quarters

# Four weeks after a quarter's end: a rule of this house, as no source gives one; contracts may say otherwise.
DAYS_TO_REPORT = 28
DAYS_OF_WARNING = 7
DAYS_TO_ESCALATION = 14


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
    return next(iter(all_reports(life, reported_until)), None)


def list_reports(life: Period, reported_until: date | None, today: date) -> list[DueReport]:
    """The reports owed, the oldest first: of the quarters that are over since the last one reported.

    Where nothing was ever reported it is the last quarter that is over alone, as a contract may be entered years after
    it began. Where none is owed, it is the next report; none once all of the contract was reported.

    >>> life = Period(date(2025, 4, 1), date(2026, 3, 31))
    >>> [str(report.due_on) for report in list_reports(life, date(2025, 6, 30), date(2026, 1, 1))]
    ['2025-10-28', '2026-01-28']
    >>> [str(report.due_on) for report in list_reports(life, None, date(2026, 1, 1))]
    ['2026-01-28']
    """
    found = all_reports(life, reported_until)
    owed = [report for report in found if report.is_open(today)]
    return (owed if reported_until else owed[-1:]) or found[:1]


def all_reports(life: Period, reported_until: date | None = None) -> list[DueReport]:
    """Every report of a contract after what was reported (None: nothing was), the oldest first."""
    return [
        DueReport(quarter, quarter.end_on + timedelta(days=DAYS_TO_REPORT))
        for quarter in quarters(life)
        if reported_until is None or quarter.end_on > reported_until
    ]


class Step(StrEnum):
    """A step of the ladder of reminders, a rule of this house as no source gives one; the first comes first.

    The supplier is told at every step; its contract's manager from overdue on; the buyer's officers, with the remedies
    that the contract names, at the last.
    """

    OPENED = "opened"
    WEEK_BEFORE = "week_before"
    DUE = "due"
    OVERDUE = "overdue"
    ESCALATED = "escalated"


def list_steps(report: DueReport) -> dict[Step, date]:
    """The day on which each step begins, in order; where little time is given there is no step before it has opened."""
    opened = report.period.end_on + timedelta(days=1)
    days = {
        Step.OPENED: opened,
        Step.WEEK_BEFORE: report.due_on - timedelta(days=DAYS_OF_WARNING),
        Step.DUE: report.due_on,
        Step.OVERDUE: report.due_on + timedelta(days=1),
        Step.ESCALATED: report.due_on + timedelta(days=DAYS_TO_ESCALATION),
    }
    return {step: day for step, day in days.items() if step is Step.OPENED or day > opened}


def step_reached(report: DueReport, today: date) -> Step | None:
    """The last step that has begun, so that a day on which nothing ran is made up for; None before the first.

    >>> report = DueReport(Period(date(2026, 4, 1), date(2026, 6, 30)), date(2026, 7, 28))
    >>> step_reached(report, date(2026, 7, 29)).value, step_reached(report, date(2026, 6, 30))
    ('overdue', None)
    """
    begun = [step for step, day in list_steps(report).items() if day <= today]
    return begun[-1] if begun else None
