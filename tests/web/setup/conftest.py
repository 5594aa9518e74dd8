"""A council with three officers, and browsers in which they are signed in."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from wpound.catalogue.model import AnchorKind
from wpound.core.roles import Role
from wpound.services.access import Person, find_person
from wpound.services.change_roles import grant_role
from wpound.services.create_person import create_person
from wpound.store import sealing
from wpound.store.base import add
from wpound.store.engine import create_engine_for, reading, upgrade, writing
from wpound.store.models.organisations import Organisation
from wpound.store.models.seals import OpeningKey
from wpound.web import access

OFFICERS = ("ophelia", "otto", "olga")
WITH_KEYS = ("ophelia", "otto")


class Browser:
    """One officer's browser: opens pages and sends their forms with what was changed in them."""

    def __init__(self, client: FlaskClient, become: Callable[[], None], fetch: Callable[..., Any]) -> None:
        self.client, self._become, self._fetch = client, become, fetch

    def get(self, address: str, status: int = 200) -> Any:
        self._become()
        return self._fetch(self.client, address, status)

    def raw(self, address: str) -> Any:
        self._become()
        return self.client.get(address)

    def fields(self, address: str) -> MultiDict[str, Any]:
        """What stands in the form of a page as it is opened."""
        found: MultiDict[str, Any] = MultiDict()
        main = self.get(address).find("main")
        for control in main.iter("input"):
            kind, name = control.get("type", "text"), control.get("name")
            if name and (kind not in ("checkbox", "radio", "file") or control.get("checked") is not None):
                found.add(name, control.get("value", ""))
        for control in main.iter("textarea"):
            found.add(control.get("name", ""), (control.text or "").removeprefix("\n"))
        for control in main.iter("select"):
            chosen = [option for option in control.iter("option") if option.get("selected") is not None]
            found.add(control.get("name", ""), (chosen or list(control.iter("option")))[0].get("value", ""))
        return found

    def send(self, address: str, status: int = 303, **entries: Any) -> Any:
        """Open the page, enter something and send it; gives the page it leads to, or the one that refuses it."""
        return self.post(address, self.fields(address), status, **entries)

    def post(self, address: str, fields: MultiDict[str, Any], status: int = 303, **entries: Any) -> Any:
        """Send what a form held when it was opened, with something changed."""
        data = fields.copy()
        for name, value in entries.items():
            data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
        self._become()
        if status != 303:
            return self._fetch(self.client, address, status, method="POST", data=data)
        response = self.client.post(address, data=data)
        assert response.status_code == 303, (address, response.get_data(as_text=True))
        return self.get(urlsplit(response.headers["Location"]).path)


@pytest.fixture(scope="session")
def kept_council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the council, its officers and the keys of two of them, made once."""
    path = tmp_path_factory.mktemp("council") / "wpound.sqlite"
    engine = create_engine_for(f"sqlite:///{path}")
    upgrade(engine)
    with writing(engine) as session:
        organisation = Organisation(key="council", name="Example Council", is_public_body=True)
        organisation.anchor_kind, organisation.city_key = AnchorKind.COUNCIL, "town"
        add(session, organisation)
        for name in OFFICERS:
            user = create_person(
                session, email=f"{name}@example.org", name=name.title(), password="purple monkey dish", actor="test"
            )
            grant_role(session, user, organisation, Role.OFFICER, actor="test")
            if name in WITH_KEYS:
                key = sealing.make_opening_key(f"the passphrase of {name}")
                row = OpeningKey(user_id=user.id, public_key=key.public_key)
                row.wrapped_private_key = key.wrapped_private_key
                add(session, row)
    engine.dispose()
    return path


@pytest.fixture
def council(app: Flask, kept_council: Path, tmp_path: Path) -> Flask:
    """The application over a copy of it."""
    shutil.copy(kept_council, tmp_path / "wpound.sqlite")
    return app


@pytest.fixture
def browse(council: Flask, monkeypatch: pytest.MonkeyPatch, fetch: Callable[..., Any]) -> Callable[[str], Browser]:
    """A browser in which an officer is signed in."""

    def sign_in(name: str) -> Browser:
        with reading(council.extensions["wpound"].engine) as session:
            people: list[Person | None] = [find_person(session, number) for number in range(1, len(OFFICERS) + 1)]
        person = next(one for one in people if one is not None and one.email == f"{name}@example.org")
        client = council.test_client()
        client.set_cookie(council.config["SESSION_COOKIE_NAME"], "anything")
        return Browser(client, lambda: monkeypatch.setattr(access, "_read_person", lambda: person), fetch)

    return sign_in


@pytest.fixture
def ophelia(browse: Callable[[str], Browser]) -> Browser:
    return browse("ophelia")


@pytest.fixture
def otto(browse: Callable[[str], Browser]) -> Browser:
    return browse("otto")


@pytest.fixture
def begin(ophelia: Browser) -> Callable[..., str]:
    """Begin a tender; gives its address."""

    def start(starter: str = "services") -> str:
        page = ophelia.send("/buyer/tenders/new", title="Grounds maintenance", begin=starter)
        [ocid] = [words for words in page.text.split() if words.startswith("local-council-")][:1]
        return f"/buyer/tenders/{ocid}"

    return start


PARTICULARS: dict[str, Any] = {
    "description": "Grass, hedges and litter in parks.",
    "contract_value": "480,000",
    "vat": "no",
    "years": "2",
    "start_on__day": "1",
    "start_on__month": "4",
    "start_on__year": "2099",
    "cpv_codes": "77310000",
    "contact_email": "buying@example.org",
}


@pytest.fixture
def complete(begin: Callable[..., str], ophelia: Browser) -> Callable[..., str]:
    """A tender of which nothing is missing; gives its address."""

    def fill(starter: str = "services") -> str:
        tender = begin(starter)
        ophelia.send(f"{tender}/particulars", **PARTICULARS)
        ophelia.send(f"{tender}/priorities", priority_jobs=["good-local-jobs"])
        return tender

    return fill
