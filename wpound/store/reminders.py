"""Reminders: who may get one, and who does not want which."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from wpound.store.models.accounts import Membership, ReminderChoice, User
from wpound.store.models.outbox import MailKind


def list_people_with_roles(session: Session) -> list[int]:
    """The numbers of everyone who can sign in and holds a role."""
    holding = select(Membership.user_id).where(Membership.removed_at.is_(None))
    return list(session.scalars(select(User.id).where(User.active, User.id.in_(holding)).order_by(User.id)))


def list_unwanted(session: Session, *, user_id: int) -> set[MailKind]:
    """The reminders a person has switched off."""
    wanted = select(ReminderChoice.kind).where(ReminderChoice.user_id == user_id, ReminderChoice.wanted.is_(False))
    return {MailKind(kind) for kind in session.scalars(wanted)}


def set_choices(session: Session, *, user_id: int, choices: Collection[tuple[MailKind, bool]]) -> None:
    """Write down for each kind whether a person wants it."""
    kept = {
        choice.kind: choice
        for choice in session.scalars(select(ReminderChoice).where(ReminderChoice.user_id == user_id))
    }
    for kind, wanted in choices:
        choice = kept.get(kind)
        if choice is None:
            session.add(ReminderChoice(user_id=user_id, kind=kind, wanted=wanted))
        else:
            choice.wanted = wanted
    session.flush()
