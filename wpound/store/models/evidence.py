"""What proves a claim: files, and the word of those who benefited."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wpound.core.delivery import Happening
from wpound.store.base import Base, Identified, Versioned, no_minus, not_negative, one_of, together
from wpound.store.types import Word


class Evidence(Identified, Base):
    """A file behind a claim, known by the hash of its bytes, which stays when the file itself is purged.

    ``scanned_by`` names what looked for malware, None where nothing is set up to.
    """

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("claim_id", "sha256"), not_negative("byte_count"))

    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"))
    sha256: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    byte_count: Mapped[int]
    description: Mapped[str]
    has_personal_data: Mapped[bool]
    added_by: Mapped[str]
    scanned_by: Mapped[str | None]
    purged_at: Mapped[datetime | None]


class Confirmation(Identified, Versioned, Base):
    """What somebody who benefited was asked about a claim, through a link that works once, and what they said.

    ``email`` is erased once it is answered or the link has expired; ``answered_by`` is a role in words, no name.
    """

    __tablename__ = "confirmations"
    __table_args__ = (
        one_of("answer", Happening),
        no_minus("quantity"),
        together("answer", "answered_at", "answered_by"),
        CheckConstraint("(answer = 'differs') = (quantity IS NOT NULL) OR answer IS NULL", name="differs_by_a_figure"),
        CheckConstraint("answer IS NULL OR email IS NULL", name="address_erased"),
    )

    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    asked_of: Mapped[str]
    email: Mapped[str | None]
    question: Mapped[str]
    asked_by: Mapped[str]
    expires_on: Mapped[date]
    answer: Mapped[Happening | None] = mapped_column(Word(Happening))
    quantity: Mapped[Decimal | None]
    comment: Mapped[str | None]
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]
