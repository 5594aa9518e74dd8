"""Score the bids of a tender by its published method, and keep every result for ever."""

import re
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from wpound import __version__
from wpound.core.bids import Bid as Offer
from wpound.core.bids import Commitment
from wpound.core.errors import InputError, InputErrors, NotFound, StateError
from wpound.core.form import write_list
from wpound.core.results import BidResult, TenderResult
from wpound.core.scoring import score_tender
from wpound.core.trace import ScoreLine as TracedLine
from wpound.core.trace import explain
from wpound.core.valuing import CatalogueLike
from wpound.services.read_terms import PublishedTerms, marked_criteria, read_terms
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.bids import list_bids
from wpound.store.engine import lock
from wpound.store.evaluations import find_evaluation, next_number
from wpound.store.marks import list_checks
from wpound.store.models.bids import Bid, MarkKind, PassCheck
from wpound.store.models.evaluations import Evaluation, EvaluationBid, ScoreLine
from wpound.store.models.tenders import Lot, Tender, TenderStage
from wpound.store.types import hash_of

NOTHING = Decimal(0)
_BID = re.compile(r"bids\[(\d+)\]\.")


def evaluate_bids(
    session: Session, lot: Lot, catalogue: CatalogueLike, *, actor: str, reason: str | None = None
) -> Evaluation:
    """Score the bids for a lot as they are marked and store the result beside earlier ones, with every line.

    A second scoring needs a reason. Raises InputError without one, StateError unless the marks are locked and prices
    open, or under another catalogue than the published one, InputErrors naming every mark that is missing.
    """
    tender = lock(session, Tender, lot.tender_id)
    number = next_number(session, lot)
    if tender.stage is not TenderStage.EVALUATION:
        raise StateError(f"Bids are scored during evaluation; this tender is at the stage '{tender.stage.value}'.")
    if tender.moderation_locked_at is None:
        raise StateError("Bids are scored after their marks are locked, so that nobody marks with the result in view.")
    reason = (reason or "").strip() or None
    if number > 1 and reason is None:
        raise InputError("reason", "These bids were scored already. Say why they are scored again.")
    result = score_bids(session, tender, lot, catalogue)
    evaluation = add(session, _evaluation(session, lot, result, number, reason, actor))
    append_event(
        session,
        actor=actor,
        action="tender.evaluated",
        object_kind="tender",
        object_id=tender.id,
        detail={
            "ocid": tender.ocid,
            "lot": lot.number,
            "number": number,
            "reason": reason,
            "result_hash": evaluation.result_hash,
        },
    )
    return evaluation


def score_bids(session: Session, tender: Tender, lot: Lot, catalogue: CatalogueLike) -> TenderResult:
    """Score the stored bids for a lot with the published method and store nothing.

    The same rows always give the same canonical JSON. Raises StateError before bids and prices are opened or under
    another catalogue than the published one, InputErrors where marks are missing.
    """
    if tender.stage not in (TenderStage.EVALUATION, TenderStage.AWARDED):
        raise StateError(f"Bids are not opened yet; this tender is at the stage '{tender.stage.value}'.")
    terms = read_terms(tender)
    terms.require(catalogue)
    return score_under(session, terms, lot, catalogue)


def score_under(session: Session, terms: PublishedTerms, lot: Lot, catalogue: CatalogueLike) -> TenderResult:
    """The same under any catalogue, whichever it was published under; raises as :func:`score_bids` does."""
    offers = list_offers(session, lot)
    try:
        return score_tender(terms.method, offers, catalogue, terms.as_of)
    except InputErrors as found:
        raise InputErrors([_named(error, offers) for error in found.errors]) from None


def list_offers(session: Session, lot: Lot) -> list[Offer]:
    """The opened bids for a lot with their agreed marks, as scoring takes them; raises StateError before prices are.

    What an officer found on a check stands before the bidder's own answer. A bid that did not pass one is out: a
    criterion nobody marked has no marks, and says why.
    """
    bids = list_bids(session, lot_id=lot.id)
    checks: dict[int, list[PassCheck]] = {}
    for check in list_checks(session, bid_ids=[bid.id for bid in bids]):
        checks.setdefault(check.bid_id, []).append(check)
    marked = [criterion.code for criterion in marked_criteria(session.get_one(Tender, lot.tender_id))]
    return [_offer(bid, checks.get(bid.id, []), marked) for bid in bids]


