"""Bids before they are opened: drafts, sealed bids, their files and receipts. All content is ciphertext."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wpound.store.base import AppendOnly, Base, Identified, Versioned, not_negative, together


class BidDraft(Identified, Versioned, Base):
    """What a bidder is writing, kept under the server's bid key until the deadline; nobody else's page reads it.

    ``reviewed_version`` is the version a colleague found right.
    """

    __tablename__ = "bid_drafts"
    __table_args__ = (
        UniqueConstraint("lot_id", "organisation_id"),
        together("reviewed_by", "reviewed_version"),
    )

    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    kept_content: Mapped[bytes] = mapped_column(LargeBinary)
    updated_by: Mapped[str]
    updated_at: Mapped[datetime]
    reviewed_by: Mapped[str | None]
    reviewed_version: Mapped[int | None]


class BidFile(Identified, Base):
    """A file of a bid, encrypted, in the folder of kept files; its name, kind and key are in the bid's content only."""

    __tablename__ = "bid_files"
    __table_args__ = (not_negative("byte_count"), Index("ix_bid_files_lot_id", "lot_id", "organisation_id"))

    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    stored_as: Mapped[str] = mapped_column(unique=True)
    byte_count: Mapped[int]
    added_by: Mapped[str]


class SealedBid(Identified, Versioned, Base):
    """A bid that is in: two envelopes that only the openers' keys open; empty once it was withdrawn."""

    __tablename__ = "sealed_bids"
    __table_args__ = (UniqueConstraint("lot_id", "supplier_id"), together("quality", "price"))

    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("bid_receipts.id"), unique=True)
    quality: Mapped[bytes | None] = mapped_column(LargeBinary)
    price: Mapped[bytes | None] = mapped_column(LargeBinary)
    withdrawn_at: Mapped[datetime | None]


class BidReceipt(Identified, AppendOnly, Base):
    """What a bidder holds to prove what came in and when; ``code`` is random, as a number would tell how many bid.

    ``amendment`` is the last change of the tender the bid was made, or confirmed, under.
    """

    __tablename__ = "bid_receipts"
    __table_args__ = (
        ForeignKeyConstraint(["tender_id", "lot_id"], ["lots.tender_id", "lots.id"], name="fk_bid_receipts_lot"),
        Index("ix_bid_receipts_lot_id", "lot_id", "supplier_id", "id"),
    )

    code: Mapped[str] = mapped_column(unique=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id"))
    lot_id: Mapped[int]
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    content_hash: Mapped[str]
    method_hash: Mapped[str]
    amendment: Mapped[int]
    received_at: Mapped[datetime]
    submitted_by: Mapped[str]
