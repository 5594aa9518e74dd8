"""Bids: find one, list those of a tender with what is promised in them and the marks that count."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from wpound.store.models.bids import Bid


def list_bids(session: Session, *, lot_id: int) -> list[Bid]:
    """The opened bids for a lot in the order they came in, with commitments and every mark."""
    return list(session.scalars(_bids().where(Bid.lot_id == lot_id).order_by(Bid.submitted_at, Bid.id)))


def list_tender_bids(session: Session, *, tender_id: int) -> list[Bid]:
    """The opened bids for every lot of a tender, lot by lot, with commitments and every mark."""
    wanted = _bids().where(Bid.tender_id == tender_id)
    return list(session.scalars(wanted.order_by(Bid.lot_id, Bid.submitted_at, Bid.id)))


def find_bid(session: Session, *, bid_id: int, tender_id: int) -> Bid | None:
    """The opened bid of that number, with commitments and every mark, or None where it is of another tender."""
    return session.scalar(_bids().where(Bid.id == bid_id, Bid.tender_id == tender_id))


def _bids() -> Select[Bid]:
    wanted = select(Bid)
    # A bid this session holds already is read anew: marks are put in beside it, not through it.
    wanted = wanted.execution_options(populate_existing=True)
    return wanted.options(selectinload(Bid.commitments), selectinload(Bid.marks))
