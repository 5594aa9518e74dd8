"""Takes the demonstration's tenders through the stages they have reached, at the dates they reached them."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from wpound.catalogue.model import Catalogue
from wpound.core.bids import Bid
from wpound.core.errors import NotFound
from wpound.core.form import Problems
from wpound.core.tender import read_tender
from wpound.demo.suppliers import DemoSupplier
from wpound.demo.tenders import DemoTender
from wpound.services.clock import LONDON, Clock, database_clock, fixed_clock
from wpound.services.close_tender import close_tender
from wpound.services.draft_tender import draft_tender
from wpound.services.evaluate_bids import evaluate_bids
from wpound.services.open_bids import open_bids
from wpound.services.publish_tender import publish_tender
from wpound.services.record_marks import record_marks
from wpound.services.submit_bid import submit_bid
from wpound.store.organisations import get_organisation
from wpound.store.suppliers import find_supplier

OFFICER = "Procurement officer (example)"
WITNESS = "Second opener (example)"
PANEL = "Evaluation panel (example)"
# Registered to nobody, as an open contracting prefix would be.
OCID_PREFIX = "ocds-example-"
AWARDED_OCID = f"{OCID_PREFIX}grounds-maintenance"
NOON = time(12, tzinfo=LONDON)


def load_tender(session: Any, catalogue: Catalogue, tender: DemoTender) -> Any:
    """Enter a tender with its bids, marks and evaluation as far as its stage goes; gives the stored tender."""
    buyer = get_organisation(session, tender.buyer.key)
    stored = draft_tender(session, buyer, tender.method_form, ocid=OCID_PREFIX + tender.key, actor=OFFICER)
    if tender.stage == "draft":
        return stored
    publish_tender(
        session,
        stored,
        catalogue,
        deadline_at=_deadline(session, tender),
        as_of=date.fromisoformat(tender.form["as_of"]),
        actor=OFFICER,
        clock=clock_of(tender.published_on),
    )
    offers = _submit_bids(session, catalogue, tender, stored)
    if tender.deadline_on is not None:
        close_tender(session, stored, actor=OFFICER, clock=clock_of(tender.deadline_on))
        for bid in open_bids(session, stored, actor=OFFICER, witness=WITNESS):
            record_marks(session, bid, offers[bid.bidder].marks, offers[bid.bidder].reasons, actor=PANEL)
        # The session still holds the bids as they were before anybody marked them.
        session.expire_all()
        evaluate_bids(session, stored, catalogue, actor=OFFICER)
    return stored


def get_firm(session: Any, firm: DemoSupplier) -> Any:
    """A fictional firm as the register brought it in; raises NotFound."""
    found = find_supplier(session, firm.identifier)
    if found is None:
        raise NotFound(f"{firm.name} is not among the suppliers; load the supplier register first.")
    return found


def at_noon(day: date) -> datetime:
    """Noon in London on a day."""
    return datetime.combine(day, NOON)


def clock_of(day: date | None) -> Clock:
    """A clock that stands at noon of a day in the past of the story, or the true one for what happens now."""
    return fixed_clock(at_noon(day)) if day else database_clock


def _deadline(session: Any, tender: DemoTender) -> datetime:
    """The deadline given, or noon so many days from now for a tender that is open."""
    if tender.deadline_on is not None:
        return at_noon(tender.deadline_on)
    today = database_clock(session).astimezone(LONDON).date()
    return at_noon(today + timedelta(days=tender.open_days or 0))


def _submit_bids(session: Any, catalogue: Catalogue, tender: DemoTender, stored: Any) -> dict[str, Bid]:
    """Submit every bid, sealed and without marks; gives the bids with their marks, for after the opening."""
    clock = clock_of(tender.deadline_on - timedelta(days=1) if tender.deadline_on else None)
    offers = {bid.bidder: bid for bid in read_tender(tender.form, Problems()).bids}
    for firm in tender.bidders:
        sealed = replace(offers[firm.name], marks={}, reasons={})
        submit_bid(session, stored, get_firm(session, firm), sealed, catalogue, actor=firm.name, clock=clock)
    return offers
