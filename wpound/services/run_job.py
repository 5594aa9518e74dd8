"""Do one job: take it up, report how far it is, and mark it done together with its effect.

A worker can die at any moment, and the job is then taken up again from its start. It still has its effect once,
because what it writes and the mark that it is done are one transaction (requirement D10).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from wpound.config import Settings
from wpound.core.errors import StateError, TryLater, WpoundError
from wpound.logs import get_logger
from wpound.store.engine import lock, now_in, writing
from wpound.store.models.jobs import UNFINISHED, Job, JobKind, JobState

# Half a minute after the first failure, then 2, 8 and 32 minutes; after the fifth the job has failed.
MOST_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=30)
WAIT_GROWS_BY = 4

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """What a handler has at hand: the database, the settings and the job's arguments."""

    engine: Engine
    settings: Settings
    job_id: int
    attempt: int
    arguments: Mapping[str, Any]

    def report(self, done: int, total: int | None, message: str | None = None) -> None:
        """Show how far the job is, at once; call it outside of any transaction."""
        with self.progressing(done, total, message):
            pass

    @contextmanager
    def progressing(self, done: int, total: int | None, message: str | None = None) -> Iterator[Session]:
        """A transaction for one part of the effect, which also shows how far the job then is: both happen, or neither.

        Raises StateError where the job was completed, or taken up, elsewhere.
        """
        with writing(self.engine) as session:
            job = _lock_unfinished(session, self)
            job.progress_done, job.progress_total, job.message = done, total, message
            job.handed_on_at = now_in(session)
            yield session

    @contextmanager
    def completing(self, message: str | None = None) -> Iterator[Session]:
        """A transaction for the effect of the job, which also marks it done: both happen, once, or neither.

        Raises StateError where the job was completed elsewhere.
        """
        with writing(self.engine) as session:
            job = _lock_unfinished(session, self)
            yield session
            _finish(session, job, JobState.DONE, message)


Handler = Callable[[Work], None]


def run_job(engine: Engine, settings: Settings, handlers: Mapping[JobKind, Handler], job_id: int, attempt: int) -> None:
    """Do one attempt of a job; nothing happens where it is finished or another attempt has taken its place.

    A handler that raises TryLater, or fails unforeseen, is tried again later, ``MOST_ATTEMPTS`` times in all. Any
    other of our errors fails the job with its message.
    """
    job = _take_up(engine, job_id, attempt)
    if job is None:
        return
    work = Work(engine, settings, job_id, attempt, job.arguments)
    try:
        handlers[job.kind](work)
    except TryLater as error:
        _put_off(work, error.message)
    except WpoundError as error:
        _give_up(work, error.message)
    except Exception:
        log.exception("job failed unforeseen", job_id=job_id, kind=job.kind, attempt=attempt)
        _put_off(work, "There is a fault in the service. It is in the log under this job's number.")
    else:
        log.info("job done", job_id=job_id, kind=job.kind, attempt=attempt)


def _take_up(engine: Engine, job_id: int, attempt: int) -> Job | None:
    with writing(engine) as session:
        job = lock(session, Job, job_id)
        if job.state not in UNFINISHED or job.attempt != attempt:
            return None
        job.state, job.started_at, job.handed_on_at = JobState.RUNNING, now_in(session), now_in(session)
        return job


def _lock_unfinished(session: Session, work: Work) -> Job:
    job = lock(session, Job, work.job_id)
    if job.state not in UNFINISHED or job.attempt != work.attempt:
        raise StateError("This job was completed elsewhere.")
    return job


def _finish(session: Session, job: Job, state: JobState, message: str | None) -> None:
    job.state, job.finished_at, job.message = state, now_in(session), message
    if state is JobState.DONE and job.progress_total is not None:
        job.progress_done = job.progress_total


def _put_off(work: Work, message: str) -> None:
    if work.attempt >= MOST_ATTEMPTS:
        _give_up(work, message)
        return
    with writing(work.engine) as session:
        job = lock(session, Job, work.job_id)
        if job.state is not JobState.RUNNING or job.attempt != work.attempt:
            return
        wait = FIRST_WAIT * WAIT_GROWS_BY ** (work.attempt - 1)
        job.state, job.attempt, job.message = JobState.QUEUED, work.attempt + 1, message
        job.due_at, job.handed_on_at = now_in(session) + wait, None
    log.warning("job put off", job_id=work.job_id, kind=job.kind, attempt=work.attempt)


def _give_up(work: Work, message: str) -> None:
    with writing(work.engine) as session:
        job = lock(session, Job, work.job_id)
        if job.state is not JobState.RUNNING or job.attempt != work.attempt:
            return
        _finish(session, job, JobState.FAILED, message)
    log.error("job failed", job_id=work.job_id, kind=job.kind, attempt=work.attempt)
