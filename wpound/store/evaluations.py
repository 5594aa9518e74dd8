"""Evaluations: the next number, the latest, all of them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from wpound.store.engine import lock
from wpound.store.models.evaluations import Evaluation, EvaluationBid
from wpound.store.models.tenders import Tender


def next_number(session: Session, *, tender_id: int) -> int:
    """The number of a tender's next evaluation, held until the transaction ends."""
    lock(session, Tender, tender_id)
    latest = session.scalar(select(func.max(Evaluation.number)).where(Evaluation.tender_id == tender_id))
    return (latest or 0) + 1


def find_evaluation(session: Session, *, tender_id: int, number: int | None = None) -> Evaluation | None:
    """An evaluation of a tender (the latest, unless a number is given) with bids in rank order and score lines."""
    wanted = select(Evaluation).where(Evaluation.tender_id == tender_id)
    if number is not None:
        wanted = wanted.where(Evaluation.number == number)
    wanted = wanted.options(selectinload(Evaluation.bids).selectinload(EvaluationBid.lines))
    return session.scalar(wanted.order_by(Evaluation.number.desc()).limit(1))


def list_evaluations(session: Session, *, tender_id: int) -> list[Evaluation]:
    """Every evaluation of a tender, the first first, without bids."""
    wanted = select(Evaluation).where(Evaluation.tender_id == tender_id)
    return list(session.scalars(wanted.order_by(Evaluation.number)))
