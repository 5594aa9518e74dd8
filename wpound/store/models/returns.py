"""Suppliers' periodic reports, the claims in them, what these count, and how each was decided."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wpound.core.claim_counting import EntryKind
from wpound.core.delivery import ClaimState, Side, VerificationLevel
from wpound.store.base import AppendOnly, Base, Identified, Versioned, no_minus, one_of, together
from wpound.store.types import CanonicalJson, Word

WHOLE = Decimal(100)


class ReturnStatus(StrEnum):
    """Where a return stands; ``verified`` once every claim in it is decided."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    VERIFIED = "verified"


class VersionKind(StrEnum):
    """What made a version of a claim."""

    SUBMITTED = "submitted"
    ANSWERED = "answered"
    APPROVED = "approved"
    QUERIED = "queried"
    REJECTED = "rejected"
    CORRECTED = "corrected"


class MessageKind(StrEnum):
    """What a message about a claim is."""

    QUERY = "query"
    ANSWER = "answer"
    NOTE = "note"


class SocialValueReturn(Identified, Versioned, Base):
    """What a supplier reports for a contract and a period, once each (D9); None while not submitted or verified.

    ``due_on`` is the last day for it. ``declarations`` are the codes of what was declared, ``evidence_root`` the Merkle
    root of the evidence, ``sample_seed`` what the lines to look at closely were drawn with and ``sample`` the claims
    drawn, each by its number with the reason, all since submission.
    ``factors_fingerprint`` pins the catalogue whose emission factors it is counted with, once one was used.
    """

    __tablename__ = "social_value_returns"
    __table_args__ = (
        one_of("status", ReturnStatus),
        UniqueConstraint("contract_id", "period_start_on", "period_end_on"),
        CheckConstraint("period_end_on >= period_start_on", name="ends_after_start"),
        CheckConstraint("due_on > period_end_on", name="due_after_end"),
        CheckConstraint("(submitted_at IS NULL) = (submitted_by IS NULL)", name="submitted_by_somebody"),
        CheckConstraint("(verified_at IS NULL) = (verified_by IS NULL)", name="verified_by_somebody"),
        CheckConstraint("(status = 'draft') = (submitted_at IS NULL)", name="submitted_at_a_time"),
        CheckConstraint("(status = 'verified') = (verified_at IS NOT NULL)", name="verified_at_a_time"),
        CheckConstraint("verified_by <> submitted_by", name="two_people"),
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    period_start_on: Mapped[date]
    period_end_on: Mapped[date]
    due_on: Mapped[date]
    status: Mapped[ReturnStatus] = mapped_column(Word(ReturnStatus), default=ReturnStatus.DRAFT)
    declarations: Mapped[list[str] | None] = mapped_column(CanonicalJson)
    evidence_root: Mapped[str | None]
    sample_seed: Mapped[str | None]
    sample: Mapped[dict[str, str] | None] = mapped_column(CanonicalJson)
    factors_fingerprint: Mapped[str | None]
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None]

    claims: Mapped[list["Claim"]] = relationship(lazy="raise_on_sql", order_by="Claim.id")


class Claim(Identified, Versioned, Base):
    """What a return claims towards one commitment, in its unit; ``verified`` is None until an officer has decided.

    ``claimed`` is what counts. Where the measure is counted as given, it is ``amount`` (None: nothing entered yet, or
    made of entries) times ``share`` per cent. ``reason`` is that of the last query, rejection or reduction,
    ``reply_by`` the day a query is to be answered by, ``checked`` what the verifier looked at. ``entered_by`` are the
    addresses of everybody who ever entered figures of it.
    """

    __tablename__ = "claims"
    __table_args__ = (
        one_of("state", ClaimState),
        one_of("level", VerificationLevel),
        no_minus("claimed"),
        no_minus("amount"),
        no_minus("share"),
        no_minus("verified"),
        UniqueConstraint("return_id", "commitment_id"),
        CheckConstraint(
            "(verified IS NULL) = (verified_at IS NULL) AND (verified IS NULL) = (verified_by IS NULL)",
            name="verified_by_somebody",
        ),
        CheckConstraint("(verified IS NOT NULL) = (state IN ('approved', 'rejected'))", name="decided_or_not"),
        CheckConstraint("state NOT IN ('queried', 'rejected') OR reason IS NOT NULL", name="refused_with_reason"),
        CheckConstraint("(state = 'queried') = (reply_by IS NOT NULL)", name="queried_until_a_day"),
        CheckConstraint(
            "state <> 'approved' OR level NOT IN ('self_declared', 'documented')", name="verified_was_checked"
        ),
    )

    return_id: Mapped[int] = mapped_column(ForeignKey("social_value_returns.id"))
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"), index=True)
    state: Mapped[ClaimState] = mapped_column(Word(ClaimState), default=ClaimState.DRAFT)
    claimed: Mapped[Decimal]
    amount: Mapped[Decimal | None]
    share: Mapped[Decimal] = mapped_column(default=WHOLE)
    entered_by: Mapped[list[str]] = mapped_column(CanonicalJson, default=list)
    narrative: Mapped[str | None]
    verified: Mapped[Decimal | None]
    level: Mapped[VerificationLevel] = mapped_column(Word(VerificationLevel), default=VerificationLevel.SELF_DECLARED)
    reason: Mapped[str | None]
    reply_by: Mapped[date | None]
    checked: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None]

    entries: Mapped[list["ClaimEntry"]] = relationship(
        lazy="raise_on_sql", order_by="ClaimEntry.number", cascade="all, delete-orphan"
    )


