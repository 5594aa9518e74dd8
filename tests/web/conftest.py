"""A client that reads every page as a browser and a screen reader would, and a desk at which contracts are kept."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import count, pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from wpound.app import create_app
from wpound.config import Settings
from wpound.core.money import Money
from wpound.core.roles import Role
from wpound.core.valuing import ValueKind
from wpound.services import check_file
from wpound.services.access import Grant, Person
from wpound.store.base import add
from wpound.store.engine import upgrade, writing
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, SocialValueReturn
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.store.returns import get_claim
from wpound.web import access

# What a browser sends only where it is chosen.
UNSENT = ("checkbox", "radio", "file")
LABELLED = ("input", "select", "textarea")


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


@pytest.fixture
def scanner(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[bytes]]:
    """Sets a malware scanner up that answers with ``why``, the InputError or TryLater it raises; gives what it saw.

    It can only look while nobody holds the database.
    """

    def set_up(app: Flask, why: Exception) -> list[bytes]:
        here, seen = app.extensions["wpound"], []

        def find_malware(address: str, content: bytes) -> str:
            with writing(here.engine):
                seen.append(content)
            raise why

        monkeypatch.setattr(check_file, "find_malware", find_malware)
        there = replace(here, settings=replace(here.settings, clamd="unix:/nowhere"))
        monkeypatch.setitem(app.extensions, "wpound", there)
        return seen

    return set_up


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

    def errors(self) -> dict[str, str]:
        """What the error summary says, by the box it leads to."""
        links = self.all(".//div[@class='govuk-error-summary']//a")
        return {link.get("href", "").removeprefix("#"): words(link) for link in links}

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


class Browser:
    """One person's browser: opens pages and sends their forms with what was changed in them."""

    def __init__(self, client: FlaskClient, become: Callable[[], None]) -> None:
        self.client, self._become = client, become

    def get(self, address: str, status: int = 200) -> Page:
        response = self.raw(address)
        assert response.status_code == status, (address, response.status_code)
        return Page(response)

    def raw(self, address: str, **options: Any) -> TestResponse:
        self._become()
        return self.client.open(address, **options)

    def fields(self, address: str) -> MultiDict[str, Any]:
        """What stands in the forms of a page as it is opened."""
        found: MultiDict[str, Any] = MultiDict()
        forms = [one for one in self.get(address).find("main").iter("form") if one.get("method") == "post"]
        for control in (each for form in forms for each in form.iter()):
            kind, name = control.get("type", "text"), control.get("name", "")
            if control.tag == "input" and (kind not in UNSENT or control.get("checked") is not None):
                found.add(name, control.get("value", ""))
            elif control.tag == "textarea":
                found.add(name, (control.text or "").removeprefix("\n"))
            elif control.tag == "select":
                options = list(control.iter("option"))
                chosen = [option for option in options if option.get("selected") is not None]
                found.add(name, (chosen or options)[0].get("value", ""))
        return found

    def send(self, address: str, status: int = 303, **entries: Any) -> Page:
        """Open the page, enter something and send it; gives the page it leads to, or the one that refuses it."""
        return self.post(address, self.fields(address), status, **entries)

    def hidden(self, address: str) -> dict[str, str]:
        """What the forms of a page carry unseen: its token, and the version it was opened at; of several, the last."""
        found = [one for one in self.get(address).all(".//input") if one.get("type") == "hidden"]
        return {one.get("name", ""): one.get("value", "") for one in found}

    def press(self, address: str, status: int = 303, shown: str = "", **entries: Any) -> Page:
        """Send the entries with what is unseen; the form stands on the page ``shown`` where not on the address."""
        return self.post(address, MultiDict(self.hidden(shown or address)), status, **entries)

    def post(self, address: str, fields: MultiDict[str, Any], status: int = 303, **entries: Any) -> Page:
        """Send what a form held when it was opened, with something changed; ``__`` stands for a hyphen."""
        data = fields.copy()
        for name, value in entries.items():
            data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
        response = self.raw(address, method="POST", data=data)
        assert response.status_code == status, (address, response.status_code, problems_of(response))
        if status != 303:
            return Page(response)
        there = urlsplit(response.headers["Location"])
        return self.get(there.path + (f"?{there.query}" if there.query else ""))


