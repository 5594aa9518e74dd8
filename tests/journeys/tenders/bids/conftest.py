"""A service with an open tender, and browsers in which people of two firms are signed in."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from secrets import token_hex
from threading import Thread
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from wpound.app import create_app
from wpound.config import Settings
from wpound.services.keep_sign_in import SignInLimits, begin_sign_in
from wpound.store.accounts import get_user
from wpound.store.engine import writing

BIDS = Path(__file__).parents[3] / "web" / "bids" / "conftest.py"
LIMITS = SignInLimits(idle=timedelta(hours=1), absolute=timedelta(hours=1))


@pytest.fixture(scope="session")
def bids() -> ModuleType:
    """The tender and the people of the page tests."""
    spec = spec_from_file_location("bids", BIDS)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def app(tmp_path: Path, bids: ModuleType) -> Iterator[Flask]:
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)}))
    bids.enter_everybody(app)
    yield app
    app.extensions["wpound"].engine.dispose()


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
    """Open an address in a browser in which somebody is signed in."""
    contexts: list[Any] = []

    def open_page(name: str, path: str, width: int = 1280, *, scripts: bool = True) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        contexts.append(context)
        key = sign_in(app, name)
        context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": key, "url": address}])
        page = context.new_page()
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def sign_in(app: Flask, name: str) -> str:
    key = token_hex(32)
    with writing(app.extensions["wpound"].engine) as session:
        user = get_user(session, f"{name}@example.org")
        data = TaggedJSONSerializer().dumps({"_user_id": user.fs_uniquifier, "_fresh": True})
        begin_sign_in(
            session, key, data=data, uniquifier=user.fs_uniquifier, limits=LIMITS, address="", agent="Firefox"
        )
    return key
