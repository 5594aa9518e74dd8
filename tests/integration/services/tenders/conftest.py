"""A tender with two criteria for words and numbers, three firms that bid, and a way to bring it to any stage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue, City
from wpound.core.bid_content import BidContent
from wpound.core.bids import Bid as Offer
from wpound.core.bids import Commitment as Promise
from wpound.core.money import Money
from wpound.core.particulars import ContractKind, Particulars
from wpound.core.roles import Role
from wpound.services.access import Person, find_person
from wpound.services.change_roles import grant_role
from wpound.services.check_passes import record_check
from wpound.services.clock import fixed_clock
from wpound.services.close_tender import close_tender
from wpound.services.create_person import create_person
from wpound.services.declare_interest import declare_interest
from wpound.services.draft_tender import draft_tender
from wpound.services.enrol_anchors import enrol_anchors
from wpound.services.lock_moderation import lock_moderation
from wpound.services.moderate_marks import agree_marks, moderate_mark
from wpound.services.open_bids import Opener, open_bids
from wpound.services.publish_tender import publish_tender
from wpound.services.read_moderation import get_moderation
from wpound.services.read_sheet import get_sheet
from wpound.services.record_marks import record_mark
from wpound.services.seat_panel import seat_evaluator
from wpound.services.send_for_approval import send_for_approval
from wpound.services.submit_bid import submit_bid
from wpound.store import sealing
from wpound.store.base import add
from wpound.store.bids import list_bids
from wpound.store.models.accounts import User
from wpound.store.models.bids import Bid
from wpound.store.models.organisations import Organisation
from wpound.store.models.sealed_bids import BidReceipt
from wpound.store.models.seals import OpeningKey
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.store.models.tenders import Lot, Tender
from wpound.store.tenders import get_lot

OCID = "ocds-test-1"
PUBLISHED_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DEADLINE = datetime(2026, 4, 1, 11, tzinfo=UTC)
JUST_BEFORE = DEADLINE - timedelta(milliseconds=1)
AS_OF = date(2026, 4, 1)
FORM: dict[str, Any] = {
    "title": "Grounds maintenance",
    "contract_value": "480000.00",
    "years": "2",
    "ties": ["price"],
    "criteria": [
        {"code": "insurance", "kind": "pass_fail"},
        {"code": "price", "kind": "price", "weighting": 40, "formula": "lowest_ratio"},
        {"code": "plan", "kind": "qualitative", "weighting": 30, "scale_max": "5"},
        {
            "code": "jobs",
            "kind": "quantity",
            "weighting": 20,
            "measure": "local-jobs",
            "formula": "target",
            "target": "10",
        },
        {"code": "value", "kind": "social_value", "weighting": 10, "formula": "proportional"},
    ],
}
PARTICULARS = Particulars(
    description="Grass, hedges and litter in parks.",
    kind=ContractKind.SERVICES,
    value_includes_vat=False,
    cpv_codes=("77310000",),
    priorities=("jobs",),
    contact_email="buying@example.org",
    start_on=date(2026, 7, 1),
)
SALT = "5a" * 16
OFFICERS = ("ophelia", "otto", "olga")
PASSPHRASES = {"ophelia": "copper kettle on a hill", "otto": "seven grey herons fly"}
# By hand: price 40 x 450,000 / price; plan 30 x mark / 5; jobs 20 x FTE-years / 10; value 10 x tonnes / 20.
PRICES = {"Ash": "450000.00", "Birch": "500000.00", "Cedar": "480000.00"}
PLAN = {"Ash": "4", "Birch": "5", "Cedar": "2"}
JOBS = {"Ash": "8", "Birch": "10", "Cedar": "4"}
TONNES = {"Ash": "10", "Birch": "20", "Cedar": "0"}


def offer_of(name: str, **changes: Any) -> Offer:
    """A firm's offer."""
    promises = (Promise("local-jobs", Decimal(JOBS[name])), Promise("carbon-fleet", Decimal(TONNES[name]), 2026))
    plain: dict[str, Any] = {
        "bidder": name,
        "price": Money.from_pounds(PRICES[name]),
        "passes": {"insurance": True},
        "commitments": promises,
    }
    return Offer(**(plain | changes))


