"""A service with a council and two officers who can open bids, and browsers in which they are signed in."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from threading import Thread

import pytest
from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from wpound.app import create_app
from wpound.catalogue.model import AnchorKind
from wpound.config import Settings
from wpound.core.roles import Role
from wpound.services.change_roles import grant_role
from wpound.services.create_person import create_person
from wpound.services.keep_opening_key import keep_opening_key
from wpound.services.keep_sign_in import SignInLimits, begin_sign_in
from wpound.store.accounts import get_user
from wpound.store.base import add
from wpound.store.engine import upgrade, writing
from wpound.store.models.organisations import Organisation
from wpound.store.sealing import make_opening_key

LIMITS = SignInLimits(idle=timedelta(hours=1), absolute=timedelta(hours=1))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The application over a database with the council and its officers."""
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)}))
    engine = app.extensions["wpound"].engine
    upgrade(engine)
    with writing(engine) as session:
        council = Organisation(key="council", name="Example Metropolitan Borough Council", is_public_body=True)
        council.anchor_kind, council.city_key = AnchorKind.COUNCIL, "town"
        add(session, council)
        for name in ("ophelia", "otto"):
            user = create_person(
                session, email=f"{name}@example.org", name=name.title(), password="purple monkey dish", actor="test"
            )
            grant_role(session, user, council, Role.OFFICER, actor="test")
            keep_opening_key(session, user, make_opening_key(f"seven grey herons of {name}"), actor="test")
    yield app
    engine.dispose()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the service answers."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_as(browser: Browser, app: Flask, address: str) -> Iterator[Callable[..., Page]]:
    """Open an address in a browser in which an officer is signed in."""
    contexts: list[BrowserContext] = []

    def open_page(name: str, path: str, width: int = 1280, *, scripts: bool = True) -> Page:
        key = token_hex(32)
        with writing(app.extensions["wpound"].engine) as session:
            user = get_user(session, f"{name}@example.org")
            data = TaggedJSONSerializer().dumps({"_user_id": user.fs_uniquifier, "_fresh": True})
            begin_sign_in(
                session, key, data=data, uniquifier=user.fs_uniquifier, limits=LIMITS, address="", agent="Firefox"
            )
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        contexts.append(context)
        context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": key, "url": address}])
        page = context.new_page()
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
