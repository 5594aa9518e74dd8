"""A worker killed without warning (SIGKILL), again and again: every mail goes out, every job is done, and once."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, func, select, text

from wpound.services.queue_job import queue_job
from wpound.services.queue_mail import queue_mail
from wpound.store.engine import create_engine_for, reading, upgrade, writing
from wpound.store.models.jobs import UNFINISHED, Job, JobKind, JobState
from wpound.store.models.outbox import OutgoingMail

MAILS = 60
KILLS = 4
GIVEN_UP_AFTER = 120
FACTS = {"at": "noon", "what": "something", "reset": "https://x.example/r"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine_for(f"sqlite:///{tmp_path / 'wpound.sqlite'}")
    upgrade(made)
    yield made
    made.dispose()


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``wpound worker`` in a process group of its own, gone at the end whatever happens."""
    environment = {**os.environ, "WPOUND_DATA_DIR": str(folder)}
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", "from wpound.cli import main; main()", "worker"],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def count(engine: Engine, *states: JobState) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(Job).where(Job.state.in_(states))) or 0


def wait_until(engine: Engine, process: subprocess.Popen[bytes], unfinished: int) -> None:
    """Wait until at most so many jobs are left."""
    end = time.monotonic() + GIVEN_UP_AFTER
    while count(engine, *UNFINISHED) > unfinished:
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < end, f"{count(engine, *UNFINISHED)} jobs are left"
        time.sleep(0.005)


def test_killed_again_and_again_every_mail_goes_out_and_every_job_is_done_once(engine: Engine, tmp_path: Path) -> None:
    with writing(engine) as session:
        for number in range(MAILS):
            queue_mail(session, f"person{number}@example.org", "account_changed", FACTS)
        queue_job(session, JobKind.SEND_REMINDERS, "reminders-2026-06-01", {"day": "2026-06-01"})

    killed_at = sorted(Random(7).sample(range(2, MAILS - 2), KILLS), reverse=True)
    for left in killed_at:
        with worker(tmp_path) as process:
            wait_until(engine, process, left)
            process.send_signal(signal.SIGKILL)
        assert count(engine, *UNFINISHED) > 0, "the kill came after the work"
    with worker(tmp_path) as process:
        wait_until(engine, process, 0)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0

    files = list((tmp_path / "mail").glob("*.eml"))
    receivers = Counter(message_from_bytes(path.read_bytes())["To"] for path in files)
    assert receivers == Counter({f"person{number}@example.org": 1 for number in range(MAILS)})
    # The work of the day comes on top.
    assert count(engine, *JobState) == count(engine, JobState.DONE) > MAILS
    with reading(engine) as session:
        assert session.scalar(select(func.count()).where(OutgoingMail.sent_at.is_(None))) == 0
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"


def test_two_workers_of_one_name_do_not_run_at_once(engine: Engine, tmp_path: Path) -> None:
    """The second would begin again what the first is doing."""
    with writing(engine) as session:
        queue_mail(session, "ada@example.org", "account_changed", FACTS)
    with worker(tmp_path) as first:
        wait_until(engine, first, 0)
        with worker(tmp_path) as second:
            assert second.wait(30) == 2
    assert "runs on this machine already" in (tmp_path / "worker.log").read_text()
