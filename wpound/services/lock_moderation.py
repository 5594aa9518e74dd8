"""Lock the marks of a tender once all are agreed: after this no mark changes, and only then prices are opened."""

from sqlalchemy.orm import Session

from wpound.core.criteria import Kind
from wpound.core.errors import InputError, InputErrors, StateError
from wpound.services.clock import Clock, database_clock
from wpound.services.read_terms import read_terms
from wpound.store.audit import append_event
from wpound.store.bids import list_tender_bids
from wpound.store.engine import lock
from wpound.store.models.bids import MarkKind
from wpound.store.models.tenders import Tender, TenderStage


def lock_moderation(session: Session, tender: Tender, *, actor: str, clock: Clock = database_clock) -> Tender:
    """Lock every mark of a tender.

    Raises StateError outside evaluation or where they are locked already, InputErrors naming every mark that is not
    agreed yet.
    """
    tender = lock(session, Tender, tender.id)
    if tender.stage is not TenderStage.EVALUATION:
        raise StateError(f"Marks are locked during evaluation; this tender is at the stage '{tender.stage.value}'.")
    if tender.moderation_locked_at is not None:
        raise StateError(f"{tender.moderation_locked_by} has locked the marks of this tender already.")
    missing = _missing(session, tender)
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


def _missing(session: Session, tender: Tender) -> list[InputError]:
    leaves = read_terms(tender).method.tree.leaves
    marked = [leaf.criterion for leaf in leaves if leaf.criterion.kind is Kind.QUALITATIVE]
    return [
        InputError(f"{bid.bidder}: {criterion.code}", f"{criterion.heading} has no agreed mark yet.")
        for bid in list_tender_bids(session, tender_id=tender.id)
        for criterion in marked
        if criterion.code not in {mark.criterion for mark in bid.marks if mark.kind is MarkKind.CONSENSUS}
    ]
