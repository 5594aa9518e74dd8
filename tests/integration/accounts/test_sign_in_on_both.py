"""The log-in library's pages over both databases: what they read, when they lock, and what they leave behind."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy import Engine, func, select
from werkzeug.test import TestResponse

from wpound.app import create_app
from wpound.config import Settings
from wpound.services.create_person import create_person
from wpound.store.audit import verify_chain
from wpound.store.engine import reading, writing
from wpound.store.models.accounts import LoginSession
from wpound.store.models.audit import AuditEvent

PASSWORD = "correct horse battery"


@pytest.fixture
def app(engine: Engine, tmp_path: Path) -> Iterator[Flask]:
    url = engine.url.render_as_string(hide_password=False)
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path), "WPOUND_DATABASE_URL": url}))
    with writing(engine) as session:
        create_person(session, email="ann@example.org", name="Ann", password=PASSWORD, actor="test")
    yield app
    app.extensions["wpound"].engine.dispose()


def send(client: FlaskClient, address: str, data: dict[str, str], *, page: str | None = None) -> TestResponse:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page or client.get(address).get_data(as_text=True))
    assert token
    return client.post(address, data={"csrf_token": token[1]} | data)


def sign_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    send(client, "/account/sign-in", {"email": "ann@example.org", "password": PASSWORD})
    return client


def test_in_with_a_second_factor_and_out_again(app: Flask, engine: Engine) -> None:
    client = sign_in(app)
    page = send(client, "/account/second-factor", {"setup": "authenticator"}).get_data(as_text=True)
    key = re.search(r'app-code">([^<]+)', page)
    action = re.search(r'action="(/account/second-factor/[^"]*)"', page)
    assert key and action
    authenticator = TOTP(key=key[1])
    send(client, action[1], {"code": authenticator.generate().token}, page=page)
    client = sign_in(app)
    assert client.get("/account").status_code == 303

    code = authenticator.generate(authenticator.now() + 30).token
    send(client, "/account/sign-in/code", {"code": code})

    assert client.get("/account").status_code == 200
    send(client, "/account/sign-out", {}, page=client.get("/account").get_data(as_text=True))
    assert client.get("/account").status_code == 303
    with reading(engine) as session:
        # The first browser is still signed in.
        assert session.scalar(select(func.count()).select_from(LoginSession)) == 1


def test_many_sign_in_at_once_and_the_audit_chain_holds(app: Flask, engine: Engine) -> None:
    with ThreadPoolExecutor(6) as pool:
        clients = list(pool.map(lambda _: sign_in(app), range(6)))
    assert [client.get("/account").status_code for client in clients] == [200] * 6
    with reading(engine) as session:
        signed_in = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "account.signed_in")
        assert session.scalar(signed_in) == 6
        assert verify_chain(session) == []


def test_looking_at_pages_locks_nothing(app: Flask, engine: Engine) -> None:
    client = sign_in(app)
    with writing(engine) as session:
        session.scalar(select(func.count()).select_from(LoginSession))
        for address in ("/account", "/account/sign-ins", "/account/password"):
            assert client.get(address).status_code == 200
