"""Tenders: get and list."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from wpound.core.errors import NotFound
from wpound.store.models.tenders import Tender


def get_tender(session: Session, ocid: str) -> Tender:
    """The tender of that OCID with its lots; raises NotFound."""
    found = find_tender(session, ocid)
    if found is None:
        raise NotFound("There is no such tender.")
    return found


def find_tender(session: Session, ocid: str) -> Tender | None:
    """The tender of that OCID with its lots, or None."""
    return session.scalar(select(Tender).where(Tender.ocid == ocid).options(selectinload(Tender.lots)))


def list_tenders(session: Session, *, organisation_id: int) -> list[Tender]:
    """A buyer's tenders, newest first, without lots."""
    wanted = select(Tender).where(Tender.organisation_id == organisation_id)
    return list(session.scalars(wanted.order_by(Tender.id.desc())))
