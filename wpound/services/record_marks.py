"""Evaluators' own marks: begun, changed and finished by their evaluator alone, every version kept."""

from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.core.criteria import Criterion
from wpound.core.errors import InputError, InputErrors, StaleEdit, StateError
from wpound.core.form import write_decimal
from wpound.services.access import Person, Policy
from wpound.services.clock import Clock, database_clock
from wpound.services.panel_gate import require_marker
from wpound.services.reach_tender import hold_tender
from wpound.services.read_bids import get_bid, list_failed
from wpound.services.read_terms import get_criterion, marked_criteria
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.bids import list_tender_bids
from wpound.store.marks import find_own_mark, keep_version, list_own_marks
from wpound.store.models.bids import BidMark, MarkKind
from wpound.store.models.panel import PanelSeat
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.types import hash_of

LONGEST_REASON = 5000


def record_mark(
    session: Session,
    person: Person,
    ocid: str,
    bid_id: int,
    code: str,
    *,
    mark: Decimal | None,
    reason: str,
    version: int,
) -> BidMark:
    """Write, or change, one's own mark for a criterion of a bid; while it is being written either part may be empty.

    ``version`` is that of the mark the evaluator was shown, 0 where there was none. Raises StateError where the sheet
    or the marks are closed, StaleEdit where it was saved elsewhere meanwhile, InputErrors for a mark off the scale.
    """
    tender = hold_tender(session, person, ocid, Policy.EVALUATOR)
    bid = get_bid(session, tender, bid_id)
    reader = require_marker(session, person, tender)
    _require_open(tender, reader.seat)
    criterion = get_criterion(marked_criteria(tender), code)
    if list_failed(session, [bid]):
        raise StateError("This bid did not pass a check, so it is not marked.")
    check_mark(criterion, mark, reason, complete=False)
    row = find_own_mark(session, bid_id=bid.id, criterion=code, marked_by=person.email)
    if (row.version if row else 0) != version:
        raise StaleEdit
    written = reason.strip()
    if row is None:
        row = BidMark(bid_id=bid.id, criterion=code, kind=MarkKind.INDIVIDUAL, marked_by=person.email, present=[])
    elif (row.mark, row.reason) == (mark, written):
        return row
    row.mark, row.reason = mark, written
    _keep(session, tender, row)
    return row


def finish_sheet(session: Session, person: Person, ocid: str, *, clock: Clock = database_clock) -> PanelSeat:
    """Say that every mark has its reason; from then on the sheet does not change.

    Raises InputErrors naming every mark that is missing or has no reason, StateError where the sheet is closed.
    """
    tender = hold_tender(session, person, ocid, Policy.EVALUATOR)
    reader = require_marker(session, person, tender)
    seat = _require_open(tender, reader.seat)
    complete = {
        (mark.bid_id, mark.criterion)
        for mark in list_own_marks(session, tender_id=tender.id, marked_by=[person.email])
        if mark.mark is not None and mark.reason
    }
    bids = list_tender_bids(session, tender_id=tender.id)
    failed = list_failed(session, bids)
    missing = [
        InputError(f"{bid.id}.{criterion.code}", f"{reader.name_of(bid)}, {criterion.heading}: mark or reason missing")
        for criterion in marked_criteria(tender)
        for bid in bids
        if bid.id not in failed and (bid.id, criterion.code) not in complete
    ]
    if missing:
        raise InputErrors(missing)
    seat.finished_at = clock(session)
    session.flush()
    append_event(
        session,
        actor=person.email,
        action="sheet.finished",
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": tender.ocid, "marks": len(complete)},
    )
    return seat


def check_mark(criterion: Criterion, mark: Decimal | None, reason: str, *, complete: bool = True) -> None:
    """Raise InputErrors for a mark off its criterion's scale or a reason too long; ``complete`` asks for both."""
    errors = []
    if mark is not None and not _is_on_scale(criterion, mark):
        errors.append(InputError("mark", f"{write_decimal(mark)} is not on the scale of {criterion.heading}."))
    elif mark is None and complete:
        errors.append(InputError("mark", f"Choose the mark for {criterion.heading}."))
    if len(reason.strip()) > LONGEST_REASON or (complete and not reason.strip()):
        wanted = f"Say why the bid gets this mark, in at most {LONGEST_REASON:,} characters."
        errors.append(InputError("reason", wanted))
    if errors:
        raise InputErrors(errors)


def _keep(session: Session, tender: Tender, row: BidMark) -> None:
    """Write a mark and its version; the audit trail has its hash, which no other evaluator could read it from."""
    add(session, row)
    keep_version(session, row)
    written = {"mark": None if row.mark is None else write_decimal(row.mark), "reason": row.reason}
    append_event(
        session,
        actor=row.marked_by,
        action="mark.written",
        object_kind="bid",
        object_id=row.bid_id,
        detail={"ocid": tender.ocid, "criterion": row.criterion, "version": row.version, "hash": hash_of(written)},
    )


def _is_on_scale(criterion: Criterion, mark: Decimal) -> bool:
    if criterion.scale:
        return mark in {point.mark for point in criterion.scale}
    return 0 <= mark <= (criterion.scale_max or 0)


def _require_open(tender: Tender, seat: PanelSeat | None) -> PanelSeat:
    if tender.stage is not TenderStage.EVALUATION:
        raise StateError(f"Bids are marked during evaluation; this tender is at the stage '{tender.stage.value}'.")
    if tender.moderation_locked_at is not None:
        raise StateError(f"{tender.moderation_locked_by} has locked the marks of this tender; they do not change now.")
    if seat is None or seat.finished_at is not None:
        raise StateError("Your sheet is finished, so your marks do not change any more.")
    return seat
