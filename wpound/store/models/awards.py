"""From the recommendation to the contract: the award of a lot, what is left out of letters, and the hand-over."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wpound.core.delivery import DueProfile
from wpound.store.base import Base, Identified, Versioned, one_of, together
from wpound.store.types import CanonicalJson, Word


class Award(Identified, Versioned, Base):
    """The decision for one lot, step by step: recommended, approved by another, summaries sent, notice, contract.

    ``standstill_ends_on`` is the last day of standstill; the contract may be entered on the day after.
    """

    __tablename__ = "awards"
    __table_args__ = (
        CheckConstraint("approved_by <> recommended_by", name="approved_by_another"),
        CheckConstraint("summaries_issued_at IS NULL OR approved_at IS NOT NULL", name="summaries_after_approval"),
        CheckConstraint("noticed_on IS NULL OR summaries_issued_at IS NOT NULL", name="notice_after_summaries"),
        CheckConstraint("contract_id IS NULL OR noticed_on IS NOT NULL", name="contract_after_notice"),
        together("approved_by", "approved_at"),
        together("noticed_on", "standstill_ends_on"),
    )

    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), unique=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluations.id"), index=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"), unique=True)
    reason: Mapped[str]
    winner_address: Mapped[str]
    winner_email: Mapped[str]
    recommended_by: Mapped[str]
    recommended_at: Mapped[datetime]
    approved_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    summaries_issued_at: Mapped[datetime | None]
    noticed_on: Mapped[date | None]
    standstill_ends_on: Mapped[date | None]
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"), unique=True)


class Redaction(Identified, Base):
    """A reason that is left out of what other bidders are told, and why it may be."""

    __tablename__ = "redactions"
    __table_args__ = (UniqueConstraint("award_id", "bid_id", "criterion"),)

    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"))
    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"))
    criterion: Mapped[str]
    because: Mapped[str]
    made_by: Mapped[str]


class HandoverItem(Identified, Versioned, Base):
    """What must be settled for one promise before there is a contract: owner, due profile, evidence and remedy.

    ``milestones`` lists days and quantities where the promise falls due by milestones.
    """

    __tablename__ = "handover_items"
    __table_args__ = (UniqueConstraint("award_id", "bid_commitment_id"), one_of("due_profile", DueProfile))

    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"))
    bid_commitment_id: Mapped[int] = mapped_column(ForeignKey("bid_commitments.id"))
    owner: Mapped[str | None]
    due_profile: Mapped[DueProfile | None] = mapped_column(Word(DueProfile))
    milestones: Mapped[list[Any] | None] = mapped_column(CanonicalJson)
    evidence: Mapped[str | None]
    remedy: Mapped[str | None]
