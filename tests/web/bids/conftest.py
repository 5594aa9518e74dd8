"""A council that buys, two firms that may bid, and browsers in which their people are signed in."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from wpound.catalogue.model import AnchorKind
from wpound.core.particulars import ContractKind, Particulars
from wpound.core.roles import Role
from wpound.services.access import Grant, Person
from wpound.services.change_roles import grant_role
from wpound.services.clock import fixed_clock
from wpound.services.create_person import create_person
from wpound.services.draft_tender import draft_tender
from wpound.services.enrol_firm import enrol_firm
from wpound.services.publish_tender import publish_tender
from wpound.services.send_for_approval import send_for_approval
from wpound.store import sealing
from wpound.store.base import add
from wpound.store.engine import upgrade, writing
from wpound.store.models.accounts import User
from wpound.store.models.organisations import Organisation
from wpound.store.models.seals import OpeningKey
from wpound.web import access

OCID = "ocds-test-1"
PARTICULARS = Particulars(
    description="Grass, hedges and litter in parks.",
    kind=ContractKind.SERVICES,
    value_includes_vat=False,
    cpv_codes=("77310000",),
    priorities=("jobs",),
    contact_email="buying@example.org",
    start_on=date(2026, 7, 1),
)
METHOD: dict[str, Any] = {
    "title": "Grounds maintenance",
    "contract_value": "480000.00",
    "years": "2",
    "ties": ["price"],
    "criteria": [
        {"code": "insurance", "kind": "pass_fail", "question": "Do you hold insurance of £5 million?"},
        {"code": "price", "kind": "price", "weighting": 40, "formula": "lowest_ratio"},
        {"code": "wages", "kind": "qualitative", "weighting": 30, "scale_max": "5", "word_limit": 5},
        {
            "code": "jobs",
            "kind": "quantity",
            "weighting": 20,
            "measure": "local-jobs",
            "formula": "target",
            "target": "10",
            "cap": "12",
        },
        {"code": "value", "kind": "social_value", "weighting": 10, "formula": "proportional"},
    ],
}
# Everything a sound bid enters, by the page it is entered on.
ENTRIES = {
    "company": {"headcount": "40", "turnover": "2,500,000", "baseline_tco2e": "80", "supply_chain_share": "25"},
    "price": {"price": "450,000", "fte": "12"},
    "checks": {"check-insurance": "yes"},
    "promises": {"promise-local-jobs": "8"},
    "plans": {"plan-local-jobs": "Two posts a quarter, with the college."},
    "answers/wages": {"answer": "Everyone gets the living wage."},
}


@cache
def opening_key(name: str) -> sealing.OpeningKey:
    return sealing.make_opening_key(f"the passphrase of {name}")


@dataclass
class Tendering:
    """The application with a tender that takes bids, and everybody's numbers."""

    app: Flask
    ids: dict[str, int] = field(default_factory=dict)
    people: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        return self.app.extensions["wpound"].engine  # type: ignore[no-any-return]

    def publish(self, ocid: str = OCID, closes_in: timedelta = timedelta(days=9), **changes: Any) -> None:
        """A tender that is open until then; ``method`` and ``lots`` may differ."""
        now, site = datetime.now(UTC), self.app.extensions["wpound"]
        with writing(self.engine) as session:
            buyer = session.get_one(Organisation, self.ids["council"])
            particulars = changes.pop("particulars", PARTICULARS)
            form = changes.pop("method", METHOD)
            tender = draft_tender(
                session, buyer, form, ocid=ocid, actor="one@example.org", particulars=particulars, **changes
            )
            clock = fixed_clock(now - timedelta(days=30))
            send_for_approval(
                session,
                tender,
                site.catalogue,
                deadline_at=now + closes_in,
                as_of=date(2026, 4, 1),
                actor="one@example.org",
                clock=clock,
            )
            openers = [self.people[name][0] for name in ("ophelia", "otto")]
            publish_tender(session, tender, site.catalogue, opener_ids=openers, actor="two@example.org", clock=clock)


@pytest.fixture
def tendering(app: Flask) -> Tendering:
    """The council with its openers and one open tender; two firms, Ash with two people and Birch with one."""
    return enter_everybody(app)


