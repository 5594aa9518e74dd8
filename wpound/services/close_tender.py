"""Close a tender once its deadline has passed."""

from sqlalchemy.orm import Session

from wpound.core.errors import StateError
from wpound.services.clock import Clock, database_clock, format_deadline
from wpound.services.read_terms import read_terms
from wpound.store.audit import append_event
from wpound.store.engine import lock
from wpound.store.models.sealed_bids import BidReceipt
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.sealed_bids import delete_drafts, list_sealed_bids
from wpound.store.tenders import list_lots


def close_tender(session: Session, tender: Tender, *, actor: str, clock: Clock = database_clock) -> Tender:
    """Close a published tender whose deadline has passed by the clock; nothing is opened yet.

    The hashes of all bids that stand are written down for everyone to see, and bidders' own copies are erased: from
    here on only the openers' keys read a bid. Raises StateError.
    """
    tender = lock(session, Tender, tender.id)
    if tender.stage is not TenderStage.PUBLISHED:
        raise StateError(f"Only a published tender can be closed; this one is at the stage '{tender.stage.value}'.")
    deadline_at = read_terms(tender).deadline_at
    if clock(session) < deadline_at:
        raise StateError(f"Bids are taken until {format_deadline(deadline_at)}; the tender cannot be closed before.")
    tender.stage = TenderStage.CLOSED
    delete_drafts(session, lot_ids=[lot.id for lot in list_lots(session, tender_id=tender.id)])
    append_event(
        session,
        actor=actor,
        action="tender.closed",
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": tender.ocid, "hashes": list_hashes(session, tender)},
    )
    return tender


def list_hashes(session: Session, tender: Tender) -> list[str]:
    """The hashes of the bids that stand, in order of the hash, which tells nothing of who bid when.

    Raises StateError before the tender is closed, when even their number is nobody's business.
    """
    if tender.stage in (TenderStage.DRAFT, TenderStage.PUBLISHED):
        raise StateError("The list of hashes is published when the tender is closed.")
    return sorted(
        receipt.content_hash
        for _, _, receipt in list_sealed_bids(session, tender_id=tender.id)
        if is_confirmed(tender, receipt)
    )


def is_confirmed(tender: Tender, receipt: BidReceipt) -> bool:
    """Whether a bid was made, or confirmed anew, under the last amendment of its tender; only such bids are opened."""
    return receipt.amendment == tender.amendment
