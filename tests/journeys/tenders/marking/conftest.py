"""A service with a tender whose bids are open, and browsers in which its people are signed in."""

import sys
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

MARKING = Path(__file__).parents[3] / "web" / "marking" / "conftest.py"
LIMITS = SignInLimits(idle=timedelta(hours=1), absolute=timedelta(hours=1))


def load(path: Path) -> ModuleType:
    """A module of the tests by its path; dataclasses look theirs up by its name."""
    spec = spec_from_file_location("_".join(path.parts[-3:]).removesuffix(".py"), path)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


marking = load(MARKING)
buying_module, make_hall = marking.buying_module, marking.make_hall


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)}))
    yield app
    app.extensions["wpound"].engine.dispose()


@pytest.fixture
def hall(make_hall: Callable[..., Any]) -> Any:
    """A tender in evaluation; evaluators have their role and no seat yet."""
    return make_hall()


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
def open_as(browser: Browser, app: Flask, hall: Any, address: str) -> Iterator[Callable[..., Page]]:
    """Open an address in a browser in which somebody of the hall is signed in."""
    contexts = []

    def open_page(name: str, path: str, width: int = 1280, *, scripts: bool = True) -> Page:
        key = token_hex(32)
        with writing(app.extensions["wpound"].engine) as session:
            uniquifier = get_user(session, f"{name}@example.org").fs_uniquifier
            data = TaggedJSONSerializer().dumps({"_user_id": uniquifier, "_fresh": True})
            begin_sign_in(session, key, data=data, uniquifier=uniquifier, limits=LIMITS, address="", agent="Firefox")
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        contexts.append(context)
        context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": key, "url": address}])
        context.set_default_timeout(8000)
        page = context.new_page()
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
