"""Verify a certificate: what the register says of a serial number, and what a file says of itself and the register."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from wpound.config import Settings
from wpound.core.periods import format_day
from wpound.documents.certificate import CertificateFacts
from wpound.store.certificates import find_by_pdf, find_certificate
from wpound.store.engine import now_in
from wpound.store.models.certificates import Certificate, CertificateStatus

LONDON = ZoneInfo("Europe/London")


class Outcome(StrEnum):
    """The answer in one word; ``unknown`` is a serial number the register does not have."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NOT_VALID = "not_valid"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer, its reasons in words, and the facts of the certificate where they can be believed."""

    outcome: Outcome
    reasons: tuple[str, ...] = ()
    facts: CertificateFacts | None = None


def verify_by_serial(session: Session, serial: str) -> Verification:
    """What the register says of a serial number today; an unknown one is an answer, not an error."""
    certificate = find_certificate(session, serial)
    if certificate is None:
        return Verification(Outcome.UNKNOWN)
    return _standing(certificate, CertificateFacts.from_dict(certificate.facts), _today(session))


def verify_by_file(session: Session, settings: Settings, data: bytes) -> Verification:
    """Whether a file is a certificate of this installation, unchanged, in the register and still standing.

    Raises ``InputError`` (field ``file``) when the file is no PDF at all.
    """
    from wpound.documents.signing import verify_certificate

    root = settings.data_dir / "keys" / "root.pem"
    check = verify_certificate(data, [root.read_bytes()] if root.is_file() else [])
    if check.facts is None:
        return Verification(Outcome.NOT_VALID, check.problems)
    certificate = find_by_pdf(session, sha256(data).hexdigest())
    if certificate is None:
        return Verification(Outcome.NOT_VALID, ("The file is sealed with our key but is not in the register.",))
    return _standing(certificate, check.facts, _today(session))


def _standing(certificate: Certificate, facts: CertificateFacts, today: date) -> Verification:
    """Revoked goes before expired: it says more."""
    if certificate.status is CertificateStatus.REVOKED and certificate.revoked_at is not None:
        revoked_on = certificate.revoked_at.astimezone(LONDON).date()
        reason = f"It was revoked on {format_day(revoked_on)}: {certificate.revoked_because}"
        return Verification(Outcome.REVOKED, (reason,), facts)
    if today > certificate.expires_on:
        return Verification(Outcome.EXPIRED, (f"It was valid until {format_day(certificate.expires_on)}.",), facts)
    return Verification(Outcome.VALID, (), facts)


def _today(session: Session) -> date:
    return now_in(session).astimezone(LONDON).date()
