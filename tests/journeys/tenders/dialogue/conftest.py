"""A service with an open tender, and browsers in which its officers and a supplier are signed in."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask

from wpound.app import create_app
from wpound.config import Settings
from wpound.core.roles import Role
from wpound.services.change_roles import grant_role
from wpound.services.create_person import create_person
from wpound.services.enrol_anchors import enrol_anchors
from wpound.services.enrol_firm import enrol_firm
from wpound.store.engine import now_in, upgrade, writing


@pytest.fixture
def app(tmp_path: Path, buying_module: ModuleType) -> Iterator[Flask]:
    """The application over a database with the tender of the services' tests, open for nine days more."""
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)}))
    site = app.extensions["wpound"]
    upgrade(site.engine)
    with writing(site.engine) as session:
        buyer = enrol_anchors(session, site.city, actor="test")[0]
        officers = buying_module.enter_officers(session, buyer)
        buying = buying_module.Buying(session, site.catalogue, buyer, buying_module.enter_firms(session), officers)
        buying.publish(buying.draft(), deadline_at=now_in(session) + timedelta(days=9))
        firm = enrol_firm(session, name="Ash", identifier="GB-COH-ZZ000001", actor="test")
        user = create_person(session, email="ash@example.org", name="Ash", password="purple monkey dish", actor="test")
        grant_role(session, user, firm, Role.SUPPLIER, actor="test")
    yield app
    site.engine.dispose()
