"""A service with people in it, and browsers in which they are signed in."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from threading import Thread

import pytest
from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from wpound.app import create_app
from wpound.catalogue.model import AnchorKind
from wpound.config import Settings
from wpound.services.access import Role
from wpound.services.change_roles import grant_role
from wpound.services.keep_sign_in import SignInLimits, begin_sign_in
from wpound.store.accounts import get_user
from wpound.store.base import add
from wpound.store.engine import upgrade, writing
from wpound.store.models.accounts import User
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Tender

LIMITS = SignInLimits(idle=timedelta(hours=1), absolute=timedelta(hours=1))


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
def address(app: Flask) -> Iterator[str]:
    """Where the service answers."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_as(browser: Browser, app: Flask, address: str) -> Iterator[Callable[..., Page]]:
    """Open an address in a browser in which somebody is signed in, named by the first part of their name."""
    contexts = []

    def open_page(name: str, path: str, width: int = 1280, *, scripts: bool = True) -> Page:
        key = token_hex(32)
        with writing(app.extensions["wpound"].engine) as session:
            user = get_user(session, f"{name}@a-rather-long-name-of-a-department.example.com")
            data = TaggedJSONSerializer().dumps({"_user_id": user.fs_uniquifier, "_fresh": True})
            begin_sign_in(
                session, key, data=data, uniquifier=user.fs_uniquifier, limits=LIMITS, address="", agent="Firefox"
            )
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        contexts.append(context)
        context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": key, "url": address}])
        page = context.new_page()
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
