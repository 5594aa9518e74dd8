"""Lock the marks of a tender once all are agreed: after this no mark changes, and only then prices are opened."""

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, InputErrors, StateError
from wpound.services.clock import Clock, database_clock
from wpound.services.panel_gate import list_open_sheets
from wpound.services.read_terms import checked_criteria, marked_criteria
from wpound.store.audit import append_event
from wpound.store.bids import list_tender_bids
from wpound.store.engine import lock
from wpound.store.marks import list_checks
from wpound.store.models.bids import MarkKind
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.questions import list_tender_questions


def lock_moderation(session: Session, tender: Tender, *, actor: str, clock: Clock = database_clock) -> Tender:
    """Lock every mark of a tender.

    Raises StateError outside evaluation or where they are locked already, InputErrors with everything
    :func:`list_missing` finds.
    """
    tender = lock(session, Tender, tender.id)
    if tender.stage is not TenderStage.EVALUATION:
        raise StateError(f"Marks are locked during evaluation; this tender is at the stage '{tender.stage.value}'.")
    if tender.moderation_locked_at is not None:
        raise StateError(f"{tender.moderation_locked_by} has locked the marks of this tender already.")
    missing = list_missing(session, tender)
    if missing:
        raise InputErrors(missing)
    tender.moderation_locked_by, tender.moderation_locked_at = actor, clock(session)
    append_event(
        session,
        actor=actor,
        action="moderation.locked",
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": tender.ocid},
    )
    return tender


def list_missing(session: Session, tender: Tender) -> list[InputError]:
    """What keeps the marks of a tender from being locked: sheets, checks, agreed marks and conclusions to come.

    A bid that did not pass a check is out and needs no marks.
    """
    bids = list_tender_bids(session, tender_id=tender.id)
    checks = {(one.bid_id, one.criterion): one for one in list_checks(session, bid_ids=[bid.id for bid in bids])}
    failed = {bid_id for (bid_id, _), check in checks.items() if not check.passed}
    missing = [
        InputError("sheets", f"{user.name} has not finished marking.") for _, user in list_open_sheets(session, tender)
    ]
    missing += [
        InputError(f"{bid.bidder}: {criterion.code}", f"{criterion.heading} has not been checked for {bid.bidder}.")
        for bid in bids
        for criterion in checked_criteria(tender)
        if (bid.id, criterion.code) not in checks
    ]
    agreed = {(bid.id, mark.criterion) for bid in bids for mark in bid.marks if mark.kind is MarkKind.CONSENSUS}
    missing += [
        InputError(f"{bid.bidder}: {criterion.code}", f"{criterion.heading} has no agreed mark yet for {bid.bidder}.")
        for bid in bids
        for criterion in marked_criteria(tender)
        if bid.id not in failed and (bid.id, criterion.code) not in agreed
    ]
    return missing + list_open_questions(session, tender)


def list_open_questions(session: Session, tender: Tender) -> list[InputError]:
    """The questions to bidders whose answers nobody has weighed yet; a bidder has the right to be heard first."""
    return [
        InputError(f"{bid.bidder}: question {question.number}", f"A question to {bid.bidder} has no conclusion yet.")
        for question, bid in list_tender_questions(session, tender_id=tender.id)
        if question.conclusion is None
    ]
