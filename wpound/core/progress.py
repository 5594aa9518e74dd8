"""Where a promise stands: promised, due to date, claimed and verified, and what that means in a word.

Delivery ahead of its due dates is early and never late; a promise is late only once the report on what was due could
have been made.
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
    Standing.LATE: "Late",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """The four figures of one promise in its unit, and ``owed``: what was due long enough ago to have been reported.

    ``waiting`` is the part of what was claimed that nobody has checked yet.
    """

    promised: Decimal
    due: Decimal
    owed: Decimal
    claimed: Decimal
    waiting: Decimal
    verified: Decimal

    @property
    def standing(self) -> Standing:
        """What the figures say: what is verified first, then what still waits to be checked.

        >>> ten, four, two, none = Decimal(10), Decimal(4), Decimal(2), Decimal(0)
        >>> Progress(ten, two, two, four, none, four).standing.label
        'Early'
        >>> Progress(ten, four, two, two, none, two).standing.label
        'On time'
        """
        if self.promised and self.verified >= self.promised:
            return Standing.COMPLETE
        if self.verified + self.waiting < self.owed:
            return Standing.LATE
        if self.waiting and self.verified < self.due:
            return Standing.TO_CHECK
        if self.verified > self.due:
            return Standing.EARLY
        return Standing.ON_TIME if self.due else Standing.NOT_DUE


def due_and_owed(dates: Sequence[DueDate], today: date) -> tuple[Decimal, Decimal]:
    """What of a promise is due by the end of a day, and what of that could have been reported by then.

    A part due on a day can be reported for four weeks after it, as suppliers have that long for every report.
    """
    reported = today - timedelta(days=DAYS_TO_REPORT + 1)
    due = sum((part.quantity for part in dates if part.due_on <= today), NOTHING)
    return due, sum((part.quantity for part in dates if part.due_on <= reported), NOTHING)
