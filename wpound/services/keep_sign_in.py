"""Sign-ins as rows: begun, found, used, listed and ended; a cookie is worth what its row says."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from sqlalchemy.orm import Session

from wpound.services.access import Grant, Person, person_with
from wpound.store import accounts as store
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.engine import now_in
from wpound.store.models.accounts import LoginSession, User
from wpound.store.sign_ins import SignInRow, read_sign_in

# Half-made sign-ins (the password was right, the second factor is still asked for) do not last.
HALF_MADE = timedelta(minutes=15)
# How exactly "last used" is kept; every page would otherwise be a write.
EXACTNESS = timedelta(minutes=1)
LONGEST_AGENT = 200


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """How long a sign-in lasts: without being used, and at the very longest."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in in force: its data (the web pages' own text), whether its use is to be noted again, and whose it is.

    ``person`` and the random word that names them are None while a second factor is still asked for.
    """

    data: str
    is_due: bool
    uniquifier: str | None
    person: Person | None


@dataclass(frozen=True, slots=True)
class SignInView:
    """A sign-in as its owner sees it in the list."""

    id: int
    began_at: datetime
    last_seen_at: datetime
    address_hint: str
    browser: str
    is_this_one: bool


def begin_sign_in(
    session: Session, key: str, *, data: str, uniquifier: str | None, limits: SignInLimits, address: str, agent: str
) -> None:
    """Keep a new sign-in under the hash of its key; without a person's random word it is half-made."""
    store.forget_what_ran_out(session)
    now = now_in(session)
    add(
        session,
        LoginSession(
            key_hash=hash_of_key(key),
            user_id=store.find_user_id(session, uniquifier) if uniquifier else None,
            data=data,
            last_seen_at=now,
            expires_at=now + (limits.absolute if uniquifier else HALF_MADE),
            address_hint=shorten_address(address),
            user_agent=agent[:LONGEST_AGENT],
        ),
    )


def find_sign_in(session: Session, key: str, limits: SignInLimits) -> SignIn | None:
    """The sign-in of a key; None where it was ended, ran out, was idle too long or its person is disabled."""
    rows = read_sign_in(session, hash_of_key(key))
    if not rows:
        return None
    row, now = rows[0], now_in(session)
    if row.expires_at <= now or row.last_seen_at + limits.idle <= now or row.active is False:
        return None
    person = None if row.user_id is None else _person(rows)
    return SignIn(row.data, row.last_seen_at + EXACTNESS <= now, row.uniquifier, person)


@lru_cache(maxsize=1024)
def _person(rows: tuple[SignInRow, ...]) -> Person:
    """The person of a sign-in with the roles of its rows."""
    held = {
        row.membership_id: Grant(
            int(row.organisation_id or 0),
            str(row.organisation_key),
            str(row.organisation_name),
            row.role,
            row.tender_id,
            row.contract_id,
        )
        for row in rows
        if row.membership_id is not None and row.role is not None
    }
    row = rows[0]
    return person_with(int(row.user_id or 0), str(row.name), str(row.email), held, row.chosen_organisation_id)


def use_sign_in(session: Session, key: str, *, data: str | None = None) -> None:
    """Note that a sign-in was used, with its new data where they changed."""
    store.change_sign_in(session, hash_of_key(key), last_seen_at=now_in(session), data=data)


def end_sign_in(session: Session, key: str) -> None:
    """End the sign-in of a key."""
    store.end_sign_in(session, hash_of_key(key))


def list_sign_ins(session: Session, user_id: int, key: str, limits: SignInLimits) -> list[SignInView]:
    """A person's sign-ins in force, the latest used first; ``key`` is that of the browser that asks."""
    oldest = now_in(session) - limits.idle
    return [
        SignInView(
            id=row.id,
            began_at=row.created_at,
            last_seen_at=row.last_seen_at,
            address_hint=row.address_hint,
            browser=name_browser(row.user_agent),
            is_this_one=row.key_hash == hash_of_key(key),
        )
        for row in store.list_sign_ins(session, user_id=user_id)
        if row.last_seen_at > oldest
    ]


def end_one_of(session: Session, user: User, sign_in_id: int) -> None:
    """End one of a person's own sign-ins; raises NotFound for anybody else's."""
    store.end_sign_in_of(session, sign_in_id, user_id=user.id)
    _record(session, user, "account.sign_in_ended")


def sign_out_everywhere(session: Session, user: User, *, but: str) -> str:
    """End every sign-in of a person, half-made ones too, but the one of the key ``but``; gives the word it has now."""
    store.end_sign_ins(session, user_id=user.id, but=hash_of_key(but))
    _record(session, user, "account.signed_out_everywhere")
    return store.change_word(session, user_id=user.id)


def _record(session: Session, user: User, action: str) -> None:
    append_event(session, actor=user.email, action=action, object_kind="user", object_id=user.id, detail={})


def hash_of_key(key: str) -> str:
    """What of a cookie's key is kept: SHA-256 is enough for 256 random bits."""
    return sha256(key.encode()).hexdigest()


def shorten_address(address: str) -> str:
    """A network address without its end: enough to tell home from the office, too little to follow a person.

    >>> shorten_address("192.0.2.77"), shorten_address("2001:db8:1:2::3"), shorten_address("")
    ('192.0.2.…', '2001:db8:…', '')
    """
    if ":" in address:
        return ":".join(address.split(":")[:2]) + ":…"
    return address.rpartition(".")[0] + ".…" if "." in address else ""


# The first that is found counts: each browser also names those it descends from.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def name_browser(agent: str) -> str:
    """A browser in the words its owner knows it by.

    >>> name_browser("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36")
    'Chrome on Linux'
    """
    browser = next((name for sign, name in _BROWSERS if sign in agent), "A browser")
    system = next((name for sign, name in _SYSTEMS if sign in agent), None)
    return f"{browser} on {system}" if system else browser
