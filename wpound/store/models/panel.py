"""Who marks a tender, what interests they declared, and the questions put to bidders."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wpound.store.base import Base, Identified, Versioned, together


class PanelSeat(Identified, Versioned, Base):
    """One evaluator of a tender: no bid text is shown to them before ``declared_at``, nor while an interest stands.

    ``has_interest`` is what they said, ``allowed`` what an officer decided about it (None: not decided, or nothing to
    decide). ``finished_at`` is when they said their marks are complete. ``is_chair`` is who leads the panel through
    moderation.
    """

    __tablename__ = "panel_seats"
    __table_args__ = (
        UniqueConstraint("tender_id", "user_id"),
        CheckConstraint("(declared_at IS NULL) = (has_interest IS NULL)", name="declared_with_answer"),
        CheckConstraint("(decided_by IS NULL) = (allowed IS NULL)", name="decided_with_answer"),
        together("decided_by", "decided_because"),
    )

    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    is_chair: Mapped[bool] = mapped_column(default=False)
    seated_by: Mapped[str]
    declared_at: Mapped[datetime | None]
    has_interest: Mapped[bool | None]
    statement: Mapped[str | None]
    allowed: Mapped[bool | None]
    decided_by: Mapped[str | None]
    decided_because: Mapped[str | None]
    finished_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class BidQuestion(Identified, Versioned, Base):
    """A question to one bidder about its bid, with the right of reply; ``rule`` is the plausibility rule behind it.

    ``conclusion`` is what the officer made of the reply; it changes no mark by itself.
    """

    __tablename__ = "bid_questions"
    __table_args__ = (
        UniqueConstraint("bid_id", "number"),
        together("reply", "replied_by", "replied_at"),
        together("conclusion", "concluded_by"),
    )

    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"))
    number: Mapped[int]
    rule: Mapped[str | None]
    question: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    reply_by_on: Mapped[date]
    reply: Mapped[str | None]
    replied_by: Mapped[str | None]
    replied_at: Mapped[datetime | None]
    conclusion: Mapped[str | None]
    concluded_by: Mapped[str | None]
