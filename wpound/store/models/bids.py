"""Offers: the bid, the quantities it promises, and the marks evaluators give it."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.store.base import AppendOnly, Base, Identified, Versioned, no_minus, one_of
from wpound.store.types import CanonicalJson, Word


class MarkKind(StrEnum):
    """An evaluator's own mark, or the one mark all agreed on in moderation, which is the mark that counts."""

    INDIVIDUAL = "individual"
    CONSENSUS = "consensus"


class Bid(Identified, Versioned, Base):
    """One bidder's opened offer for a lot, one each; before the opening there is only its sealed form.

    ``price`` is None while its envelope is closed; ``fte`` is the posts on the contract, None where not asked for.
    ``passes`` holds yes-or-no answers by criterion, ``content`` all that was in the bid, ``alias`` the name evaluators
    read where bidders' names are hidden from them.
    """

    __tablename__ = "bids"
    __table_args__ = (
        UniqueConstraint("lot_id", "supplier_id"),
        UniqueConstraint("lot_id", "bidder"),
        UniqueConstraint("lot_id", "alias"),
        ForeignKeyConstraint(["tender_id", "lot_id"], ["lots.tender_id", "lots.id"], name="fk_bids_lot_of_tender"),
        Index("ix_bids_tender_id", "tender_id", "id"),
        CheckConstraint("price > 0", name="price_above_nothing"),
        no_minus("fte"),
    )

    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id"))
    lot_id: Mapped[int]
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("bid_receipts.id"), unique=True)
    bidder: Mapped[str]
    alias: Mapped[str]
    submitted_at: Mapped[datetime]
    price: Mapped[Money | None]
    fte: Mapped[Decimal | None]
    passes: Mapped[dict[str, bool]] = mapped_column(CanonicalJson, default=dict)
    content: Mapped[dict[str, Any]] = mapped_column(CanonicalJson, default=dict)

    commitments: Mapped[list["BidCommitment"]] = relationship(
        lazy="raise_on_sql", order_by="BidCommitment.id", cascade="all, delete-orphan"
    )
    marks: Mapped[list["BidMark"]] = relationship(lazy="raise_on_sql", order_by="BidMark.id")


class BidCommitment(Identified, Base):
    """A quantity of a measure promised in a bid, for one year or (None) for the whole contract."""

    __tablename__ = "bid_commitments"
    __table_args__ = (
        one_of("unit", Unit),
        no_minus("quantity"),
        UniqueConstraint("bid_id", "measure_code", "year"),
        Index(
            "uq_bid_commitments_whole",
            "bid_id",
            "measure_code",
            unique=True,
            sqlite_where=text("year IS NULL"),
            postgresql_where=text("year IS NULL"),
        ),
    )

    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"))
    measure_code: Mapped[str]
    quantity: Mapped[Decimal]
    unit: Mapped[Unit] = mapped_column(Word(Unit))
    year: Mapped[int | None]


class BidMark(Identified, Versioned, Base):
    """A mark for a qualitative criterion with its reason; one consensus mark a criterion, one individual mark each.

    ``mark`` is None while an evaluator is still writing; ``present`` names who agreed on a consensus mark. What stood
    here before is kept in ``bid_mark_versions``.
    """

    __tablename__ = "bid_marks"
    __table_args__ = (
        one_of("kind", MarkKind),
        no_minus("mark"),
        CheckConstraint("kind = 'individual' OR mark IS NOT NULL", name="consensus_has_mark"),
        UniqueConstraint("bid_id", "criterion", "kind", "marked_by"),
        Index(
            "uq_bid_marks_consensus",
            "bid_id",
            "criterion",
            unique=True,
            sqlite_where=text("kind = 'consensus'"),
            postgresql_where=text("kind = 'consensus'"),
        ),
    )

    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"))
    criterion: Mapped[str]
    kind: Mapped[MarkKind] = mapped_column(Word(MarkKind))
    marked_by: Mapped[str]
    mark: Mapped[Decimal | None]
    reason: Mapped[str]
    present: Mapped[list[str]] = mapped_column(CanonicalJson, default=list)


class BidMarkVersion(Identified, AppendOnly, Base):
    """A mark as it was written once, whoever changed it since: the record a court asks for."""

    __tablename__ = "bid_mark_versions"
    __table_args__ = (one_of("kind", MarkKind), Index("ix_bid_mark_versions_bid_id", "bid_id", "id"))

    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"))
    criterion: Mapped[str]
    kind: Mapped[MarkKind] = mapped_column(Word(MarkKind))
    marked_by: Mapped[str]
    mark: Mapped[Decimal | None]
    reason: Mapped[str]
    present: Mapped[list[str]] = mapped_column(CanonicalJson, default=list)


class PassCheck(Identified, Versioned, Base):
    """Whether a bid meets a pass-or-fail criterion, as an officer found, with the reason."""

    __tablename__ = "pass_checks"
    __table_args__ = (UniqueConstraint("bid_id", "criterion"),)

    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"))
    criterion: Mapped[str]
    passed: Mapped[bool]
    reason: Mapped[str]
    checked_by: Mapped[str]
