"""Jobs have their effect once, say how far they are, and are tried again where that may help."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from wpound.config import Settings
from wpound.core.errors import StateError, TryLater
from wpound.services.hand_on_jobs import FORGOTTEN_AFTER, list_due, note_handed_on, take_back_forgotten
from wpound.services.queue_job import queue_job
from wpound.services.queue_mail import queue_mail
from wpound.services.retry_job import retry_job
from wpound.services.run_job import MOST_ATTEMPTS, Handler, Work, run_job
from wpound.store.audit import list_events
from wpound.store.engine import now_in, reading, writing
from wpound.store.models.jobs import Job, JobKind, JobState
from wpound.store.models.outbox import OutgoingMail

FACTS = {"at": "noon", "what": "something", "reset": "https://x.example/r"}


class Died(BaseException):
    """What a power cut is to a process: nothing after it runs."""


def write_mail(work: Work) -> None:
    """A handler with an effect in the database that can be counted."""
    with work.completing("Written.") as session:
        queue_mail(session, "ada@example.org", "account_changed", FACTS)


def mails(engine: Engine) -> int:
    with reading(engine) as session:
        return len(session.scalars(select(OutgoingMail)).all())


@pytest.fixture
def do(engine: Engine, settings: Settings) -> Callable[..., None]:
    """One attempt of a job with a handler, as a worker makes it."""

    def run(job: Job, handler: Handler, attempt: int | None = None) -> None:
        run_job(engine, settings, dict.fromkeys(JobKind, handler), job.id, attempt or job.attempt)

    return run


def test_a_job_is_queued_once_for_a_key(engine: Engine, queue: Callable[..., Job]) -> None:
    assert queue("a").id == queue("a").id != queue("b").id


def test_nothing_is_left_of_a_job_whose_transaction_was_rolled_back(engine: Engine) -> None:
    with pytest.raises(RuntimeError), writing(engine) as session:
        queue_mail(session, "ada@example.org", "account_changed", FACTS)
        raise RuntimeError

    assert mails(engine) == 0
    assert list_due(engine) == []


def test_a_job_done_is_not_done_again(engine: Engine, queue, do, look) -> None:
    job = queue()

    do(job, write_mail)
    do(job, write_mail)

    assert mails(engine) == 1
    assert look().state is JobState.DONE
    assert look().message == "Written."


def test_a_worker_that_dies_before_the_end_leaves_no_half_effect_and_the_next_one_does_it(
    engine: Engine, queue, do, look
) -> None:
    def dies(work: Work) -> None:
        with work.completing() as session:
            queue_mail(session, "ada@example.org", "account_changed", FACTS)
            raise Died

    job = queue()
    with pytest.raises(Died):
        do(job, dies)
    assert mails(engine) == 0
    assert look().state is JobState.RUNNING

    do(job, write_mail)

    assert mails(engine) == 1
    assert look().state is JobState.DONE


def test_two_workers_at_the_same_job_have_its_effect_once(engine: Engine, queue, do, look) -> None:
    def slow(work: Work) -> None:
        do(job, write_mail)
        write_mail(work)

    job = queue()
    do(job, slow)

    assert mails(engine) == 1
    assert look().state is JobState.DONE


def test_progress_is_seen_while_the_job_runs(queue, do, look) -> None:
    seen = []

    def reports(work: Work) -> None:
        work.report(3, 10, "3 of 10 files read")
        seen.append(look())
        with work.completing():
            pass

    do(queue(), reports)

    assert (seen[0].progress_done, seen[0].progress_total, seen[0].message) == (3, 10, "3 of 10 files read")
    assert (look().progress_done, look().progress_total) == (10, 10)


def test_what_may_pass_is_tried_again_later_and_at_last_fails(engine: Engine, queue, do, look) -> None:
    def busy(work: Work) -> None:
        raise TryLater("The mail server is busy.")

    job = queue()
    waits = []
    for attempt in range(1, MOST_ATTEMPTS + 1):
        do(job, busy, attempt)
        with reading(engine) as session:
            waits.append((look().due_at - now_in(session)).total_seconds() / 60)

    assert [round(wait, 1) for wait in waits[:4]] == [0.5, 2, 8, 32]
    assert look().state is JobState.FAILED
    assert look().message == "The mail server is busy."
    assert look().finished_at is not None


def test_what_will_not_change_fails_at_once_in_its_own_words(queue, do, look) -> None:
    def refused(work: Work) -> None:
        raise StateError("The address does not exist.")

    do(queue(), refused)

    assert look().state is JobState.FAILED
    assert look().message == "The address does not exist."


def test_a_fault_of_ours_is_tried_again_and_shows_nothing_of_the_inside(queue, do, look, caplog) -> None:
    def broken(work: Work) -> None:
        raise ZeroDivisionError("ada@example.org")

    do(queue(), broken)

    assert look().state is JobState.QUEUED
    assert look().attempt == 2
    assert "ada@example.org" not in str(look().message)
    assert "ada@example.org" not in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_an_attempt_whose_place_was_taken_does_nothing(engine: Engine, queue, do, look) -> None:
    def busy(work: Work) -> None:
        raise TryLater("Later.")

    job = queue()
    do(job, busy, 1)
    do(job, write_mail, 1)

    assert mails(engine) == 0
    assert look().state is JobState.QUEUED


def test_a_job_is_handed_on_when_it_is_due_and_once(engine: Engine, queue) -> None:
    with reading(engine) as session:
        later = now_in(session) + timedelta(minutes=5)
    queue("later", due_at=later)
    job = queue("now")

    assert list_due(engine) == [(job.id, 1)]
    note_handed_on(engine, list_due(engine))
    assert list_due(engine) == []


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING])
def test_a_job_without_a_sign_of_life_is_given_to_anyone(engine: Engine, queue, look, state: JobState) -> None:
    job = queue()
    with writing(engine) as session:
        silent = session.get_one(Job, job.id)
        silent.state, silent.handed_on_at = state, now_in(session) - FORGOTTEN_AFTER - timedelta(seconds=1)

    take_back_forgotten(engine)

    assert list_due(engine) == [(job.id, 2)]


def test_a_job_that_goes_silent_every_time_fails_in_the_end(engine: Engine, queue, look) -> None:
    job = queue()
    with writing(engine) as session:
        silent = session.get_one(Job, job.id)
        silent.attempt = MOST_ATTEMPTS
        silent.handed_on_at = now_in(session) - FORGOTTEN_AFTER - timedelta(seconds=1)

    take_back_forgotten(engine)

    assert look().state is JobState.FAILED
    assert look().message


def test_an_administrator_tries_a_failed_job_again_and_the_audit_says_so(engine: Engine, queue, do, look) -> None:
    def refused(work: Work) -> None:
        raise StateError("No.")

    job = queue()
    do(job, refused)
    with writing(engine) as session:
        retry_job(session, job.id, actor="admin@example.org")
    assert list_due(engine) == [(job.id, 2)]

    do(job, write_mail, 2)

    assert look().state is JobState.DONE
    with reading(engine) as session:
        [event] = list_events(session, object_kind="job", object_id=job.id)
    assert (event.actor, event.action) == ("admin@example.org", "job.retried")


def test_only_a_failed_job_is_tried_again(engine: Engine, queue) -> None:
    job = queue()

    with pytest.raises(StateError), writing(engine) as session:
        retry_job(session, job.id, actor="admin@example.org")


def test_a_key_and_its_arguments_are_kept_as_queued(engine: Engine, queue, look) -> None:
    queue()
    with writing(engine) as session:
        queue_job(session, JobKind.SEND_REMINDERS, "one", {"day": "2030-01-01"})

    assert look().arguments == {"day": "2026-06-01"}
