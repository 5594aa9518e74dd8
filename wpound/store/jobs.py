"""Jobs: find, list and count."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from wpound.store.engine import now_in
from wpound.store.models.jobs import UNFINISHED, Job, JobKind, JobState

# A mail that has waited longer has met an obstacle.
STUCK_AFTER = timedelta(minutes=15)


def find_job(session: Session, key: str) -> Job | None:
    """The job of that key, or None."""
    return session.scalar(select(Job).where(Job.key == key))


def list_job_page(
    session: Session, *, asked_by_id: int | None = None, state: JobState | None = None, limit: int, offset: int = 0
) -> tuple[list[Job], int]:
    """Jobs of one person, else those of note, newest first, in one state where given: some, and how many there are."""
    chosen = [is_of_note(now_in(session)) if asked_by_id is None else Job.asked_by_id == asked_by_id]
    chosen += [Job.state == state] if state else []
    wanted = select(Job).where(*chosen).order_by(Job.id.desc()).limit(limit).offset(offset)
    count = session.scalar(select(func.count()).select_from(Job).where(*chosen))
    return list(session.scalars(wanted)), count or 0


def is_of_note(now: datetime) -> ColumnElement[bool]:
    """Whether a job is for an administrator to see: every one but mails that go out as they should.

    Each bid that comes in sends a mail, so these would tell how many have bid.
    """
    is_stuck = Job.state.in_(UNFINISHED) & (Job.due_at < now - STUCK_AFTER)
    return or_(Job.kind != JobKind.DELIVER_MAIL, Job.state == JobState.FAILED, is_stuck)


def list_to_hand_on(session: Session, *, now: datetime, limit: int = 100) -> list[Job]:
    """Jobs that are due and of which no worker took note, oldest first."""
    wanted = select(Job).where(Job.state == JobState.QUEUED, Job.due_at <= now, Job.handed_on_at.is_(None))
    return list(session.scalars(wanted.order_by(Job.due_at, Job.id).limit(limit)))


def list_forgotten(session: Session, *, seen_before: datetime) -> list[Job]:
    """Unfinished jobs whose last sign of life was before a moment, oldest first."""
    wanted = select(Job).where(Job.state.in_(UNFINISHED), Job.handed_on_at < seen_before)
    return list(session.scalars(wanted.order_by(Job.id)))


def count_jobs(session: Session) -> dict[JobState, int]:
    """How many jobs of note are in each state."""
    counted = select(Job.state, func.count()).where(is_of_note(now_in(session))).group_by(Job.state)
    return dict.fromkeys(JobState, 0) | {state: int(count) for state, count in session.execute(counted)}


def find_longest_due(session: Session) -> datetime | None:
    """Since when the job of note that waits longest has been due; None where none waits."""
    wanted = select(func.min(Job.due_at, type_=Job.due_at.type)).where(Job.state == JobState.QUEUED)
    return session.scalar(wanted.where(is_of_note(now_in(session))))
