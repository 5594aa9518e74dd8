"""A database and what a worker has at hand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from wpound.config import Settings
from wpound.services.queue_job import queue_job
from wpound.store.engine import reading, writing
from wpound.store.jobs import find_job
from wpound.store.models.jobs import Job, JobKind


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)})


@pytest.fixture
def queue(engine: Engine) -> Callable[..., Job]:
    """Queue a job, as a request would, and commit."""

    def queue_one(key: str = "one", kind: JobKind = JobKind.SEND_REMINDERS, **options: object) -> Job:
        with writing(engine) as session:
            return queue_job(session, kind, key, {"day": "2026-06-01"}, **options)  # type: ignore[arg-type]

    return queue_one


@pytest.fixture
def look(engine: Engine) -> Callable[..., Job]:
    """A job as it is in the database now."""

    def look_at(key: str = "one") -> Job:
        with reading(engine) as session:
            found = find_job(session, key)
            assert found is not None
            return found

    return look_at