def content_of(name: str, answers: Mapping[str, str] | None = None, **changes: Any) -> BidContent:
    """A firm's whole bid: its offer, an answer to every question and a plan for every promise."""
    offer = offer_of(name, **changes)
    plans = {promise.measure: "Two posts a quarter." for promise in offer.commitments if promise.quantity}
    words = {"plan": "Twelve sites."} if answers is None else answers
    return BidContent.from_bid(offer, SALT, answers=words, plans=plans)


@cache
def opening_key(user: str) -> sealing.OpeningKey:
    """An opener's key; stretching a passphrase takes its time, so each is made once."""
    return sealing.make_opening_key(PASSPHRASES[user])


@cache
def private_key(user: str) -> bytes:
    """The private half of it."""
    return sealing.unwrap_opening_key(opening_key(user), PASSPHRASES[user])


def enter_officers(session: Session, buyer: Organisation) -> dict[str, User]:
    """Three officers, two of whom could open bids."""
    officers = {}
    for name in OFFICERS:
        email = f"{name}@example.org"
        user = create_person(session, email=email, name=name.title(), password="purple monkey dish", actor="test")
        grant_role(session, user, buyer, Role.OFFICER, actor="test")
        officers[name] = user
    for name in PASSPHRASES:
        key = opening_key(name)
        row = OpeningKey(
            user_id=officers[name].id, public_key=key.public_key, wrapped_private_key=key.wrapped_private_key
        )
        add(session, row)
    return officers


@dataclass(frozen=True)
class Buying:
    """One buying exercise and everybody in it; each step starts where the one before ended."""

    session: Session
    catalogue: Catalogue
    buyer: Organisation
    firms: Mapping[str, Supplier]
    officers: Mapping[str, User]
    particulars: Particulars = PARTICULARS

    def draft(self, form: Mapping[str, Any] = FORM, ocid: str = OCID, particulars: Particulars = PARTICULARS) -> Tender:
        return draft_tender(self.session, self.buyer, form, ocid=ocid, actor="officer", particulars=particulars)

    def send(self, tender: Tender, **changes: Any) -> Tender:
        plain: dict[str, Any] = {"deadline_at": DEADLINE, "as_of": AS_OF, "clock": fixed_clock(PUBLISHED_AT)}
        return send_for_approval(self.session, tender, self.catalogue, actor="officer", **(plain | changes))

    def publish(self, tender: Tender, **changes: Any) -> Tender:
        self.send(tender, **changes)
        return self.approve(tender, clock=changes.get("clock", fixed_clock(PUBLISHED_AT)))

    def approve(self, tender: Tender, **changes: Any) -> Tender:
        openers = [self.officers[name].id for name in PASSPHRASES]
        plain: dict[str, Any] = {"opener_ids": openers, "actor": "second", "clock": fixed_clock(PUBLISHED_AT)}
        return publish_tender(self.session, tender, self.catalogue, **(plain | changes))

    def lot(self, tender: Tender) -> Lot:
        return get_lot(self.session, tender, 1)

    def submit(self, tender: Tender, name: str, at: datetime = JUST_BEFORE, **changes: Any) -> BidReceipt:
        clock = changes.pop("clock", fixed_clock(at))
        content = changes.pop("content", None) or content_of(name, **changes)
        return submit_bid(
            self.session, self.lot(tender), self.firms[name], content, self.catalogue, actor=name, clock=clock
        )

    def close(self, tender: Tender, at: datetime = DEADLINE) -> Tender:
        return close_tender(self.session, tender, actor="officer", clock=fixed_clock(at))

    def opener(self, name: str) -> Opener:
        user = self.officers[name]
        return Opener(user.id, user.email, private_key(name))

    def open(self, tender: Tender) -> list[Bid]:
        self.close(tender)
        for name in PASSPHRASES:
            bids = open_bids(self.session, tender, self.opener(name), self.catalogue)
        return bids

    def bids(self, tender: Tender) -> list[Bid]:
        return list_bids(self.session, lot_id=self.lot(tender).id)

    def mark(self, bid: Bid, mark: str, reason: str = "Names every site, with a date for each.") -> None:
        marks, reasons = {"plan": Decimal(mark)}, {"plan": reason}
        agree_marks(self.session, bid, marks, reasons, present=["Chair"], actor="chair")

    def check(self, bid: Bid, passed: bool = True, reason: str = "The policy is in force until 2028.") -> None:
        tender = self.session.get_one(Tender, bid.tender_id)
        record_check(self.session, tender, bid, "insurance", passed=passed, reason=reason, actor="ophelia@example.org")

    def opened(
        self, names: tuple[str, ...] = tuple(PRICES), form: Mapping[str, Any] = FORM
    ) -> tuple[Tender, list[Bid]]:
        """A tender in evaluation, its bids not marked yet."""
        tender = self.publish(self.draft(form))
        for name in names:
            self.submit(tender, name)
        return tender, sorted(self.open(tender), key=lambda bid: bid.bidder)

    def marked(self, names: tuple[str, ...] = tuple(PRICES)) -> Tender:
        """A tender in evaluation with every mark agreed and locked."""
        tender, bids = self.opened(names)
        for bid in bids:
            self.mark(bid, PLAN[bid.bidder])
        return self.lock(tender)

    def lock(self, tender: Tender) -> Tender:
        """Find every check as the bidder answered, and lock the marks."""
        for bid in [] if tender.moderation_locked_at else self.bids(tender):
            self.check(bid, bid.passes["insurance"])
        return lock_moderation(self.session, tender, actor="chair")


