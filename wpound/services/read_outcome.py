"""What became of a supplier's own bid, for its people and nobody else."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.errors import NotFound, StateError
from wpound.documents.assessment_summary import AssessmentSummary
from wpound.services.access import Person, Policy, decide, organisation_of
from wpound.services.end_lot import find_ending
from wpound.services.find_lot import FoundLot, find_lot
from wpound.services.issue_summaries import make_summary
from wpound.store.awards import find_award
from wpound.store.bids import list_bids
from wpound.store.models.bids import Bid
from wpound.store.models.contracts import Contract
from wpound.store.models.tenders import TenderStage
from wpound.store.sealed_bids import find_sealed_bid
from wpound.store.tenders import find_tender
from wpound.store.workload import find_supplier_id

OPENED = (TenderStage.EVALUATION, TenderStage.AWARDED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a supplier's bid stands: ended with a reason, decided with a summary, or still to be decided.

    ``was_left_out`` is True for a bid that stood but was not confirmed after the tender changed, and so never opened.
    ``contract_reference`` is empty until the contract is entered into.
    """

    found: FoundLot
    ended_because: str | None = None
    summary: AssessmentSummary | None = None
    issued_at: datetime | None = None
    noticed_on: date | None = None
    standstill_ends_on: date | None = None
    was_left_out: bool = False
    contract_reference: str = ""


def read_outcome(session: Session, person: Person, ocid: str, number: int, current: Catalogue) -> Outcome:
    """The outcome of the bid of the person's own organisation; raises NotFound where it made none for this lot."""
    decide(Policy.SUPPLIER, person)
    tender = find_tender(session, ocid)
    supplier_id = find_supplier_id(session, organisation_id=organisation_of(person))
    if tender is None or tender.stage is TenderStage.DRAFT or supplier_id is None:
        raise NotFound("There is no such tender.")
    found = find_lot(session, tender, number)
    sealed = find_sealed_bid(session, lot_id=found.lot.id, supplier_id=supplier_id)
    own = _own_bid(session, found, supplier_id)
    if own is None and (sealed is None or sealed.withdrawn_at is not None):
        raise NotFound("You made no bid here.")
    ending = tender.ended_because if tender.stage is TenderStage.CANCELLED else find_ending(session, found.lot)
    if ending is not None:
        return Outcome(found, ended_because=ending)
    award = find_award(session, lot_id=found.lot.id) if tender.stage in OPENED else None
    if own is None or award is None or award.summaries_issued_at is None:
        return Outcome(found, was_left_out=own is None and tender.stage in OPENED)
    return Outcome(
        found,
        summary=make_summary(session, tender, found.lot, own, found.catalogue(session, current)),
        issued_at=award.summaries_issued_at,
        noticed_on=award.noticed_on,
        standstill_ends_on=award.standstill_ends_on,
        contract_reference=session.get_one(Contract, award.contract_id).reference if award.contract_id else "",
    )


def read_own_summary(session: Session, person: Person, ocid: str, number: int, current: Catalogue) -> AssessmentSummary:
    """The own summary as a file; raises StateError before it is issued, and as :func:`read_outcome` does."""
    summary = read_outcome(session, person, ocid, number, current).summary
    if summary is None:
        raise StateError("There is no assessment summary to download yet.")
    return summary


def _own_bid(session: Session, found: FoundLot, supplier_id: int) -> Bid | None:
    return next((bid for bid in list_bids(session, lot_id=found.lot.id) if bid.supplier_id == supplier_id), None)
