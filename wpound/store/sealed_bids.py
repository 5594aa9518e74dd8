"""Bids before they are opened: drafts, sealed bids and receipts. What is in them is ciphertext here."""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Select, case, delete, func, select
from sqlalchemy.orm import Session

from wpound.store.models.organisations import Organisation
from wpound.store.models.sealed_bids import BidDraft, BidFile, BidReceipt, SealedBid
from wpound.store.models.suppliers import Supplier
from wpound.store.models.tenders import Lot, Tender


def find_draft(session: Session, *, lot_id: int, organisation_id: int) -> BidDraft | None:
    """An organisation's draft for a lot, or None."""
    wanted = select(BidDraft).where(BidDraft.lot_id == lot_id, BidDraft.organisation_id == organisation_id)
    return session.scalar(wanted)


def delete_drafts(session: Session, *, lot_ids: Collection[int]) -> None:
    """Erase all drafts for the lots (secure_delete overwrites them on SQLite)."""
    session.execute(delete(BidDraft).where(BidDraft.lot_id.in_(lot_ids)))


def find_sealed_bid(session: Session, *, lot_id: int, supplier_id: int) -> SealedBid | None:
    """A supplier's sealed bid for a lot, withdrawn ones included, or None."""
    wanted = select(SealedBid).where(SealedBid.lot_id == lot_id, SealedBid.supplier_id == supplier_id)
    return session.scalar(wanted)


def list_sealed_bids(session: Session, *, tender_id: int) -> list[tuple[Lot, SealedBid, BidReceipt]]:
    """The bids that stand, each with its lot and the receipt it stands by, in the order they came in."""
    wanted = (
        select(Lot, SealedBid, BidReceipt)
        .select_from(SealedBid)
        .join(Lot, Lot.id == SealedBid.lot_id)
        .join(BidReceipt, BidReceipt.id == SealedBid.receipt_id)
        .where(Lot.tender_id == tender_id, SealedBid.withdrawn_at.is_(None))
    )
    rows = session.execute(wanted.order_by(BidReceipt.received_at, BidReceipt.id))
    return [(lot, bid, receipt) for lot, bid, receipt in rows]


def has_bid_of(session: Session, *, tender_id: int, organisation_ids: Collection[int]) -> bool:
    """Whether one of the organisations has a bid in for a tender, opened or not."""
    wanted = (
        select(SealedBid.id)
        .join(Lot, Lot.id == SealedBid.lot_id)
        .join(Supplier, Supplier.id == SealedBid.supplier_id)
        .join(Organisation, Organisation.identifier == Supplier.identifier)
        .where(Lot.tender_id == tender_id, SealedBid.withdrawn_at.is_(None), Organisation.id.in_(organisation_ids))
    )
    return session.scalar(wanted.limit(1)) is not None


def find_standing_receipt(session: Session, *, lot_id: int, supplier_id: int) -> BidReceipt | None:
    """The receipt of the bid a supplier has in for a lot, or None where there is none or it was withdrawn."""
    wanted = (
        select(BidReceipt)
        .join(SealedBid, SealedBid.receipt_id == BidReceipt.id)
        .where(SealedBid.lot_id == lot_id, SealedBid.supplier_id == supplier_id, SealedBid.withdrawn_at.is_(None))
    )
    return session.scalar(wanted)


def list_receipts(session: Session, *, lot_id: int, supplier_id: int) -> list[BidReceipt]:
    """Every receipt a supplier was given for a lot, the newest first."""
    wanted = select(BidReceipt).where(BidReceipt.lot_id == lot_id, BidReceipt.supplier_id == supplier_id)
    return list(session.scalars(wanted.order_by(BidReceipt.id.desc())))


class ReceiptRow(NamedTuple):
    """A receipt with its place: the buyer's name, how many lots the tender has, and what the bid stands by now.

    ``standing_id`` is the number of the receipt the supplier's bid for the lot stands by, None after a withdrawal.
    """

    receipt: BidReceipt
    tender: Tender
    lot: Lot
    buyer: str
    lots: int
    standing_id: int | None


def list_own_receipts(session: Session, *, supplier_id: int, limit: int, offset: int) -> tuple[list[ReceiptRow], int]:
    """Every receipt a supplier was given, the newest first: so many of them, and how many there are."""
    wanted = _receipt_rows(supplier_id).order_by(BidReceipt.id.desc()).limit(limit).offset(offset)
    counted = select(func.count()).select_from(BidReceipt).where(BidReceipt.supplier_id == supplier_id)
    return [ReceiptRow(*row) for row in session.execute(wanted)], session.scalars(counted).one()


def find_own_receipt(session: Session, *, code: str, supplier_id: int) -> ReceiptRow | None:
    """A supplier's receipt of that code, or None."""
    row = session.execute(_receipt_rows(supplier_id).where(BidReceipt.code == code)).first()
    return None if row is None else ReceiptRow(*row)


def _receipt_rows(supplier_id: int) -> Select[Any]:
    lots = select(func.count()).select_from(Lot).where(Lot.tender_id == Tender.id).correlate(Tender)
    standing = case((SealedBid.withdrawn_at.is_(None), SealedBid.receipt_id))
    return (
        select(BidReceipt, Tender, Lot, Organisation.name, lots.scalar_subquery(), standing)
        .join(Tender, Tender.id == BidReceipt.tender_id)
        .join(Lot, Lot.id == BidReceipt.lot_id)
        .join(Organisation, Organisation.id == Tender.organisation_id)
        .join(SealedBid, (SealedBid.lot_id == Lot.id) & (SealedBid.supplier_id == BidReceipt.supplier_id))
        .where(BidReceipt.supplier_id == supplier_id)
    )


def list_own_bids(
    session: Session, *, supplier_id: int | None, organisation_id: int, tender_ids: Collection[int]
) -> tuple[dict[int, bool], set[int]]:
    """A bidder's own bids: the tenders it has some in for, by whether all are confirmed, and those it began one for."""
    sealed = (
        select(Tender.id, BidReceipt.amendment, Tender.amendment)
        .join(BidReceipt, BidReceipt.tender_id == Tender.id)
        .join(SealedBid, SealedBid.receipt_id == BidReceipt.id)
        .where(SealedBid.supplier_id == supplier_id, SealedBid.withdrawn_at.is_(None), Tender.id.in_(tender_ids))
    )
    confirmed: dict[int, bool] = {}
    for tender_id, under, now in session.execute(sealed) if supplier_id is not None else ():
        confirmed[tender_id] = confirmed.get(tender_id, True) and under == now
    drafts = select(Lot.tender_id).join(BidDraft, BidDraft.lot_id == Lot.id)
    own = drafts.where(BidDraft.organisation_id == organisation_id, Lot.tender_id.in_(tender_ids))
    return confirmed, set(session.scalars(own))


def list_bid_files(session: Session, *, lot_id: int, organisation_id: int) -> list[BidFile]:
    """The encrypted files an organisation sent for its bid, the first first."""
    wanted = select(BidFile).where(BidFile.lot_id == lot_id, BidFile.organisation_id == organisation_id)
    return list(session.scalars(wanted.order_by(BidFile.id)))
