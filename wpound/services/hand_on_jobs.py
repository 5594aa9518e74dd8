"""What a worker looks for every second: jobs to take note of, jobs that were forgotten, the day's reminders."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Engine

from wpound.services.clock import LONDON
from wpound.services.queue_job import queue_job
from wpound.services.run_job import MOST_ATTEMPTS
from wpound.services.send_reminders import REMINDERS_AT
from wpound.store.engine import lock, now_in, reading, writing
from wpound.store.jobs import find_job, list_forgotten, list_to_hand_on
from wpound.store.models.jobs import Job, JobKind, JobState

# No sign of life for so long: its worker is gone for good, or the notes on what runs were lost with a restored backup.
FORGOTTEN_AFTER = timedelta(hours=1)


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


def queue_reminders(engine: Engine) -> None:
    """Queue the day's reminders once, on working days from 7 in the morning."""
    with reading(engine) as session:
        here = now_in(session).astimezone(LONDON)
        key = f"reminders-{here.date().isoformat()}"
        if here.weekday() > 4 or here.time() < REMINDERS_AT or find_job(session, key) is not None:
            return
    with writing(engine) as session:
        queue_job(session, JobKind.SEND_REMINDERS, key, {"day": here.date().isoformat()})
