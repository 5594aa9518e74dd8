"""A tender with opened bids, its officers and three evaluators, each in a browser of their own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from wpound.core.bid_content import BidContent
from wpound.core.bids import Company
from wpound.core.roles import Role
from wpound.services.access import find_person
from wpound.services.change_roles import grant_role
from wpound.services.create_person import create_person
from wpound.services.enrol_anchors import enrol_anchors
from wpound.store.base import add
from wpound.store.bids import list_tender_bids
from wpound.store.engine import reading, upgrade, writing
from wpound.store.models.bids import Bid
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Tender
from wpound.store.sealed_files import keep_sealed_file
from wpound.store.tenders import get_tender
from wpound.web import access

OCID = "ocds-test-1"
TENDER = f"/buyer/tenders/{OCID}"
EVALUATORS = ("eva", "emil", "elsa")
WORDS = ("Nothing of use", "Some of it answered, with gaps", "All of it answered, with evidence")
TEAM = {
    "code": "team",
    "kind": "qualitative",
    "title": "The team",
    "weighting": 10,
    "question": "Who would do the work?",
    "scale": [{"mark": mark, "words": words} for mark, words in zip(("0", "3", "5"), WORDS, strict=True)],
}


@dataclass(frozen=True)
class Hall:
    """The application, whose numbers are whose, and the means to bring its tender on."""

    app: Flask
    users: dict[str, int]
    module: ModuleType

    @property
    def engine(self) -> Engine:
        return self.app.extensions["wpound"].engine  # type: ignore[no-any-return]

    def tender(self) -> Tender:
        with reading(self.engine) as session:
            return get_tender(session, OCID)

    def bids(self) -> dict[str, Bid]:
        """The opened bids by bidder."""
        with reading(self.engine) as session:
            tender = get_tender(session, OCID)
            return {bid.bidder: bid for bid in list_tender_bids(session, tender_id=tender.id)}


def form_of(module: ModuleType) -> dict[str, Any]:
    """The method of the services' tests with a second question, which has words for its scale."""
    criteria = [c | {"weighting": 20} if c["code"] == "plan" else c for c in module.FORM["criteria"]]
    return module.FORM | {"criteria": [*criteria, TEAM]}


def bid_of(module: ModuleType, name: str, folder: Path) -> BidContent:
    """A firm's bid with two answers, a file and what the rules ask about: more posts than people."""
    content = module.content_of(name, {"plan": f"Twelve sites, says {name}'s plan.", "team": "Four gardeners."})
    file = keep_sealed_file(folder, f"{name} gantt.pdf", "application/pdf", b"%PDF-1.7 " + name.encode())
    return replace(content, files=(file,), company=Company(headcount=2))


@pytest.fixture
def make_hall(app: Flask, buying_module: ModuleType) -> Callable[..., Hall]:
    """A council whose tender is closed; ``opened`` opens it, the rest are particulars."""

    def make(opened: bool = True, **particulars: bool) -> Hall:
        site = app.extensions["wpound"]
        upgrade(site.engine)
        with writing(site.engine) as session:
            buyer, other = enrol_anchors(session, site.city, actor="test")[:2]
            firms, officers = buying_module.enter_firms(session), buying_module.enter_officers(session, buyer)
            buying = buying_module.Buying(session, site.catalogue, buyer, firms, officers)
            about = replace(buying_module.PARTICULARS, **particulars)
            tender = buying.publish(buying.draft(form_of(buying_module), particulars=about))
            for name in firms:
                buying.submit(tender, name, content=bid_of(buying_module, name, site.settings.data_dir / "files"))
            if opened:
                buying.open(tender)
            firm = Organisation(key="ash", name="Ash", identifier="GB-COH-ZZ000001", is_public_body=False)
            rival = Organisation(key="birch", name="Birch", identifier="GB-COH-ZZ000002", is_public_body=False)
            users = {name: user.id for name, user in officers.items()}
            for name, organisation, role in (
                ("foreign", other, Role.OFFICER),
                ("alma", add(session, firm), Role.SUPPLIER),
                ("bruno", add(session, rival), Role.SUPPLIER),
                *((name, buyer, Role.EVALUATOR) for name in EVALUATORS),
            ):
                email = f"{name}@example.org"
                user = create_person(session, email=email, name=name.title(), password="purple monkey", actor="test")
                about_tender = {"tender_id": tender.id} if role is Role.EVALUATOR else {}
                grant_role(session, user, organisation, role, actor="test", **about_tender)
                users[name] = user.id
        return Hall(app, users, buying_module)

    return make


@pytest.fixture
def browser_of(app: Flask, monkeypatch: pytest.MonkeyPatch, make_browser: Callable[..., Any]) -> Callable[..., Any]:
    """A browser in which a person of the hall is signed in."""

    def sign_in(hall: Hall, name: str) -> Any:
        def become() -> None:
            with reading(hall.engine) as session:
                person = find_person(session, hall.users[name])
            monkeypatch.setattr(access, "_read_person", lambda: person)

        client = app.test_client()
        client.set_cookie(app.config["SESSION_COOKIE_NAME"], "anything")
        return make_browser(client, become)

    return sign_in


@pytest.fixture
def seated(make_hall: Callable[..., Hall], browser_of: Callable[..., Any]) -> Callable[..., Hall]:
    """A hall with three evaluators on the panel, Eva in the chair; each has declared that they have no interest."""

    def make(**particulars: bool) -> Hall:
        hall = make_hall(**particulars)
        officer = browser_of(hall, "ophelia")
        for name in EVALUATORS:
            chair = {"is_chair": "y"} if name == "eva" else {}
            officer.press(f"{TENDER}/panel", user=str(hall.users[name]), **chair)
            browser_of(hall, name).press(f"{TENDER}/declaration", has_interest="no")
        return hall

    return make


@pytest.fixture
def mark_all(browser_of: Callable[..., Any]) -> Callable[..., None]:
    """An evaluator marks every bid under both criteria and finishes; ``plan`` by bidder."""

    def mark(hall: Hall, name: str, team: str = "3", finish: bool = True, **plan: str) -> None:
        browser = browser_of(hall, name)
        for bidder, bid in hall.bids().items():
            for code, given in (("plan", plan.get(bidder, "4")), ("team", team)):
                address = f"{TENDER}/marking/bids/{bid.id}/{code}"
                browser.press(address, mark=given, reason=f"Because of {name}.")
        if finish:
            browser.press(f"{TENDER}/marking/finish")

    return mark