def get_result(evaluation: Evaluation) -> dict[str, Any]:
    """The stored result, in the JSON of ``wpound tender score``; raises StateError where its hash does not fit it."""
    if hash_of(evaluation.result) != evaluation.result_hash:
        raise StateError("The stored result is not the one that was recorded. Do not use it; tell the administrator.")
    return evaluation.result


def confirm_result(
    session: Session, tender: Tender, lot: Lot, catalogue: CatalogueLike
) -> tuple[Evaluation, TenderResult]:
    """The latest evaluation of a lot with its result worked out anew, once the two are the same byte for byte.

    Raises NotFound before the first evaluation and StateError where marks were changed since.
    """
    evaluation = find_evaluation(session, lot_id=lot.id)
    if evaluation is None:
        raise NotFound("These bids have not been evaluated yet.")
    result = score_bids(session, tender, lot, catalogue)
    if hash_of(result.to_dict()) != evaluation.result_hash:
        raise StateError(
            f"Scoring the bids now gives another result than evaluation {evaluation.number}, made with wpound "
            f"{evaluation.engine_version}: marks were changed since. Evaluate the tender again, with the reason."
        )
    return evaluation, result


def winner_of(session: Session, lot: Lot, result: TenderResult) -> Bid:
    """The bid ranked first alone; raises StateError where there is none or the rules for ties leave several."""
    first = [bid.bidder for bid in result.bids if bid.rank == 1]
    if not first:
        raise StateError("Every bid was excluded, so there is nobody to award the tender to.")
    if len(first) > 1:
        raise StateError(
            f"{write_list(first)} share the first rank and the method's rules for ties leave it so: "
            "the tender cannot be awarded on this evaluation."
        )
    return next(bid for bid in list_bids(session, lot_id=lot.id) if bid.bidder == first[0])


def _offer(bid: Bid, checks: list[PassCheck], marked: list[str]) -> Offer:
    if bid.price is None:
        raise StateError("The prices of this tender are not open yet, so its bids cannot be scored.")
    agreed = {mark.criterion: mark for mark in bid.marks if mark.kind is MarkKind.CONSENSUS}
    marks = {code: mark.mark for code, mark in agreed.items() if mark.mark is not None}
    reasons = {code: mark.reason for code, mark in agreed.items()}
    if failed := [check.reason for check in checks if not check.passed]:
        marks = dict.fromkeys(marked, NOTHING) | marks
        reasons = dict.fromkeys(marked, f"Not marked, as the bid did not pass a check: {' '.join(failed)}") | reasons
    return Offer(
        bidder=bid.bidder,
        price=bid.price,
        marks=marks,
        passes={**bid.passes, **{check.criterion: check.passed for check in checks}},
        commitments=tuple(Commitment(c.measure_code, c.quantity, c.year, c.unit) for c in bid.commitments),
        fte=bid.fte,
        reasons=reasons,
    )


def _named(error: InputError, offers: list[Offer]) -> InputError:
    """The error with the bidder's name in place of a number in a list."""
    return InputError(_BID.sub(lambda found: f"{offers[int(found[1])].bidder}: ", error.field), error.message)


def _evaluation(
    session: Session, lot: Lot, result: TenderResult, number: int, reason: str | None, actor: str
) -> Evaluation:
    ids = {bid.bidder: bid.id for bid in list_bids(session, lot_id=lot.id)}
    printed = result.to_dict()
    return Evaluation(
        tender_id=lot.tender_id,
        lot_id=lot.id,
        number=number,
        reason=reason,
        created_by=actor,
        as_of=result.as_of,
        engine_version=__version__,
        method_hash=result.method_hash,
        catalogue_fingerprint=result.catalogue_fingerprint,
        result=printed,
        result_hash=hash_of(printed),
        bids=[_bid(bid, ids[bid.bidder], position) for position, bid in enumerate(result.bids, start=1)],
    )


def _bid(bid: BidResult, bid_id: int, position: int) -> EvaluationBid:
    return EvaluationBid(
        bid_id=bid_id,
        position=position,
        rank=bid.rank,
        score=bid.score,
        points=bid.points,
        excluded_because=bid.excluded_because,
        lines=[_line(line, place) for place, line in enumerate(bid.lines, start=1)],
    )


def _line(line: TracedLine, position: int) -> ScoreLine:
    printed = line.to_dict()
    return ScoreLine(
        position=position,
        criterion=line.criterion,
        title=line.title,
        share=line.share,
        weighting=line.weighting,
        available=line.available,
        contribution=line.contribution,
        formula=line.formula,
        inputs=printed["inputs"],
        values_used=printed["values_used"],
        explanation=explain(line),
    )
