"""A tender with two criteria for words and numbers, three firms that bid, and a way to bring it to any stage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue, City
from wpound.core.bids import Bid as Offer
from wpound.core.bids import Commitment as Promise
from wpound.core.money import Money
from wpound.services.clock import fixed_clock
from wpound.services.close_tender import close_tender
from wpound.services.draft_tender import draft_tender
from wpound.services.enrol_anchors import enrol_anchors
from wpound.services.open_bids import open_bids
from wpound.services.publish_tender import publish_tender
from wpound.services.record_marks import record_marks
from wpound.services.submit_bid import submit_bid
from wpound.store.base import add
from wpound.store.bids import list_bids
from wpound.store.models.bids import Bid
from wpound.store.models.organisations import Organisation
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.store.models.tenders import Tender

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


@dataclass(frozen=True)
class Buying:
    """One buying exercise and everybody in it; each step starts where the one before ended."""

    session: Session
    catalogue: Catalogue
    buyer: Organisation
    firms: Mapping[str, Supplier]

    def draft(self, form: Mapping[str, Any] = FORM, ocid: str = "ocds-test-1") -> Tender:
        return draft_tender(self.session, self.buyer, form, ocid=ocid, actor="officer")

    def publish(self, tender: Tender, **changes: Any) -> Tender:
        plain: dict[str, Any] = {"deadline_at": DEADLINE, "as_of": AS_OF, "clock": fixed_clock(PUBLISHED_AT)}
        return publish_tender(self.session, tender, self.catalogue, actor="officer", **(plain | changes))

    def submit(self, tender: Tender, name: str, at: datetime = JUST_BEFORE, **changes: Any) -> Bid:
        how = {"clock": changes.pop("clock", fixed_clock(at)), "answers": changes.pop("answers", None)}
        offer = offer_of(name, **changes)
        return submit_bid(self.session, tender, self.firms[name], offer, self.catalogue, actor=name, **how)

    def close(self, tender: Tender, at: datetime = DEADLINE) -> Tender:
        return close_tender(self.session, tender, actor="officer", clock=fixed_clock(at))

    def open(self, tender: Tender) -> list[Bid]:
        return open_bids(self.session, self.close(tender), actor="officer", witness="auditor")

    def bids(self, tender: Tender) -> list[Bid]:
        return list_bids(self.session, tender_id=tender.id)

    def mark(self, bid: Bid, mark: str, reason: str = "Names every site, with a date for each.") -> None:
        record_marks(self.session, bid, {"plan": Decimal(mark)}, {"plan": reason}, actor="chair")

    def opened(
        self, names: tuple[str, ...] = tuple(PRICES), form: Mapping[str, Any] = FORM
    ) -> tuple[Tender, list[Bid]]:
        """A tender in evaluation, its bids not marked yet."""
        tender = self.publish(self.draft(form))
        for name in names:
            self.submit(tender, name)
        return tender, self.open(tender)

    def marked(self, names: tuple[str, ...] = tuple(PRICES)) -> Tender:
        """A tender in evaluation with every mark agreed."""
        tender, bids = self.opened(names)
        for bid in bids:
            self.mark(bid, PLAN[bid.bidder])
        return tender


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
    return lambda session: Buying(
        session, catalogue, enrol_anchors(session, city, actor="test")[0], enter_firms(session)
    )


@pytest.fixture
def buying(session: Session, arrange: Callable[[Session], Buying]) -> Buying:
    """The same inside the test's own transaction."""
    return arrange(session)
