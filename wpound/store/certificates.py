"""Certificates: the next number without gaps, look-ups for verification and for lists, revocation."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session, aliased

from wpound.core.delivery import CertificateScope
from wpound.core.errors import NotFound, StateError
from wpound.core.periods import Period
from wpound.store.engine import lock, now_in
from wpound.store.models.certificates import Certificate, CertificateStatus
from wpound.store.prepared import Prepared
from wpound.store.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class FoundCertificate:
    """A certificate, and the serial number of the one that stands in for it now (None: none does)."""

    certificate: Certificate
    replaced_by: str | None


class RegisterEntry(NamedTuple):
    """A certificate as whoever verifies it asks for it: ``facts`` and ``credential`` are the texts as they are kept.

    ``read_at`` is the database's clock when it was read.
    """

    serial: str
    facts: str
    facts_sha256: str
    credential: str | None
    status: CertificateStatus
    expires_on: date
    revoked_at: datetime | None
    revoked_because: str | None
    replaced_by: str | None
    read_at: datetime


def next_number(session: Session, *, organisation_id: int, year: int) -> int:
    """The number of an issuer's next certificate in a year; lock the issuer first where a certificate is to have it."""
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


def find_entry(session: Session, serial: str) -> RegisterEntry | None:
    """What the register holds of the certificate of that serial, or None."""
    return _entry(_BY_SERIAL.rows(session, value=serial))


def find_entry_of_file(session: Session, pdf_sha256: str) -> RegisterEntry | None:
    """What the register holds of the certificate that was handed out as the file of that hash, or None."""
    return _entry(_BY_FILE.rows(session, value=pdf_sha256))


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


def _prepare(column: ColumnElement[str]) -> Prepared:
    """One entry by a column that is unique."""
    one, later = Certificate.__table__.c, Certificate.__table__.alias("later").c
    shown = (
        one.serial,
        type_coerce(one.facts, Text),
        one.facts_sha256,
        type_coerce(one.credential, Text),
        *(one.status, one.expires_on, one.revoked_at, one.revoked_because),
        later.serial,
        func.now(type_=UtcDateTime),
    )
    joined = Certificate.__table__.outerjoin(later.serial.table, later.replaces_id == one.id)
    return Prepared(select(*shown).select_from(joined).where(column == bindparam("value")), changes=True)


def _entry(rows: tuple[Any, ...]) -> RegisterEntry | None:
    return RegisterEntry(*rows[0]) if rows else None


_BY_SERIAL = _prepare(Certificate.__table__.c.serial)
_BY_FILE = _prepare(Certificate.__table__.c.pdf_sha256)


def _find(session: Session, wanted: Select[Certificate, str | None]) -> FoundCertificate | None:
    row = session.execute(wanted).first()
    return FoundCertificate(*row) if row else None
