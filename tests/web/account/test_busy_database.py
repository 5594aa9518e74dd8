"""Somebody holds the database for longer than others can wait: they are asked to try again, and nothing breaks."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, Response, request
from html5lib import parse
from sqlalchemy import update

from wpound.store import engine
from wpound.store.engine import now_in, writing
from wpound.store.models.accounts import LoginSession

EMAIL = "ann@example.org"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits ten seconds here."""
    monkeypatch.setitem(engine._SQLITE_SETTINGS, "busy_timeout", (20, 20))


@contextmanager
def held(app: Flask) -> Iterator[None]:
    """Somebody else's long piece of work."""
    with writing(app.extensions["wpound"].engine) as session:
        now_in(session)
        yield


def says_busy(answer: Any) -> bool:
    heading = parse(answer.get_data(), namespaceHTMLElements=False).find(".//h1")
    return answer.status_code == 503 and heading is not None and heading.text.strip() == "The service is busy"


def test_a_sign_in_meanwhile_is_asked_to_try_again(app, person, browser) -> None:
    person(EMAIL)
    visitor = browser()
    with held(app):
        assert says_busy(visitor.sign_in(EMAIL))
    assert not visitor.is_signed_in
    visitor.sign_in(EMAIL)
    assert visitor.is_signed_in


def test_so_is_one_whose_session_cannot_be_kept(app, person, browser) -> None:
    person(EMAIL)
    with ExitStack() as work:

        @app.after_request
        def begin_work(response: Response) -> Response:
            """After all that the page itself has written, and before its session is."""
            if request.method == "POST":
                work.enter_context(held(app))
            return response

        visitor = browser()
        answer = visitor.sign_in(EMAIL)
    assert says_busy(answer) and "Location" not in answer.headers
    assert not visitor.is_signed_in


def test_whoever_only_reads_notices_nothing(app, person, browser) -> None:
    person(EMAIL)
    visitor = browser()
    visitor.sign_in(EMAIL)
    with writing(app.extensions["wpound"].engine) as session:
        session.execute(update(LoginSession).values(last_seen_at=now_in(session) - timedelta(minutes=5)))
    with held(app):
        assert visitor.is_signed_in


def test_nor_does_whoever_asks_whether_the_service_is_ready(app) -> None:
    with held(app):
        answer = app.test_client().get("/ready")
    assert (answer.status_code, answer.get_json()["problems"]) == (200, [])
