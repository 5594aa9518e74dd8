"""Answer whether a certificate is genuine and in force, by its serial number or by the file itself."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from sqlalchemy.orm import Session

from wpound.config import Settings
from wpound.core.periods import format_day
from wpound.documents.certificate_facts import CertificateFacts
from wpound.documents.credential import UNKNOWN_KEY, check_credential, check_document
from wpound.documents.credential_keys import KeyRing
from wpound.documents.signing import NO_SEAL, UNKNOWN_ISSUER, require_pdf, verify_certificate
from wpound.services.clock import day_of
from wpound.services.keep_certificate_keys import find_key_ring
from wpound.store.certificates import RegisterEntry, find_entry, find_entry_of_file
from wpound.store.models.certificates import CertificateStatus

NOT_OURS = (NO_SEAL, UNKNOWN_ISSUER, UNKNOWN_KEY)
NOT_REGISTERED = "It is signed with a key of ours, but it is not in the register of certificates issued here."
REGISTER_CHANGED = "What the register holds is not what was signed. Ask the issuer, and rely on nothing it says."


class Outcome(StrEnum):
    """What a certificate turned out to be."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer, its reasons in plain words, and the facts where they may be believed.

    ``replaced_by`` is the serial number of the certificate that stands in for it.
    """

    outcome: Outcome
    reasons: tuple[str, ...] = ()
    facts: CertificateFacts | None = None
    replaced_by: str | None = None


def verify_by_serial(session: Session, settings: Settings, serial: str) -> Verification:
    """What the register says of a serial number; unknown numbers are an answer, not an error."""
    found = find_entry(session, serial.strip().upper())
    return _answer(settings, found) if found else Verification(Outcome.UNKNOWN)


def verify_by_file(session: Session, settings: Settings, content: bytes) -> Verification:
    """Whether a file (the PDF, or the signed data) is a certificate as it was handed out here, and still in force.

    Raises InputError where it is no PDF and no JSON.
    """
    if content.lstrip()[:1] == b"{":
        return _verify_data(session, settings, content)
    require_pdf(content)
    found = find_entry_of_file(session, hashlib.sha256(content).hexdigest())
    if found is not None:
        return _answer(settings, found)
    check = verify_certificate(content, find_key_ring(settings))
    return _refuse(check.problems or (NOT_REGISTERED,))


def _verify_data(session: Session, settings: Settings, content: bytes) -> Verification:
    check = check_credential(content, find_key_ring(settings))
    if check.facts is None:
        return _refuse(check.problems)
    found = find_entry(session, check.facts.serial)
    if found is None or found.facts_sha256 != check.facts.fingerprint:
        return _refuse((NOT_REGISTERED,))
    return _answer(settings, found)


def _refuse(problems: tuple[str, ...]) -> Verification:
    """What is not ours is unknown; what was ours and is not any more as it was is altered."""
    strange = problems[0] in (*NOT_OURS, NOT_REGISTERED)
    return Verification(Outcome.UNKNOWN if strange else Outcome.ALTERED, problems)


def _answer(settings: Settings, found: RegisterEntry) -> Verification:
    facts = read_register(found.facts, found.credential, find_key_ring(settings))
    if facts is None:
        return Verification(Outcome.ALTERED, (REGISTER_CHANGED,))
    outcome = standing_of(found.status, found.replaced_by, found.expires_on, day_of(found.read_at))
    return Verification(outcome, _reasons(outcome, found), facts, found.replaced_by)


@lru_cache(maxsize=1024)
def read_register(facts: str, credential: str | None, ring: KeyRing) -> CertificateFacts | None:
    """The facts of a registered certificate from its texts, None where they are not what was signed.

    What was found of the same texts and keys is not worked out again.
    """
    if credential is None:
        # Issued before certificates were signed as data: the file is sealed, and its hash is in the register.
        return CertificateFacts.from_dict(json.loads(facts))
    check = check_document(json.loads(credential), ring)
    return check.facts if check.facts and check.facts.to_dict() == json.loads(facts) else None


def standing_of(status: CertificateStatus, replaced_by: str | None, expires_on: date, today: date) -> Outcome:
    """Where a registered certificate stands on a day; a revocation says more than anything after it."""
    if status is CertificateStatus.REVOKED:
        return Outcome.REVOKED
    if replaced_by:
        return Outcome.SUPERSEDED
    return Outcome.EXPIRED if today > expires_on else Outcome.VALID


def _reasons(outcome: Outcome, found: RegisterEntry) -> tuple[str, ...]:
    if outcome is Outcome.REVOKED and found.revoked_at is not None:
        return (f"Revoked on {format_day(day_of(found.revoked_at))}: {found.revoked_because}",)
    if outcome is Outcome.SUPERSEDED:
        return (f"{found.replaced_by} was issued in its place. Go by that one.",)
    if outcome is Outcome.EXPIRED:
        return (f"It expired on {format_day(found.expires_on)}.",)
    return ()
