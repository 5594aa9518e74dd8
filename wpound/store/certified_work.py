"""What a certificate over one or many contracts needs to know of them, each in one query."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from wpound.store.models.contracts import Commitment
from wpound.store.models.suppliers import Supplier
from wpound.store.models.tenders import Tender


def list_all_commitments(session: Session, *, contract_ids: Collection[int]) -> dict[int, list[Commitment]]:
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
