"""What a worker looks for every second: jobs to take note of, jobs that were forgotten, the work of the day."""

from collections.abc import Sequence
from datetime import time, timedelta

from sqlalchemy import Engine

from wpound.services.clock import LONDON
from wpound.services.queue_job import queue_job
from wpound.services.reminder_window import REMINDERS_AT
from wpound.services.run_job import MOST_ATTEMPTS
from wpound.store.engine import lock, now_in, reading, writing
from wpound.store.jobs import find_job, list_forgotten, list_to_hand_on
from wpound.store.models.jobs import Job, JobKind, JobState

# No sign of life for so long: its worker is gone for good, or the notes on what runs were lost with a restored backup.
FORGOTTEN_AFTER = timedelta(hours=1)
WORKING_DAYS, EVERY_DAY = range(5), range(7)
MIDNIGHT, PURGE_AT = time(), time(3)


def list_due(engine: Engine) -> list[tuple[int, int]]:
    """The jobs that are due and of which no worker took note yet: number and attempt, oldest first."""
    with reading(engine) as session:
        return [(job.id, job.attempt) for job in list_to_hand_on(session, now=now_in(session))]


def note_handed_on(engine: Engine, jobs: Sequence[tuple[int, int]]) -> None:
    """Write down that a worker took note of these attempts of jobs."""
    with writing(engine) as session:
        for job_id, attempt in jobs:
            job = lock(session, Job, job_id)
            if job.attempt == attempt:
                job.handed_on_at = now_in(session)


def take_back_forgotten(engine: Engine) -> None:
    """Queue jobs again that gave no sign of life for an hour; those on their last attempt fail."""
    with reading(engine) as session:
        if not list_forgotten(session, seen_before=now_in(session) - FORGOTTEN_AFTER):
            return
    with writing(engine) as session:
        now = now_in(session)
        for job in list_forgotten(session, seen_before=now - FORGOTTEN_AFTER):
            if job.attempt < MOST_ATTEMPTS:
                job.state, job.attempt, job.due_at, job.handed_on_at = JobState.QUEUED, job.attempt + 1, now, None
            else:
                job.state, job.finished_at = JobState.FAILED, now
                job.message = "The work stopped every time without a word. Ask the person who runs this service."


def queue_openings(engine: Engine) -> None:
    """Queue once a day the opening of the returns of quarters that ended."""
    _queue_of_day(engine, JobKind.OPEN_RETURNS, "returns", EVERY_DAY, MIDNIGHT)


def queue_reminders(engine: Engine) -> None:
    """Queue the day's reminders once, on working days from 7 in the morning."""
    _queue_of_day(engine, JobKind.SEND_REMINDERS, "reminders", WORKING_DAYS, REMINDERS_AT)


def queue_purge(engine: Engine) -> None:
    """Queue once a day, from 3 at night, the deletion of evidence that may be kept no longer."""
    _queue_of_day(engine, JobKind.PURGE_EVIDENCE, "purge-evidence", EVERY_DAY, PURGE_AT)


def _queue_of_day(engine: Engine, kind: JobKind, name: str, weekdays: range, at: time) -> None:
    """Queue a job whose argument is the day it is for, once on each such day from an hour in London on."""
    with reading(engine) as session:
        here = now_in(session).astimezone(LONDON)
        day = here.date().isoformat()
        key = f"{name}-{day}"
        if here.weekday() not in weekdays or here.time() < at or find_job(session, key) is not None:
            return
    with writing(engine) as session:
        queue_job(session, kind, key, {"day": day})
