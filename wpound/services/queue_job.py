"""Ask for work in the background."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from wpound.store.base import add
from wpound.store.engine import now_in
from wpound.store.jobs import find_job
from wpound.store.models.jobs import Job, JobKind


def queue_job(
    session: Session,
    kind: JobKind,
    key: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    asked_by_id: int | None = None,
    due_at: datetime | None = None,
) -> Job:
    """Write a job in the caller's transaction; a worker takes it up once that is committed, at ``due_at`` or later.

    The key says what the work is about (``reminders-2026-06-01``): a job of that key that is there already is given
    back as it is. Arguments are JSON without floats.
    """
    found = find_job(session, key)
    if found is not None:
        return found
    return add(
        session,
        Job(
            kind=kind,
            key=key,
            arguments=dict(arguments or {}),
            asked_by_id=asked_by_id,
            due_at=due_at or now_in(session),
        ),
    )
