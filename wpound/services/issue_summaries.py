"""Issue the assessment summary that every assessed bidder is owed before the award notice (s.50)."""

from hashlib import sha256

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.errors import InputError, InputErrors, StateError
from wpound.core.particulars import Particulars
from wpound.documents.assessment_summary import AssessmentSummary, assessment_summary_html
from wpound.services.clock import Clock, database_clock, fixed_clock
from wpound.services.end_lot import require_running
from wpound.services.queue_mail import queue_mail
from wpound.services.recommend_award import get_award
from wpound.services.summarise_assessment import summarise_assessment
from wpound.store.audit import append_event
from wpound.store.awards import list_people_of, list_redactions
from wpound.store.bids import list_bids
from wpound.store.engine import lock
from wpound.store.models.awards import Award
from wpound.store.models.bids import Bid
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Lot, Tender


def issue_summaries(
    session: Session,
    lot: Lot,
    catalogue: Catalogue,
    *,
    base_url: str,
    actor: str,
    clock: Clock = database_clock,
) -> list[str]:
    """Issue the summaries of all bidders at once and tell their people by mail; gives the bidders who have none here.

    Every one is made first, so that either all go out or none. Raises InputErrors naming every mark without a reason,
    StateError before a second officer approved the award and where the summaries are out.
    """
    tender = lock(session, Tender, lot.tender_id)
    award = get_award(session, lot)
    require_running(session, lot)
    if award.approved_by is None:
        raise StateError("The summaries go out once a second officer has approved the award.")
    if award.summaries_issued_at is not None:
        raise StateError("The summaries of this award are out already.")
    now = clock(session)
    bids = list_bids(session, lot_id=lot.id)
    hashes = _make_all(session, tender, lot, bids, catalogue, fixed_clock(now))
    award.summaries_issued_at = now
    session.flush()
    detail = {"ocid": tender.ocid, "lot": lot.number, "summaries": hashes}
    append_event(
        session, actor=actor, action="summaries.issued", object_kind="tender", object_id=tender.id, detail=detail
    )
    link = f"{base_url}/supplier/tenders/{tender.ocid}/lots/{lot.number}/outcome"
    facts = {"title": tender.title, "ocid": tender.ocid, "link": link}
    return [bid.bidder for bid in bids if not _tell(session, bid, facts)]


def make_summary(
    session: Session, tender: Tender, lot: Lot, bid: Bid, catalogue: Catalogue, clock: Clock = database_clock
) -> AssessmentSummary:
    """The summary of one bidder, dated the day it was issued, or today's while it is not; changes nothing."""
    award = get_award(session, lot)
    issued_at = award.summaries_issued_at
    return summarise_assessment(
        session,
        session.get_one(Organisation, tender.organisation_id),
        tender,
        lot,
        catalogue,
        bid.bidder,
        winner_address=award.winner_address,
        winner_email=award.winner_email,
        next_steps=_next_steps(tender),
        redactions=_redactions(session, award),
        clock=clock if issued_at is None else fixed_clock(issued_at),
    )


def _make_all(
    session: Session, tender: Tender, lot: Lot, bids: list[Bid], catalogue: Catalogue, clock: Clock
) -> dict[str, str]:
    """Every summary made once, as its SHA-256 by bidder; raises InputErrors with what is missing in any of them."""
    hashes: dict[str, str] = {}
    errors: list[InputError] = []
    for bid in bids:
        try:
            page = assessment_summary_html(make_summary(session, tender, lot, bid, catalogue, clock))
        except InputErrors as found:
            errors += found.errors
        else:
            hashes[bid.bidder] = sha256(page.encode()).hexdigest()
    if errors:
        raise InputErrors(errors)
    return hashes


def _next_steps(tender: Tender) -> tuple[str, ...]:
    contact = Particulars.from_dict(tender.particulars).contact_email
    return (
        "We publish a contract award notice after every bidder has been sent its summary.",
        "A standstill of 8 working days follows the day of the notice. We enter into the contract only after it.",
        f"If something here is wrong or not clear, write to {contact or 'us'} before the standstill ends.",
    )


def _redactions(session: Session, award: Award) -> dict[str, str]:
    return {one.criterion: one.because for one in list_redactions(session, award_id=award.id)}


def _tell(session: Session, bid: Bid, facts: dict[str, str]) -> bool:
    """Tell a bidder's people where the summary is, and nothing of what it says; False where it has nobody here."""
    addresses = list_people_of(session, supplier_id=bid.supplier_id)
    for address in addresses:
        queue_mail(session, address, "assessment_summary", facts)
    return bool(addresses)
