"""What an officer reads of a lot's result: the ranking, every line that made it, and what is still in the way."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.bid_content import BidContent
from wpound.core.errors import NotFound, StateError
from wpound.core.fairness import FairnessRow, view_fairness
from wpound.core.method import Method
from wpound.services.end_lot import find_ending
from wpound.services.evaluate_again import AskedRescore, find_asked
from wpound.services.evaluate_bids import get_result, list_offers, score_bids
from wpound.services.find_lot import FoundLot
from wpound.services.read_terms import read_terms
from wpound.store.awards import find_award
from wpound.store.bids import list_bids
from wpound.store.evaluations import find_evaluation, list_evaluations
from wpound.store.models.awards import Award
from wpound.store.models.bids import Bid
from wpound.store.models.evaluations import Evaluation, EvaluationBid
from wpound.store.models.tenders import TenderStage
from wpound.store.suppliers import get_supplier


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One evaluation of a lot (None before the first) with all there are; ``in_the_way`` says why there is none yet."""

    found: FoundLot
    evaluation: Evaluation | None
    evaluations: tuple[Evaluation, ...]
    bidders: dict[int, str]
    ties: tuple[str, ...]
    warnings: tuple[str, ...]
    fairness: tuple[FairnessRow, ...]
    sizes: dict[str, str]
    in_the_way: tuple[str, ...]
    asked: AskedRescore | None
    award: Award | None
    ending: str | None

    @property
    def is_latest(self) -> bool:
        """Whether this is the evaluation that counts."""
        return self.evaluation is None or self.evaluation.number == self.evaluations[-1].number


@dataclass(frozen=True, slots=True)
class LinesPage:
    """Every line of one bid in one evaluation, with the evaluators' reasons by criterion."""

    found: FoundLot
    evaluation: Evaluation
    bid: EvaluationBid
    bidder: str
    reasons: dict[str, str]


def show_result(session: Session, found: FoundLot, catalogue: Catalogue, number: int | None = None) -> ResultPage:
    """The evaluation of that number, the latest where none is given; raises NotFound for no such number."""
    evaluation = find_evaluation(session, lot_id=found.lot.id, number=number)
    if evaluation is None and number is not None:
        raise NotFound("There is no evaluation of that number.")
    bids = list_bids(session, lot_id=found.lot.id) if found.tender.stage in _OPENED else []
    result = get_result(evaluation) if evaluation else {"ties": [], "warnings": []}
    return ResultPage(
        found=found,
        evaluation=evaluation,
        evaluations=tuple(list_evaluations(session, lot_id=found.lot.id)),
        bidders={bid.id: bid.bidder for bid in bids},
        ties=tuple(f"{' and '.join(tie['bidders'])} share place {tie['rank']}." for tie in result["ties"]),
        warnings=tuple(warning["message"] for warning in result["warnings"]),
        fairness=_fairness(session, found, bids, catalogue) if evaluation and number is None else (),
        sizes={bid.bidder: get_supplier(session, bid.supplier_id).size.value for bid in bids} if evaluation else {},
        in_the_way=tuple(_in_the_way(found, bids)),
        asked=find_asked(session, found.lot),
        award=find_award(session, lot_id=found.lot.id),
        ending=find_ending(session, found.lot),
    )


def show_lines(session: Session, found: FoundLot, bid_id: int, number: int | None = None) -> LinesPage:
    """One bid's lines; raises StateError before the first evaluation, NotFound for no such bid or number."""
    names = {bid.id: bid.bidder for bid in list_bids(session, lot_id=found.lot.id)}
    evaluation = find_evaluation(session, lot_id=found.lot.id, number=number)
    if bid_id in names and evaluation is None and number is None:
        raise StateError("These bids have not been scored yet.")
    bid = next((one for one in evaluation.bids if one.bid_id == bid_id), None) if evaluation else None
    if evaluation is None or bid is None:
        raise NotFound("There is no such bid in this evaluation.")
    stored = next(one for one in get_result(evaluation)["bids"] if one["bidder"] == names[bid_id])
    reasons = {line["criterion"]: line["reason"] for line in stored["lines"] if line["reason"]}
    return LinesPage(found, evaluation, bid, names[bid_id], reasons)


def method_of(found: FoundLot) -> Method:
    """The method the lot was scored by."""
    return read_terms(found.tender).method


_OPENED = (TenderStage.EVALUATION, TenderStage.AWARDED)


def _in_the_way(found: FoundLot, bids: list[Bid]) -> Iterator[str]:
    """What has to be done before the bids can be scored; nothing is said of bids before they are opened."""
    tender = found.tender
    if tender.stage not in _OPENED:
        yield "The bids have not been opened."
        return
    if tender.moderation_locked_at is None:
        yield "The marks have not been locked. They are once every mark is agreed, before anybody sees a result."
    if any(bid.price is None for bid in bids):
        yield "The price envelopes have not been opened."
    if not bids:
        yield "There are no bids to score."


def _fairness(session: Session, found: FoundLot, bids: list[Bid], catalogue: Catalogue) -> tuple[FairnessRow, ...]:
    """How promises look beside price and size; empty where marks can no longer be scored the same."""
    company = {bid.bidder: BidContent.from_dict(bid.content).company for bid in bids if bid.content}
    offers = [
        replace(offer, company=company.get(offer.bidder, offer.company)) for offer in list_offers(session, found.lot)
    ]
    return view_fairness(score_bids(session, found.tender, found.lot, catalogue), offers)
