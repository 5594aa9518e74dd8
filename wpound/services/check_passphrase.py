"""Check, while bids come in, that openers still know their passphrases; a key is unlocked for it and nothing opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from wpound.core.errors import InputError, WpoundError
from wpound.logs import get_logger
from wpound.services.access import Person, Policy, decide
from wpound.services.limit_attempts import OPENINGS, forget, take_attempt
from wpound.store import sealing
from wpound.store.audit import append_event
from wpound.store.engine import reading, writing
from wpound.store.models.seals import OpeningKey
from wpound.store.models.tenders import TenderStage
from wpound.store.seals import CHECKED, KEY, KeyUse, list_key_uses

# Two weeks before a deadline there is still time to cancel a tender nobody could open, and publish it again.
KNOWN_FOR = timedelta(days=14)

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """An opening key of a person and the tenders not opened yet that need it.

    ``known_at`` is when its passphrase was last typed right: when the key was made, or checked.
    """

    key_id: int
    made_at: datetime
    known_at: datetime
    is_newest: bool
    tenders: Sequence[KeyUse]

    def is_due(self, now: datetime) -> bool:
        """Whether a tender takes bids that this key is to open, and nobody knows whether it still can."""
        takes_bids = any(one.stage is TenderStage.PUBLISHED for one in self.tenders)
        return takes_bids and now - self.known_at >= KNOWN_FOR


def list_keys_in_use(session: Session, person: Person) -> list[KeyInUse]:
    """The person's newest opening key, and each older one that a tender not opened yet needs; the newest first."""
    uses = groupby(list_key_uses(session, user_id=person.user_id), lambda one: one.key_id)
    keys = [_key_in_use(list(rows), is_newest=number == 0) for number, (_, rows) in enumerate(uses)]
    return [key for key in keys if key.is_newest or key.tenders]


def count_due_checks(session: Session, person: Person, now: datetime) -> int:
    """How many of the person's passphrases should be checked now."""
    return sum(key.is_due(now) for key in list_keys_in_use(session, person))


def check_passphrase(engine: Engine, person: Person, passphrase: str) -> list[KeyInUse]:
    """Try a passphrase on the person's keys in use, and record which it unlocked; gives these.

    It is stretched before the database is held, and counts as a try to open bids does. Raises InputError where it
    unlocks none and after too many attempts, StateError where a key is not as it was made.
    """
    decide(Policy.OFFICER, person)
    with writing(engine) as session:
        allowed = take_attempt(session, OPENINGS, person.email)
    try:
        if not allowed:
            raise InputError("passphrase", "There were too many attempts. Wait 15 minutes, then try again")
        with reading(engine) as session:
            keys = {key: session.get_one(OpeningKey, key.key_id) for key in list_keys_in_use(session, person)}
            known = [key for key, row in keys.items() if _unlocks(row, passphrase)]
        if not known:
            raise InputError("passphrase", "This passphrase does not open your key. Type it as you chose it.")
    except WpoundError as error:
        log.warning("check of a passphrase refused", user=person.user_id, kind=type(error).__name__)
        raise
    with writing(engine) as session:
        for key in known:
            append_event(session, actor=person.email, action=CHECKED, object_kind=KEY, object_id=key.key_id, detail={})
        forget(session, OPENINGS, person.email)
    return known


def _unlocks(key: OpeningKey, passphrase: str) -> bool:
    try:
        sealing.unwrap_opening_key(sealing.OpeningKey(key.public_key, key.wrapped_private_key), passphrase)
    except InputError:
        return False
    return True


def _key_in_use(rows: Sequence[KeyUse], *, is_newest: bool) -> KeyInUse:
    first, tenders = rows[0], tuple(row for row in rows if row.stage is not None)
    return KeyInUse(first.key_id, first.made_at, first.checked_at or first.made_at, is_newest, tenders)
