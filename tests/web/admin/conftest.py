"""A council and a hospital with people in them, and browsers that are signed in."""

from collections.abc import Callable
from datetime import timedelta
from secrets import token_hex
from typing import Any

import pytest
from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from wpound.catalogue.model import AnchorKind
from wpound.services.access import Role
from wpound.services.change_roles import grant_role
from wpound.services.keep_sign_in import SignInLimits, begin_sign_in
from wpound.store.accounts import get_user
from wpound.store.base import add
from wpound.store.engine import upgrade, writing
from wpound.store.models.accounts import User
from wpound.store.models.organisations import Organisation
from wpound.store.organisations import get_organisation

RAW_TOKEN = "of every form in these tests"
LIMITS = SignInLimits(idle=timedelta(hours=1), absolute=timedelta(hours=1))


class Browser(FlaskClient):
    """Sends the form token with every form, as a browser does."""

    def open(self, *args: Any, **options: Any) -> Any:
        if options.get("method") == "POST":
            signer = URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token")
            options["data"] = {"csrf_token": signer.dumps(RAW_TOKEN)} | (options.get("data") or {})
        return super().open(*args, **options)


@pytest.fixture
def world(app: Flask) -> Flask:
    """The application over a database with the two organisations."""
    app.test_client_class = Browser
    engine = app.extensions["wpound"].engine
    upgrade(engine)
    with writing(engine) as session:
        for key, kind in (("council", AnchorKind.COUNCIL), ("hospital", AnchorKind.HEALTH)):
            organisation = Organisation(
                key=key, name=f"Example {key}", anchor_kind=kind, city_key="town", is_public_body=True
            )
            add(session, organisation)
    return app


@pytest.fixture
def join(world: Flask) -> Callable[..., int]:
    """Make a person with roles such as ``council=Role.OFFICER``; gives the number of the user."""

    def make(name: str, **roles: Role) -> int:
        with writing(world.extensions["wpound"].engine) as session:
            user = User(
                name=name,
                email=f"{name.lower()}@example.com",
                fs_uniquifier=token_hex(32),
                fs_webauthn_user_handle=token_hex(32),
            )
            add(session, user)
            for key, role in roles.items():
                grant_role(session, user, get_organisation(session, key), role, actor="test")
            return user.id

    return make


@pytest.fixture
def browser_of(world: Flask) -> Callable[[str], FlaskClient]:
    """A browser in which a person is signed in."""

    def sign_in(name: str) -> FlaskClient:
        key, client = token_hex(32), world.test_client()
        with writing(world.extensions["wpound"].engine) as session:
            user = get_user(session, f"{name}@example.com")
            data: dict[str, Any] = {"_user_id": user.fs_uniquifier, "_fresh": True, "csrf_token": RAW_TOKEN}
            begin_sign_in(
                session,
                key,
                data=TaggedJSONSerializer().dumps(data),
                uniquifier=user.fs_uniquifier,
                limits=LIMITS,
                address="",
                agent="",
            )
        client.set_cookie(world.config["SESSION_COOKIE_NAME"], key)
        return client

    return sign_in
