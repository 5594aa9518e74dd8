"""Work done in the background, and how far it is."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from wpound.store.base import Base, Identified, not_negative, one_of
from wpound.store.types import CanonicalJson, Word


class JobKind(StrEnum):
    """What there is to do."""

    DELIVER_MAIL = "deliver_mail"
    SEND_REMINDERS = "send_reminders"
    CLOSE_TENDER = "close_tender"
    ISSUE_CERTIFICATES = "issue_certificates"
    OPEN_RETURNS = "open_returns"
    PURGE_EVIDENCE = "purge_evidence"


class JobState(StrEnum):
    """Where a job stands; one that waits to be tried again is ``queued``."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


class Job(Identified, Base):
    """One piece of work, known by a ``key`` made from what it is about, so that it is queued once.

    It is written in the transaction of whatever asked for it. ``handed_on_at`` is the last sign of life of this
    ``attempt`` (a worker took note of it, began it, or reported). ``asked_by_id`` is None for work nobody asked for;
    ``message`` is for the person who did.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        one_of("state", JobState),
        CheckConstraint("(state IN ('done', 'failed')) = (finished_at IS NOT NULL)", name="finished_at_a_time"),
        CheckConstraint("progress_done <= progress_total", name="progress_within_total"),
        not_negative("progress_done"),
        CheckConstraint("attempt >= 1", name="attempt_counts_from_one"),
        Index("ix_jobs_state_due_at", "state", "due_at"),
        Index("ix_jobs_asked_by_id", "asked_by_id", "id"),
    )

    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[JobKind] = mapped_column(Word(JobKind))
    arguments: Mapped[dict[str, Any]] = mapped_column(CanonicalJson)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    state: Mapped[JobState] = mapped_column(Word(JobState), default=JobState.QUEUED)
    attempt: Mapped[int] = mapped_column(default=1)
    due_at: Mapped[datetime]
    handed_on_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int | None]
    message: Mapped[str | None]
