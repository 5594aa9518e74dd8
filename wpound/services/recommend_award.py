"""Recommend the winner of a lot, have another officer approve it, or take the recommendation back."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.errors import InputError, InputErrors, StateError
from wpound.core.particulars import EMAIL
from wpound.services.access import is_same_person
from wpound.services.clock import Clock, database_clock
from wpound.services.end_lot import require_running
from wpound.services.evaluate_bids import confirm_result, winner_of
from wpound.services.lock_moderation import list_open_questions
from wpound.store.audit import append_event
from wpound.store.awards import delete_award, find_award, has_marked, is_evaluator
from wpound.store.base import add, require_version
from wpound.store.bids import list_tender_bids
from wpound.store.engine import lock
from wpound.store.models.awards import Award
from wpound.store.models.tenders import Lot, Tender, TenderStage

LONGEST_REASON = 5000


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Why the bid ranked first is to be awarded, and where its bidder is: all bidders are told both by law."""

    reason: str
    winner_address: str
    winner_email: str


def recommend_award(
    session: Session,
    lot: Lot,
    catalogue: Catalogue,
    recommendation: Recommendation,
    *,
    actor: str,
    clock: Clock = database_clock,
) -> Award:
    """Recommend the bid that the latest evaluation ranks first alone.

    Raises StateError where there is a recommendation already, the lot ended, nobody or more than one is ranked first,
    or marks were changed since; InputErrors for what is missing and for questions to bidders that are open still.
    """
    tender = lock(session, Tender, lot.tender_id)
    if tender.stage is not TenderStage.EVALUATION:
        raise StateError(f"An award is recommended during evaluation; the stage is '{tender.stage.value}'.")
    require_running(session, lot)
    if find_award(session, lot_id=lot.id) is not None:
        raise StateError("An award has been recommended already.")
    evaluation, result = confirm_result(session, tender, lot, catalogue)
    winner = winner_of(session, lot, result)
    _check(recommendation, list_open_questions(session, tender))
    award = Award(
        lot_id=lot.id,
        evaluation_id=evaluation.id,
        bid_id=winner.id,
        reason=recommendation.reason.strip(),
        winner_address=recommendation.winner_address.strip(),
        winner_email=recommendation.winner_email.strip(),
        recommended_by=actor,
        recommended_at=clock(session),
    )
    add(session, award)
    detail = {"evaluation": evaluation.number, "result_hash": evaluation.result_hash, "bidder": winner.bidder}
    record_step(session, tender, lot, actor, "award.recommended", detail | {"reason": award.reason})
    return award


def approve_award(
    session: Session, lot: Lot, catalogue: Catalogue, *, version: int, actor: str, clock: Clock = database_clock
) -> Award:
    """Approve the recommendation as a second officer, who saw it at this version.

    Raises StateError for the officer who recommended it, for an evaluator of the tender (threat T3), and where the
    result is no longer the one recommended; StaleEdit where the recommendation is.
    """
    tender = lock(session, Tender, lot.tender_id)
    award = get_award(session, lot)
    require_running(session, lot)
    if award.approved_by is not None:
        raise StateError(f"{award.approved_by} has approved this award already.")
    require_version(award, version)
    require_second_officer(session, tender, award, actor)
    evaluation, _ = confirm_result(session, tender, lot, catalogue)
    if evaluation.id != award.evaluation_id:
        raise StateError("The bids were scored again since this was recommended. Take the recommendation back first.")
    award.approved_by, award.approved_at = actor, clock(session)
    session.flush()
    record_step(session, tender, lot, actor, "award.approved", {"evaluation": evaluation.number})
    return award


def take_back_award(session: Session, lot: Lot, *, reason: str, actor: str) -> None:
    """Undo a recommendation, approved or not, as long as no bidder was told of it; what was settled for it goes too.

    Raises StateError once the summaries are out, InputError without a reason.
    """
    tender = lock(session, Tender, lot.tender_id)
    award = get_award(session, lot)
    if award.summaries_issued_at is not None:
        raise StateError("The bidders have been told of this award, so the recommendation stands.")
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise InputError("reason", "Say why the recommendation is taken back.")
    delete_award(session, award)
    detail = {"recommended_by": award.recommended_by, "approved_by": award.approved_by, "reason": reason.strip()}
    record_step(session, tender, lot, actor, "award.taken_back", detail)


def get_award(session: Session, lot: Lot) -> Award:
    """The award of a lot; raises StateError before the recommendation."""
    award = find_award(session, lot_id=lot.id)
    if award is None:
        raise StateError("Nobody has recommended an award yet.")
    return award


def require_second_officer(session: Session, tender: Tender, award: Award, actor: str) -> None:
    """Raise StateError for whoever recommended the award, and for whoever had a part in marking the bids."""
    if is_same_person(award.recommended_by, actor):
        raise StateError("An award is approved by another officer than the one who recommended it.")
    bids = [bid.id for bid in list_tender_bids(session, tender_id=tender.id)]
    if is_evaluator(session, tender_id=tender.id, email=actor) or has_marked(session, bid_ids=bids, email=actor):
        raise StateError("You had a part in marking these bids, so an officer who had none must approve the award.")


def _check(recommendation: Recommendation, open_questions: list[InputError]) -> None:
    errors = [InputError("reason", question.message) for question in open_questions]
    if not 0 < len(recommendation.reason.strip()) <= LONGEST_REASON:
        errors.append(
            InputError("reason", f"Say why this bid is to be awarded, in at most {LONGEST_REASON:,} characters.")
        )
    if not recommendation.winner_address.strip():
        errors.append(InputError("winner_address", "Enter the winner's postal address: every bidder is told it."))
    if not EMAIL.fullmatch(recommendation.winner_email.strip()):
        errors.append(InputError("winner_email", "Enter the winner's email address, like name@example.com"))
    if errors:
        raise InputErrors(errors)


def record_step(
    session: Session, tender: Tender, lot: Lot, actor: str, action: str, detail: Mapping[str, object]
) -> None:
    """Tell the audit trail of a step towards the award of a lot."""
    append_event(
        session,
        actor=actor,
        action=action,
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": tender.ocid, "lot": lot.number, **detail},
    )
