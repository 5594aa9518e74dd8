"""What keeps bids closed: opening keys, the openers and seals of a tender, and the acts done so far."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wpound.core.bid_content import Envelope
from wpound.core.errors import NotFound, StateError
from wpound.store.models.accounts import User
from wpound.store.models.seals import OpeningAct, OpeningKey, TenderOpener, TenderSeal


def find_opening_key(session: Session, *, user_id: int) -> OpeningKey | None:
    """The newest opening key of a person, or None."""
    wanted = select(OpeningKey).where(OpeningKey.user_id == user_id)
    return session.scalar(wanted.order_by(OpeningKey.id.desc()).limit(1))


def list_newest_keys(session: Session, *, user_ids: Sequence[int]) -> list[tuple[User, OpeningKey]]:
    """Those of the people who have an opening key, each with the newest, by name."""
    newest = select(func.max(OpeningKey.id)).where(OpeningKey.user_id.in_(user_ids)).group_by(OpeningKey.user_id)
    wanted = select(User, OpeningKey).join(OpeningKey, OpeningKey.user_id == User.id).where(OpeningKey.id.in_(newest))
    return [(user, key) for user, key in session.execute(wanted.order_by(User.name, User.id))]


def list_openers(session: Session, *, tender_id: int) -> list[tuple[User, OpeningKey]]:
    """The openers named for a tender, each with the key they had then, by name."""
    wanted = (
        select(User, OpeningKey)
        .select_from(TenderOpener)
        .join(User, User.id == TenderOpener.user_id)
        .join(OpeningKey, OpeningKey.id == TenderOpener.opening_key_id)
        .where(TenderOpener.tender_id == tender_id)
    )
    return [(user, key) for user, key in session.execute(wanted.order_by(User.name, User.id))]


def get_own_key(session: Session, *, tender_id: int, user_id: int) -> OpeningKey:
    """The key a person was named an opener of the tender with; raises StateError where they are none."""
    for user, key in list_openers(session, tender_id=tender_id):
        if user.id == user_id:
            return key
    raise StateError("You are not one of the openers of this tender.")


def get_seal(session: Session, *, tender_id: int, envelope: Envelope) -> TenderSeal:
    """The seal of one envelope; raises NotFound before publication."""
    wanted = select(TenderSeal).where(TenderSeal.tender_id == tender_id, TenderSeal.envelope == envelope)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound("This tender has no seal yet; it gets one when it is published.")
    return found


def list_acts(session: Session, *, tender_id: int, envelope: Envelope | None = None) -> list[OpeningAct]:
    """What was done to open a tender's bids, or one envelope of them, in order."""
    wanted = select(OpeningAct).where(OpeningAct.tender_id == tender_id)
    if envelope is not None:
        wanted = wanted.where(OpeningAct.envelope == envelope)
    return list(session.scalars(wanted.order_by(OpeningAct.id)))
