"""A tender whose marks are locked, its officers and the people of two firms, each in a browser of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from wpound.core.roles import Role
from wpound.services.access import find_person
from wpound.services.change_roles import grant_role
from wpound.services.create_person import create_person
from wpound.services.enrol_anchors import enrol_anchors
from wpound.store.base import add
from wpound.store.engine import upgrade, writing
from wpound.store.models.organisations import Organisation
from wpound.web import access

LOT = "/buyer/tenders/ocds-test-1/lots/1"
OUTCOME = "/supplier/tenders/ocds-test-1/lots/1/outcome"


@dataclass(frozen=True)
class Town:
    """The application and whose numbers are whose."""

    app: Flask
    users: dict[str, int]

    @property
    def engine(self) -> Engine:
        return self.app.extensions["wpound"].engine  # type: ignore[no-any-return]


@pytest.fixture
def town(app: Flask, buying_module: ModuleType) -> Town:
    """A council with three officers, three firms that bid; Ash and a stranger have people here."""
    engine, site = app.extensions["wpound"].engine, app.extensions["wpound"]
    upgrade(engine)
    with writing(engine) as session:
        buyer, other = enrol_anchors(session, site.city, actor="test")[:2]
        firms, officers = buying_module.enter_firms(session), buying_module.enter_officers(session, buyer)
        buying = buying_module.Buying(session, site.catalogue, buyer, firms, officers)
        buying.marked()
        users = {name: user.id for name, user in officers.items()}
        for name, organisation, role in (
            ("foreign", other, Role.OFFICER),
            ("ash", firm_of(session, "Ash", "GB-COH-ZZ000001"), Role.SUPPLIER),
            ("birch", firm_of(session, "Birch", "GB-COH-ZZ000002"), Role.SUPPLIER),
            ("stranger", firm_of(session, "Stranger", "GB-COH-ZZ000009"), Role.SUPPLIER),
        ):
            email = f"{name}@example.org"
            user = create_person(session, email=email, name=name.title(), password="purple monkey dish", actor="test")
            grant_role(session, user, organisation, role, actor="test")
            users[name] = user.id
    return Town(app, users)


def firm_of(session: Any, name: str, identifier: str) -> Organisation:
    return add(session, Organisation(key=name.lower(), name=name, identifier=identifier, is_public_body=False))


@pytest.fixture
def browser_of(town: Town, monkeypatch: pytest.MonkeyPatch, make_browser: Callable[..., Any]) -> Callable[[str], Any]:
    """A browser in which a person of the town is signed in."""

    def sign_in(name: str) -> Any:
        with writing(town.engine) as session:
            person = find_person(session, town.users[name])
        client = town.app.test_client()
        client.set_cookie(town.app.config["SESSION_COOKIE_NAME"], "anything")
        return make_browser(client, lambda: monkeypatch.setattr(access, "_read_person", lambda: person))

    return sign_in
