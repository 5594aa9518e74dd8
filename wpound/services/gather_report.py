"""Gather the evaluation report of a lot: who decided what, on which grounds, and how firmly the result stands."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.bid_content import Envelope
from wpound.core.robustness import RobustnessPanel
from wpound.documents.evaluation_report import (
    CheckDecided,
    EvaluationReport,
    MarkAgreed,
    MarkGiven,
    Opening,
    PanelMember,
    QuestionAnswered,
    ReceivedBid,
)
from wpound.services.clock import Clock, database_clock, day_of, format_moment
from wpound.services.evaluate_bids import confirm_result
from wpound.services.find_lot import FoundLot
from wpound.services.read_terms import checked_criteria, read_terms
from wpound.services.view_robustness import VIEWED, work_out_robustness
from wpound.store.audit import list_events
from wpound.store.awards import find_award
from wpound.store.bids import list_bids
from wpound.store.marks import list_checks
from wpound.store.models.accounts import User
from wpound.store.models.bids import Bid, MarkKind
from wpound.store.models.organisations import Organisation
from wpound.store.models.panel import PanelSeat
from wpound.store.models.sealed_bids import BidReceipt
from wpound.store.models.tenders import Tender
from wpound.store.panel import list_seats
from wpound.store.questions import list_tender_questions
from wpound.store.seals import list_acts

ENVELOPES = {Envelope.QUALITY: "quality", Envelope.PRICE: "price"}


def gather_evaluation_report(
    session: Session, found: FoundLot, catalogue: Catalogue, clock: Clock = database_clock
) -> EvaluationReport:
    """The report of the latest evaluation; changes nothing. The robustness panel is in it once somebody looked at it.

    Raises NotFound before the bids are scored, StateError where marks were changed since.
    """
    tender, lot = found.tender, found.lot
    evaluation, result = confirm_result(session, tender, lot, catalogue)
    bids = list_bids(session, lot_id=lot.id)
    award = find_award(session, lot_id=lot.id)
    return EvaluationReport(
        buyer=session.get_one(Organisation, tender.organisation_id).name,
        reference=tender.ocid,
        lot=f"Lot {lot.number}: {lot.title}" if found.is_divided else "",
        method=read_terms(tender).method,
        result=result,
        closed=format_moment(read_terms(tender).deadline_at),
        received=tuple(_received(session, bid) for bid in bids),
        openings=tuple(_openings(session, tender)),
        panel=tuple(_member(seat, user) for seat, user in list_seats(session, tender_id=tender.id)),
        checks=tuple(_checks(session, tender, bids)),
        agreed=tuple(_agreed(bids)),
        locked=_locked(tender),
        questions=tuple(_questions(session, tender, bids)),
        robustness=_robustness(session, found, catalogue, evaluation.number),
        recommended=next(bid.bidder for bid in bids if bid.id == award.bid_id) if award else "",
        recommendation=award.reason if award else "",
        recommended_by=award.recommended_by if award else "",
        approved_by=(award.approved_by or "") if award else "",
        made_on=day_of(clock(session)),
    )


def _received(session: Session, bid: Bid) -> ReceivedBid:
    receipt = session.get(BidReceipt, bid.receipt_id) if bid.receipt_id else None
    code, content_hash = (receipt.code, receipt.content_hash) if receipt else ("", "")
    return ReceivedBid(bid.bidder, code, content_hash, format_moment(bid.submitted_at), bid.price)


def _openings(session: Session, tender: Tender) -> Iterator[Opening]:
    for envelope, title in ENVELOPES.items():
        acts = list_acts(session, tender_id=tender.id, envelope=envelope)
        if acts:
            officers = tuple(session.get_one(User, act.user_id).name for act in acts)
            yield Opening(title, officers, format_moment(acts[-1].acted_at))


def _member(seat: PanelSeat, user: User) -> PanelMember:
    declared = format_moment(seat.declared_at) if seat.declared_at else "not declared"
    statement = seat.statement or ("" if seat.has_interest is None else "No interest to declare.")
    decision = ""
    if seat.allowed is not None:
        decision = f"{'Allowed' if seat.allowed else 'Kept out'} by {seat.decided_by}: {seat.decided_because}"
    elif seat.removed_at is not None:
        decision = f"Left the panel at {format_moment(seat.removed_at)}."
    return PanelMember(user.name, "chair" if seat.is_chair else "evaluator", declared, statement, decision)


def _checks(session: Session, tender: Tender, bids: Sequence[Bid]) -> Iterator[CheckDecided]:
    names, titles = {bid.id: bid.bidder for bid in bids}, {one.code: one.heading for one in checked_criteria(tender)}
    for check in list_checks(session, bid_ids=list(names)):
        yield CheckDecided(
            names[check.bid_id],
            titles.get(check.criterion, check.criterion),
            check.passed,
            check.reason,
            check.checked_by,
        )


def _agreed(bids: Sequence[Bid]) -> Iterator[MarkAgreed]:
    for bid in bids:
        for mark in bid.marks:
            if mark.kind is MarkKind.CONSENSUS and mark.mark is not None:
                first = tuple(_given(bid, mark.criterion))
                yield MarkAgreed(bid.bidder, mark.criterion, mark.mark, mark.reason, tuple(mark.present), first)


def _given(bid: Bid, criterion: str) -> Iterator[MarkGiven]:
    """Each evaluator's own mark for a criterion."""
    for own in bid.marks:
        if own.kind is MarkKind.INDIVIDUAL and own.criterion == criterion and own.mark is not None:
            yield MarkGiven(own.marked_by, own.mark, own.reason)


def _locked(tender: Tender) -> str:
    if tender.moderation_locked_at is None:
        return ""
    return f"{format_moment(tender.moderation_locked_at)} by {tender.moderation_locked_by}"


def _questions(session: Session, tender: Tender, bids: Sequence[Bid]) -> Iterator[QuestionAnswered]:
    own = {bid.id for bid in bids}
    for question, bid in reversed(list_tender_questions(session, tender_id=tender.id)):
        if bid.id in own:
            yield QuestionAnswered(
                bid.bidder,
                format_moment(question.asked_at),
                question.question,
                question.reply or "",
                question.conclusion or "",
            )


def _robustness(session: Session, found: FoundLot, catalogue: Catalogue, number: int) -> RobustnessPanel | None:
    """The panel, once it is on record that somebody looked at it: a report is no way round that record."""
    events = list_events(session, object_kind="lot", object_id=found.lot.id)
    if not any(event.action == VIEWED and event.detail["evaluation"] == number for event in events):
        return None
    return work_out_robustness(session, found.tender, found.lot, catalogue)
