"""Who somebody is whom the council's own directory has signed in."""

from sqlalchemy.orm import Session

from wpound.store.accounts import find_user, find_user_by_single_sign_on
from wpound.store.audit import append_event
from wpound.store.models.accounts import User


def recognise_person(session: Session, *, issuer: str, subject: str, email: str, is_verified: bool) -> User | None:
    """The open account of a directory's person, or None.

    Known by issuer and subject, which never change hands; the first time by an email address that the directory says
    it has checked, and only where the account is not another person's of the directory already.
    """
    identity = f"{issuer}#{subject}"
    user = find_user_by_single_sign_on(session, identity)
    if user is None and is_verified:
        user = _tie(session, find_user(session, email), identity)
    return user if user is not None and user.active else None


def _tie(session: Session, user: User | None, identity: str) -> User | None:
    if user is None or user.single_sign_on is not None or not user.active:
        return None
    user.single_sign_on = identity
    session.flush()
    append_event(
        session,
        actor=user.email,
        action="account.tied_to_directory",
        object_kind="user",
        object_id=user.id,
        detail={"identity": identity},
    )
    return user
