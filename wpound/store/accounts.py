"""People, their sign-ins, their invitations and what was tried too often."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import case, delete, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from wpound.core.errors import NotFound
from wpound.store.engine import lock, now_in
from wpound.store.models.accounts import AttemptCount, Invitation, LoginSession, Passkey, User
from wpound.store.types import UtcDateTime

# Long after any limit has run out.
KEEP_COUNTS = timedelta(days=1)


def find_user(session: Session, email: str) -> User | None:
    """The person of an email address, however it is written, or None."""
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def get_user(session: Session, email: str) -> User:
    """The person of an email address; raises NotFound."""
    user = find_user(session, email)
    if user is None:
        raise NotFound(f"There is no account for {email}.")
    return user


def find_user_by_single_sign_on(session: Session, identity: str) -> User | None:
    """The person the council's directory knows by this issuer and subject, or None."""
    return session.scalar(select(User).where(User.single_sign_on == identity))


def find_user_id(session: Session, uniquifier: str) -> int | None:
    """The number of the person a sign-in names by its random word, or None."""
    return session.scalar(select(User.id).where(User.fs_uniquifier == uniquifier))


def list_sign_ins(session: Session, *, user_id: int) -> list[LoginSession]:
    """The sign-ins of a person that have not run out, the latest used first."""
    wanted = select(LoginSession).where(LoginSession.user_id == user_id, LoginSession.expires_at > now_in(session))
    return list(session.scalars(wanted.order_by(LoginSession.last_seen_at.desc(), LoginSession.id.desc())))


def change_sign_in(session: Session, key_hash: str, *, last_seen_at: datetime, data: str | None = None) -> None:
    """Note that a sign-in was used, and its new data where given; one that has ended meanwhile stays ended."""
    values: dict[str, object] = {"last_seen_at": last_seen_at} | ({} if data is None else {"data": data})
    session.execute(update(LoginSession).where(LoginSession.key_hash == key_hash).values(**values))


def end_sign_in(session: Session, key_hash: str) -> None:
    """End one sign-in: every copy of its cookie is worth nothing from now on."""
    session.execute(delete(LoginSession).where(LoginSession.key_hash == key_hash))


def end_sign_in_of(session: Session, sign_in_id: int, *, user_id: int) -> None:
    """End one of a person's own sign-ins by its number; raises NotFound for anybody else's."""
    one = delete(LoginSession).where(LoginSession.id == sign_in_id, LoginSession.user_id == user_id)
    if session.execute(one.returning(LoginSession.id)).first() is None:
        raise NotFound("This sign-in has ended already, or it is not yours.")


def end_sign_ins(session: Session, *, user_id: int, but: str | None = None) -> None:
    """End every sign-in of a person, but the one of the key hash ``but`` where it is given.

    Without it their random word changes too, which also ends half-made sign-ins and links to reset the password.
    """
    session.execute(delete(LoginSession).where(LoginSession.user_id == user_id, LoginSession.key_hash != (but or "")))
    if but is None:
        change_word(session, user_id=user_id)


def change_word(session: Session, *, user_id: int) -> str:
    """Give a person another random word: half-made sign-ins and links to reset the password name the one before."""
    word = uuid4().hex
    session.execute(update(User).where(User.id == user_id).values(fs_uniquifier=word))
    return word


def forget_what_ran_out(session: Session) -> None:
    """Delete sign-ins that have run out and counts nobody asks for any more."""
    now = now_in(session)
    session.execute(delete(LoginSession).where(LoginSession.expires_at <= now))
    session.execute(delete(AttemptCount).where(AttemptCount.since <= now - KEEP_COUNTS))


def count_attempt(session: Session, *, action: str, subject_hash: str, within: timedelta) -> int:
    """Count one more attempt and give how many there were since the first one of this period, this one included.

    One statement, so that workers that count at the same moment each get a number of their own.
    """
    now = now_in(session)
    is_new = AttemptCount.since <= literal(now - within, UtcDateTime)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    counted = insert(AttemptCount).values(action=action, subject_hash=subject_hash, count=1, since=now)
    counted = counted.on_conflict_do_update(
        index_elements=[AttemptCount.action, AttemptCount.subject_hash],
        set_={
            "count": case((is_new, 1), else_=AttemptCount.count + 1),
            "since": case((is_new, literal(now, UtcDateTime)), else_=AttemptCount.since),
        },
    )
    return session.scalars(counted.returning(AttemptCount.count)).one()


def forget_attempts(session: Session, *, action: str, subject_hash: str) -> None:
    """Start counting from nothing again."""
    session.execute(
        delete(AttemptCount).where(AttemptCount.action == action, AttemptCount.subject_hash == subject_hash)
    )


def remove_passkeys(session: Session, *, user_id: int) -> None:
    """Forget every passkey of a person."""
    session.execute(delete(Passkey).where(Passkey.user_id == user_id))


def use_code(session: Session, *, user_id: int, counter: int) -> bool:
    """Note that the code of a moment was used; False where it, or a later one, was used before."""
    unused = User.totp_used_counter.is_(None) | (User.totp_used_counter < counter)
    used = update(User).where(User.id == user_id, unused).values(totp_used_counter=counter).returning(User.id)
    return session.scalar(used) is not None


def use_recovery_code(session: Session, *, user_id: int, is_it: Callable[[str], bool]) -> bool:
    """Take a recovery code out of those kept and say whether it was there; ``is_it`` tells it by what is kept of it."""
    user = lock(session, User, user_id)
    kept = list(user.mf_recovery_codes or ())
    user.mf_recovery_codes = [code for code in kept if not is_it(code)]
    return len(user.mf_recovery_codes) < len(kept)


def find_invitation(session: Session, token_hash: str) -> Invitation | None:
    """The invitation of a link, with its organisation, or None."""
    wanted = select(Invitation).where(Invitation.token_hash == token_hash)
    return session.scalar(wanted.options(joinedload(Invitation.organisation)))


def withdraw_invitations_by(session: Session, email: str) -> None:
    """Make the links of every open invitation that a person sent worth nothing."""
    still_open = (Invitation.invited_by == email, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    session.execute(update(Invitation).where(*still_open).values(withdrawn_at=now_in(session)))


def list_open_invitations(session: Session, *, organisation_id: int) -> list[Invitation]:
    """The invitations into an organisation that can still be taken up, the latest first."""
    wanted = select(Invitation).where(
        Invitation.organisation_id == organisation_id,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > now_in(session),
    )
    return list(session.scalars(wanted.order_by(Invitation.created_at.desc(), Invitation.id.desc())))
