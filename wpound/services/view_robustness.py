"""The robustness panel of an evaluation: shown after a person said they look at it, which is on record."""

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.errors import StateError
from wpound.core.robustness import RobustnessPanel, check_robustness
from wpound.services.evaluate_bids import list_offers
from wpound.services.read_terms import read_terms
from wpound.store.audit import append_event, list_events
from wpound.store.engine import lock
from wpound.store.evaluations import find_evaluation
from wpound.store.models.evaluations import Evaluation
from wpound.store.models.tenders import Lot, Tender

VIEWED = "robustness.viewed"


def record_viewing(session: Session, lot: Lot, *, actor: str) -> None:
    """Put on record that a person looks at the panel of the latest evaluation; once is enough for each.

    Raises StateError before moderation is locked and the bids are scored.
    """
    tender = lock(session, Tender, lot.tender_id)
    evaluation = require_evaluation(session, tender, lot)
    if not has_viewed(session, lot, evaluation, actor):
        append_event(
            session,
            actor=actor,
            action=VIEWED,
            object_kind="lot",
            object_id=lot.id,
            detail={"ocid": tender.ocid, "lot": lot.number, "evaluation": evaluation.number},
        )


def has_viewed(session: Session, lot: Lot, evaluation: Evaluation, email: str) -> bool:
    """Whether it is on record that this person looks at the panel of this evaluation."""
    return any(
        event.action == VIEWED and event.actor == email and event.detail["evaluation"] == evaluation.number
        for event in list_events(session, object_kind="lot", object_id=lot.id)
    )


def view_robustness(session: Session, tender: Tender, lot: Lot, catalogue: Catalogue, *, email: str) -> RobustnessPanel:
    """The panel of the latest evaluation: the same marks and the same seed give the same panel. Changes nothing.

    Raises StateError for whoever has not said that they look at it, and as :func:`require_evaluation` does.
    """
    evaluation = require_evaluation(session, tender, lot)
    if not has_viewed(session, lot, evaluation, email):
        raise StateError("The panel opens once it is on record that you look at it.")
    return work_out_robustness(session, tender, lot, catalogue)


def work_out_robustness(session: Session, tender: Tender, lot: Lot, catalogue: Catalogue) -> RobustnessPanel:
    """The panel for the evaluation report, with no regard to who looks at it."""
    terms = read_terms(tender)
    terms.require(catalogue)
    return check_robustness(terms.method, list_offers(session, lot), catalogue, terms.as_of)


def require_evaluation(session: Session, tender: Tender, lot: Lot) -> Evaluation:
    """The latest evaluation of a lot; raises StateError where there is a problem."""
    evaluation = find_evaluation(session, lot_id=lot.id)
    problem = find_problem(session, tender, lot)
    if evaluation is None or problem is not None:
        raise StateError(problem or "These bids have not been scored yet.")
    return evaluation


def find_problem(session: Session, tender: Tender, lot: Lot) -> str | None:
    """Why there is no panel yet, in words; None where there is one."""
    if tender.moderation_locked_at is None:
        return "The panel is there after the marks are locked, so that nobody marks with it in view."
    if find_evaluation(session, lot_id=lot.id) is None:
        return "These bids have not been scored yet."
    return None