def enter_firms(session: Session) -> dict[str, Supplier]:
    """The firms that bid."""
    return {
        name: add(
            session,
            Supplier(
                name=name,
                identifier=f"GB-COH-ZZ00000{number}",
                size=SupplierSize.SMALL,
                source="register",
                seen_on=date(2026, 1, 1),
            ),
        )
        for number, name in enumerate(PRICES, start=1)
    }


@pytest.fixture
def arrange(catalogue: Catalogue, city: City) -> Callable[[Session], Buying]:
    """The city's first anchor buys; three firms could bid."""

    def enter(session: Session) -> Buying:
        buyer = enrol_anchors(session, city, actor="test")[0]
        return Buying(session, catalogue, buyer, enter_firms(session), enter_officers(session, buyer))

    return enter


@pytest.fixture
def buying(session: Session, arrange: Callable[[Session], Buying]) -> Buying:
    """The same inside the test's own transaction."""
    return arrange(session)


class Panel:
    """The evaluation of a tender by people: an officer who leads, and evaluators who are seated and declare."""

    def __init__(self, buying: Any) -> None:
        self.buying, self.session, self.users = buying, buying.session, dict(buying.officers)

    def person(self, name: str) -> Person:
        found = find_person(self.session, self.users[name].id)
        assert found is not None
        return found

    def acting(self, name: str, organisation: Any) -> Person:
        return replace(self.person(name), organisation_id=organisation.id)

    def enter(self, name: str, role: Role = Role.EVALUATOR, tender: Any = None) -> Person:
        user = create_person(
            self.session, email=f"{name}@example.org", name=name.title(), password="purple monkey dish", actor="test"
        )
        about = {"tender_id": tender.id} if tender is not None else {}
        grant_role(self.session, user, self.buying.buyer, role, actor="test", **about)
        self.users[name] = user
        return self.person(name)

    def seat(self, name: str, tender: Any, interest: str | None = None, chair: bool = False) -> Any:
        """A seat for somebody new, who declares whether they have an interest once the bids are open."""
        self.enter(name, tender=tender)
        seat = seat_evaluator(self.session, self.person("ophelia"), OCID, self.users[name].id, is_chair=chair)
        declare_interest(self.session, self.person(name), OCID, has_interest=interest is not None, statement=interest)
        return seat

    def mark(self, name: str, bid: Any, mark: str | None = "4", reason: str = "Good.", version: int = 0) -> Any:
        exact = None if mark is None else Decimal(mark)
        who = self.person(name)
        return record_mark(self.session, who, OCID, bid.id, "plan", mark=exact, reason=reason, version=version)

    def agree(self, name: str, bid: Any, **changes: Any) -> Any:
        plain: dict[str, Any] = {"mark": Decimal(4), "reason": "Names every site.", "present": ["Eva"], "version": 0}
        return moderate_mark(self.session, self.person(name), OCID, bid.id, "plan", **(plain | changes))

    def sheet(self, name: str) -> Any:
        return get_sheet(self.session, self.person(name), OCID, self.buying.catalogue)

    def moderation(self, name: str) -> Any:
        return get_moderation(self.session, self.person(name), OCID, self.buying.catalogue)


@pytest.fixture
def panel(buying: Any) -> Panel:
    return Panel(buying)
