"""Background work on pages: what an administrator sees and tries again, what people asked for, their reminders."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from wpound.services.access import Role, find_person
from wpound.services.check_health import ScannerHealth, ScannerState
from wpound.services.choose_reminders import list_reminder_choices
from wpound.services.queue_mail import queue_mail
from wpound.store.audit import list_events
from wpound.store.base import add
from wpound.store.engine import now_in, reading, writing
from wpound.store.jobs import find_job
from wpound.store.models.jobs import JobState
from wpound.store.models.organisations import Organisation
from wpound.store.models.outbox import MailKind
from wpound.web.admin import views_dashboard

FACTS = {
    "inviter": "Asha",
    "organisation": "Example council",
    "role": "officer",
    "link": "https://x/y",
    "until": "noon",
}


@pytest.fixture
def engine(world: Flask) -> Engine:
    made: Engine = world.extensions["wpound"].engine
    return made


@pytest.fixture
def invite(engine: Engine) -> Callable[..., str]:
    """A mail that somebody asked for; failed where that is said. Gives the key of its job."""

    def queue(asked_by_id: int | None = None, failed: str | None = None) -> str:
        with writing(engine) as session:
            mail = queue_mail(session, "bela@example.com", "invitation", FACTS, asked_by_id=asked_by_id)
            job = find_job(session, mail.job_key)
            assert job is not None
            if failed:
                job.state, job.finished_at, job.message = JobState.FAILED, now_in(session), failed
            return job.key

    return queue


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_an_administrator_sees_a_failed_job_and_tries_it_again(engine, join, browser_of, fetch, invite) -> None:
    join("Asha", council=Role.ADMIN)
    key = invite(failed="The mail server refused this mail.")
    asha = browser_of("asha")
    page = fetch(asha, "/admin/jobs?state=failed")
    assert "The mail server refused this mail." in page.text
    assert "bela@example.com" not in page.text
    assert "invites you" not in page.text
    with reading(engine) as session:
        job = find_job(session, key)
        assert job is not None

    answer = asha.post("/admin/jobs/retry", data={"job": str(job.id)})

    assert (answer.status_code, answer.location) == (303, "/admin/jobs")
    assert "The job will be tried again within seconds." in fetch(asha, "/admin/jobs").text
    with reading(engine) as session:
        again = find_job(session, key)
        assert again is not None
        assert (again.state, again.attempt) == (JobState.QUEUED, 2)
        [told] = list_events(session, object_kind="job", object_id=job.id)
    assert told.actor == "asha@example.com"
    fetch(asha, "/admin/jobs/retry", 409, method="POST", data={"job": str(job.id)})


@pytest.mark.parametrize(("job", "status"), [("", 400), ("one", 400), ("-1", 400), ("999", 404)])
def test_a_button_that_names_no_job_does_nothing(join, browser_of, fetch, job: str, status: int) -> None:
    join("Asha", council=Role.ADMIN)

    fetch(browser_of("asha"), "/admin/jobs/retry", status, method="POST", data={"job": job})


def test_people_see_what_they_asked_for_and_nobody_elses(join, browser_of, fetch, invite) -> None:
    asha, bela = join("Asha", council=Role.OFFICER), join("Bela", council=Role.OFFICER)
    invite(asha, failed="The mail server refused this mail.")
    invite(bela)
    invite()

    page = fetch(browser_of("asha"), "/account/jobs")

    assert "Email: Asha invites you to Example council on wpound" in page.text
    assert "The mail server refused this mail." in page.text
    assert "1 request" in page.text
    assert fetch(browser_of("bela"), "/account/jobs").text.count("Email:") == 1


def test_pages_without_a_job_say_so(join, browser_of, fetch) -> None:
    join("Asha", council=Role.ADMIN)
    asha = browser_of("asha")

    assert "No jobs yet" in fetch(asha, "/admin/jobs").text
    assert "No jobs in this state" in fetch(asha, "/admin/jobs?state=failed").text
    assert "Nothing yet" in fetch(asha, "/account/jobs").text


@pytest.mark.parametrize("address", ["/admin/jobs", "/account/jobs"])
def test_a_list_of_twenty_asks_the_database_as_often_as_a_list_of_one(
    join, browser_of, fetch, invite, statements: list[str], address: str
) -> None:
    asha = join("Asha", council=Role.ADMIN)
    browser = browser_of("asha")
    counts = []
    for more in (1, 25):
        for _ in range(more):
            # An administrator sees mails only when something is wrong with them.
            invite(asha, failed="The server said no.")
        fetch(browser, address)
        statements.clear()
        fetch(browser, address)
        counts.append(len(statements))

    assert counts[0] == counts[1]
    assert "Next page" in fetch(browser, address).text


OF_OFFICERS = ("bids_to_open", "return_to_verify", "query_answered", "correction_to_decide", "return_escalated")


def list_boxes(page: Any) -> dict[str, bool]:
    """Which boxes are on a page, and which of them are ticked."""
    boxes = [box for box in page.all(".//input") if box.get("type") == "checkbox"]
    return {box.get("value"): box.get("checked") is not None for box in boxes}


def test_reminders_are_those_of_the_roles_and_all_are_sent_until_somebody_chooses(
    engine, join, browser_of, fetch
) -> None:
    asha = join("Asha", council=Role.OFFICER)
    browser = browser_of("asha")
    page = fetch(browser, "/account/reminders")
    assert list_boxes(page) == dict.fromkeys(OF_OFFICERS, True)

    answer = browser.post("/account/reminders", data={"wanted": ["bids_to_open"]})

    assert answer.status_code == 303
    assert "Your reminders are saved." in fetch(browser, "/account/reminders").text
    with reading(engine) as session:
        person = find_person(session, asha)
        assert person is not None
        chosen = {choice.kind: choice.wanted for choice in list_reminder_choices(session, person)}
    assert chosen == dict.fromkeys(OF_OFFICERS, False) | {MailKind.BIDS_TO_OPEN: True}


def test_no_reminder_at_all_is_a_choice_and_one_of_another_role_is_none(join, browser_of, fetch) -> None:
    join("Asha", council=Role.OFFICER)
    browser = browser_of("asha")

    fetch(browser, "/account/reminders", 400, method="POST", data={"wanted": ["return_due"]})
    assert browser.post("/account/reminders").status_code == 303
    boxes = list_boxes(fetch(browser, "/account/reminders"))
    assert boxes == dict.fromkeys(OF_OFFICERS, False)


def test_a_role_without_reminders_is_told_so(join, browser_of, fetch) -> None:
    join("Asha", council=Role.ANCHOR)

    assert "Your roles have no reminders to choose from." in fetch(browser_of("asha"), "/account/reminders").text


def test_a_firms_administrator_does_not_see_how_much_the_service_has_to_do(
    engine: Engine, join: Any, browser_of: Any, fetch: Any, invite: Any
) -> None:
    with writing(engine) as session:
        add(session, Organisation(key="firm", name="Example firm", is_public_body=False))
    join("Fern", firm=Role.ADMIN)
    invite(failed="The server said no.")

    fern = browser_of("fern")
    assert "Work in the background" not in fetch(fern, "/admin").text
    fetch(fern, "/admin/jobs", 403)
    fetch(fern, "/admin/jobs/retry", 403, method="POST", data={"job": "1"})


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (ScannerHealth(ScannerState.NONE), "None is set up: files are taken unchecked"),
        (ScannerHealth(ScannerState.SILENT), "Does not answer: no file is taken until it does"),
        (ScannerHealth(ScannerState.ANSWERS, "ClamAV 1.4.6/27800/Sat Nov 21"), "ClamAV 1.4.6/27800/Sat Nov 21"),
    ],
)
def test_an_administrator_sees_how_the_malware_scanner_stands(
    join, browser_of, fetch, monkeypatch: pytest.MonkeyPatch, found: ScannerHealth, told: str
) -> None:
    join("Asha", council=Role.ADMIN)
    monkeypatch.setattr(views_dashboard, "check_scanner", lambda settings: found)

    assert f"Malware scanner {told}" in fetch(browser_of("asha"), "/admin").text
