"""Suppliers' periodic reports and the claims in them."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wpound.core.delivery import VerificationLevel
from wpound.store.base import Base, Identified, Versioned, no_minus, one_of
from wpound.store.types import Word


class ReturnStatus(StrEnum):
    """Where a return stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    VERIFIED = "verified"


class SocialValueReturn(Identified, Versioned, Base):
    """What a supplier reports for a contract and a period, once each (D9); None while not submitted or verified."""

    __tablename__ = "social_value_returns"
    __table_args__ = (
        one_of("status", ReturnStatus),
        UniqueConstraint("contract_id", "period_start_on", "period_end_on"),
        CheckConstraint("period_end_on >= period_start_on", name="ends_after_start"),
        CheckConstraint("(submitted_at IS NULL) = (submitted_by IS NULL)", name="submitted_by_somebody"),
        CheckConstraint("(verified_at IS NULL) = (verified_by IS NULL)", name="verified_by_somebody"),
        CheckConstraint("status = 'draft' OR submitted_at IS NOT NULL", name="submitted_at_a_time"),
        CheckConstraint("(status = 'verified') = (verified_at IS NOT NULL)", name="verified_at_a_time"),
        CheckConstraint("verified_by <> submitted_by", name="two_people"),
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    period_start_on: Mapped[date]
    period_end_on: Mapped[date]
    status: Mapped[ReturnStatus] = mapped_column(Word(ReturnStatus), default=ReturnStatus.DRAFT)
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None]

    claims: Mapped[list["Claim"]] = relationship(lazy="raise_on_sql", order_by="Claim.id")


class Claim(Identified, Versioned, Base):
    """What a return claims towards one commitment, in its unit; ``verified`` is None until an officer has looked."""

    __tablename__ = "claims"
    __table_args__ = (
        one_of("level", VerificationLevel),
        no_minus("claimed"),
        no_minus("verified"),
        UniqueConstraint("return_id", "commitment_id"),
        CheckConstraint(
            "(verified IS NULL) = (verified_at IS NULL) AND (verified IS NULL) = (verified_by IS NULL)",
            name="verified_by_somebody",
        ),
        CheckConstraint(
            "verified IS NULL OR level NOT IN ('self_declared', 'documented')", name="verified_was_checked"
        ),
    )

    return_id: Mapped[int] = mapped_column(ForeignKey("social_value_returns.id"))
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"), index=True)
    claimed: Mapped[Decimal]
    verified: Mapped[Decimal | None]
    level: Mapped[VerificationLevel] = mapped_column(Word(VerificationLevel), default=VerificationLevel.SELF_DECLARED)
    evidence: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None]
