"""What is said to bidders while a tender is open, and whom it is said to."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wpound.core.errors import NotFound
from wpound.core.roles import Role
from wpound.store.models.accounts import Membership, User
from wpound.store.models.clarifications import Clarification, TenderChange, TenderFollower
from wpound.store.models.organisations import Organisation
from wpound.store.models.sealed_bids import BidDraft, SealedBid
from wpound.store.models.suppliers import Supplier
from wpound.store.models.tenders import Lot, Tender, TenderStage


def list_published(session: Session, *, tender_id: int) -> list[Clarification]:
    """The questions and answers that everyone can read, the newest first."""
    wanted = select(Clarification).where(Clarification.tender_id == tender_id, Clarification.published_at.is_not(None))
    return list(session.scalars(wanted.order_by(Clarification.number.desc())))


def list_clarifications(session: Session, *, tender_id: int) -> list[Clarification]:
    """Every question and answer, those that wait for an answer first, the longest waiting before the others."""
    wanted = select(Clarification).where(Clarification.tender_id == tender_id)
    order = (Clarification.published_at.is_not(None), Clarification.asked_at, Clarification.id)
    return list(session.scalars(wanted.order_by(*order)))


class Waiting(NamedTuple):
    """A tender with questions that nobody has answered: how many, and since when the first waits."""

    ocid: str
    title: str
    questions: int
    since: datetime


def list_waiting(session: Session, *, organisation_id: int) -> list[Waiting]:
    """A buyer's open tenders with questions of suppliers that wait for an answer, the longest waiting first."""
    since = func.min(Clarification.asked_at, type_=Clarification.asked_at.type)
    wanted = (
        select(Tender.ocid, Tender.title, func.count(), since)
        .join(Clarification, Clarification.tender_id == Tender.id)
        .where(Tender.organisation_id == organisation_id, Tender.stage == TenderStage.PUBLISHED)
        .where(Clarification.published_at.is_(None))
        .group_by(Tender.id, Tender.ocid, Tender.title)
        .order_by(since, Tender.id)
    )
    return [Waiting(*row) for row in session.execute(wanted)]


def list_asked_by(session: Session, *, tender_id: int, organisation_id: int) -> list[Clarification]:
    """What an organisation asked about a tender, the newest first."""
    wanted = select(Clarification).where(
        Clarification.tender_id == tender_id, Clarification.organisation_id == organisation_id
    )
    return list(session.scalars(wanted.order_by(Clarification.id.desc())))


def get_clarification(session: Session, clarification_id: int, *, tender_id: int) -> Clarification:
    """A question of that tender; raises NotFound."""
    found = session.get(Clarification, clarification_id)
    if found is None or found.tender_id != tender_id:
        raise NotFound("There is no such question.")
    return found


def next_clarification(session: Session, *, tender_id: int) -> int:
    """The number of the next published answer; the caller holds the tender."""
    latest = session.scalar(select(func.max(Clarification.number)).where(Clarification.tender_id == tender_id))
    return (latest or 0) + 1


def list_changes(session: Session, *, tender_id: int) -> list[TenderChange]:
    """The changes of a tender that were proposed, the newest first."""
    wanted = select(TenderChange).where(TenderChange.tender_id == tender_id)
    return list(session.scalars(wanted.order_by(TenderChange.number.desc())))


def get_change(session: Session, number: int, *, tender_id: int) -> TenderChange:
    """The change of that number; raises NotFound."""
    wanted = select(TenderChange).where(TenderChange.tender_id == tender_id, TenderChange.number == number)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound("There is no such change.")
    return found


def find_follower(session: Session, *, tender_id: int, user_id: int) -> TenderFollower | None:
    """A person's wish to be told about a tender, or None."""
    wanted = select(TenderFollower).where(TenderFollower.tender_id == tender_id, TenderFollower.user_id == user_id)
    return session.scalar(wanted)


def list_to_be_told(session: Session, *, tender_id: int) -> list[User]:
    """Everyone to be told of news about a tender: who follows it, and the people of firms with a draft or a bid."""
    lots = select(Lot.id).where(Lot.tender_id == tender_id)
    bidding = (
        select(Organisation.id)
        .join(Supplier, Supplier.identifier == Organisation.identifier)
        .join(SealedBid, SealedBid.supplier_id == Supplier.id)
        .where(SealedBid.lot_id.in_(lots), SealedBid.withdrawn_at.is_(None))
    )
    drafting = select(BidDraft.organisation_id).where(BidDraft.lot_id.in_(lots))
    colleagues = select(Membership.user_id).where(
        Membership.organisation_id.in_(bidding.union(drafting)),
        Membership.role == Role.SUPPLIER,
        Membership.removed_at.is_(None),
    )
    following = select(TenderFollower.user_id).where(TenderFollower.tender_id == tender_id)
    wanted = select(User).where(User.active, User.id.in_(following.union(colleagues)))
    return list(session.scalars(wanted.order_by(User.id)))
