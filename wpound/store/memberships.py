"""Roles people hold in organisations: every query says whose organisation, or which person."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, contains_eager

from wpound.core.errors import NotFound
from wpound.core.roles import Role
from wpound.store.models.accounts import Membership, User
from wpound.store.models.contracts import Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Tender


@dataclass(frozen=True, slots=True)
class Member:
    """A role with its person, and the title of the tender or contract it is for (None: of the whole organisation)."""

    membership: Membership
    about: str | None


def list_memberships(session: Session, *, user_id: int) -> list[Membership]:
    """The roles a person holds now, with their organisations, by the organisation's name."""
    wanted = (
        select(Membership)
        .join(Membership.organisation)
        .where(Membership.user_id == user_id, Membership.removed_at.is_(None))
        .options(contains_eager(Membership.organisation))
    )
    return list(session.scalars(wanted.order_by(Organisation.name, Organisation.id, Membership.id)))


def list_members(session: Session, *, organisation_id: int, user_ids: Sequence[int] | None = None) -> list[Member]:
    """Every role held in an organisation now or before, by the person's name; of some people where they are named."""
    wanted = (
        select(Membership, Tender.title, Contract.title)
        .join(Membership.user)
        .outerjoin(Tender, Tender.id == Membership.tender_id)
        .outerjoin(Contract, Contract.id == Membership.contract_id)
        .where(Membership.organisation_id == organisation_id)
        .options(contains_eager(Membership.user))
    )
    if user_ids is not None:
        wanted = wanted.where(Membership.user_id.in_(user_ids))
    rows = session.execute(wanted.order_by(User.name, User.id, Membership.id))
    return [Member(membership, tender or contract) for membership, tender, contract in rows]


def list_member_ids(
    session: Session, *, organisation_id: int, role: Role | None, limit: int, offset: int
) -> tuple[list[int], int]:
    """Some of the people who hold or held a role in an organisation, by name, and how many there are.

    With a ``role`` only those who hold that one now.
    """
    conditions = [Membership.organisation_id == organisation_id]
    if role is not None:
        conditions += [Membership.role == role, Membership.removed_at.is_(None)]
    wanted = _users_with(*conditions)
    found = session.scalars(select(User.id).where(wanted).order_by(User.name, User.id).limit(limit).offset(offset))
    return list(found), session.scalars(select(func.count()).select_from(User).where(wanted)).one()


def list_holders(session: Session, *, organisation_id: int, role: Role, tender_id: int | None = None) -> list[User]:
    """The people with open accounts who hold a role in an organisation now (for that tender, or for all), by name."""
    wanted = _users_with(
        Membership.organisation_id == organisation_id,
        Membership.role == role,
        Membership.removed_at.is_(None),
        Membership.tender_id.is_(None) | (Membership.tender_id == tender_id),
    )
    return list(session.scalars(select(User).where(wanted, User.active).order_by(User.name, User.id)))


def count_members(session: Session, *, organisation_id: int) -> tuple[int, int]:
    """How many people hold a role in an organisation now, and how many of their accounts are disabled."""
    wanted = _users_with(Membership.organisation_id == organisation_id, Membership.removed_at.is_(None))
    people, active = session.execute(select(func.count(), func.count().filter(User.active)).where(wanted)).one()
    return people, people - active


def _users_with(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return User.id.in_(select(Membership.user_id).where(*conditions))


def get_membership(session: Session, membership_id: int, *, organisation_id: int) -> Membership:
    """A role held now in the organisation, with its person; raises NotFound for one ended or elsewhere."""
    found = session.scalar(
        select(Membership)
        .join(Membership.user)
        .where(
            Membership.id == membership_id,
            Membership.organisation_id == organisation_id,
            Membership.removed_at.is_(None),
        )
        .options(contains_eager(Membership.user))
    )
    if found is None:
        raise NotFound("Nobody holds this role here.")
    return found
