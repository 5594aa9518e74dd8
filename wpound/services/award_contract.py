"""Award a tender: the winner's promises become the commitments of a contract, all of them or nothing."""

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.bids import Commitment as Promise
from wpound.core.errors import StateError
from wpound.core.periods import Period
from wpound.services.enter_contract import ContractTerms, record_contract
from wpound.services.evaluate_bids import confirm_result, winner_of
from wpound.services.read_terms import read_terms
from wpound.store.audit import append_event
from wpound.store.engine import lock
from wpound.store.models.contracts import Contract
from wpound.store.models.tenders import Tender, TenderStage


def award_contract(
    session: Session, tender: Tender, catalogue: Catalogue, *, reference: str, life: Period, actor: str
) -> Contract:
    """Enter the contract with the bid ranked first alone: its price, its promises and their values as published.

    Raises StateError where bids are not being evaluated, no bid or more than one is ranked first, or marks were changed
    since the latest evaluation, and InputErrors for terms that cannot be.
    """
    tender = lock(session, Tender, tender.id)
    if tender.stage is not TenderStage.EVALUATION:
        raise StateError(f"A tender is awarded once, after evaluation; it is at the stage '{tender.stage.value}'.")
    evaluation, result = confirm_result(session, tender, catalogue)
    winner = winner_of(session, tender, result)
    promises = [Promise(c.measure_code, c.quantity, c.year, c.unit) for c in winner.commitments]
    contract = Contract(
        organisation_id=tender.organisation_id,
        supplier_id=winner.supplier_id,
        tender_id=tender.id,
        bid_id=winner.id,
        ocid=tender.ocid,
    )
    as_of = read_terms(tender).as_of
    terms = ContractTerms(reference, tender.title, winner.price, life)
    # A caller that catches an error and goes on must not keep half a contract.
    with session.begin_nested():
        record_contract(session, contract, terms, promises, catalogue, as_of=as_of, actor=actor)
        tender.stage = TenderStage.AWARDED
        append_event(
            session,
            actor=actor,
            action="tender.awarded",
            object_kind="tender",
            object_id=tender.id,
            detail={"bidder": winner.bidder, "evaluation": evaluation.number, "contract": reference},
        )
    return contract
