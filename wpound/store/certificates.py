"""Certificates: the next number without gaps, look-ups for verification, revocation."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wpound.core.errors import NotFound, StateError
from wpound.store.engine import lock, now_in
from wpound.store.models.certificates import Certificate, CertificateStatus
from wpound.store.models.organisations import Organisation


def next_number(session: Session, *, organisation_id: int, year: int) -> int:
    """The number of an issuer's next certificate in a year, held until the transaction ends: none is skipped."""
    lock(session, Organisation, organisation_id)
    issued = select(func.max(Certificate.number)).where(
        Certificate.organisation_id == organisation_id, Certificate.year == year
    )
    return (session.scalar(issued) or 0) + 1


def get_certificate(session: Session, serial: str) -> Certificate:
    """The certificate of that serial; raises NotFound."""
    found = find_certificate(session, serial)
    if found is None:
        raise NotFound("No certificate has this serial number. Check it against the printed page.")
    return found


def find_certificate(session: Session, serial: str) -> Certificate | None:
    """The certificate of that serial, or None."""
    return session.scalar(select(Certificate).where(Certificate.serial == serial))


def list_certificates(session: Session, *, organisation_id: int) -> list[Certificate]:
    """What an issuer has issued, newest first."""
    wanted = select(Certificate).where(Certificate.organisation_id == organisation_id)
    return list(session.scalars(wanted.order_by(Certificate.id.desc())))


def revoke_certificate(session: Session, serial: str, *, because: str) -> Certificate:
    """Take a certificate back, once and with the reason; raises NotFound, StateError."""
    certificate = lock(session, Certificate, get_certificate(session, serial).id)
    if certificate.status is CertificateStatus.REVOKED:
        raise StateError("This certificate was revoked already.")
    now = now_in(session)
    certificate.status = CertificateStatus.REVOKED
    certificate.revoked_at, certificate.revoked_because = now, because
    session.flush()
    return certificate
