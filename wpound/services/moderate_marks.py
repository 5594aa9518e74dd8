"""Moderation: the panel agrees on one mark with its own reason; what each evaluator had given stays as it was."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, InputErrors, StaleEdit, StateError
from wpound.core.form import write_decimal
from wpound.services.access import Person, Policy
from wpound.services.clock import Clock, database_clock
from wpound.services.lock_moderation import lock_moderation
from wpound.services.panel_gate import (
    list_finished_sheets,
    list_open_sheets,
    require_lead,
    require_moderator,
    require_opened,
)
from wpound.services.reach_tender import hold_tender
from wpound.services.read_bids import get_bid
from wpound.services.read_terms import get_criterion, marked_criteria
from wpound.services.record_marks import check_mark
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.engine import lock
from wpound.store.marks import find_agreed_mark, keep_version
from wpound.store.models.bids import Bid, BidMark, MarkKind
from wpound.store.models.panel import PanelSeat
from wpound.store.models.tenders import Tender, TenderStage

LONGEST_NAME = 200


def moderate_mark(
    session: Session,
    person: Person,
    ocid: str,
    bid_id: int,
    code: str,
    *,
    mark: Decimal | None,
    reason: str,
    present: Sequence[str],
    version: int,
) -> BidMark:
    """Write, or change, the agreed mark of a criterion of a bid, as the officer who leads or the chair.

    ``version`` is what they were shown, 0 for nothing. Raises StateError before every sheet is finished, StaleEdit
    where somebody wrote meanwhile, and as :func:`agree_marks` does.
    """
    tender = hold_tender(session, person, ocid, Policy.TENDER)
    bid = get_bid(session, tender, bid_id)
    require_moderator(session, person, tender)
    if not list_finished_sheets(session, tender):
        raise StateError("Nobody on the panel has finished marking, so there is nothing to agree on yet.")
    check_mark(get_criterion(marked_criteria(tender), code), mark, reason)
    standing = find_agreed_mark(session, bid_id=bid.id, criterion=code)
    if (standing.version if standing else 0) != version:
        raise StaleEdit
    agreed = {code: mark or Decimal(0)}
    return agree_marks(session, bid, agreed, {code: reason}, present=present, actor=person.email)[0]


def agree_marks(
    session: Session,
    bid: Bid,
    marks: Mapping[str, Decimal],
    reasons: Mapping[str, str],
    *,
    present: Sequence[str],
    actor: str,
) -> list[BidMark]:
    """Put in, or change, the agreed marks of a bid by criterion, each with its reason and who was there; all or none.

    Raises StateError outside evaluation, once the marks are locked and while an evaluator still marks; InputErrors for
    a mark off the scale, without a reason, for no such criterion, or without a name of anybody present.
    """
    tender = hold_for_agreement(session, bid.tender_id)
    _check(tender, marks, reasons, present)
    agreed = []
    for code, mark in marks.items():
        row = find_agreed_mark(session, bid_id=bid.id, criterion=code)
        before = None if row is None else write_decimal(row.mark or Decimal(0))
        row = row or BidMark(bid_id=bid.id, criterion=code, kind=MarkKind.CONSENSUS)
        row.mark, row.reason, row.marked_by = mark, reasons[code].strip(), actor
        row.present = [name.strip() for name in present]
        agreed.append(add(session, row))
        keep_version(session, row)
        append_event(
            session,
            actor=actor,
            action="mark.agreed",
            object_kind="bid",
            object_id=bid.id,
            detail={
                "ocid": tender.ocid,
                "criterion": code,
                "mark": write_decimal(mark),
                "before": before,
                "present": row.present,
            },
        )
    return agreed


def hold_for_agreement(session: Session, tender_id: int) -> Tender:
    """The tender, held, where marks can be agreed now; raises StateError saying why not."""
    tender = lock(session, Tender, tender_id)
    if tender.stage is not TenderStage.EVALUATION:
        raise StateError(f"Marks are agreed during evaluation; this tender is at the stage '{tender.stage.value}'.")
    if tender.moderation_locked_at is not None:
        raise StateError(f"{tender.moderation_locked_by} has locked the marks of this tender; they do not change now.")
    if list_open_sheets(session, tender):
        raise StateError("Marks are agreed when every evaluator has finished, or their sheets were closed.")
    return tender


def close_sheets(
    session: Session, person: Person, ocid: str, *, reason: str, clock: Clock = database_clock
) -> list[PanelSeat]:
    """Begin moderation although evaluators have not finished: their sheets stay as they are now, with the reason.

    Raises InputError without a reason, StateError where no sheet is open.
    """
    tender = hold_tender(session, person, ocid, Policy.OFFICER)
    require_opened(person, tender)
    require_lead(session, person, tender)
    unfinished = list_open_sheets(session, tender)
    if not unfinished:
        raise StateError("Every evaluator has finished, so no sheet is left to close.")
    if not reason.strip():
        raise InputError("reason", "Say why moderation begins before every evaluator has finished")
    now = clock(session)
    for seat, _ in unfinished:
        seat.finished_at = now
    session.flush()
    append_event(
        session,
        actor=person.email,
        action="sheets.closed",
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": tender.ocid, "people": [user.email for _, user in unfinished], "reason": reason.strip()},
    )
    return [seat for seat, _ in unfinished]


def lock_marks(session: Session, person: Person, ocid: str) -> Tender:
    """Lock every mark as the officer who leads; raises as :func:`lock_moderation` does."""
    tender = hold_tender(session, person, ocid, Policy.OFFICER)
    require_opened(person, tender)
    require_lead(session, person, tender)
    return lock_moderation(session, tender, actor=person.email)


def _check(tender: Tender, marks: Mapping[str, Decimal], reasons: Mapping[str, str], present: Sequence[str]) -> None:
    criteria = {criterion.code: criterion for criterion in marked_criteria(tender)}
    errors = [InputError(f"reasons.{code}", "A reason without a mark says nothing.") for code in reasons.keys() - marks]
    for code, mark in marks.items():
        if code not in criteria:
            errors.append(InputError(f"marks.{code}", "This is not the code of a criterion that evaluators mark."))
            continue
        try:
            check_mark(criteria[code], mark, reasons.get(code, ""))
        except InputErrors as found:
            errors += [InputError(f"{one.field}s.{code}", one.message) for one in found.errors]
    if not present or not all(0 < len(name.strip()) <= LONGEST_NAME for name in present):
        errors.append(InputError("present", "Name everybody who was there when the mark was agreed"))
    if errors:
        raise InputErrors(errors)
