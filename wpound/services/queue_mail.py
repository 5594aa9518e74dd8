"""Write a mail to be sent, in the transaction of what it tells of."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from wpound.mail.message import render_mail
from wpound.services.queue_job import queue_job
from wpound.store.base import add
from wpound.store.models.jobs import JobKind
from wpound.store.models.outbox import MailKind, OutgoingMail


def queue_mail(
    session: Session,
    to: str,
    template: str,
    context: Mapping[str, Any],
    *,
    kind: MailKind = MailKind.ACCOUNT,
    asked_by_id: int | None = None,
) -> OutgoingMail:
    """Write the mail of ``templates/emails/<template>.txt`` and the job that delivers it.

    Whoever asked for it can see whether it went out; None where it is nobody's to see (a new password's link).
    It is sent once the caller's transaction is committed, and never if that is rolled back. Raises jinja2's
    ``UndefinedError`` where the context lacks a fact of the template.
    """
    subject, body = render_mail(template, context)
    mail = add(session, OutgoingMail(kind=kind, recipient=to, template=template, subject=subject, body=body))
    queue_job(session, JobKind.DELIVER_MAIL, mail.job_key, {"mail": mail.id}, asked_by_id=asked_by_id)
    return mail
