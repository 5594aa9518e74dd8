"""Score bids again: one officer asks with a reason, another approves, and the result is a new number (D6)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.errors import InputError, StateError
from wpound.services.access import is_same_person
from wpound.services.end_lot import require_running
from wpound.services.evaluate_bids import evaluate_bids
from wpound.store.audit import append_event, list_events
from wpound.store.awards import find_award
from wpound.store.engine import lock
from wpound.store.evaluations import find_evaluation
from wpound.store.models.evaluations import Evaluation
from wpound.store.models.tenders import Lot, Tender, TenderStage

ASKED, REFUSED = "rescore.asked", "rescore.refused"
LONGEST_REASON = 5000


@dataclass(frozen=True, slots=True)
class AskedRescore:
    """Who asked for another scoring after which evaluation, and why."""

    asked_by: str
    reason: str
    after: int


def ask_rescore(session: Session, lot: Lot, *, reason: str, actor: str) -> None:
    """Ask for the bids to be scored again. Raises StateError where they cannot be, InputError without a reason."""
    tender = lock(session, Tender, lot.tender_id)
    latest = find_evaluation(session, lot_id=lot.id)
    if latest is None or tender.stage is not TenderStage.EVALUATION:
        raise StateError("Bids are scored again during evaluation, after a first scoring.")
    require_running(session, lot)
    if find_award(session, lot_id=lot.id) is not None:
        raise StateError("An award has been recommended on this result. Take the recommendation back first.")
    if find_asked(session, lot) is not None:
        raise StateError("Another scoring has been asked for already and waits for a second officer.")
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise InputError("reason", f"Say why the bids are scored again, in at most {LONGEST_REASON:,} characters.")
    _record(session, tender, lot, actor, ASKED, {"after": latest.number, "reason": reason.strip()})


def decide_rescore(session: Session, lot: Lot, catalogue: Catalogue, *, agreed: bool, actor: str) -> Evaluation | None:
    """Agree as a second officer, which scores the bids as a new number, or refuse.

    Raises StateError where nobody has asked, or for whoever did.
    """
    tender = lock(session, Tender, lot.tender_id)
    asked = find_asked(session, lot)
    if asked is None:
        raise StateError("Nobody has asked for another scoring.")
    if is_same_person(asked.asked_by, actor):
        raise StateError("Another scoring is agreed to by another officer than the one who asked for it.")
    if not agreed:
        _record(session, tender, lot, actor, REFUSED, {"after": asked.after})
        return None
    evaluation = evaluate_bids(session, lot, catalogue, actor=asked.asked_by, reason=asked.reason)
    detail = {"number": evaluation.number, "in_place_of": asked.after, "asked_by": asked.asked_by}
    _record(session, tender, lot, actor, "rescore.approved", detail)
    return evaluation


def find_asked(session: Session, lot: Lot) -> AskedRescore | None:
    """The request that waits for a second officer, or None."""
    asked = None
    for event in list_events(session, object_kind="lot", object_id=lot.id):
        if event.action == ASKED:
            asked = AskedRescore(event.actor, str(event.detail["reason"]), int(event.detail["after"]))
        elif event.action == REFUSED:
            asked = None
    latest = find_evaluation(session, lot_id=lot.id)
    return asked if asked and latest and asked.after == latest.number else None


def _record(session: Session, tender: Tender, lot: Lot, actor: str, action: str, detail: Mapping[str, object]) -> None:
    append_event(
        session,
        actor=actor,
        action=action,
        object_kind="lot",
        object_id=lot.id,
        detail={"ocid": tender.ocid, "lot": lot.number, **detail},
    )
