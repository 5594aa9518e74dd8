"""Marks of a tender's bids, what stood in their place before, and what officers found on pass or fail."""

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wpound.store.models.bids import Bid, BidMark, BidMarkVersion, MarkKind, PassCheck


def find_own_mark(session: Session, *, bid_id: int, criterion: str, marked_by: str) -> BidMark | None:
    """The mark one evaluator has begun for a criterion of a bid, or None."""
    return session.scalar(_marks(bid_id, criterion, MarkKind.INDIVIDUAL).where(BidMark.marked_by == marked_by))


def find_agreed_mark(session: Session, *, bid_id: int, criterion: str) -> BidMark | None:
    """The mark agreed in moderation for a criterion of a bid, or None."""
    return session.scalar(_marks(bid_id, criterion, MarkKind.CONSENSUS))


def _marks(bid_id: int, criterion: str, kind: MarkKind) -> Select[BidMark]:
    return select(BidMark).where(BidMark.bid_id == bid_id, BidMark.criterion == criterion, BidMark.kind == kind)


def list_own_marks(session: Session, *, tender_id: int, marked_by: Collection[str]) -> list[BidMark]:
    """The individual marks of these people for all bids of a tender."""
    wanted = select(BidMark).join(Bid, Bid.id == BidMark.bid_id).where(Bid.tender_id == tender_id)
    wanted = wanted.where(BidMark.kind == MarkKind.INDIVIDUAL, BidMark.marked_by.in_(marked_by))
    return list(session.scalars(wanted.order_by(BidMark.id)))


def keep_version(session: Session, mark: BidMark) -> None:
    """Keep a mark as it was just written, whatever becomes of it."""
    session.add(
        BidMarkVersion(
            bid_id=mark.bid_id,
            criterion=mark.criterion,
            kind=mark.kind,
            marked_by=mark.marked_by,
            mark=mark.mark,
            reason=mark.reason,
            present=list(mark.present),
        )
    )


def list_versions(session: Session, *, bid_id: int, criterion: str) -> list[BidMarkVersion]:
    """Everything ever written under a criterion of a bid, the first first."""
    wanted = select(BidMarkVersion).where(BidMarkVersion.bid_id == bid_id, BidMarkVersion.criterion == criterion)
    return list(session.scalars(wanted.order_by(BidMarkVersion.id)))


def find_check(session: Session, *, bid_id: int, criterion: str) -> PassCheck | None:
    """What was found on a pass or fail criterion of a bid, or None."""
    wanted = select(PassCheck).where(PassCheck.bid_id == bid_id, PassCheck.criterion == criterion)
    return session.scalar(wanted)


def list_checks(session: Session, *, bid_ids: Collection[int]) -> list[PassCheck]:
    """What was found on every pass or fail criterion of the bids."""
    return list(session.scalars(select(PassCheck).where(PassCheck.bid_id.in_(bid_ids)).order_by(PassCheck.id)))
