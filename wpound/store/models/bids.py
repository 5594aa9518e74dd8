"""Offers: the bid, the quantities it promises, and the marks evaluators give it."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.store.base import Base, Identified, Versioned, no_minus, one_of
from wpound.store.types import CanonicalJson, Word


class MarkKind(StrEnum):
    """An evaluator's own mark, or the one mark all agreed on in moderation, which is the mark that counts."""

    INDIVIDUAL = "individual"
    CONSENSUS = "consensus"


class Bid(Identified, Versioned, Base):
    """One bidder's offer to a tender, one each; ``fte`` is the posts on the contract, None where not asked for.

    ``passes`` holds yes-or-no answers by criterion, ``content`` the answers in words.
    """

    __tablename__ = "bids"
    __table_args__ = (
        UniqueConstraint("tender_id", "supplier_id"),
        UniqueConstraint("tender_id", "bidder"),
        CheckConstraint("price > 0", name="price_above_nothing"),
        no_minus("fte"),
    )

    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    bidder: Mapped[str]
    submitted_at: Mapped[datetime]
    price: Mapped[Money]
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
    """A mark for a qualitative criterion with its reason; one consensus mark a criterion, one individual mark each."""

    __tablename__ = "bid_marks"
    __table_args__ = (
        one_of("kind", MarkKind),
        no_minus("mark"),
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
    mark: Mapped[Decimal]
    reason: Mapped[str]
