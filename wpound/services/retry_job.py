"""Try a failed job again."""

from sqlalchemy.orm import Session

from wpound.core.errors import StateError
from wpound.store.audit import append_event
from wpound.store.engine import lock, now_in
from wpound.store.models.jobs import Job, JobState


def retry_job(session: Session, job_id: int, *, actor: str) -> Job:
    """Queue a failed job once more; raises NotFound, and StateError for one that has not failed."""
    job = lock(session, Job, job_id)
    if job.state is not JobState.FAILED:
        raise StateError("Only a job that has failed can be tried again.")
    job.state, job.attempt, job.finished_at = JobState.QUEUED, job.attempt + 1, None
    job.due_at, job.handed_on_at = now_in(session), None
    append_event(
        session,
        actor=actor,
        action="job.retried",
        object_kind="job",
        object_id=job.id,
        detail={"kind": job.kind.value, "attempt": job.attempt},
    )
    return job
