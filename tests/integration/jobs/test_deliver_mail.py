"""A mail of the outbox goes out once, and its text does not stay."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from wpound.config import Settings
from wpound.core.errors import StateError
from wpound.mail.folder import FolderMailer
from wpound.mail.message import Message
from wpound.services.check_health import check_background
from wpound.services.deliver_mail import deliver_mail
from wpound.services.queue_mail import queue_mail
from wpound.services.run_job import run_job
from wpound.store.engine import reading, writing
from wpound.store.jobs import find_job
from wpound.store.models.jobs import JobKind, JobState
from wpound.store.models.outbox import OutgoingMail
from wpound.store.outbox import get_mail

SECRET_LINK = "https://x.example/reset/abcdef"
FACTS = {"link": SECRET_LINK, "until": "12:00 on 1 June 2026"}


class Refusing:
    def deliver(self, message: Message) -> None:
        raise StateError("The mail server refused this mail.")


@pytest.fixture
def mail(engine: Engine) -> OutgoingMail:
    with writing(engine) as session:
        return queue_mail(session, "ada@example.org", "reset_password", FACTS)


def attempt(engine: Engine, settings: Settings, mail: OutgoingMail, mailer: object) -> JobState:
    with reading(engine) as session:
        job = find_job(session, mail.job_key)
    assert job is not None
    handlers = {JobKind.DELIVER_MAIL: lambda work: deliver_mail(work, mailer)}  # type: ignore[arg-type]
    run_job(engine, settings, handlers, job.id, job.attempt)
    with reading(engine) as session:
        found = find_job(session, mail.job_key)
        assert found is not None
        return found.state


def test_a_mail_sent_keeps_the_fact_and_loses_the_secret(
    engine: Engine, settings: Settings, mail: OutgoingMail, tmp_path: Path
) -> None:
    assert attempt(engine, settings, mail, FolderMailer(tmp_path / "mail", "wpound@localhost")) is JobState.DONE

    [path] = (tmp_path / "mail").iterdir()
    assert SECRET_LINK in path.read_text()
    with reading(engine) as session:
        sent = get_mail(session, mail.id)
        assert sent.body is None
        assert sent.sent_at is not None
        assert sent.subject == "Choose a new password for wpound"
        assert check_background(session).jobs[JobState.DONE] == 0


def test_a_mail_refused_fails_its_job_and_stays_to_be_tried_again(
    engine: Engine, settings: Settings, mail: OutgoingMail
) -> None:
    assert attempt(engine, settings, mail, Refusing()) is JobState.FAILED

    with reading(engine) as session:
        assert get_mail(session, mail.id).sent_at is None
        health = check_background(session)
    assert health.jobs[JobState.FAILED] == 1
    assert health.stuck_mail == 0


def test_the_text_of_a_mail_is_nowhere_in_the_jobs(engine: Engine, mail: OutgoingMail) -> None:
    with reading(engine) as session:
        job = find_job(session, mail.job_key)
    assert job is not None
    assert job.arguments == {"mail": mail.id}
