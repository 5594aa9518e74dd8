"""Who is behind a cookie: read in one statement, because every page that somebody signed in asks for reads it."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from wpound.core.roles import Role
from wpound.store.models.accounts import LoginSession, Membership, User
from wpound.store.models.organisations import Organisation
from wpound.store.prepared import Prepared


class SignInRow(NamedTuple):
    """A sign-in, its person (``user_id`` None while a second factor is asked for) and one role held now, if any.

    A person of several roles has a row for each.
    """

    data: str
    last_seen_at: datetime
    expires_at: datetime
    user_id: int | None
    uniquifier: str | None
    name: str | None
    email: str | None
    active: bool | None
    chosen_organisation_id: int | None
    membership_id: int | None
    organisation_id: int | None
    organisation_key: str | None
    organisation_name: str | None
    role: Role | None
    tender_id: int | None
    contract_id: int | None


def read_sign_in(session: Session, key_hash: str) -> tuple[SignInRow, ...]:
    """The sign-in of a key with its person's roles by name of the organisation; nothing where it was ended."""
    return _SIGN_IN.rows(session, key_hash=key_hash)


def _select_sign_in() -> Prepared:
    sign_in, user, role, place = (model.__table__.c for model in (LoginSession, User, Membership, Organisation))
    return Prepared(
        select(
            sign_in.data,
            sign_in.last_seen_at,
            sign_in.expires_at,
            user.id,
            user.fs_uniquifier,
            user.name,
            user.email,
            user.active,
            user.current_organisation_id,
            role.id,
            role.organisation_id,
            place.key,
            place.name,
            role.role,
            role.tender_id,
            role.contract_id,
        )
        .select_from(LoginSession.__table__)
        .outerjoin(User.__table__, user.id == sign_in.user_id)
        .outerjoin(Membership.__table__, (role.user_id == user.id) & role.removed_at.is_(None))
        .outerjoin(Organisation.__table__, place.id == role.organisation_id)
        .where(sign_in.key_hash == bindparam("key_hash"))
        .order_by(place.name, place.id, role.id),
        SignInRow._make,
    )


_SIGN_IN = _select_sign_in()
