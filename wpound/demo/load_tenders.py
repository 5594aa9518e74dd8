"""Takes the demonstration's tenders through the stages they have reached, at the dates they reached them."""

from datetime import date, datetime, time, timedelta
from typing import Any

from wpound.catalogue.model import Catalogue
from wpound.core.bids import Bid
from wpound.core.errors import NotFound
from wpound.core.form import Problems
from wpound.core.method import Method
from wpound.core.particulars import Particulars
from wpound.core.tender import read_tender
from wpound.demo.cast import APPROVER, OCID_PREFIX, OFFICER
from wpound.demo.load_marking import agree_all_marks, open_and_check, seat_and_mark
from wpound.demo.offers import write_content
from wpound.demo.suppliers import DemoSupplier
from wpound.demo.tenders import DemoTender
from wpound.services.clock import LONDON, Clock, database_clock, fixed_clock
from wpound.services.close_tender import close_tender
from wpound.services.draft_tender import draft_tender
from wpound.services.evaluate_bids import evaluate_bids
from wpound.services.publish_tender import publish_tender
from wpound.services.send_for_approval import send_for_approval
from wpound.services.submit_bid import submit_bid
from wpound.store.accounts import get_user
from wpound.store.organisations import get_organisation
from wpound.store.suppliers import find_supplier
from wpound.store.tenders import get_lot

START = date(2027, 1, 4)
NOON = time(12, tzinfo=LONDON)


def load_tender(session: Any, catalogue: Catalogue, tender: DemoTender, passphrase: str) -> Any:
    """Enter a tender with its bids, marks and evaluation as far as its stage goes; gives the stored tender."""
    buyer = get_organisation(session, tender.buyer.key)
    stored = draft_tender(
        session,
        buyer,
        tender.method_form,
        ocid=OCID_PREFIX + tender.key,
        actor=OFFICER,
        particulars=_particulars(catalogue, tender),
    )
    if tender.stage == "draft":
        return stored
    _publish(session, catalogue, tender, stored)
    offers = _submit_bids(session, catalogue, tender, stored)
    if tender.deadline_on is not None:
        close_tender(session, stored, actor=OFFICER, clock=clock_of(tender.deadline_on))
        _evaluate(session, catalogue, tender, stored, offers, passphrase)
    return stored


def _evaluate(
    session: Any, catalogue: Catalogue, tender: DemoTender, stored: Any, offers: dict[str, Bid], passphrase: str
) -> None:
    if tender.stage == "closed":
        return
    bids = open_and_check(session, catalogue, stored, offers, passphrase)
    if tender.stage == "marking":
        seat_and_mark(session, get_organisation(session, tender.buyer.key), stored, bids, offers)
        return
    agree_all_marks(session, stored, bids, offers, passphrase)
    evaluate_bids(session, get_lot(session, stored, 1), catalogue, actor=OFFICER)


def _particulars(catalogue: Catalogue, tender: DemoTender) -> Particulars:
    """What bidders are told beside the method; the outcomes are those of the plan that the tender's measures serve."""
    method = Method.from_dict(tender.method_form)
    measures = {leaf.criterion.measure for leaf in method.tree.leaves if leaf.criterion.measure}
    outcomes = {item.key for priority in catalogue.plan.priorities for item in priority.outcomes}
    served = {key for code in measures for key in catalogue.get_measure(code).serves}
    start_on = tender.life.start_on if tender.life else (tender.deadline_on or START) + timedelta(days=90)
    return Particulars.from_dict(
        tender.particulars
        | {
            "priorities": sorted(served & outcomes or served),
            "contact_email": f"buying@{tender.buyer.key}.example",
            "start_on": start_on.isoformat(),
        }
    )


def _publish(session: Any, catalogue: Catalogue, tender: DemoTender, stored: Any) -> None:
    """One officer sends it for approval, another approves; both can open its bids later."""
    clock = clock_of(tender.published_on)
    as_of = date.fromisoformat(tender.form["as_of"])
    deadline_at = _deadline(session, tender)
    send_for_approval(session, stored, catalogue, deadline_at=deadline_at, as_of=as_of, actor=OFFICER, clock=clock)
    openers = [get_user(session, email).id for email in (OFFICER, APPROVER)]
    publish_tender(session, stored, catalogue, opener_ids=openers, actor=APPROVER, clock=clock)


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
    method, lot = Method.from_dict(stored.method), get_lot(session, stored, 1)
    for firm in tender.bidders:
        content = write_content(method, offers[firm.name])
        submit_bid(session, lot, get_firm(session, firm), content, catalogue, actor=firm.name, clock=clock)
    return offers
