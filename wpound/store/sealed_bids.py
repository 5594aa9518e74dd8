"""Bids before they are opened: drafts, sealed bids and receipts. What is in them is ciphertext here."""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from wpound.store.models.sealed_bids import BidDraft, BidFile, BidReceipt, SealedBid
from wpound.store.models.tenders import Lot


def find_draft(session: Session, *, lot_id: int, organisation_id: int) -> BidDraft | None:
    """An organisation's draft for a lot, or None."""
    wanted = select(BidDraft).where(BidDraft.lot_id == lot_id, BidDraft.organisation_id == organisation_id)
    return session.scalar(wanted)


def list_drafts(session: Session, *, lot_ids: Collection[int]) -> list[BidDraft]:
    """Every draft for the lots, the first begun first."""
    return list(session.scalars(select(BidDraft).where(BidDraft.lot_id.in_(lot_ids)).order_by(BidDraft.id)))


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


def find_receipt(session: Session, code: str) -> BidReceipt | None:
    """The receipt of that code, or None."""
    return session.scalar(select(BidReceipt).where(BidReceipt.code == code))


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


def list_bid_files(session: Session, *, lot_id: int, organisation_id: int) -> list[BidFile]:
    """The encrypted files an organisation sent for its bid, the first first."""
    wanted = select(BidFile).where(BidFile.lot_id == lot_id, BidFile.organisation_id == organisation_id)
    return list(session.scalars(wanted.order_by(BidFile.id)))
