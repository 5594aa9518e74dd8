"""A service with people in it, and browsers in which they are signed in."""

from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from wpound.app import create_app
from wpound.catalogue.model import AnchorKind
from wpound.config import Settings
from wpound.services.access import Role
from wpound.services.change_roles import grant_role
from wpound.store.base import add
from wpound.store.engine import upgrade, writing
from wpound.store.models.accounts import User
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Tender


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The application over a database with a council, a hospital, a firm and their people."""
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)}))
    engine = app.extensions["wpound"].engine
    upgrade(engine)
    with writing(engine) as session:
        populate(session)
    yield app
    engine.dispose()


def populate(session: Session) -> None:
    council, hospital = (
        add(session, Organisation(key=key, name=name, anchor_kind=kind, city_key="town", is_public_body=True))
        for key, name, kind in (
            ("council", "Example Metropolitan Borough Council", AnchorKind.COUNCIL),
            ("hospital", "Example Hospitals NHS Trust", AnchorKind.HEALTH),
        )
    )
    title = "Grounds maintenance of parks, verges and the cemeteries of the borough, with the planting of street trees"
    tender = add(session, Tender(organisation_id=council.id, ocid="ocds-1", title=title, lots=[]))
    enter(session, "Asha Admin", (council, Role.ADMIN, {}), (hospital, Role.ANCHOR, {}))
    enter(session, "Bela Buyer", (council, Role.EVALUATOR, {"tender_id": tender.id}), (council, Role.ANCHOR, {}))
    firm = Organisation(key="firm", name="Joinery (Example) Ltd", identifier="GB-COH-ZZ000001", is_public_body=False)
    enter(session, "Sam Supplier", (add(session, firm), Role.SUPPLIER, {}))
    enter(session, "Maximiliana Featherstonehaugh-Cholmondeley of Wednesfield", (council, Role.OFFICER, {}))


def enter(session: Session, name: str, *roles: tuple[Organisation, Role, dict[str, int]]) -> None:
    email = f"{name.split()[0].lower()}@a-rather-long-name-of-a-department.example.com"
    user = User(name=name, email=email, fs_uniquifier=token_hex(32), fs_webauthn_user_handle=token_hex(32))
    add(session, user)
    for organisation, role, about in roles:
        grant_role(session, user, organisation, role, actor="test", **about)


@pytest.fixture
def email_of() -> Callable[[str], str]:
    """By the first part of a person's name."""
    return "{}@a-rather-long-name-of-a-department.example.com".format
