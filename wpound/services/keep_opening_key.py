"""A person's own key for opening bids, made with a passphrase that only they know."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from wpound.core.roles import Role
from wpound.services.access import Person, Policy, decide
from wpound.services.clock import format_moment
from wpound.services.queue_mail import queue_mail
from wpound.store import sealing
from wpound.store.accounts import get_user
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.engine import now_in, writing
from wpound.store.memberships import list_holders
from wpound.store.models.accounts import User
from wpound.store.models.seals import OpeningKey
from wpound.store.seals import find_opening_key, list_newest_keys


def make_own_key(engine: Engine, person: Person, passphrase: str, *, base_url: str) -> None:
    """Make an officer's opening key; tenders published from now on use it, earlier ones the key they were named with.

    The passphrase is kept nowhere and cannot be set anew. The person is told by mail, so that they notice where it was
    somebody else. Raises InputError for a passphrase that cannot be used.
    """
    decide(Policy.OFFICER, person)
    # Stretching a passphrase takes a tenth of a second; a bid that waits for the lock meanwhile could come too late.
    key = sealing.make_opening_key(passphrase, about=(person.name, person.email))
    with writing(engine) as session:
        keep_opening_key(session, get_user(session, person.email), key, actor=person.email)
        facts = {"at": format_moment(now_in(session)), "address": f"{base_url}/account/opening-key"}
        queue_mail(session, person.email, "opening_key_made", facts)


def keep_opening_key(session: Session, user: User, key: sealing.OpeningKey, *, actor: str) -> OpeningKey:
    """Keep a person's new opening key beside their earlier ones, on record with its public half."""
    row = OpeningKey(user_id=user.id, public_key=key.public_key, wrapped_private_key=key.wrapped_private_key)
    kept = add(session, row)
    append_event(
        session,
        actor=actor,
        action="opening_key.made",
        object_kind="user",
        object_id=user.id,
        detail={"public_key": key.public_key.hex()},
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
