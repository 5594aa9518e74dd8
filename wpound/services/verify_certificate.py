"""Answer whether a certificate is genuine and in force, by its serial number or by the file itself."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from wpound.config import Settings
from wpound.core.periods import format_day
from wpound.documents.certificate import CertificateFacts
from wpound.documents.signing import find_root, verify_certificate
from wpound.services.clock import day_of
from wpound.store.certificates import find_certificate
from wpound.store.engine import now_in
from wpound.store.models.certificates import Certificate, CertificateStatus


class Outcome(StrEnum):
    """What a certificate turned out to be."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NOT_VALID = "not_valid"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer, its reasons in plain words, and the facts where they may be believed."""

    outcome: Outcome
    reasons: tuple[str, ...] = ()
    facts: CertificateFacts | None = None


def verify_by_serial(session: Session, serial: str) -> Verification:
    """What the register says of a serial number; unknown numbers are an answer, not an error."""
    certificate = find_certificate(session, serial.strip().upper())
    if certificate is None:
        return Verification(Outcome.UNKNOWN)
    return _standing(session, certificate)


def verify_by_file(session: Session, settings: Settings, pdf: bytes) -> Verification:
    """Whether a file is a certificate as it was sealed here, and still in force.

    Raises InputError where the file is no PDF at all.
    """
    root = find_root(settings.data_dir)
    check = verify_certificate(pdf, [root] if root else [])
    if not check.ok or check.facts is None:
        return Verification(Outcome.NOT_VALID, check.problems)
    certificate = find_certificate(session, check.facts.serial)
    if certificate is None or certificate.pdf_sha256 != hashlib.sha256(pdf).hexdigest():
        return Verification(
            Outcome.NOT_VALID, ("The seal is good, but this file is not in the register of certificates issued here.",)
        )
    return _standing(session, certificate)


def _standing(session: Session, certificate: Certificate) -> Verification:
    facts = CertificateFacts.from_dict(certificate.facts)
    if certificate.status is CertificateStatus.REVOKED and certificate.revoked_at is not None:
        revoked_on = format_day(day_of(certificate.revoked_at))
        return Verification(Outcome.REVOKED, (f"Revoked on {revoked_on}: {certificate.revoked_because}",), facts)
    if day_of(now_in(session)) > certificate.expires_on:
        return Verification(Outcome.EXPIRED, (f"It expired on {format_day(certificate.expires_on)}.",), facts)
    return Verification(Outcome.VALID, (), facts)
