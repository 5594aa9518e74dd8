"""A person's own key for opening bids, made with a passphrase that only they know."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from wpound.core.roles import Role
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.memberships import list_holders
from wpound.store.models.accounts import User
from wpound.store.models.seals import OpeningKey
from wpound.store.sealing import make_opening_key
from wpound.store.seals import find_opening_key, list_newest_keys


def keep_opening_key(session: Session, user: User, passphrase: str, *, actor: str) -> OpeningKey:
    """Make a person's opening key; tenders published from now on use it, earlier ones the key they were published with.

    The passphrase is kept nowhere and cannot be set anew. Raises InputError for one that cannot be used.
    """
    made = make_opening_key(passphrase, about=(user.name, user.email))
    kept = add(
        session,
        OpeningKey(user_id=user.id, public_key=made.public_key, wrapped_private_key=made.wrapped_private_key),
    )
    append_event(
        session,
        actor=actor,
        action="opening_key.made",
        object_kind="user",
        object_id=user.id,
        detail={"public_key": made.public_key.hex()},
    )
    return kept


def find_key_made_at(session: Session, *, user_id: int) -> datetime | None:
    """When a person made the opening key they have now; None where they have none."""
    key = find_opening_key(session, user_id=user_id)
    return None if key is None else key.created_at


def list_possible_openers(session: Session, *, organisation_id: int) -> Sequence[tuple[User, OpeningKey]]:
    """The officers of an organisation who have an opening key, by name: who can be named an opener."""
    officers = list_holders(session, organisation_id=organisation_id, role=Role.OFFICER)
    return list_newest_keys(session, user_ids=[user.id for user in officers])
