"""Deliver one mail of the outbox."""

from wpound.mail.mailer import Mailer
from wpound.mail.message import Message
from wpound.services.run_job import Work
from wpound.store.engine import now_in, reading
from wpound.store.outbox import get_mail


def deliver_mail(work: Work, mailer: Mailer) -> None:
    """Send the mail the job names, then take its text out of the database, for it may hold a secret link.

    No transaction is open while it is on its way. A worker that dies in between sends it again with the same
    reference, by which receivers and the folder know it for the same mail.
    """
    mail_id = work.arguments["mail"]
    with reading(work.engine) as session:
        mail = get_mail(session, mail_id)
        body = mail.body
    if body is not None:
        mailer.deliver(Message(mail.recipient, mail.subject, body, mail.job_key))
    with work.completing() as session:
        sent = get_mail(session, mail_id)
        sent.body, sent.sent_at = None, sent.sent_at or now_in(session)
