"""What keeps bids closed: opening keys, the openers and seals of a tender, and the acts done so far."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import String, bindparam, cast, exists, func, select
from sqlalchemy.orm import Session

from wpound.core.bid_content import Envelope
from wpound.core.errors import NotFound, StateError
from wpound.store.models.accounts import User
from wpound.store.models.audit import AuditEvent
from wpound.store.models.seals import OpeningAct, OpeningKey, TenderOpener, TenderSeal
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.prepared import Prepared

# How the audit trail tells that a key was unlocked with its passphrase, and nothing opened.
KEY, CHECKED = "opening_key", "opening_key.checked"


class KeyUse(NamedTuple):
    """An opening key beside a tender not opened yet that needs it; ``stage`` and what follows are None without one."""

    key_id: int
    made_at: datetime
    checked_at: datetime | None
    stage: TenderStage | None
    title: str | None
    deadline_at: datetime | None


_K, _O, _T = OpeningKey.__table__.c, TenderOpener.__table__.c, Tender.__table__.c
_A, _E = OpeningAct.__table__.c, AuditEvent.__table__.c
# When the key of a row was last checked.
_CHECKED_AT = (
    select(func.max(_E.at))
    .where(_E.object_kind == KEY, _E.object_id == cast(_K.id, String), _E.action == CHECKED)
    .scalar_subquery()
)
# Prices are opened last, with the rest or after it.
_IS_OPENED = exists().where(_A.tender_id == _T.id, _A.envelope == Envelope.PRICE, _A.number == 2)
_IS_SEALED = (_T.stage != TenderStage.CANCELLED) & ~_IS_OPENED
_KEY_USES = Prepared(
    select(_K.id, _K.created_at, _CHECKED_AT, _T.stage, _T.title, _T.deadline_at)
    .select_from(OpeningKey.__table__)
    .outerjoin(TenderOpener.__table__, _O.opening_key_id == _K.id)
    .outerjoin(Tender.__table__, (_T.id == _O.tender_id) & _IS_SEALED)
    .where(_K.user_id == bindparam("user_id"))
    .order_by(_K.id.desc(), _T.deadline_at, _T.id),
    KeyUse._make,
)


def list_key_uses(session: Session, *, user_id: int) -> tuple[KeyUse, ...]:
    """A person's keys, the newest first, each with every tender not opened yet that needs it."""
    return _KEY_USES.rows(session, user_id=user_id)


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


def list_checked(session: Session, *, tender_id: int) -> dict[int, datetime]:
    """When each opener of a tender last showed that their passphrase opens their key: made it, or checked it."""
    wanted = (
        select(_O.user_id, _K.created_at, _CHECKED_AT)
        .join_from(TenderOpener.__table__, OpeningKey.__table__, _K.id == _O.opening_key_id)
        .where(_O.tender_id == tender_id)
    )
    return {user_id: checked_at or made_at for user_id, made_at, checked_at in session.execute(wanted)}


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
