"""A service with a council and two officers who can open bids, and browsers in which they are signed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from wpound.app import create_app
from wpound.catalogue.model import AnchorKind
from wpound.config import Settings
from wpound.core.roles import Role
from wpound.services.change_roles import grant_role
from wpound.services.create_person import create_person
from wpound.services.keep_opening_key import keep_opening_key
from wpound.store.base import add
from wpound.store.engine import upgrade, writing
from wpound.store.models.organisations import Organisation
from wpound.store.sealing import make_opening_key


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The application over a database with the council and its officers."""
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)}))
    engine = app.extensions["wpound"].engine
    upgrade(engine)
    with writing(engine) as session:
        council = Organisation(key="council", name="Example Metropolitan Borough Council", is_public_body=True)
        council.anchor_kind, council.city_key = AnchorKind.COUNCIL, "town"
        add(session, council)
        for name in ("ophelia", "otto"):
            user = create_person(
                session, email=f"{name}@example.org", name=name.title(), password="purple monkey dish", actor="test"
            )
            grant_role(session, user, council, Role.OFFICER, actor="test")
            keep_opening_key(session, user, make_opening_key(f"seven grey herons of {name}"), actor="test")
    yield app
    engine.dispose()
