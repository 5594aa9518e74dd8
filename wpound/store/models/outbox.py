"""Mail on its way out: written in the transaction of what it tells of, delivered by a job."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wpound.store.base import Base, Identified
from wpound.store.types import Word


class MailKind(StrEnum):
    """Why a mail is sent; people choose which of the reminders they get, the others always come."""

    ACCOUNT = "account"
    BIDS_TO_OPEN = "bids_to_open"
    RETURN_TO_VERIFY = "return_to_verify"
    RETURN_DUE = "return_due"
    RETURN_OVERDUE = "return_overdue"
    RETURN_MISSING = "return_missing"
    RETURN_ESCALATED = "return_escalated"
    QUERY_TO_ANSWER = "query_to_answer"
    QUERY_ANSWERED = "query_answered"
    CORRECTION_TO_DECIDE = "correction_to_decide"


class OutgoingMail(Identified, Base):
    """One mail to one address; the text is there until it is sent and no longer, for it may hold a secret link.

    How delivery went is told by its job, whose key is :attr:`job_key`.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (CheckConstraint("(body IS NULL) = (sent_at IS NOT NULL)", name="text_until_sent"),)

    kind: Mapped[MailKind] = mapped_column(Word(MailKind))
    recipient: Mapped[str]
    template: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str | None]
    sent_at: Mapped[datetime | None]

    @property
    def job_key(self) -> str:
        """The key of the job that delivers it."""
        return f"mail-{self.id}"
