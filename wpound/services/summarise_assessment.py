"""Put together the assessment summary that one bidder is owed before the award notice."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.errors import NotFound
from wpound.core.feedback import give_feedback
from wpound.documents.assessment_summary import AssessmentSummary, Winner
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.evaluate_bids import confirm_result, winner_of
from wpound.services.read_terms import read_terms
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Lot, Tender
from wpound.store.suppliers import get_supplier


def summarise_assessment(
    session: Session,
    buyer: Organisation,
    tender: Tender,
    lot: Lot,
    catalogue: Catalogue,
    bidder: str,
    *,
    winner_address: str,
    winner_email: str,
    next_steps: tuple[str, ...],
    redactions: Mapping[str, str] | None = None,
    clock: Clock = database_clock,
) -> AssessmentSummary:
    """What ``documents.assessment_summary`` prints for one bidder of the latest evaluation; changes nothing.

    The marks are those of the stored evaluation, shown to come out the same again. Printing is refused while a mark has
    no reason. Raises NotFound for no such bidder and StateError where nobody, or more than one, is ranked first.
    """
    _, result = confirm_result(session, tender, lot, catalogue)
    if bidder not in [bid.bidder for bid in result.bids]:
        raise NotFound(f"{bidder} made no bid for this tender.")
    method = read_terms(tender).method
    winning = winner_of(session, lot, result)
    identifier = get_supplier(session, winning.supplier_id).identifier or "none held"
    return AssessmentSummary(
        buyer=buyer.name,
        reference=tender.ocid,
        method=method,
        result=result,
        bidder=bidder,
        winner=Winner(winning.bidder, winner_address, winner_email, identifier),
        issued_on=day_of(clock(session)),
        next_steps=next_steps,
        feedback=give_feedback(method, result, bidder).sentences,
        redactions=dict(redactions or {}),
    )
