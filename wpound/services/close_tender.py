"""Close a tender once its deadline has passed."""

from sqlalchemy.orm import Session

from wpound.core.errors import StateError
from wpound.services.clock import Clock, database_clock, format_moment
from wpound.services.read_terms import read_terms
from wpound.store.audit import append_event
from wpound.store.bids import list_bids
from wpound.store.engine import lock
from wpound.store.models.tenders import Tender, TenderStage


def close_tender(session: Session, tender: Tender, *, actor: str, clock: Clock = database_clock) -> Tender:
    """Close a published tender whose deadline has passed by the clock; nothing is opened yet. Raises StateError."""
    tender = lock(session, Tender, tender.id)
    if tender.stage is not TenderStage.PUBLISHED:
        raise StateError(f"Only a published tender can be closed; this one is at the stage '{tender.stage.value}'.")
    deadline_at = read_terms(tender).deadline_at
    if clock(session) < deadline_at:
        raise StateError(f"Bids are taken until {format_moment(deadline_at)}; the tender cannot be closed before then.")
    tender.stage = TenderStage.CLOSED
    append_event(
        session,
        actor=actor,
        action="tender.closed",
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": tender.ocid, "bids": len(list_bids(session, tender_id=tender.id))},
    )
    return tender
