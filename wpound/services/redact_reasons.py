"""Leave a reason given to the winner out of what the other bidders are told, each with why it may be left out."""

from sqlalchemy.orm import Session

from wpound.core.criteria import Kind
from wpound.core.errors import InputError, NotFound, StateError
from wpound.services.read_terms import read_terms
from wpound.services.recommend_award import get_award, record_step
from wpound.store.awards import list_redactions
from wpound.store.base import add
from wpound.store.engine import lock
from wpound.store.models.awards import Award, Redaction
from wpound.store.models.tenders import Lot, Tender

LONGEST_REASON = 1000


def list_redactable(tender: Tender) -> dict[str, str]:
    """The criteria whose reasons other bidders read of the winner, title by code."""
    leaves = read_terms(tender).method.tree.leaves
    return {leaf.criterion.code: leaf.criterion.heading for leaf in leaves if leaf.criterion.kind is Kind.QUALITATIVE}


def redact_reason(session: Session, lot: Lot, criterion: str, *, because: str, actor: str) -> Redaction:
    """Leave out what was said of the winner under a criterion.

    Raises InputError for no such criterion, for one that is left out already and without a reason, StateError once the
    summaries are out.
    """
    tender = lock(session, Tender, lot.tender_id)
    award = _open_award(session, lot)
    if criterion not in list_redactable(tender):
        raise InputError("criterion", "Choose a criterion for which evaluators gave a reason.")
    if any(one.criterion == criterion for one in list_redactions(session, award_id=award.id)):
        raise InputError("criterion", "This reason is left out already.")
    because = because.strip()
    if not 0 < len(because) <= LONGEST_REASON:
        raise InputError("because", f"Say why it may be left out, in at most {LONGEST_REASON:,} characters.")
    row = Redaction(award_id=award.id, bid_id=award.bid_id, criterion=criterion, because=because, made_by=actor)
    add(session, row)
    record_step(session, tender, lot, actor, "redaction.made", {"criterion": criterion, "reason": because})
    return row


def undo_redaction(session: Session, lot: Lot, redaction_id: int, *, actor: str) -> None:
    """Tell the reason after all; raises NotFound for no redaction of this award, StateError once summaries are out."""
    tender = lock(session, Tender, lot.tender_id)
    award = _open_award(session, lot)
    found = next((one for one in list_redactions(session, award_id=award.id) if one.id == redaction_id), None)
    if found is None:
        raise NotFound("There is no such redaction.")
    session.delete(found)
    session.flush()
    record_step(
        session, tender, lot, actor, "redaction.undone", {"criterion": found.criterion, "reason": found.because}
    )


def _open_award(session: Session, lot: Lot) -> Award:
    award = get_award(session, lot)
    if award.summaries_issued_at is not None:
        raise StateError("The summaries are out, so what they leave out does not change any more.")
    return award
