"""Awards: the decision for a lot, what is left out of letters, the hand-over, and whom to tell."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from wpound.core.roles import Role
from wpound.store.memberships import list_holders
from wpound.store.models.accounts import Membership, User
from wpound.store.models.awards import Award, HandoverItem, Redaction
from wpound.store.models.bids import BidCommitment, BidMark, BidMarkVersion, MarkKind
from wpound.store.models.organisations import Organisation
from wpound.store.models.panel import PanelSeat
from wpound.store.models.suppliers import Supplier


def find_award(session: Session, *, lot_id: int) -> Award | None:
    """The decision for a lot as it stands, or None where nobody has recommended one."""
    return session.scalar(select(Award).where(Award.lot_id == lot_id))


def delete_award(session: Session, award: Award) -> None:
    """Forget a recommendation with what was settled for it; who made it and why is on record elsewhere."""
    for table in (Redaction, HandoverItem):
        session.execute(delete(table).where(table.award_id == award.id))
    session.delete(award)
    session.flush()


def list_redactions(session: Session, *, award_id: int) -> list[Redaction]:
    """What is left out of what other bidders are told, in the order it was."""
    return list(session.scalars(select(Redaction).where(Redaction.award_id == award_id).order_by(Redaction.id)))


def list_handover(session: Session, *, award_id: int, bid_id: int) -> list[tuple[BidCommitment, HandoverItem | None]]:
    """Every promise of the winning bid, each with what was settled for it so far."""
    wanted = (
        select(BidCommitment, HandoverItem)
        .outerjoin(
            HandoverItem,
            (HandoverItem.bid_commitment_id == BidCommitment.id) & (HandoverItem.award_id == award_id),
        )
        .where(BidCommitment.bid_id == bid_id)
    )
    return [(promise, item) for promise, item in session.execute(wanted.order_by(BidCommitment.id))]


def is_evaluator(session: Session, *, tender_id: int, email: str) -> bool:
    """Whether a person has, or had, a part in marking a tender: a role for it, a seat, or a mark of their own."""
    address = email.casefold()
    about = (
        select(Membership.id).where(Membership.tender_id == tender_id, Membership.role == Role.EVALUATOR),
        select(PanelSeat.id).where(PanelSeat.tender_id == tender_id, PanelSeat.removed_at.is_(None)),
    )
    users = (Membership.user_id, PanelSeat.user_id)
    for wanted, user_id in zip(about, users, strict=True):
        wanted = wanted.join(User, User.id == user_id).where(func.lower(User.email) == address)
        if session.scalar(wanted.limit(1)) is not None:
            return True
    return False


def has_marked(session: Session, *, bid_ids: list[int], email: str) -> bool:
    """Whether a person gave any of these bids a mark of their own."""
    wanted = select(BidMark.id).where(
        BidMark.bid_id.in_(bid_ids),
        BidMark.kind == MarkKind.INDIVIDUAL,
        func.lower(BidMark.marked_by) == email.casefold(),
    )
    return session.scalar(wanted.limit(1)) is not None


def list_mark_versions(session: Session, *, bid_ids: list[int]) -> list[BidMarkVersion]:
    """Every mark of these bids as it was ever written, the first first."""
    wanted = select(BidMarkVersion).where(BidMarkVersion.bid_id.in_(bid_ids)).order_by(BidMarkVersion.id)
    return list(session.scalars(wanted))


def list_people_of(session: Session, *, supplier_id: int) -> list[str]:
    """The addresses of those who act for a supplier in this service; none where it has no account here."""
    wanted = (
        select(Organisation.id)
        .join(Supplier, Supplier.identifier == Organisation.identifier)
        .where(Supplier.id == supplier_id)
    )
    found = [
        user.email
        for organisation_id in session.scalars(wanted.order_by(Organisation.id))
        for user in list_holders(session, organisation_id=organisation_id, role=Role.SUPPLIER)
    ]
    return list(dict.fromkeys(found))
