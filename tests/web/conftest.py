"""A client that reads every page it is given as a browser and a screen reader would, and refuses a broken one."""

from collections.abc import Callable, Iterator, Mapping
from importlib.util import module_from_spec, spec_from_file_location
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from wpound.app import create_app
from wpound.config import Settings

LABELLED = ("input", "select", "textarea")


@pytest.fixture(scope="session")
def samples() -> ModuleType:
    spec = spec_from_file_location("samples", Path(__file__).parent / "samples.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Builds applications over an empty database in a folder of their own, with other settings where given."""
    made = []

    def make(environment: Mapping[str, str] | None = None) -> Flask:
        settings = Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path), **(environment or {})})
        app = create_app(settings)
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["wpound"].engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


class Page:
    """A parsed page; made only from HTML that is well formed and can be used by everyone."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.headers = response.headers
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        self.root: Element = parser.parse(response.get_data(as_text=True))
        self.text = " ".join("".join(self.find("body").itertext()).split())
        self._check()

    def all(self, path: str) -> list[Element]:
        """Elements at a path below the root, such as ``.//table``."""
        return self.root.findall(path)

    def find(self, tag: str) -> Element:
        """The one element of a tag."""
        found = self.all(f".//{tag}")
        assert len(found) == 1, f"{len(found)} {tag} elements"
        return found[0]

    @property
    def title(self) -> str:
        return words(self.find("title"))

    @property
    def heading(self) -> str:
        return words(self.find("h1"))

    def links(self) -> dict[str, str]:
        """Where each link leads, by its words."""
        return {words(link): link.get("href", "") for link in self.all(".//a")}

    def _check(self) -> None:
        ids = [element.get("id") for element in self.root.iter() if element.get("id")]
        assert len(ids) == len(set(ids)), "an id is there twice"
        assert self.heading
        assert self.title.endswith(" \N{EN DASH} wpound")
        assert self.root.get("lang") == "en-GB"
        self._check_levels()
        self._check_labels(set(ids))
        self._check_nothing_inline()
        self._check_links(set(ids))

    def _check_levels(self) -> None:
        levels = [int(e.tag[1]) for e in self.find("main").iter() if str(e.tag) in ("h1", "h2", "h3", "h4")]
        assert all(after <= before + 1 for before, after in pairwise(levels)), levels

    def _check_labels(self, ids: set[str | None]) -> None:
        labelled = {label.get("for") for label in self.all(".//label")}
        for tag in LABELLED:
            for control in self.all(f".//{tag}"):
                assert control.get("type") == "hidden" or control.get("id") in labelled, "a control has no label"
                described = (control.get("aria-describedby") or "").split()
                assert set(described) <= ids, "a description is missing"
        assert all(image.get("alt") for image in self.all(".//img")), "a picture has no text"
        assert all(cell.get("scope") for cell in self.all(".//th")), "a heading cell heads nothing"

    def _check_nothing_inline(self) -> None:
        assert not self.all(".//style"), "a style sheet in the page"
        for element in self.root.iter():
            assert element.tag != "script" or (element.get("src") and not element.text), "a script in the page"
            assert not [name for name in element.attrib if name == "style" or name.startswith("on")]

    def _check_links(self, ids: set[str | None]) -> None:
        for link in self.all(".//a"):
            href = link.get("href")
            assert href and words(link), "a link without words or target"
            assert not href.startswith("#") or href[1:] in ids, f"{href} leads nowhere"


def words(element: Element) -> str:
    """The text of an element and all it holds, on one line."""
    return " ".join("".join(element.itertext()).split())


@pytest.fixture
def fetch() -> Callable[..., Page]:
    """Fetch an address from an application or with a client, and check the page."""

    def fetch_page(source: Flask | FlaskClient, address: str, status: int = 200, **options: Any) -> Page:
        client = source.test_client() if isinstance(source, Flask) else source
        response = client.open(address, **options)
        assert response.status_code == status, (address, response.status_code)
        return Page(response)

    return fetch_page


@pytest.fixture
def get(client: FlaskClient, fetch: Callable[..., Page]) -> Callable[..., Page]:
    """Fetch an address of the usual application."""
    return lambda address, status=200: fetch(client, address, status)
