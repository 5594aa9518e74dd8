"""A real browser on a real server; what the services would read from a database comes from the samples."""

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from wpound.app import create_app
from wpound.config import Settings
from wpound.services.verify_certificate import Outcome, Verification
from wpound.web.public import views_league, views_verify

TESTS = Path(__file__).parents[1]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A container has no sandbox of its own to offer, and nothing may be fetched in the background.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})"
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
def samples() -> ModuleType:
    spec = spec_from_file_location("samples", TESTS / "web" / "samples.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
        page.evaluate(axe)
        found = page.evaluate(RUN_AXE, RULES)["violations"]
        assert [(page.url, one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url

    return check_page


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


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, samples: ModuleType) -> Iterator[str]:
    """Where the service answers: two years of league tables and one certificate.

    For one module only: what is put in the place of services would answer for the real ones of the next module too.
    """
    answers = {samples.SERIAL: Verification(Outcome.VALID, (), samples.certificate_facts())}
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path_factory.mktemp("data"))}))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views_league, "list_league_years", lambda session, city: [2025, 2024])
        patch.setattr(
            views_league, "get_league_report", lambda session, city, key, year: samples.league_report(city, key, year)
        )
        patch.setattr(
            views_verify,
            "check_serial",
            lambda session, settings, serial: answers.get(serial, Verification(Outcome.UNKNOWN)),
        )
        thread.start()
        yield f"http://127.0.0.1:{server.port}"
        server.shutdown()
        thread.join()
    server.server_close()
    app.extensions["wpound"].engine.dispose()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open an address at a width; fails in the end where a script failed or the policy of the page was broken."""
    contexts, problems = [], []

    def note(text: str) -> None:
        if "Failed to load resource" not in text:
            problems.append(text)

    def open_at(path: str, width: int = 1280, *, scripts: bool = True) -> Page:
        viewport = {"width": width, "height": 900}
        context = browser.new_context(viewport=viewport, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: note(str(error)))
        page.on("console", lambda message: note(message.text) if message.type == "error" else None)
        page.goto(address + path)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert problems == []
