"""The whole record of a tender for an auditor: every event, and every mark as it was ever written."""

from sqlalchemy.orm import Session

from wpound.core.errors import StateError
from wpound.core.form import write_decimal
from wpound.documents.audit_record import AuditRecord, MarkEntry, RecordedEvent
from wpound.store.audit import list_events_of_tender
from wpound.store.awards import list_mark_versions
from wpound.store.bids import list_tender_bids
from wpound.store.models.bids import BidMarkVersion
from wpound.store.models.tenders import Tender


def export_audit(session: Session, tender: Tender) -> AuditRecord:
    """Everything on record about a tender, the oldest first; changes nothing.

    Raises StateError before moderation is locked: until then an event can tell how many have bid, or what mark another
    evaluator gave.
    """
    if tender.moderation_locked_at is None:
        raise StateError("The record of a tender is given out once its marks are locked.")
    bids = {bid.id: bid.bidder for bid in list_tender_bids(session, tender_id=tender.id)}
    events = list_events_of_tender(session, tender_id=tender.id, ocid=tender.ocid, bid_ids=list(bids))
    return AuditRecord(
        ocid=tender.ocid,
        title=tender.title,
        events=tuple(
            RecordedEvent(e.seq, e.at, e.actor, e.action, e.object_kind, e.object_id, e.detail, e.hash) for e in events
        ),
        marks=tuple(_mark(row, bids[row.bid_id]) for row in list_mark_versions(session, bid_ids=list(bids))),
    )


def _mark(row: BidMarkVersion, bidder: str) -> MarkEntry:
    return MarkEntry(
        written_at=row.created_at,
        bidder=bidder,
        criterion=row.criterion,
        kind=row.kind.value,
        marked_by=row.marked_by,
        mark="" if row.mark is None else write_decimal(row.mark),
        reason=row.reason,
        present=tuple(row.present),
    )
