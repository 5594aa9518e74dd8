"""A real browser on a real server, and people who are signed in there."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from wpound.services.keep_sign_in import SignInLimits, begin_sign_in
from wpound.store.accounts import get_user
from wpound.store.engine import writing

TESTS = Path(__file__).parents[1]
LIMITS = SignInLimits(idle=timedelta(hours=1), absolute=timedelta(hours=1))
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A container has no sandbox of its own to offer, and nothing may be fetched in the background.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What is in order is not collected: on a long page that takes three times as long as finding what is not.
RUN_AXE = """async rules => {
    const wanted = {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']};
    return (await axe.run(document, wanted)).violations;
}"""
# What the tab key has to reach; radio buttons are one stop for all of a name.
FOCUSABLE = """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
    .filter(e => e.type !== 'hidden' && e.checkVisibility({visibilityProperty: true}))
    .filter((e, i, all) => e.type !== 'radio' || all.findIndex(other => other.name === e.name) === i).length"""
# Where the focus is: null at the end of the page; else what it is on, whether it shows and whether it can be seen.
FOCUSED = """() => {
    const e = document.activeElement;
    if (e === document.body) return null;
    e.dataset.stop ??= String(document.querySelectorAll('[data-stop]').length);
    const style = getComputedStyle(e), box = e.getClientRects()[0];
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 20), 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 10), 0), innerHeight - 1);
    const on_top = document.elementFromPoint(x, y);
    return {
        stop: e.dataset.stop,
        what: e.outerHTML.slice(0, 120),
        shows: ring || style.boxShadow !== 'none',
        uncovered: e.contains(on_top) || (on_top !== null && on_top.contains(e)),
    };
}"""


@pytest.fixture(scope="session")
def axe(missing: Callable[[str], None]) -> str:
    """The accessibility checker, as the build hook put it there."""
    path = TESTS / "vendor" / "axe.min.js"
    if not path.is_file():
        missing("axe-core is not there: install the package from the checkout")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def check(axe: str) -> Callable[[Page], None]:
    """The page as it stands now is for everyone, and does not scroll sideways."""

    def check_page(page: Page) -> None:
        if page.evaluate("typeof axe === 'undefined'"):
            page.evaluate(axe)
        found = page.evaluate(RUN_AXE, RULES)
        assert [(page.url, one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url

    return check_page


@pytest.fixture(scope="session")
def check_both(check: Callable[[Page], None]) -> Callable[[Page], None]:
    """The same at 1280 and at 320 pixels; the page stays narrow."""

    def check_twice(page: Page) -> None:
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            check(page)

    return check_twice


@pytest.fixture(scope="session")
def walk() -> Callable[[Page], None]:
    """The tab key reaches everything on the page and leaves it again, and where it is can be seen."""

    def walk_page(page: Page) -> None:
        # A page with an error starts at its summary; the walk starts at the top.
        page.locator(".govuk-skip-link").focus()
        wanted = page.evaluate(FOCUSABLE)
        stops: list[dict[str, Any]] = []
        # Past the end the focus is in the browser's own frame, or where there is none at the top of the page again.
        while (focused := page.evaluate(FOCUSED)) is not None and focused["stop"] not in [s["stop"] for s in stops[:1]]:
            stops.append(focused)
            assert len(stops) <= wanted + 5, f"the focus never leaves {page.url}: {stops[-3:]}"
            page.keyboard.press("Tab")
        assert len({stop["stop"] for stop in stops}) >= wanted, page.url
        assert [stop["what"] for stop in stops if not stop["shows"]] == []
        assert [stop["what"] for stop in stops if not stop["uncovered"]] == []

    return walk_page


@pytest.fixture(scope="session")
def browser(missing: Callable[[str], None]) -> Iterator[Browser]:
    found = os.environ.get("WPOUND_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing("no Chromium on this machine: install it, or name it in WPOUND_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def serving(app: Flask, name: str = "127.0.0.1") -> Iterator[str]:
    """Where an application answers, under a name of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    # It looks this often whether it is to stop, and every test would wait for that.
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://{name}:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def serve() -> Callable[..., AbstractContextManager[str]]:
    """Serve an application for as long as a block lasts."""
    return serving


def let_in(app: Flask, email: str) -> dict[str, Any]:
    """A cookie with which somebody is signed in."""
    key = token_hex(32)
    with writing(app.extensions["wpound"].engine) as session:
        word = get_user(session, email).fs_uniquifier
        data = TaggedJSONSerializer().dumps({"_user_id": word, "_fresh": True})
        begin_sign_in(session, key, data=data, uniquifier=word, limits=LIMITS, address="", agent="Firefox")
    return {"name": app.config["SESSION_COOKIE_NAME"], "value": key}


@pytest.fixture(scope="session")
def cookie_of() -> Callable[[Flask, str], dict[str, Any]]:
    """Sign somebody in without the page for it."""
    return let_in


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the service of a folder's tests answers."""
    with serving(app) as found:
        yield found


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A browser of a width; fails in the end where a script failed or the policy of a page was broken."""
    contexts, problems = [], []

    def note(text: str) -> None:
        if "Failed to load resource" not in text:
            problems.append(text)

    def make(width: int = 1280, *, scripts: bool = True) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: note(str(error)))
        page.on("console", lambda message: note(message.text) if message.type == "error" else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def open_page(new_page: Callable[..., Page], address: str) -> Callable[..., Page]:
    """Open an address in a browser of its own."""

    def open_at(path: str, width: int = 1280, *, scripts: bool = True) -> Page:
        page = new_page(width, scripts=scripts)
        page.goto(address + path)
        return page

    return open_at


@pytest.fixture
def email_of() -> Callable[[str], str]:
    """The email address of somebody by their name."""
    return "{}@example.org".format


@pytest.fixture
def open_as(
    app: Flask, address: str, new_page: Callable[..., Page], email_of: Callable[[str], str]
) -> Callable[..., Page]:
    """Open an address in a browser in which somebody is signed in; nobody where the name is empty."""

    def open_at(name: str, path: str, width: int = 1280, *, scripts: bool = True) -> Page:
        page = new_page(width, scripts=scripts)
        if name:
            page.context.add_cookies([let_in(app, email_of(name)) | {"url": address}])
        page.goto(address + path)
        return page

    return open_at
