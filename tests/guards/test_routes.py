"""Guards over navigation and templates, read from the application itself."""

from pathlib import Path

import pytest
from flask import Flask

from wpound.app import create_app
from wpound.config import Settings
from wpound.web.navigation import HOME, NAVIGATION


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)}))


def test_every_page_of_the_navigation_exists(app: Flask) -> None:
    for entry in NAVIGATION:
        assert {entry.endpoint, *entry.others} <= set(app.view_functions)
    assert set(HOME.values()) <= set(app.view_functions)


def test_nobody_is_led_to_a_page_that_is_closed_to_them(app: Flask) -> None:
    for entry in NAVIGATION:
        assert app.view_functions[entry.endpoint].access_policy is entry.policy  # type: ignore[attr-defined]


def test_every_page_template_is_used(app: Flask) -> None:
    """The log-in library and the documents ask for theirs in their own way."""
    folder = Path(app.root_path).parent / "templates"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    texts = [path.read_text("utf-8") for path in (*Path(app.root_path).rglob("*.py"), *folder.rglob("*.html"))]
    unused = {name for name in names if not any(f'"{name}"' in text for text in texts)}
    assert {name for name in unused if not name.startswith(("security/", "documents/"))} == set()
