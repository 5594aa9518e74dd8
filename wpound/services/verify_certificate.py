"""Answer whether a certificate is genuine and in force, by its serial number or by the file itself."""

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from wpound.config import Settings
from wpound.core.periods import format_day
from wpound.documents.certificate_facts import CertificateFacts
from wpound.documents.credential import UNKNOWN_KEY, check_credential, check_document
from wpound.documents.credential_keys import KeyRing
from wpound.documents.signing import NO_SEAL, UNKNOWN_ISSUER, verify_certificate
from wpound.services.clock import day_of
from wpound.services.keep_certificate_keys import find_key_ring
from wpound.store.certificates import FoundCertificate, find_certificate, find_certificate_file
from wpound.store.engine import now_in
from wpound.store.models.certificates import Certificate, CertificateStatus

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
    found = find_certificate(session, serial.strip().upper())
    return _answer(session, settings, found) if found else Verification(Outcome.UNKNOWN)


def verify_by_file(session: Session, settings: Settings, content: bytes) -> Verification:
    """Whether a file (the PDF, or the signed data) is a certificate as it was handed out here, and still in force.

    Raises InputError where it is no PDF and no JSON.
    """
    if content.lstrip()[:1] == b"{":
        return _verify_data(session, settings, content)
    found = find_certificate_file(session, hashlib.sha256(content).hexdigest())
    if found is not None:
        return _answer(session, settings, found)
    check = verify_certificate(content, find_key_ring(settings))
    return _refuse(check.problems or (NOT_REGISTERED,))


def _verify_data(session: Session, settings: Settings, content: bytes) -> Verification:
    check = check_credential(content, find_key_ring(settings))
    if check.facts is None:
        return _refuse(check.problems)
    found = find_certificate(session, check.facts.serial)
    if found is None or found.certificate.facts_sha256 != check.facts.fingerprint:
        return _refuse((NOT_REGISTERED,))
    return _answer(session, settings, found)


def _refuse(problems: tuple[str, ...]) -> Verification:
    """What is not ours is unknown; what was ours and is not any more as it was is altered."""
    strange = problems[0] in (*NOT_OURS, NOT_REGISTERED)
    return Verification(Outcome.UNKNOWN if strange else Outcome.ALTERED, problems)


def _answer(session: Session, settings: Settings, found: FoundCertificate) -> Verification:
    facts = read_register(found.certificate, find_key_ring(settings))
    if facts is None:
        return Verification(Outcome.ALTERED, (REGISTER_CHANGED,))
    outcome = standing_of(found, day_of(now_in(session)))
    return Verification(outcome, _reasons(outcome, found), facts, found.replaced_by)


def read_register(certificate: Certificate, ring: KeyRing) -> CertificateFacts | None:
    """The facts of a registered certificate, None where they are not what was signed."""
    if certificate.credential is None:
        # Issued before certificates were signed as data: the file is sealed, and its hash is in the register.
        return CertificateFacts.from_dict(certificate.facts)
    check = check_document(certificate.credential, ring)
    return check.facts if check.facts and check.facts.to_dict() == certificate.facts else None


def standing_of(found: FoundCertificate, today: date) -> Outcome:
    """Where a registered certificate stands on a day; a revocation says more than anything after it."""
    if found.certificate.status is CertificateStatus.REVOKED:
        return Outcome.REVOKED
    if found.replaced_by:
        return Outcome.SUPERSEDED
    return Outcome.EXPIRED if today > found.certificate.expires_on else Outcome.VALID


def _reasons(outcome: Outcome, found: FoundCertificate) -> tuple[str, ...]:
    certificate = found.certificate
    if outcome is Outcome.REVOKED and certificate.revoked_at is not None:
        revoked_on = format_day(day_of(certificate.revoked_at))
        return (f"Revoked on {revoked_on}: {certificate.revoked_because}",)
    if outcome is Outcome.SUPERSEDED:
        return (f"{found.replaced_by} was issued in its place. Go by that one.",)
    if outcome is Outcome.EXPIRED:
        return (f"It expired on {format_day(certificate.expires_on)}.",)
    return ()
