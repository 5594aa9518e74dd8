"""What is said to bidders while a tender is open: answers to all, changes by two officers, and who is told."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wpound.store.base import Base, Identified, Versioned, one_of, together
from wpound.store.types import Word


class ChangeKind(StrEnum):
    """A later deadline, or an amendment after which every bid must be confirmed anew."""

    EXTENSION = "extension"
    AMENDMENT = "amendment"


class Clarification(Identified, Versioned, Base):
    """A question and its answer, published to all without who asked; ``asked`` is what the asker wrote.

    ``organisation_id`` is the asker's, None for what the buyer explains of its own accord.
    """

    __tablename__ = "clarifications"
    __table_args__ = (
        UniqueConstraint("tender_id", "number"),
        CheckConstraint(
            "published_at IS NULL OR "
            "(number IS NOT NULL AND question IS NOT NULL AND answer IS NOT NULL AND answered_by IS NOT NULL)",
            name="published_is_complete",
        ),
    )

    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    asked: Mapped[str | None]
    asked_by: Mapped[str | None]
    asked_at: Mapped[datetime]
    number: Mapped[int | None]
    question: Mapped[str | None]
    answer: Mapped[str | None]
    answered_by: Mapped[str | None]
    published_at: Mapped[datetime | None]


class TenderChange(Identified, Versioned, Base):
    """A change of a published tender, in force once a second officer has agreed."""

    __tablename__ = "tender_changes"
    __table_args__ = (
        one_of("kind", ChangeKind),
        UniqueConstraint("tender_id", "number"),
        CheckConstraint("decided_by <> proposed_by", name="decided_by_another"),
        CheckConstraint("(decided_by IS NULL) = (agreed IS NULL)", name="decided_with_answer"),
        CheckConstraint("new_deadline_at > old_deadline_at", name="deadline_never_shorter"),
        CheckConstraint("kind = 'amendment' OR new_deadline_at IS NOT NULL", name="extension_has_deadline"),
        together("decided_by", "decided_at"),
    )

    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id"))
    number: Mapped[int]
    kind: Mapped[ChangeKind] = mapped_column(Word(ChangeKind))
    words: Mapped[str]
    reason: Mapped[str]
    old_deadline_at: Mapped[datetime]
    new_deadline_at: Mapped[datetime | None]
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime]
    agreed: Mapped[bool | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]


class TenderFollower(Identified, Base):
    """A person who is told of every answer and change of a tender."""

    __tablename__ = "tender_followers"
    __table_args__ = (UniqueConstraint("tender_id", "user_id"),)

    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
