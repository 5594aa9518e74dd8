"""Certificates: the next number without gaps, look-ups for verification and for lists, revocation."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from wpound.core.delivery import CertificateScope
from wpound.core.errors import NotFound, StateError
from wpound.core.periods import Period
from wpound.store.engine import lock, now_in
from wpound.store.models.certificates import Certificate, CertificateStatus
from wpound.store.models.organisations import Organisation


@dataclass(frozen=True, slots=True)
class FoundCertificate:
    """A certificate, and the serial number of the one that stands in for it now (None: none does)."""

    certificate: Certificate
    replaced_by: str | None


def next_number(session: Session, *, organisation_id: int, year: int) -> int:
    """The number of an issuer's next certificate in a year, held until the transaction ends: none is skipped."""
    lock(session, Organisation, organisation_id)
    issued = select(func.max(Certificate.number)).where(
        Certificate.organisation_id == organisation_id, Certificate.year == year
    )
    return (session.scalar(issued) or 0) + 1


def get_certificate(session: Session, serial: str) -> FoundCertificate:
    """The certificate of that serial; raises NotFound."""
    found = find_certificate(session, serial)
    if found is None:
        raise NotFound("No certificate has this serial number. Check it against the printed page.")
    return found


def find_certificate(session: Session, serial: str) -> FoundCertificate | None:
    """The certificate of that serial, or None."""
    return _find(session, _with_replacement().where(Certificate.serial == serial))


def find_certificate_file(session: Session, pdf_sha256: str) -> FoundCertificate | None:
    """The certificate that was handed out as the file of that hash, or None."""
    return _find(session, _with_replacement().where(Certificate.pdf_sha256 == pdf_sha256))


def find_standing(
    session: Session,
    *,
    organisation_id: int,
    scope: CertificateScope,
    contract_id: int | None,
    supplier_id: int | None,
    period: Period,
    today: date,
) -> Certificate | None:
    """The certificate of exactly this scope and period that is neither revoked, replaced nor expired, or None."""
    later = aliased(Certificate)
    wanted = (
        select(Certificate)
        .outerjoin(later, later.replaces_id == Certificate.id)
        .where(
            Certificate.organisation_id == organisation_id,
            Certificate.scope == scope,
            Certificate.contract_id.is_not_distinct_from(contract_id),
            Certificate.supplier_id.is_not_distinct_from(supplier_id),
            Certificate.period_start_on == period.start_on,
            Certificate.period_end_on == period.end_on,
            Certificate.status == CertificateStatus.ISSUED,
            Certificate.expires_on >= today,
            later.id.is_(None),
        )
    )
    return session.scalar(wanted.order_by(Certificate.id.desc()).limit(1))


def list_certified(session: Session, *, organisation_id: int, period: Period) -> set[int]:
    """The contracts of an issuer that had a certificate of exactly this period, whatever became of it."""
    wanted = select(Certificate.contract_id).where(
        Certificate.organisation_id == organisation_id,
        Certificate.contract_id.is_not(None),
        Certificate.period_start_on == period.start_on,
        Certificate.period_end_on == period.end_on,
    )
    return {number for number in session.scalars(wanted) if number is not None}


def list_certificates(
    session: Session,
    *,
    organisation_id: int | None = None,
    supplier_id: int | None = None,
    contract_ids: Collection[int] | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[list[FoundCertificate], int]:
    """An issuer's certificates or a supplier's, newest first (``contract_ids``: of these contracts alone).

    So many of them, and how many there are. Raises ValueError where it is nobody's, which would show everybody's.
    """
    if (organisation_id is None) == (supplier_id is None):
        raise ValueError("say whose: the issuer's or the supplier's")
    column, value = (
        (Certificate.organisation_id, organisation_id)
        if supplier_id is None
        else (Certificate.supplier_id, supplier_id)
    )
    chosen = [column == value] + ([] if contract_ids is None else [Certificate.contract_id.in_(contract_ids)])
    wanted = _with_replacement().where(*chosen).order_by(Certificate.id.desc()).limit(limit).offset(offset)
    count = session.scalar(select(func.count()).select_from(Certificate).where(*chosen))
    return [FoundCertificate(*row) for row in session.execute(wanted)], count or 0


def list_year(session: Session, *, organisation_id: int, year: int) -> list[FoundCertificate]:
    """Every certificate an issuer issued in a year, by number."""
    chosen = (Certificate.organisation_id == organisation_id, Certificate.year == year)
    wanted = _with_replacement().where(*chosen).order_by(Certificate.number)
    return [FoundCertificate(*row) for row in session.execute(wanted)]


def revoke_certificate(session: Session, serial: str, *, because: str) -> Certificate:
    """Take a certificate back, once and with the reason; raises NotFound, StateError."""
    certificate = lock(session, Certificate, get_certificate(session, serial).certificate.id)
    if certificate.status is CertificateStatus.REVOKED:
        raise StateError("This certificate was revoked already.")
    now = now_in(session)
    certificate.status = CertificateStatus.REVOKED
    certificate.revoked_at, certificate.revoked_because = now, because
    session.flush()
    return certificate


def _with_replacement() -> Select[Certificate, str | None]:
    later = aliased(Certificate)
    return select(Certificate, later.serial).outerjoin(later, later.replaces_id == Certificate.id)


def _find(session: Session, wanted: Select[Certificate, str | None]) -> FoundCertificate | None:
    row = session.execute(wanted).first()
    return FoundCertificate(*row) if row else None
