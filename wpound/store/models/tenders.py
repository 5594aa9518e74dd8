"""Buying exercises: the tender, its lots, and the method frozen when it was published."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wpound.core.money import Money
from wpound.store.base import Base, Identified, Versioned, one_of, together
from wpound.store.types import CanonicalJson, Word


class TenderStage(StrEnum):
    """Where a tender stands; ``closed`` means the deadline has passed and nothing is opened yet."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
    EVALUATION = "evaluation"
    AWARDED = "awarded"
    CANCELLED = "cancelled"


class Tender(Identified, Versioned, Base):
    """One buying exercise; from publication on it pins its method, the catalogue and the day whose values are used.

    ``method`` holds the criteria, rounding, ties and award rule as in the file form of a tender, ``particulars`` what
    else bidders are told; in a draft both may be unfinished. ``amendment`` numbers the last change that bids must be
    confirmed under anew.
    """

    __tablename__ = "tenders"
    __table_args__ = (
        one_of("stage", TenderStage),
        CheckConstraint(
            "stage IN ('draft', 'cancelled') OR (deadline_at IS NOT NULL AND method IS NOT NULL"
            " AND method_hash IS NOT NULL AND catalogue_fingerprint IS NOT NULL AND as_of IS NOT NULL)",
            name="published_is_complete",
        ),
        CheckConstraint("contract_value > 0", name="contract_value_above_nothing"),
        CheckConstraint("approved_by <> sent_for_approval_by", name="approved_by_another"),
        together("sent_for_approval_by", "sent_for_approval_at"),
        together("moderation_locked_by", "moderation_locked_at"),
        Index("ix_tenders_organisation_id", "organisation_id", "id"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    ocid: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    stage: Mapped[TenderStage] = mapped_column(Word(TenderStage), default=TenderStage.DRAFT)
    deadline_at: Mapped[datetime | None]
    contract_value: Mapped[Money | None]
    years: Mapped[Decimal | None]
    as_of: Mapped[date | None]
    method: Mapped[dict[str, Any] | None] = mapped_column(CanonicalJson)
    method_hash: Mapped[str | None]
    catalogue_fingerprint: Mapped[str | None]
    particulars: Mapped[dict[str, Any]] = mapped_column(CanonicalJson, default=dict)
    particulars_hash: Mapped[str | None]
    amendment: Mapped[int] = mapped_column(default=0)
    sent_for_approval_by: Mapped[str | None]
    sent_for_approval_at: Mapped[datetime | None]
    approved_by: Mapped[str | None]
    published_at: Mapped[datetime | None]
    moderation_locked_by: Mapped[str | None]
    moderation_locked_at: Mapped[datetime | None]
    ended_because: Mapped[str | None]

    lots: Mapped[list["Lot"]] = relationship(lazy="raise_on_sql", order_by="Lot.number")


class Lot(Identified, Base):
    """A part of a tender that is bid for, scored and awarded by itself; a tender that is not divided has one."""

    __tablename__ = "lots"
    __table_args__ = (
        UniqueConstraint("tender_id", "number"),
        # What a bid of a lot says of its tender is held against this.
        UniqueConstraint("tender_id", "id"),
    )

    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id"))
    number: Mapped[int]
    title: Mapped[str]
    contract_value: Mapped[Money | None]


class TenderDocument(Identified, Base):
    """A file bidders are given with the tender, such as a specification."""

    __tablename__ = "tender_documents"
    __table_args__ = (UniqueConstraint("tender_id", "title"),)

    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id"))
    title: Mapped[str]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    added_by: Mapped[str]
