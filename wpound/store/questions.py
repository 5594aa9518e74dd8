"""Questions to bidders about their bids, with the bid and the tender each is about."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from wpound.core.errors import NotFound
from wpound.store.models.bids import Bid
from wpound.store.models.panel import BidQuestion
from wpound.store.models.tenders import Tender

Asked = tuple[BidQuestion, Bid, Tender]


def list_tender_questions(session: Session, *, tender_id: int) -> list[tuple[BidQuestion, Bid]]:
    """Every question to the bidders of a tender with its bid, the newest first."""
    rows = session.execute(_asked().where(Bid.tender_id == tender_id).order_by(BidQuestion.id.desc()))
    return [(question, bid) for question, bid, _ in rows]


def get_question(session: Session, question_id: int, *, tender_id: int) -> tuple[BidQuestion, Bid]:
    """A question of a tender with its bid; raises NotFound for one of another tender."""
    found = session.execute(_asked().where(BidQuestion.id == question_id, Bid.tender_id == tender_id)).first()
    if found is None:
        raise NotFound("There is no such question about a bid of this tender.")
    return found[0], found[1]


def list_supplier_questions(session: Session, *, supplier_id: int) -> list[Asked]:
    """Every question put to a supplier, the newest first."""
    rows = session.execute(_asked().where(Bid.supplier_id == supplier_id).order_by(BidQuestion.id.desc()))
    return [(question, bid, tender) for question, bid, tender in rows]


def get_supplier_question(session: Session, question_id: int, *, supplier_id: int) -> Asked:
    """A question put to a supplier; raises NotFound for one put to another."""
    found = session.execute(_asked().where(BidQuestion.id == question_id, Bid.supplier_id == supplier_id)).first()
    if found is None:
        raise NotFound("There is no such question to you.")
    return found[0], found[1], found[2]


def next_question_number(session: Session, *, bid_id: int) -> int:
    """The number of a bid's next question; hold the tender meanwhile."""
    return int(session.scalar(select(func.max(BidQuestion.number)).where(BidQuestion.bid_id == bid_id)) or 0) + 1


def _asked() -> Select[BidQuestion, Bid, Tender]:
    return (
        select(BidQuestion, Bid, Tender)
        .join(Bid, Bid.id == BidQuestion.bid_id)
        .join(Tender, Tender.id == Bid.tender_id)
    )
