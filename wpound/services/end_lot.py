"""End a lot without an award: nobody gets a contract, every bidder is told why, and the bids are kept."""

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, StateError
from wpound.services.queue_mail import queue_mail
from wpound.store.audit import append_event, list_events
from wpound.store.awards import find_award, list_people_of
from wpound.store.bids import list_bids
from wpound.store.contracts import find_contract_of_bid
from wpound.store.engine import lock
from wpound.store.models.tenders import Lot, Tender, TenderStage
from wpound.store.tenders import list_lots

ENDED = "lot.ended"
LONGEST_REASON = 5000


def end_lot(session: Session, lot: Lot, *, reason: str, actor: str) -> None:
    """End a lot whose bids are open without a contract; the last lot that is settled ends the tender.

    Whoever bid is told by mail, with the reason. Raises StateError unless the tender is in evaluation and the lot has
    neither ended nor led to a contract, InputError without a reason.
    """
    tender = lock(session, Tender, lot.tender_id)
    if tender.stage is not TenderStage.EVALUATION:
        raise StateError(f"A lot ends without award during evaluation; the stage is '{tender.stage.value}'.")
    require_running(session, lot)
    award = find_award(session, lot_id=lot.id)
    if award is not None and award.contract_id is not None:
        raise StateError("There is a contract for this already, so it cannot end without one.")
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise InputError("reason", f"Say why nobody is awarded the contract, in at most {LONGEST_REASON:,} characters.")
    append_event(
        session,
        actor=actor,
        action=ENDED,
        object_kind="lot",
        object_id=lot.id,
        detail={"ocid": tender.ocid, "lot": lot.number, "reason": reason},
    )
    _tell(session, tender, lot, reason)
    settle_tender(session, tender, reason)


def find_ending(session: Session, lot: Lot) -> str | None:
    """Why a lot ended without an award, None where it did not."""
    ended = [event for event in list_events(session, object_kind="lot", object_id=lot.id) if event.action == ENDED]
    return str(ended[0].detail["reason"]) if ended else None


def require_running(session: Session, lot: Lot) -> None:
    """Raise StateError where the lot ended without an award."""
    if find_ending(session, lot) is not None:
        raise StateError("This ended without an award, so nothing more is decided about it.")


def settle_tender(session: Session, tender: Tender, reason: str | None = None) -> None:
    """Move a tender on once every lot has a contract or has ended; without any contract it is cancelled."""
    lots = list_lots(session, tender_id=tender.id)
    awarded = [lot for lot in lots if _has_contract(session, lot)]
    if all(lot in awarded or find_ending(session, lot) is not None for lot in lots):
        tender.stage = TenderStage.AWARDED if awarded else TenderStage.CANCELLED
        tender.ended_because = None if awarded else reason
        session.flush()


def _has_contract(session: Session, lot: Lot) -> bool:
    return any(find_contract_of_bid(session, bid.id) for bid in list_bids(session, lot_id=lot.id))


def _tell(session: Session, tender: Tender, lot: Lot, reason: str) -> None:
    title = tender.title if len(list_lots(session, tender_id=tender.id)) == 1 else f"{tender.title}, {lot.title}"
    for bid in list_bids(session, lot_id=lot.id):
        for address in list_people_of(session, supplier_id=bid.supplier_id):
            queue_mail(session, address, "not_awarded", {"title": title, "ocid": tender.ocid, "reason": reason})
