"""Which reminders a person gets on a day."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from wpound.services.clock import LONDON
from wpound.store.models.outbox import MailKind

MONDAY = 0
# When people start work.
REMINDERS_AT = time(7)
ALWAYS = datetime.min.replace(tzinfo=UTC)
# A duty with a day begins with these: whoever switched them off is still told once, when it begins.
DUTIES = frozenset({MailKind.RETURN_OVERDUE, MailKind.RETURN_ESCALATED})


@dataclass(frozen=True, slots=True)
class Window:
    """Which reminders are due on a day: of what waits at ``until``, all that began to at ``since`` or later."""

    today: date
    since: datetime
    until: datetime

    @property
    def is_of_all(self) -> bool:
        """Whether everything that waits is told."""
        return self.since == ALWAYS

    def holds(self, began_at: datetime | None) -> bool:
        """Whether what began to wait then is told."""
        return began_at is not None and self.since <= began_at < self.until

    def holds_day(self, day: date) -> bool:
        """Whether what begins with a day is told."""
        return self.holds(datetime.combine(day, time(), LONDON))

    @property
    def new(self) -> "Window":
        """Without what was told before: what began since the last working day's morning."""
        before = self.today - timedelta(days=3 if self.today.weekday() == MONDAY else 1)
        return replace(self, since=_morning(before))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person is to be told on a day, by kind; ``unwanted`` is what they switched off."""

    window: Window
    unwanted: Collection[MailKind]

    def window_for(self, kind: MailKind) -> Window | None:
        """Which reminders of a kind they get; None for none of it."""
        if kind not in self.unwanted:
            return self.window
        return self.window.new if kind in DUTIES else None


def window_of(today: date) -> Window:
    """On Mondays everything that waits; on any other day what is new since the morning before."""
    window = Window(today, ALWAYS, _morning(today))
    return window if today.weekday() == MONDAY else window.new


def _morning(day: date) -> datetime:
    return datetime.combine(day, REMINDERS_AT, LONDON).astimezone(UTC)
