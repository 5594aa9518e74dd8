"""A council with three officers, and browsers in which they are signed in."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

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
def browse(council: Flask, monkeypatch: pytest.MonkeyPatch, make_browser: Callable[..., Any]) -> Callable[[str], Any]:
    """A browser in which an officer is signed in."""

    def sign_in(name: str) -> Any:
        with reading(council.extensions["wpound"].engine) as session:
            people: list[Person | None] = [find_person(session, number) for number in range(1, len(OFFICERS) + 1)]
        person = next(one for one in people if one is not None and one.email == f"{name}@example.org")
        client = council.test_client()
        client.set_cookie(council.config["SESSION_COOKIE_NAME"], "anything")
        return make_browser(client, lambda: monkeypatch.setattr(access, "_read_person", lambda: person))

    return sign_in


@pytest.fixture
def ophelia(browse: Callable[[str], Any]) -> Any:
    return browse("ophelia")


@pytest.fixture
def otto(browse: Callable[[str], Any]) -> Any:
    return browse("otto")


@pytest.fixture
def begin(ophelia: Any) -> Callable[..., str]:
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
def complete(begin: Callable[..., str], ophelia: Any) -> Callable[..., str]:
    """A tender of which nothing is missing; gives its address."""

    def fill(starter: str = "services") -> str:
        tender = begin(starter)
        ophelia.send(f"{tender}/particulars", **PARTICULARS)
        ophelia.send(f"{tender}/priorities", priority_jobs=["good-local-jobs"])
        return tender

    return fill
