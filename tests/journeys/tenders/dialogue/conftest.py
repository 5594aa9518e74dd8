"""A service with an open tender, and browsers in which its officers and a supplier are signed in."""

from collections.abc import Iterator
from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

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

BUYING = Path(__file__).parents[3] / "integration" / "services" / "tenders" / "conftest.py"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The application over a database with the tender of the services' tests, open for nine days more."""
    spec = spec_from_file_location("buying", BUYING)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)}))
    site = app.extensions["wpound"]
    upgrade(site.engine)
    with writing(site.engine) as session:
        buyer = enrol_anchors(session, site.city, actor="test")[0]
        officers = module.enter_officers(session, buyer)
        buying = module.Buying(session, site.catalogue, buyer, module.enter_firms(session), officers)
        buying.publish(buying.draft(), deadline_at=now_in(session) + timedelta(days=9))
        firm = enrol_firm(session, name="Ash", identifier="GB-COH-ZZ000001", actor="test")
        user = create_person(session, email="ash@example.org", name="Ash", password="purple monkey dish", actor="test")
        grant_role(session, user, firm, Role.SUPPLIER, actor="test")
    yield app
    site.engine.dispose()
