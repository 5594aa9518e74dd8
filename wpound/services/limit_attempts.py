"""How often something may be tried, counted in the database for all workers together."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from sqlalchemy.orm import Session

from wpound.store.accounts import count_attempt, forget_attempts


@dataclass(frozen=True, slots=True)
class Limit:
    """How many times within how long; the period starts at the first attempt, and waiting for its end lifts it."""

    action: str
    most: int
    within: timedelta


# Ten guesses at one person's password, code or recovery code; the eleventh is refused whether it is right or not.
GUESSES = Limit("guess", 10, timedelta(minutes=15))
CODES = Limit("code", 10, timedelta(minutes=15))
# From one network address, behind which a whole council can sit.
GUESSES_FROM = Limit("guess-from", 200, timedelta(minutes=15))
# Mail that anybody can have sent to an address, and that one network address can have sent.
MAILS = Limit("mail", 3, timedelta(hours=1))
MAILS_FROM = Limit("mail-from", 20, timedelta(hours=1))
# Tries of a passphrase that opens bids.
OPENINGS = Limit("opening", 10, timedelta(minutes=15))
# Answers to links from one network address: a school can be asked by many, and no link can be guessed.
ANSWERS_FROM = Limit("answer-from", 60, timedelta(hours=1))
INVITATIONS = Limit("invitation", 100, timedelta(days=1))


def take_attempt(session: Session, limit: Limit, subject: str) -> bool:
    """Count an attempt for a subject (an email address, a network address, a person) and say whether it may be made.

    It counts before anything is checked, so that a hundred guesses at the same moment are not a hundred guesses.
    """
    count = count_attempt(session, action=limit.action, subject_hash=_hash(subject), within=limit.within)
    return count <= limit.most


def forget(session: Session, limit: Limit, subject: str) -> None:
    """Start counting anew, after the right answer."""
    forget_attempts(session, action=limit.action, subject_hash=_hash(subject))


def network_of(address: str) -> str:
    """Whom a limit for one network address is for: of IPv6, everybody has 2 to the 64 of them, so the first half.

    >>> network_of("192.0.2.77"), network_of("2001:db8:1:2:3:4:5:6"), network_of("::ffff:192.0.2.77"), network_of("")
    ('192.0.2.77', '2001:db8:1:2::', '192.0.2.77', '')
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))


def _hash(subject: str) -> str:
    return sha256(subject.strip().casefold().encode()).hexdigest()