class CountedKey(Identified, Base):
    """The pseudonym of a person, an event or an asset that is counted; nothing leads from it back to a name."""

    __tablename__ = "counted_keys"
    __table_args__ = (one_of("kind", EntryKind),)

    kind: Mapped[EntryKind] = mapped_column(Word(EntryKind))
    key: Mapped[str] = mapped_column(unique=True)


class ClaimEntry(Identified, Base):
    """One person, event or asset that a claim counts; what does not belong to its kind is None.

    ``sealed_reference`` is what the supplier calls it, encrypted, None once it was purged; ``counted`` what it adds to
    the claim, unrounded.
    """

    __tablename__ = "claim_entries"
    __table_args__ = (
        UniqueConstraint("claim_id", "key_id"),
        UniqueConstraint("claim_id", "number"),
        one_of("kind", EntryKind),
        no_minus("hours"),
        no_minus("amount"),
        no_minus("share"),
        no_minus("counted"),
        CheckConstraint("attendees >= 1", name="attendees_at_least_one"),
        CheckConstraint("last_on >= first_on", name="ends_after_start"),
        together("first_on", "last_on"),
    )

    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"))
    number: Mapped[int]
    kind: Mapped[EntryKind] = mapped_column(Word(EntryKind))
    key_id: Mapped[int] = mapped_column(ForeignKey("counted_keys.id"), index=True)
    sealed_reference: Mapped[bytes | None]
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    started_on: Mapped[date | None]
    hours: Mapped[Decimal | None]
    attendees: Mapped[int | None]
    amount: Mapped[Decimal | None]
    factor: Mapped[str | None]
    share: Mapped[Decimal] = mapped_column(default=WHOLE)
    counted: Mapped[Decimal]


class ClaimVersion(Identified, AppendOnly, Base):
    """A claim as it stood after a submission, an answer or a decision, numbered from 1.

    ``content`` holds what it was made of: amount, share, narrative, entries by their keys, hashes of evidence.
    """

    __tablename__ = "claim_versions"
    __table_args__ = (
        UniqueConstraint("claim_id", "number"),
        one_of("kind", VersionKind),
        one_of("level", VerificationLevel),
        no_minus("claimed"),
        no_minus("verified"),
    )

    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"))
    number: Mapped[int]
    kind: Mapped[VersionKind] = mapped_column(Word(VersionKind))
    claimed: Mapped[Decimal]
    verified: Mapped[Decimal | None]
    level: Mapped[VerificationLevel] = mapped_column(Word(VerificationLevel))
    content: Mapped[dict[str, Any]] = mapped_column(CanonicalJson)
    reason: Mapped[str | None]
    made_by: Mapped[str]


class ClaimMessage(Identified, AppendOnly, Base):
    """What was written about one line, by either side; a query names the day its answer is wanted by."""

    __tablename__ = "claim_messages"
    __table_args__ = (
        one_of("kind", MessageKind),
        one_of("side", Side),
        CheckConstraint("(kind = 'query') = (reply_by IS NOT NULL)", name="query_until_a_day"),
        Index("ix_claim_messages_claim_id", "claim_id"),
    )

    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"))
    side: Mapped[Side] = mapped_column(Word(Side))
    kind: Mapped[MessageKind] = mapped_column(Word(MessageKind))
    text: Mapped[str]
    reply_by: Mapped[date | None]
    written_by: Mapped[str]


class ClaimCorrection(Identified, Versioned, Base):
    """New figures proposed for a line that was decided; they hold once somebody else has accepted them."""

    __tablename__ = "claim_corrections"
    __table_args__ = (
        UniqueConstraint("claim_id", "number"),
        one_of("proposed_side", Side),
        one_of("level", VerificationLevel),
        no_minus("claimed"),
        no_minus("verified"),
        together("decided_by", "decided_at", "accepted"),
        CheckConstraint("decided_by <> proposed_by", name="two_people"),
        CheckConstraint("(verified IS NULL) = (level IS NULL)", name="verified_at_a_level"),
        Index(
            "uq_claim_corrections_open",
            "claim_id",
            unique=True,
            sqlite_where=text("decided_by IS NULL"),
            postgresql_where=text("decided_by IS NULL"),
        ),
    )

    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"))
    number: Mapped[int]
    claimed: Mapped[Decimal]
    narrative: Mapped[str | None]
    reason: Mapped[str]
    proposed_side: Mapped[Side] = mapped_column(Word(Side))
    proposed_by: Mapped[str]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]
    decision_reason: Mapped[str | None]
    verified: Mapped[Decimal | None]
    level: Mapped[VerificationLevel | None] = mapped_column(Word(VerificationLevel))
