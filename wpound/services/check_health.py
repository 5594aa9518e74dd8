"""How the service is: what a monitor asks, and what an administrator wants to see."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from wpound.config import Settings
from wpound.core.errors import TryLater
from wpound.ingest.scanning import ask_name
from wpound.logs import get_logger
from wpound.store.engine import find_unsafe_settings, is_current, now_in, reading
from wpound.store.jobs import count_jobs, find_longest_due
from wpound.store.models.jobs import JobState
from wpound.store.outbox import count_stuck_mail

# A page waits for it.
TIME_FOR_SCANNER = timedelta(seconds=2)

log = get_logger(__name__)


class ScannerState(StrEnum):
    """How the malware scanner stands: while one that is set up does not answer, no file is taken."""

    NONE = "none"
    ANSWERS = "answers"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class ScannerHealth:
    """The scanner's state, and what it calls itself where it answers."""

    state: ScannerState
    name: str | None = None


@dataclass(frozen=True, slots=True)
class BackgroundHealth:
    """How background work goes; ``waiting_since`` is since when the job that waits longest has been due.

    Mails that go out as they should are left out of all of it: they would tell how many have bid.
    """

    jobs: dict[JobState, int]
    waiting_since: datetime | None
    stuck_mail: int
    checked_at: datetime


def find_obstacles(engine: Engine) -> list[str]:
    """Why pages cannot be served now, in words for whoever runs the service; none where they can."""
    try:
        with reading(engine) as session:
            unsafe = find_unsafe_settings(session)
        current = is_current(engine)
    except SQLAlchemyError:
        log.exception("database does not answer")
        return ["The database does not answer."]
    obstacles = [f"The database's setting {name} is not the one that keeps rows safe." for name in unsafe]
    return obstacles if current else [*obstacles, "The database's tables are not those of this version."]


def check_scanner(settings: Settings) -> ScannerHealth:
    """Whether a malware scanner is set up, and answers."""
    if not settings.clamd:
        return ScannerHealth(ScannerState.NONE)
    try:
        return ScannerHealth(ScannerState.ANSWERS, ask_name(settings.clamd, TIME_FOR_SCANNER))
    except TryLater:
        return ScannerHealth(ScannerState.SILENT)


def check_background(session: Session) -> BackgroundHealth:
    """How jobs and mail stand; what is due for minutes without being taken up says that no worker runs."""
    return BackgroundHealth(
        jobs=count_jobs(session),
        waiting_since=find_longest_due(session),
        stuck_mail=count_stuck_mail(session),
        checked_at=now_in(session),
    )
