"""Background work as people see it: an administrator of a public body all of it, anyone else what they asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from wpound.core.errors import AccessDenied
from wpound.services.access import Person, runs_service
from wpound.store.jobs import list_job_page
from wpound.store.models.jobs import Job, JobKind, JobState
from wpound.store.outbox import list_subjects

STATE_TITLES = {
    JobState.QUEUED: "Waiting",
    JobState.RUNNING: "Running",
    JobState.DONE: "Done",
    JobState.FAILED: "Failed",
}
KIND_TITLES = {
    JobKind.DELIVER_MAIL: "Deliver a mail",
    JobKind.SEND_REMINDERS: "Write the day's reminders",
    JobKind.CLOSE_TENDER: "Close a tender after its deadline",
    JobKind.ISSUE_CERTIFICATES: "Issue a year's certificates",
    JobKind.OPEN_RETURNS: "Open the returns of quarters that ended",
    JobKind.PURGE_EVIDENCE: "Delete evidence that may be kept no longer",
}


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as a list shows it; ``progress`` is None where it is not counted, ``next_try_at`` where there is none."""

    job_id: int
    title: str
    key: str
    state: JobState
    attempt: int
    asked_at: datetime
    next_try_at: datetime | None
    finished_at: datetime | None
    progress: str | None
    message: str | None


def list_all_jobs(
    session: Session, person: Person, state: JobState | None, limit: int, offset: int
) -> tuple[list[JobRow], int]:
    """Every job, newest first, all or in one state: so many of them, and how many there are.

    A mail is not told by its subject, which is for the person it is to. Raises AccessDenied for whoever does not run
    the service.
    """
    require_operator(session, person)
    jobs, count = list_job_page(session, state=state, limit=limit, offset=offset)
    return [_row(job, KIND_TITLES[job.kind]) for job in jobs], count


def require_operator(session: Session, person: Person) -> None:
    """Raise AccessDenied for whoever does not run the service."""
    if not runs_service(session, person):
        raise AccessDenied("Background work is for the administrators of the public bodies that run this service.")


def list_own_jobs(session: Session, person: Person, limit: int, offset: int) -> tuple[list[JobRow], int]:
    """What a person asked for, newest first: so many of them, and how many there are."""
    jobs, count = list_job_page(session, asked_by_id=person.user_id, limit=limit, offset=offset)
    subjects = _subjects(session, jobs)
    return [_row(job, subjects.get(job.id, KIND_TITLES[job.kind])) for job in jobs], count


def _subjects(session: Session, jobs: Sequence[Job]) -> dict[int, str]:
    """The subjects of the mails among jobs, by job."""
    mails = {job.id: int(job.arguments["mail"]) for job in jobs if job.kind is JobKind.DELIVER_MAIL}
    subjects = list_subjects(session, mails.values())
    return {job_id: f"Email: {subjects[mail_id]}" for job_id, mail_id in mails.items()}


def _row(job: Job, title: str) -> JobRow:
    waits_again = job.state is JobState.QUEUED and job.attempt > 1
    return JobRow(
        job_id=job.id,
        title=title,
        key=job.key,
        state=job.state,
        attempt=job.attempt,
        asked_at=job.created_at,
        next_try_at=job.due_at if waits_again else None,
        finished_at=job.finished_at,
        progress=None if job.progress_total is None else f"{job.progress_done:,} of {job.progress_total:,}",
        message=job.message,
    )
