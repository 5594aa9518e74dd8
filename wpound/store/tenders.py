"""Tenders: get and list."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from wpound.core.errors import NotFound
from wpound.store.models.tenders import Lot, Tender, TenderStage


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


def get_lot(session: Session, tender: Tender, number: int) -> Lot:
    """The lot of a tender with that number; raises NotFound."""
    found = session.scalar(select(Lot).where(Lot.tender_id == tender.id, Lot.number == number))
    if found is None:
        raise NotFound("This tender has no such lot.")
    return found


def list_lots(session: Session, *, tender_id: int) -> list[Lot]:
    """The lots of a tender by number; there is at least one."""
    return list(session.scalars(select(Lot).where(Lot.tender_id == tender_id).order_by(Lot.number)))


def list_past_deadline(session: Session, *, now: datetime) -> list[Tender]:
    """The published tenders of every buyer whose deadline has passed, the first first."""
    wanted = select(Tender).where(Tender.stage == TenderStage.PUBLISHED, Tender.deadline_at <= now)
    return list(session.scalars(wanted.order_by(Tender.deadline_at, Tender.id)))
