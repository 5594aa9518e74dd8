"""The letter that goes to each bidder with its assessment summary."""

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.errors import NotFound, StateError
from wpound.core.particulars import Particulars
from wpound.core.quantities import Quantity
from wpound.documents.award_letter import AwardLetter, PromisedLine
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.find_lot import FoundLot
from wpound.services.recommend_award import get_award
from wpound.store.bids import list_bids
from wpound.store.evaluations import find_evaluation
from wpound.store.models.bids import Bid
from wpound.store.models.organisations import Organisation


def make_letter(
    session: Session, found: FoundLot, bid_id: int, catalogue: Catalogue, clock: Clock = database_clock
) -> AwardLetter:
    """The letter to one bidder, dated the day the summaries went out, or today's while they have not.

    Raises StateError before the award is approved, NotFound for a bid that is not of this lot.
    """
    bids = {bid.id: bid for bid in list_bids(session, lot_id=found.lot.id)}
    if bid_id not in bids:
        raise NotFound("There is no such bid.")
    award, evaluation = get_award(session, found.lot), find_evaluation(session, lot_id=found.lot.id)
    if award.approved_by is None or evaluation is None:
        raise StateError("Letters are made once a second officer has approved the award.")
    bid, winner = bids[bid_id], bids[award.bid_id]
    places = {one.bid_id: one.rank for one in evaluation.bids}
    return AwardLetter(
        buyer=session.get_one(Organisation, found.tender.organisation_id).name,
        reference=found.tender.ocid,
        title=found.tender.title,
        lot=f"Lot {found.lot.number}: {found.lot.title}" if found.is_divided else "",
        bidder=bid.bidder,
        winner=winner.bidder,
        place=places[bid.id],
        assessed=len(places),
        issued_on=day_of(award.summaries_issued_at or clock(session)),
        signed_by=award.approved_by,
        contact_email=Particulars.from_dict(found.tender.particulars).contact_email,
        notice_on=award.noticed_on,
        standstill_ends_on=award.standstill_ends_on,
        promises=_promises(bid, catalogue) if bid is winner else (),
    )


def _promises(bid: Bid, catalogue: Catalogue) -> tuple[PromisedLine, ...]:
    return tuple(
        PromisedLine(catalogue.get_measure(one.measure_code).title, Quantity(one.quantity, one.unit), one.year)
        for one in bid.commitments
        if one.quantity
    )
