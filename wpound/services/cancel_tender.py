"""End a tender without an award: cancelled while it is open, abandoned once bids are in."""

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, StateError
from wpound.services.tell_bidders import tell_bidders
from wpound.store.audit import append_event
from wpound.store.awards import find_award
from wpound.store.engine import lock
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.sealed_bids import delete_drafts
from wpound.store.tenders import list_lots

LONGEST_REASON = 5000


def cancel_tender(session: Session, tender: Tender, *, reason: str, actor: str, base_url: str) -> Tender:
    """End a tender at any stage before its award, with the reason, which everyone is told.

    Sealed bids stay sealed and drafts are erased. Raises StateError for one that is awarded or ended, also where a
    single lot has its contract, InputError without a reason.
    """
    tender = lock(session, Tender, tender.id)
    if tender.stage in (TenderStage.AWARDED, TenderStage.CANCELLED):
        raise StateError(f"This tender is at the stage '{tender.stage.value}' and cannot be ended any more.")
    lots = list_lots(session, tender_id=tender.id)
    awards = [find_award(session, lot_id=lot.id) for lot in lots]
    if any(award is not None and award.contract_id is not None for award in awards):
        raise StateError("There is a contract for a lot of this tender. End its other lots one by one instead.")
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise InputError("reason", f"Say why the tender ends, in at most {LONGEST_REASON:,} characters.")
    was, tender.stage, tender.ended_because = tender.stage, TenderStage.CANCELLED, reason
    if was is not TenderStage.DRAFT:
        tell_bidders(session, tender, "tender_cancelled", base_url, reason=reason)
    delete_drafts(session, lot_ids=[lot.id for lot in lots])
    append_event(
        session,
        actor=actor,
        action="tender.cancelled",
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": tender.ocid, "at_stage": was.value, "reason": reason},
    )
    return tender
