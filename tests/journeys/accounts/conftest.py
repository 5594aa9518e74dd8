"""A service that people register with, and the mails it would send."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from wpound.app import create_app
from wpound.config import Settings
from wpound.services.access import Role
from wpound.services.change_roles import grant_role
from wpound.services.create_person import create_person
from wpound.services.enrol_anchors import enrol_anchors
from wpound.store.engine import reading, upgrade, writing
from wpound.store.models.outbox import OutgoingMail


@pytest.fixture
def environment() -> dict[str, str]:
    """What else is set."""
    return {}


@pytest.fixture
def app(tmp_path: Path, environment: dict[str, str]) -> Iterator[Flask]:
    """The application over a database with the city's anchors, an officer and an analyst."""
    settings = {"WPOUND_DATA_DIR": str(tmp_path), "WPOUND_PASSKEYS": "on"}
    app = create_app(Settings.from_environment(settings | environment))
    site = app.extensions["wpound"]
    upgrade(site.engine)
    with writing(site.engine) as session:
        council = enrol_anchors(session, site.city, actor="test")[0]
        for name, role in (("Ollie", Role.OFFICER), ("Ana", Role.ANCHOR)):
            email = f"{name.lower()}@example.org"
            user = create_person(session, email=email, name=name, password="correct horse battery", actor="test")
            grant_role(session, user, council, role, actor="test")
    yield app
    site.engine.dispose()


@pytest.fixture
def address(app: Flask, serve: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    """Where the service answers: a passkey belongs to a name, and a number is none."""
    with serve(app, "localhost") as found:
        yield found


@pytest.fixture
def sign_in(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Sign somebody in, as far as the password goes."""

    def with_password(name: str, width: int = 1280, *, scripts: bool = True) -> Page:
        page = open_page("/account/sign-in", width, scripts=scripts)
        page.get_by_label("Email address").fill(f"{name}@example.org")
        page.get_by_label("Password", exact=True).fill("correct horse battery")
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        return page

    return with_password


@pytest.fixture
def newest_link(app: Flask) -> Callable[[], str]:
    """The path of the link of the newest mail."""

    def read() -> str:
        with reading(app.extensions["wpound"].engine) as session:
            body = session.scalars(select(OutgoingMail.body).order_by(OutgoingMail.id.desc()).limit(1)).one()
        found = re.search(r"http://127\.0\.0\.1:5000(\S+)", body or "")
        assert found
        return found[1]

    return read
