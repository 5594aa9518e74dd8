"""Guards over every address of the service, read from the application itself."""

from pathlib import Path

import pytest
from flask import Flask

from wpound.app import create_app
from wpound.config import Settings
from wpound.web.access import Policy
from wpound.web.navigation import HOME, NAVIGATION


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)}))


def test_every_view_has_a_policy(app: Flask) -> None:
    without = [name for name, view in app.view_functions.items() if not hasattr(view, "access_policy")]
    assert without == []
    assert all(view.access_policy in list(Policy) for view in app.view_functions.values())


def test_the_addresses_are_those_agreed(app: Flask) -> None:
    """A certificate prints its address and others link to measures: an address, once given, stays."""
    found = {rule.rule: sorted(rule.methods or ()) for rule in app.url_map.iter_rules() if rule.endpoint != "static"}
    read, send = ["GET", "HEAD", "OPTIONS"], ["OPTIONS", "POST"]
    assert found == {
        "/": read,
        "/accessibility": read,
        "/league-table": read,
        "/league-table/<name>.svg": read,
        "/league-table/download.<extension>": read,
        "/measures": read,
        "/measures/<code>": read,
        "/plan": read,
        "/verify": read,
        "/verify/<serial>": read,
        "/verify/file": send,
    }


def test_every_page_of_the_navigation_exists(app: Flask) -> None:
    for entry in NAVIGATION:
        assert {entry.endpoint, *entry.others} <= set(app.view_functions)
    assert set(HOME.values()) <= set(app.view_functions)


def test_nobody_is_led_to_a_page_that_is_closed_to_them(app: Flask) -> None:
    for entry in NAVIGATION:
        assert app.view_functions[entry.endpoint].access_policy is entry.policy  # type: ignore[attr-defined]


def test_every_page_template_is_used_by_a_view(app: Flask) -> None:
    pages = {path.stem for path in (Path(app.root_path).parent / "templates" / "public").glob("*.html")}
    views = Path(app.root_path, "web", "public").glob("views_*.py")
    rendered = {name for path in views for name in pages if f'"public/{name}.html"' in path.read_text()}
    assert rendered == pages
