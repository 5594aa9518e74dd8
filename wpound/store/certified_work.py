"""What a certificate over one or many contracts needs to know of them, each in one query."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from wpound.core.delivery import CertificateScope
from wpound.core.periods import Period
from wpound.store.models.certificates import Certificate, CertificateStatus
from wpound.store.models.contracts import Commitment
from wpound.store.models.suppliers import Supplier
from wpound.store.models.tenders import Tender


def list_commitments_of(session: Session, *, contract_ids: Collection[int]) -> dict[int, list[Commitment]]:
    """The commitments of contracts, those that a change took out included, as entered, for each that has any."""
    wanted = select(Commitment).where(Commitment.contract_id.in_(contract_ids)).order_by(Commitment.id)
    found: dict[int, list[Commitment]] = {}
    for one in session.scalars(wanted):
        found.setdefault(one.contract_id, []).append(one)
    return found


def name_suppliers(session: Session, supplier_ids: Collection[int]) -> dict[int, str]:
    """The names of suppliers by number."""
    wanted = select(Supplier.id, Supplier.name).where(Supplier.id.in_(supplier_ids))
    return {row.id: row.name for row in session.execute(wanted)}


def list_method_hashes(session: Session, tender_ids: Collection[int]) -> dict[int, str]:
    """The fingerprints of tenders' methods, for each that has one."""
    wanted = select(Tender.id, Tender.method_hash).where(Tender.id.in_(tender_ids))
    return {row.id: row.method_hash for row in session.execute(wanted) if row.method_hash is not None}


def list_certificates_over(
    session: Session,
    *,
    organisation_id: int,
    contract_id: int,
    supplier_ids: Collection[int],
    period: Period,
    before: datetime,
) -> list[Certificate]:
    """What an issuer certified of a contract and a period before a moment, alone or among others, oldest first.

    Without what was revoked or has another in its place.
    """
    later = aliased(Certificate)
    of_supplier = (Certificate.scope == CertificateScope.SUPPLIER) & Certificate.supplier_id.in_(supplier_ids)
    wanted = (
        select(Certificate)
        .outerjoin(later, later.replaces_id == Certificate.id)
        .where(
            Certificate.organisation_id == organisation_id,
            or_(Certificate.contract_id == contract_id, of_supplier, Certificate.scope == CertificateScope.ANCHOR),
            Certificate.period_start_on <= period.start_on,
            Certificate.period_end_on >= period.end_on,
            Certificate.status == CertificateStatus.ISSUED,
            later.id.is_(None),
        )
    )
    return [one for one in session.scalars(wanted.order_by(Certificate.id)) if one.created_at < before]
