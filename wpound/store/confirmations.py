"""Confirmations: find, list, and take out of the database what is not needed any more."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from wpound.core.errors import NotFound
from wpound.store.engine import now_in
from wpound.store.models.contracts import Contract
from wpound.store.models.evidence import Confirmation
from wpound.store.models.outbox import OutgoingMail
from wpound.store.models.returns import Claim, SocialValueReturn


def find_confirmation(session: Session, token_sha256: str) -> Confirmation | None:
    """The confirmation whose link has a token of this hash, None where there is none."""
    return session.scalar(select(Confirmation).where(Confirmation.token_sha256 == token_sha256))


def get_confirmation(session: Session, confirmation_id: int, *, claim_id: int) -> Confirmation:
    """A confirmation of a claim; raises NotFound for one of another."""
    found = session.get(Confirmation, confirmation_id)
    if found is None or found.claim_id != claim_id:
        raise NotFound("Nobody was asked this about this line.")
    return found


def list_confirmations(session: Session, *, claim_ids: Iterable[int]) -> list[Confirmation]:
    """What was asked about claims, the oldest of each first."""
    wanted = select(Confirmation).where(Confirmation.claim_id.in_(list(claim_ids)))
    return list(session.scalars(wanted.order_by(Confirmation.claim_id, Confirmation.id)))


def erase_addresses(session: Session, *, template: str, expired_before: date | None = None) -> int:
    """Take the addresses out of links that expired before a day, and out of the mails nobody has to answer any more.

    A mail that has not gone out by then stays here: its link leads nowhere. Gives how many links had an address.
    """
    erased = 0
    if expired_before is not None:
        expired = update(Confirmation).where(Confirmation.expires_on < expired_before, Confirmation.email.is_not(None))
        changed = expired.values(email=None, version=Confirmation.version + 1)
        erased = len(session.scalars(changed.returning(Confirmation.id)).all())
    needed = select(Confirmation.email).where(Confirmation.email.is_not(None))
    told = update(OutgoingMail).where(OutgoingMail.template == template, OutgoingMail.recipient.not_in(needed))
    sent_at = func.coalesce(OutgoingMail.sent_at, now_in(session))
    session.execute(told.where(OutgoingMail.recipient != "").values(recipient="", body=None, sent_at=sent_at))
    return erased


def list_with_contract_end(session: Session, *, ended_before: date) -> list[tuple[Confirmation, date]]:
    """What was asked about contracts that ended before a day, each with the last day of its contract."""
    end_on = func.coalesce(Contract.ended_on, Contract.end_on)
    wanted = (
        select(Confirmation, end_on)
        .join(Claim, Claim.id == Confirmation.claim_id)
        .join(SocialValueReturn, SocialValueReturn.id == Claim.return_id)
        .join(Contract, Contract.id == SocialValueReturn.contract_id)
        .where(end_on < ended_before)
        .order_by(Confirmation.id)
    )
    return [(confirmation, last) for confirmation, last in session.execute(wanted)]
