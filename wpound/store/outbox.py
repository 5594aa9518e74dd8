"""Outgoing mail: get and count."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wpound.core.errors import NotFound
from wpound.store.models.outbox import OutgoingMail


def get_mail(session: Session, mail_id: int) -> OutgoingMail:
    """The mail of that number; raises NotFound."""
    found = session.get(OutgoingMail, mail_id)
    if found is None:
        raise NotFound("There is no such mail.")
    return found


def count_waiting_mail(session: Session) -> int:
    """How many mails are not sent."""
    wanted = select(func.count()).select_from(OutgoingMail).where(OutgoingMail.sent_at.is_(None))
    return session.scalar(wanted) or 0
