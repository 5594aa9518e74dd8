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
from wpound.store.bids import list_bids
from wpound.store.contracts import find_contract_of_bid
from wpound.store.engine import lock
from wpound.store.models.contracts import Contract
from wpound.store.models.tenders import Lot, Tender, TenderStage
from wpound.store.tenders import list_lots


def award_contract(
    session: Session, lot: Lot, catalogue: Catalogue, *, reference: str, life: Period, actor: str
) -> Contract:
    """Enter the contract with the bid ranked first alone: its price, its promises and their values as published.

    Raises StateError where bids are not being evaluated, no bid or more than one is ranked first, or marks were changed
    since the latest evaluation, and InputErrors for terms that cannot be.
    """
    tender = lock(session, Tender, lot.tender_id)
    if tender.stage is not TenderStage.EVALUATION:
        raise StateError(f"A tender is awarded once, after evaluation; it is at the stage '{tender.stage.value}'.")
    evaluation, result = confirm_result(session, tender, lot, catalogue)
    winner = winner_of(session, lot, result)
    promises = [Promise(c.measure_code, c.quantity, c.year, c.unit) for c in winner.commitments]
    contract = Contract(
        organisation_id=tender.organisation_id,
        supplier_id=winner.supplier_id,
        tender_id=tender.id,
        bid_id=winner.id,
        ocid=tender.ocid,
    )
    as_of = read_terms(tender).as_of
    if winner.price is None:
        raise StateError("The prices of this tender are not open yet.")
    terms = ContractTerms(reference, tender.title, winner.price, life)
    # A caller that catches an error and goes on must not keep half a contract.
    with session.begin_nested():
        record_contract(session, contract, terms, promises, catalogue, as_of=as_of, actor=actor)
        if all(other.id == lot.id or _is_awarded(session, other) for other in list_lots(session, tender_id=tender.id)):
            tender.stage = TenderStage.AWARDED
        append_event(
            session,
            actor=actor,
            action="tender.awarded",
            object_kind="tender",
            object_id=tender.id,
            detail={"lot": lot.number, "bidder": winner.bidder, "evaluation": evaluation.number, "contract": reference},
        )
    return contract


def _is_awarded(session: Session, lot: Lot) -> bool:
    return any(find_contract_of_bid(session, bid.id) for bid in list_bids(session, lot_id=lot.id))
