"""People with passwords, and browsers that sign in as people do: page, form, token."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy import select
from werkzeug.test import TestResponse

from wpound.services.access import Role
from wpound.services.change_roles import grant_role
from wpound.services.create_person import create_person
from wpound.services.enrol_anchors import enrol_anchors
from wpound.store.engine import upgrade, writing
from wpound.store.models.outbox import OutgoingMail

PASSWORD = "correct horse battery"


class Browser:
    """A browser without scripts: sends every form from the page it stands on, with the page's token."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.cookie_name: str = app.config["SESSION_COOKIE_NAME"]

    def get(self, address: str, **options: Any) -> TestResponse:
        return self.client.get(address, **options)

    def send(self, address: str, data: dict[str, str] | None = None, *, on: str | None = None) -> TestResponse:
        """Fill in the form of the page ``on`` (the address itself where not given) and send it to the address."""
        page = self.get(on or address).get_data(as_text=True)
        return self.post(address, page, data)

    def post(self, address: str, page: str, data: dict[str, str] | None = None) -> TestResponse:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token, "the page has no form"
        return self.client.post(address, data={"csrf_token": token[1]} | (data or {}))

    def sign_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        return self.send("/account/sign-in", {"email": email, "password": password})

    @property
    def cookie(self) -> str:
        found = self.client.get_cookie(self.cookie_name)
        return found.value if found else ""

    def with_cookie(self, value: str) -> "Browser":
        """Another browser, into which a cookie was copied."""
        other = Browser(self.client.application)
        other.client.set_cookie(self.cookie_name, value)
        return other

    @property
    def is_signed_in(self) -> bool:
        return self.get("/account").status_code == 200


@pytest.fixture
def site(make_app: Callable[..., Flask]) -> Callable[..., Flask]:
    """Builds the application over a database with the city's anchors."""

    def build(**environment: str) -> Flask:
        app = make_app({"WPOUND_SECOND_FACTOR": "admin"} | environment)
        upgrade(app.extensions["wpound"].engine)
        with writing(app.extensions["wpound"].engine) as session:
            enrol_anchors(session, app.extensions["wpound"].city, actor="test")
        return app

    return build


@pytest.fixture
def app(site: Callable[..., Flask]) -> Flask:
    return site()


@pytest.fixture
def person(app: Flask) -> Callable[..., int]:
    """Makes a person with a password and roles in the city's council; gives the number."""
    return lambda email, *roles, **options: make_person(app, email, *roles, **options)


def make_person(app: Flask, email: str, *roles: Role, name: str = "Ann Other") -> int:
    site = app.extensions["wpound"]
    with writing(site.engine) as session:
        user = create_person(session, email=email, name=name, password=PASSWORD, actor="test")
        council = enrol_anchors(session, site.city, actor="test")[0]
        for role in roles:
            grant_role(session, user, council, role, actor="test")
        return user.id


@pytest.fixture
def browser(app: Flask) -> Callable[[], Browser]:
    return lambda: Browser(app)


@pytest.fixture
def mails(app: Flask) -> Callable[[], list[OutgoingMail]]:
    """Every mail so far, oldest first."""

    def read() -> list[OutgoingMail]:
        with writing(app.extensions["wpound"].engine) as session:
            return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))

    return read


@pytest.fixture
def set_up_app() -> Callable[..., TOTP]:
    """Goes through the set-up of an authenticator app and gives the app."""

    def set_up(browser: Browser) -> TOTP:
        page = browser.send("/account/second-factor", {"setup": "authenticator"}).get_data(as_text=True)
        key = re.search(r'app-code">([^<]+)', page)
        action = re.search(r'action="(/account/(?:second-factor/|sign-in/code)[^"]*)"', page)
        assert key and action
        authenticator = TOTP(key=key[1])
        answer = browser.post(action[1], page, {"code": authenticator.generate().token})
        assert answer.status_code == 302
        return authenticator

    return set_up


def link_in(mail: OutgoingMail) -> str:
    """The path of the one link of a mail that holds a secret."""
    found = re.search(r"http://127\.0\.0\.1:5000(/account/\S+)", mail.body or "")
    assert found, mail.body
    return found[1]


@pytest.fixture
def path_in() -> Callable[[OutgoingMail], str]:
    return link_in
