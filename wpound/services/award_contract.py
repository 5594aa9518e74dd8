"""Enter the contract of an award: the winner's promises become its commitments, all of them or nothing."""

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.bids import Commitment as Promise
from wpound.core.errors import StateError
from wpound.core.periods import Period, format_day
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.end_lot import require_running, settle_tender
from wpound.services.enter_contract import ContractTerms, record_contract
from wpound.services.evaluate_bids import confirm_result
from wpound.services.hand_over import list_promised, require_settled
from wpound.services.read_terms import read_terms
from wpound.services.recommend_award import get_award
from wpound.store.audit import append_event
from wpound.store.bids import find_bid
from wpound.store.engine import lock
from wpound.store.models.awards import Award
from wpound.store.models.bids import Bid
from wpound.store.models.contracts import Contract
from wpound.store.models.tenders import Lot, Tender, TenderStage


def award_contract(
    session: Session,
    lot: Lot,
    catalogue: Catalogue,
    *,
    reference: str,
    life: Period,
    actor: str,
    clock: Clock = database_clock,
) -> Contract:
    """Enter the contract with the bid awarded: its price, its promises with their values as published, and what the
    hand-over settled for each.

    Raises StateError before the standstill is over or where marks were changed since the evaluation, and InputErrors
    for terms that cannot be and for every promise for which owner, due profile, evidence or remedy is missing.
    """
    tender = lock(session, Tender, lot.tender_id)
    award = get_award(session, lot)
    _require_ready(session, tender, lot, award, clock)
    evaluation, _ = confirm_result(session, tender, lot, catalogue)
    winner = find_bid(session, bid_id=award.bid_id, tender_id=tender.id)
    if winner is None or winner.price is None or evaluation.id != award.evaluation_id:
        raise StateError("The bids were scored again since this award was approved, so it cannot be entered.")
    title = tender.title if tender.title == lot.title else f"{tender.title}: {lot.title}"
    terms = ContractTerms(reference, title, winner.price, life)
    told = {"bidder": winner.bidder, "contract": reference}
    # A caller that catches an error and goes on must not keep half a contract.
    with session.begin_nested():
        contract = _enter(session, tender, award, winner, terms, catalogue, actor)
        settle_tender(session, tender)
        append_event(
            session,
            actor=actor,
            action="tender.awarded",
            object_kind="tender",
            object_id=tender.id,
            detail={"ocid": tender.ocid, "lot": lot.number, "evaluation": evaluation.number, **told},
        )
    return contract


def _enter(
    session: Session, tender: Tender, award: Award, winner: Bid, terms: ContractTerms, catalogue: Catalogue, actor: str
) -> Contract:
    """The contract with every promise and what was settled for it; raises InputErrors for what is not settled."""
    promised = list_promised(session, award)
    require_settled(promised, terms.life)
    promises = [Promise(p.measure_code, p.quantity, p.year, p.unit) for p in (one.promise for one in promised)]
    settled = {(one.promise.measure_code, one.promise.year): one.settled for one in promised}
    contract = Contract(
        organisation_id=tender.organisation_id,
        supplier_id=winner.supplier_id,
        tender_id=tender.id,
        bid_id=winner.id,
        ocid=tender.ocid,
    )
    as_of = read_terms(tender).as_of
    record_contract(session, contract, terms, promises, catalogue, as_of=as_of, actor=actor, settled=settled)
    award.contract_id = contract.id
    session.flush()
    return contract


def _require_ready(session: Session, tender: Tender, lot: Lot, award: Award, clock: Clock) -> None:
    """Raise StateError unless the award is approved, noticed and its standstill over on this day."""
    if award.contract_id is not None:
        raise StateError("The contract of this award has been entered already: a lot is awarded once.")
    if tender.stage is not TenderStage.EVALUATION:
        raise StateError(f"A tender is awarded once, after evaluation; it is at the stage '{tender.stage.value}'.")
    require_running(session, lot)
    if award.noticed_on is None or award.standstill_ends_on is None:
        raise StateError("The contract is entered after the award notice and its standstill; neither has begun.")
    if day_of(clock(session)) <= award.standstill_ends_on:
        raise StateError(f"The standstill runs to the end of {format_day(award.standstill_ends_on)}. Wait until then.")