def enter_everybody(app: Flask) -> Tendering:
    made = Tendering(app)
    upgrade(made.engine)
    with writing(made.engine) as session:
        council = Organisation(
            key="council", name="Example Council", anchor_kind=AnchorKind.COUNCIL, is_public_body=True
        )
        council.city_key = app.extensions["wpound"].city.key
        firms = {"council": add(session, council)}
        for number, firm in enumerate(("ash", "birch"), start=1):
            name = f"{firm.title()} (Example) Ltd"
            firms[firm] = enrol_firm(session, name=name, identifier=f"GB-COH-ZZ00000{number}", actor="test")
        made.ids |= {key: firm.id for key, firm in firms.items()}
        for name, firm, role in (
            ("ophelia", "council", Role.OFFICER),
            ("otto", "council", Role.OFFICER),
            ("alma", "ash", Role.SUPPLIER),
            ("abel", "ash", Role.SUPPLIER),
            ("bruno", "birch", Role.SUPPLIER),
        ):
            user = create_person(
                session, email=f"{name}@example.org", name=name.title(), password="purple monkey dish", actor="test"
            )
            grant_role(session, user, firms[firm], role, actor="test")
            made.people[name] = (user.id, firm)
            if role is Role.OFFICER:
                add_key(session, user)
    made.publish()
    return made


def add_key(session: Any, user: User) -> None:
    key = opening_key(user.name)
    row = OpeningKey(user_id=user.id, public_key=key.public_key, wrapped_private_key=key.wrapped_private_key)
    add(session, row)


class Browser:
    """A browser of one person's: opens pages, and sends their forms with what was changed in them."""

    def __init__(self, client: FlaskClient, become: Callable[[], None], fetch: Callable[..., Any]) -> None:
        self.client, self._become, self._fetch = client, become, fetch

    def get(self, address: str, status: int = 200) -> Any:
        self._become()
        return self._fetch(self.client, address, status)

    def raw(self, address: str, **options: Any) -> Any:
        self._become()
        return self.client.open(address, **options)

    def send(self, address: str, entries: dict[str, Any] | None = None, status: int = 303, **options: Any) -> Any:
        """Open the page, enter something into its form and send it; gives the page it leads to, or the one refused."""
        data = self.fields(address) | (entries or {})
        return self.post(address, data, status, **options)

    def fields(self, address: str) -> dict[str, Any]:
        """What stands in the form of a page as it is opened: the fields that are filled in."""
        page = self.get(address)
        main = page.find("main")
        found: dict[str, Any] = {}
        for control in main.iter("input"):
            kind, name = control.get("type", "text"), control.get("name")
            if name and (kind not in ("checkbox", "radio", "file") or control.get("checked") is not None):
                found[name] = control.get("value", "")
        for control in main.iter("textarea"):
            found[control.get("name", "")] = (control.text or "").removeprefix("\n")
        return found

    def post(self, address: str, data: dict[str, Any], status: int = 303, **options: Any) -> Any:
        self._become()
        response = self.client.post(address, data=data, **options)
        assert response.status_code == status, (address, response.status_code, problems_of(response))
        if status != 303:
            return self._fetch(self.client, address, status, method="POST", data=data, **options)
        return self.get(re.sub(r"^http://[^/]+", "", response.headers["Location"]))


def problems_of(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))
    return " ".join(text.split())[:1500]


@pytest.fixture
def act_as(
    tendering: Tendering, monkeypatch: pytest.MonkeyPatch, fetch: Callable[..., Any]
) -> Callable[[str], Browser]:
    """A browser in which one of the people is signed in."""

    def sign_in(name: str, *roles: Role) -> Browser:
        user_id, firm = tendering.people[name]
        held = roles or ((Role.OFFICER,) if firm == "council" else (Role.SUPPLIER,))
        place = (tendering.ids[firm], firm, f"{firm.title()} (Example) Ltd")
        person = Person(
            user_id,
            name.title(),
            f"{name}@example.org",
            tuple(Grant(*place, role, None, None) for role in held),
            place[0],
        )
        client = tendering.app.test_client()
        client.set_cookie(tendering.app.config["SESSION_COOKIE_NAME"], "anything")
        return Browser(client, lambda: monkeypatch.setattr(access, "_read_person", lambda: replace(person)), fetch)

    return sign_in


@pytest.fixture
def bid() -> str:
    """The address of the bid for the tender."""
    return f"/supplier/tenders/{OCID}/lots/1/bid"


@pytest.fixture
def write(bid: str) -> Callable[..., None]:
    """Write a sound bid in somebody's browser, page by page; ``entries`` by page take the place of the usual ones."""

    def write_bid(browser: Browser, **entries: dict[str, str]) -> None:
        for page, usual in ENTRIES.items():
            browser.send(f"{bid}/{page}", usual | entries.get(page, {}))

    return write_bid