def problems_of(response: TestResponse) -> str:
    """The words of an answer that was not expected."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)).split())[:1500]


@pytest.fixture(scope="session")
def make_browser() -> Callable[[FlaskClient, Callable[[], None]], Browser]:
    """A browser around a client, in which somebody is signed in anew before each request."""
    return Browser


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


@dataclass
class Desk:
    """Two public bodies and two firms; the council has as many contracts with the first firm as tests ask for."""

    app: Flask
    ids: dict[str, int]
    numbers: Iterator[int]

    @property
    def engine(self) -> Engine:
        return self.app.extensions["wpound"].engine  # type: ignore[no-any-return]

    def session(self) -> AbstractContextManager[Session]:
        return writing(self.engine)

    def promise(self, code: str) -> Commitment:
        """A promise of 8 of a measure, which nobody valued."""
        measure = self.app.extensions["wpound"].catalogue.measures[code]
        about = {"head": measure.head, "unit": measure.unit, "value_kind": ValueKind.NONE}
        return Commitment(measure_code=code, quantity=Decimal(8), **about)

    def enter(self, *measures: str) -> int:
        """A contract of two years with a promise for each measure: its number."""
        with self.session() as session:
            contract = Contract(organisation_id=self.ids["council"], supplier_id=self.ids["supplier"], title="Grounds")
            contract.reference, contract.contract_value = f"C-{next(self.numbers)}", Money(100)
            contract.start_on, contract.end_on = date(2026, 4, 1), date(2028, 3, 31)
            contract.commitments = [self.promise(code) for code in measures]
            return add(session, contract).id

    def open(self, *measures: str) -> tuple[int, ...]:
        """The draft of the first return of a new contract: its number and those of its lines."""
        contract_id = self.enter(*measures)
        with self.session() as session:
            promised = session.query(Commitment).filter_by(contract_id=contract_id).order_by(Commitment.id)
            claims = [Claim(commitment_id=one.id, claimed=Decimal(0)) for one in promised]
            period = {"period_start_on": date(2026, 4, 1), "period_end_on": date(2026, 6, 30)}
            found = SocialValueReturn(contract_id=contract_id, due_on=date(2026, 7, 28), claims=claims, **period)
            return add(session, found).id, *(claim.id for claim in claims)

    def claim(self, claim_id: int) -> Claim:
        with self.session() as session:
            return get_claim(session, claim_id)


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """Settings of the desk that are not those of everybody."""
    return {}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(folder), **environment}))
    made = Desk(app, {}, count(1))
    upgrade(made.engine)
    with made.session() as session:
        for name, identifier in (("council", None), ("trust", None), ("firm", "GB-COH-1"), ("rival", "GB-COH-2")):
            body = Organisation(key=name, name=name, identifier=identifier, is_public_body=identifier is None)
            made.ids[name] = add(session, body).id
        supplier = Supplier(name="Ash Ltd", identifier="GB-COH-1", size=SupplierSize.UNKNOWN, source="test")
        supplier.seen_on = date(2026, 4, 1)
        made.ids["supplier"] = add(session, supplier).id
    yield made
    made.engine.dispose()


@pytest.fixture
def many_measures(desk: Desk) -> list[str]:
    """As many measures as a long contract promises."""
    return sorted(desk.app.extensions["wpound"].catalogue.measures)[:30]


@pytest.fixture
def act_as(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., FlaskClient]:
    """A browser of somebody of an organisation of the desk, with the role most people there have."""

    def sign_in(place: str, name: str = "ann", role: Role | None = None, contract_id: int | None = None) -> FlaskClient:
        usual = Role.SUPPLIER if place in ("firm", "rival") else Role.OFFICER
        grant = Grant(desk.ids[place], place, place, role or usual, None, contract_id)
        person = Person(1, name.title(), f"{name}@{place}.example", (grant,), grant.organisation_id)
        monkeypatch.setattr(access, "_read_person", lambda: person)
        client = desk.app.test_client()
        client.set_cookie(desk.app.config["SESSION_COOKIE_NAME"], "anything")
        return client

    return sign_in


@pytest.fixture(scope="session")
def count_selects() -> Callable[[Engine, Callable[[], Any]], int]:
    """How many questions reach a database while something is done."""

    def count_them(engine: Engine, act: Callable[[], Any]) -> int:
        statements: list[str] = []

        def watch(connection: Any, record: Any, proxy: Any) -> None:
            connection.set_trace_callback(statements.append)

        # The driver's own: prepared statements pass by SQLAlchemy's events.
        event.listen(engine, "checkout", watch)
        act()
        event.remove(engine, "checkout", watch)
        return sum(statement.startswith("SELECT") for statement in statements)

    return count_them
