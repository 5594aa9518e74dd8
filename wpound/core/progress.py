"""Where a promise stands: promised, due to date, claimed and verified, and what that means in a word.

Delivery ahead of its due dates is early and never late. A promise is late where what its supplier reported falls short
of what was due by then; what nobody has reported on yet is not reported, which is something else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from wpound.core.due_dates import DueDate
from wpound.core.reporting import DAYS_TO_REPORT

NOTHING = Decimal(0)


class Standing(StrEnum):
    """Where a promise stands today."""

    COMPLETE = "complete"
    EARLY = "early"
    ON_TIME = "on_time"
    TO_CHECK = "to_check"
    NOT_DUE = "not_due"
    NOT_REPORTED = "not_reported"
    LATE = "late"

    @property
    def label(self) -> str:
        """The standing as people read it."""
        return _LABELS[self]


_LABELS = {
    Standing.COMPLETE: "Delivered",
    Standing.EARLY: "Early",
    Standing.ON_TIME: "On time",
    Standing.TO_CHECK: "To check",
    Standing.NOT_DUE: "Not due yet",
    Standing.NOT_REPORTED: "Not reported",
    Standing.LATE: "Late",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """The four figures of one promise in its unit, and what of the due part was ``reported`` on or ``owed`` a report.

    ``reported`` was due by the last day the supplier has reported on, ``owed`` long enough ago to have been reported.
    ``waiting`` is the part of what was claimed that nobody has checked yet.
    """

    promised: Decimal
    due: Decimal
    reported: Decimal
    owed: Decimal
    claimed: Decimal
    waiting: Decimal
    verified: Decimal

    @property
    def standing(self) -> Standing:
        """What the figures say: what is verified first, then what still waits to be checked.

        >>> ten, four, two, none = Decimal(10), Decimal(4), Decimal(2), Decimal(0)
        >>> Progress(ten, two, two, two, four, none, four).standing.label
        'Early'
        >>> Progress(ten, four, two, four, two, none, two).standing.label
        'Not reported'
        """
        if self.promised and self.verified >= self.promised:
            return Standing.COMPLETE
        if self.verified + self.waiting < self.reported:
            return Standing.LATE
        if self.verified + self.waiting < self.owed:
            return Standing.NOT_REPORTED
        if self.waiting and self.verified < self.due:
            return Standing.TO_CHECK
        if self.verified > self.due:
            return Standing.EARLY
        return Standing.ON_TIME if self.due else Standing.NOT_DUE


def progress_of(
    promised: Decimal,
    dates: Sequence[DueDate],
    today: date,
    reported_until: date | None,
    claims: tuple[Decimal, Decimal, Decimal],
) -> Progress:
    """Where a promise stands on a day; ``claims`` are claimed, waiting and verified.

    A part due on a day can be reported for four weeks after it, as suppliers have that long for every report.
    ``reported_until`` is the last day of the last report that was sent, None where none was.
    """
    owed_until = today - timedelta(days=DAYS_TO_REPORT + 1)
    known_until = min(today, reported_until) if reported_until else None
    return Progress(
        promised,
        _due_by(dates, today),
        _due_by(dates, known_until) if known_until else NOTHING,
        _due_by(dates, owed_until),
        *claims,
    )


def _due_by(dates: Sequence[DueDate], day: date) -> Decimal:
    return sum((part.quantity for part in dates if part.due_on <= day), NOTHING)
