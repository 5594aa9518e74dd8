"""Bids: find one, list those of a tender with what is promised in them and the marks that count."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from wpound.store.models.bids import Bid, BidMark, MarkKind


def list_bids(session: Session, *, tender_id: int) -> list[Bid]:
    """A tender's bids in the order they came in, with commitments and every mark."""
    return list(session.scalars(_bids(tender_id).order_by(Bid.submitted_at, Bid.id)))


def find_bid(session: Session, *, tender_id: int, supplier_id: int) -> Bid | None:
    """A supplier's bid, with commitments and every mark, or None."""
    return session.scalar(_bids(tender_id).where(Bid.supplier_id == supplier_id))


def _bids(tender_id: int) -> Select[Bid]:
    wanted = select(Bid).where(Bid.tender_id == tender_id)
    # A bid this session holds already is read anew: marks are put in beside it, not through it.
    wanted = wanted.execution_options(populate_existing=True)
    return wanted.options(selectinload(Bid.commitments), selectinload(Bid.marks))


def list_consensus_marks(session: Session, *, tender_id: int) -> list[BidMark]:
    """The marks that count, by bid and criterion."""
    wanted = select(BidMark).join(Bid, Bid.id == BidMark.bid_id).where(Bid.tender_id == tender_id)
    wanted = wanted.where(BidMark.kind == MarkKind.CONSENSUS)
    return list(session.scalars(wanted.order_by(BidMark.bid_id, BidMark.criterion, BidMark.id)))
