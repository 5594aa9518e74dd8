"""What a monitor sees, and the number every answer carries."""

import logging
import re
from collections.abc import Callable

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from wpound.store.engine import upgrade


def test_a_process_that_answers_is_alive_whatever_its_database_does(client: FlaskClient) -> None:
    answer = client.get("/health")

    assert (answer.status_code, answer.json) == (200, {"status": "alive"})


def test_a_service_is_ready_once_its_tables_are_those_of_this_version(app: Flask, client: FlaskClient) -> None:
    before = client.get("/ready")
    assert before.status_code == 503
    assert before.json["problems"] == ["The database's tables are not those of this version."]  # type: ignore[index]
    assert before.headers["Cache-Control"] == "private, no-store"

    upgrade(app.extensions["wpound"].engine)

    assert client.get("/ready").json == {"status": "ready", "problems": []}


def test_a_database_out_of_reach_is_said_without_its_address(make_app: Callable[..., Flask]) -> None:
    app = make_app({"WPOUND_DATABASE_URL": "postgresql://ada:word@127.0.0.1:1/none"})

    answer = app.test_client().get("/ready")

    assert answer.status_code == 503
    assert answer.json["problems"] == ["The database does not answer."]  # type: ignore[index]


def test_every_answer_has_a_number_of_its_own(client: FlaskClient) -> None:
    first, second = (client.get(path).headers["X-Request-ID"] for path in ("/plan", "/nowhere"))

    assert re.fullmatch("[0-9a-f]{16}", first)
    assert first != second


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [("0123abcd-4567", True), ("x y", False), ('"}\\n{"', False), ("a" * 65, False), ("ada", False)],
)
def test_a_number_given_by_a_proxy_is_kept_where_it_is_one(client: FlaskClient, given: str, is_kept: bool) -> None:
    answer = client.get("/plan", headers={"X-Request-ID": given})

    assert (answer.headers["X-Request-ID"] == given) is is_kept


def test_a_request_is_logged_by_route_and_without_what_was_typed(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "wpound.web.request_log"):
        client.get("/verify/WP-SECRET-SERIAL?email=ada@example.org")
        client.get("/health")

    [line] = [record.msg for record in caplog.records if record.name == "wpound.web.request_log"]
    assert line["route"] == "/verify/<serial>"
    assert line["method"] == "GET"
    assert "SECRET" not in str(line)
    assert "ada@" not in str(line)


def test_a_visitor_cannot_choose_an_address_unless_a_proxy_is_there(make_app: Callable[..., Flask]) -> None:
    """Attempts are counted by address: one that could be chosen would not count."""
    for proxies, seen in (("0", "127.0.0.1"), ("1", "203.0.113.9")):
        app = make_app({"WPOUND_PROXIES": proxies})
        addresses: list[str | None] = []

        @app.before_request
        def note(found: list[str | None] = addresses) -> None:
            found.append(request.remote_addr)

        app.test_client().get("/health", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})
        assert addresses == [seen]
