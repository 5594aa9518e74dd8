"""A worker in this process, on both databases: what was queued is done, and progress is in the database."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from wpound.config import Settings
from wpound.core.errors import InputError, StateError
from wpound.jobs import Worker, make_handlers, only_one
from wpound.services.queue_mail import queue_mail
from wpound.store.engine import writing
from wpound.store.models.jobs import Job, JobKind, JobState

GIVEN_UP_AFTER = 60


@pytest.fixture
def worker(engine: Engine, tmp_path: Path) -> Iterator[Worker]:
    address = engine.url.set(drivername=engine.dialect.name).render_as_string(hide_password=False)
    made = Worker(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path), "WPOUND_DATABASE_URL": address}), "test")
    made.start()
    yield made
    made.stop()
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA dbos CASCADE"))


@pytest.fixture
def wait_for(look: Callable[..., Job]) -> Callable[[str], Job]:
    def wait(key: str) -> Job:
        end = time.monotonic() + GIVEN_UP_AFTER
        while look(key).state not in (JobState.DONE, JobState.FAILED):
            assert time.monotonic() < end, look(key).state
            time.sleep(0.05)
        return look(key)

    return wait


def test_what_a_request_queued_is_done(
    engine: Engine, worker: Worker, wait_for: Callable[[str], Job], tmp_path: Path
) -> None:
    facts = {"at": "noon", "what": "something", "reset": "https://x.example/r"}
    with writing(engine) as session:
        mail = queue_mail(session, "ada@example.org", "account_changed", facts)

    assert wait_for(mail.job_key).state is JobState.DONE
    assert [path.name for path in (tmp_path / "mail").iterdir()] == [f"mail-{mail.id}.eml"]


def test_every_kind_of_job_has_a_handler(settings: Settings) -> None:
    assert set(make_handlers(settings)) == set(JobKind)


def test_a_worker_with_mail_settings_that_cannot_work_does_not_start(tmp_path: Path) -> None:
    settings = Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path), "WPOUND_MAIL": "pigeon"})

    with pytest.raises(InputError):
        Worker(settings, "test")


def test_a_name_is_free_again_when_its_holder_ends(tmp_path: Path) -> None:
    path = tmp_path / "worker.lock"
    with only_one(path), pytest.raises(StateError), only_one(path):
        pass

    with only_one(path):
        pass
