"""Which clock a service goes by, and moments as people in the United Kingdom read them.

A deadline is decided by the database's clock, read while the write lock is held: whoever waited for the lock is judged
by when the wait was over, and two machines cannot disagree on what was late (requirement D8).
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from wpound.core.periods import format_day
from wpound.store.engine import now_in

Clock = Callable[[Session], datetime]
LONDON = ZoneInfo("Europe/London")

database_clock: Clock = now_in


def fixed_clock(at: datetime) -> Clock:
    """A clock that stands at a moment, for loading history; audit events carry the true time all the same.

    Raises ValueError for a moment without a time zone.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return lambda session: at


def day_of(at: datetime) -> date:
    """The day it is in London at a moment."""
    return at.astimezone(LONDON).date()


def moment_in_london(day: date, at: time) -> datetime:
    """The moment at which clocks in London show a time; raises ValueError, in words, on the nights they are changed.

    >>> moment_in_london(date(2026, 6, 1), time(12)).isoformat()
    '2026-06-01T11:00:00+00:00'
    """
    shown = datetime.combine(day, at)
    first, second = (shown.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(LONDON).replace(tzinfo=None) != shown:
        raise ValueError(f"does not exist: on {format_day(day)} clocks go forward past {at:%H:%M}. Choose another time")
    if first != second:
        raise ValueError(f"comes twice: on {format_day(day)} clocks go back past {at:%H:%M}. Choose another time")
    return first


@lru_cache(maxsize=4096)
def format_moment(at: datetime) -> str:
    """A moment as people read it, in London's time.

    >>> from datetime import UTC
    >>> format_moment(datetime(2026, 6, 1, 11, 0, tzinfo=UTC))
    '12:00 on 1 June 2026'
    """
    local = at.astimezone(LONDON)
    return f"{local.hour:02}:{local.minute:02} on {format_day(local)}"


@lru_cache(maxsize=4096)
def format_deadline(at: datetime) -> str:
    """A moment that somebody must not miss: with the name of the clock, and noon in words.

    >>> from datetime import UTC
    >>> format_deadline(datetime(2026, 6, 1, 11, 0, tzinfo=UTC))
    '12:00 noon (BST) on 1 June 2026'
    """
    local = at.astimezone(LONDON)
    noon = " noon" if (local.hour, local.minute) == (12, 0) else ""
    return f"{local.hour:02}:{local.minute:02}{noon} ({local:%Z}) on {format_day(local)}"
