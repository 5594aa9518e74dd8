"""Outgoing mail: get and count."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wpound.core.errors import NotFound
from wpound.store.engine import now_in
from wpound.store.jobs import STUCK_AFTER
from wpound.store.models.outbox import OutgoingMail


def get_mail(session: Session, mail_id: int) -> OutgoingMail:
    """The mail of that number; raises NotFound."""
    found = session.get(OutgoingMail, mail_id)
    if found is None:
        raise NotFound("There is no such mail.")
    return found


def list_subjects(session: Session, mail_ids: Collection[int]) -> dict[int, str]:
    """The subjects of mails by their number."""
    wanted = select(OutgoingMail.id, OutgoingMail.subject).where(OutgoingMail.id.in_(mail_ids))
    return {mail_id: subject for mail_id, subject in session.execute(wanted)}  # noqa: C416 (rows are not pairs)


def count_stuck_mail(session: Session) -> int:
    """How many mails have not gone out though they should have; those on their way would tell who bids when."""
    waiting = select(func.count()).select_from(OutgoingMail).where(OutgoingMail.sent_at.is_(None))
    return session.scalar(waiting.where(OutgoingMail.created_at < now_in(session) - STUCK_AFTER)) or 0
