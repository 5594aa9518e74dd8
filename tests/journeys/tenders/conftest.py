"""A council, four firms and everybody who works on a tender, in browsers of their own, by a clock that can be moved."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import event

from wpound.app import create_app
from wpound.config import Settings
from wpound.core.roles import Role
from wpound.services.change_roles import grant_role
from wpound.services.create_person import create_person
from wpound.services.enrol_anchors import enrol_anchors
from wpound.services.enrol_firm import enrol_firm
from wpound.store.engine import upgrade, writing

MORNING = datetime(2026, 6, 1, 9, tzinfo=UTC)
OFFICERS = ("ophelia", "otto", "olga")
EVALUATORS = ("edith", "emil", "esther")
# Who writes the bid of which firm.
BIDDERS = {"alma": "Ash", "bruno": "Birch", "cora": "Cedar", "dilys": "Dogwood"}


@dataclass
class MovableClock:
    """The database's clock as the service reads it: goes on by itself from the moment it was last moved to."""

    at: datetime = MORNING
    since: float = field(default_factory=monotonic)
    moves: int = 0

    def now(self) -> datetime:
        return self.at + timedelta(seconds=monotonic() - self.since)

    def move_to(self, at: datetime) -> None:
        assert at > self.now(), "time does not run backwards"
        self.at, self.since, self.moves = at, monotonic(), self.moves + 1

    def put_into(self, connection: Any, record: Any) -> None:
        """Answer every question for the time in one database connection: SQLite lets its functions be replaced."""
        connection.create_function("strftime", 2, lambda form, when: f"{self.now():%Y-%m-%d %H:%M:%S.%f}"[:-3])
        connection.create_function("current_timestamp", 0, lambda: f"{self.now():%Y-%m-%d %H:%M:%S}")


@dataclass
class Town:
    """A service, its clock, and a browser for everybody."""

    app: Flask
    address: str
    clock: MovableClock
    browser: Browser
    contexts: ExitStack
    cookie_of: Callable[[Flask, str], dict[str, Any]]
    pages: dict[tuple[str, int, bool], tuple[Page, int]] = field(default_factory=dict)

    def open_as(self, name: str, path: str, width: int = 1280, *, scripts: bool = True) -> Page:
        """An address in somebody's browser; they sign in anew where the clock was moved meanwhile."""
        seat = (name, width, scripts)
        page, moves = self.pages.get(seat) or (self._new_page(width, scripts), -1)
        if name and moves != self.clock.moves:
            cookie = self.cookie_of(self.app, f"{name}@example.org")
            page.context.add_cookies([cookie | {"url": self.address}])
        self.pages[seat] = (page, self.clock.moves)
        page.goto(path if path.startswith("http") else self.address + path)
        return page

    def _new_page(self, width: int, scripts: bool) -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, reduced_motion="reduce"
        )
        self.contexts.callback(context.close)
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page


@pytest.fixture
def town(
    tmp_path: Path,
    browser: Browser,
    serve: Callable[..., AbstractContextManager[str]],
    cookie_of: Callable[[Flask, str], dict[str, Any]],
) -> Iterator[Town]:
    """The service over an empty database with everybody in it; there is no tender yet, and nobody has a key."""
    clock = MovableClock()
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)}))
    engine = app.extensions["wpound"].engine
    event.listen(engine, "connect", clock.put_into)
    upgrade(engine)
    enter_everybody(app)
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        address = stack.enter_context(serve(app))
        # As patient as clicks are: machines that run everything at once take their time over a page.
        expect.set_options(timeout=10_000)
        stack.callback(expect.set_options, timeout=5_000)
        yield Town(app, address, clock, browser, stack.enter_context(ExitStack()), cookie_of)


def enter_everybody(app: Flask) -> None:
    site = app.extensions["wpound"]
    with writing(site.engine) as session:
        council = enrol_anchors(session, site.city, actor="test")[0]
        places = dict.fromkeys(OFFICERS, (council, Role.OFFICER))
        places |= dict.fromkeys(EVALUATORS, (council, Role.ANCHOR))
        for number, (name, firm) in enumerate(BIDDERS.items(), start=1):
            title = f"{firm} (Example) Ltd"
            firm_of_bidder = enrol_firm(session, name=title, identifier=f"GB-COH-ZZ00000{number}", actor="test")
            places[name] = (firm_of_bidder, Role.SUPPLIER)
        for name, (organisation, role) in places.items():
            email = f"{name}@example.org"
            user = create_person(session, email=email, name=name.title(), password="purple monkey dish", actor="test")
            grant_role(session, user, organisation, role, actor="test")
