"""Evaluations: the next number, the latest, all of them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from wpound.store.engine import lock
from wpound.store.models.evaluations import Evaluation, EvaluationBid
from wpound.store.models.tenders import Lot, Tender


def next_number(session: Session, lot: Lot) -> int:
    """The number of a lot's next evaluation, held until the transaction ends."""
    lock(session, Tender, lot.tender_id)
    latest = session.scalar(select(func.max(Evaluation.number)).where(Evaluation.lot_id == lot.id))
    return (latest or 0) + 1


def find_evaluation(session: Session, *, lot_id: int, number: int | None = None) -> Evaluation | None:
    """An evaluation of a lot (the latest, unless a number is given) with bids in rank order and score lines."""
    wanted = select(Evaluation).where(Evaluation.lot_id == lot_id)
    if number is not None:
        wanted = wanted.where(Evaluation.number == number)
    wanted = wanted.options(selectinload(Evaluation.bids).selectinload(EvaluationBid.lines))
    return session.scalar(wanted.order_by(Evaluation.number.desc()).limit(1))


def list_evaluations(session: Session, *, lot_id: int) -> list[Evaluation]:
    """Every evaluation of a lot, the first first, without bids."""
    wanted = select(Evaluation).where(Evaluation.lot_id == lot_id)
    return list(session.scalars(wanted.order_by(Evaluation.number)))
