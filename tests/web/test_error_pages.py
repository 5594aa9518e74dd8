"""Every error is a page of the service, in plain words and with nothing of the inside."""

import pytest
from flask import abort

from wpound.core.errors import AccessDenied, InputError, NotFound, StateError, UnknownMeasure, WpoundError
from wpound.web.access import Policy, requires

SECRET = "table users, password hunter2"


@pytest.fixture
def raising(app):
    """Add a page that raises."""

    def add(raise_error) -> None:
        app.add_url_rule("/raises", "raises", requires(Policy.PUBLIC)(raise_error))

    return add


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 429, 500])
def test_every_status_has_its_page(get, raising, status: int) -> None:
    raising(lambda: abort(status))
    page = get("/raises", status=status)
    assert page.links()["Go to the start page"] == "/"


def test_a_status_without_words_of_its_own_borrows_them(get, raising) -> None:
    raising(lambda: abort(418))
    assert get("/raises", status=418).heading == "The request could not be understood"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (AccessDenied(SECRET), 403),
        (NotFound(SECRET), 404),
        (UnknownMeasure(SECRET), 404),
        (StateError(SECRET), 409),
        (InputError("field", SECRET), 400),
        (WpoundError(SECRET), 500),
        (ZeroDivisionError(SECRET), 500),
    ],
)
def test_what_an_error_says_inside_stays_inside(get, raising, error: Exception, status: int) -> None:
    def fail() -> None:
        raise error

    raising(fail)
    assert SECRET not in get("/raises", status=status).text


def test_a_page_used_the_wrong_way_says_so(client, fetch) -> None:
    assert fetch(client, "/plan", 405, method="PUT").heading == "This page cannot be used that way"


def test_a_view_without_a_policy_is_closed(app, get) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: SECRET)
    assert get("/forgotten", status=403).heading == "You cannot open this page"
