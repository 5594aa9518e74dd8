"""Accounts of people: made, disabled, enabled."""

from uuid import uuid4

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, StateError
from wpound.services.check_password import find_password_problem, hash_password
from wpound.store.accounts import end_sign_ins, find_user, remove_passkeys, withdraw_invitations_by
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.engine import lock
from wpound.store.models.accounts import User


def create_person(session: Session, *, email: str, name: str, password: str, actor: str) -> User:
    """Make an account without any role.

    Raises InputError for a blank name, a password that cannot be used, an address that has an account.
    """
    email = email.strip().lower()
    if not name.strip():
        raise InputError("name", "Enter your full name")
    problem = find_password_problem(password, about=(email, name))
    if problem:
        raise InputError("password", problem)
    if find_user(session, email) is not None:
        raise InputError("email", f"There is already an account for {email}.")
    user = add(
        session,
        User(
            email=email,
            name=" ".join(name.split()),
            password=hash_password(password),
            fs_uniquifier=uuid4().hex,
            fs_webauthn_user_handle=uuid4().hex,
        ),
    )
    _record(session, user, "account.created", actor)
    return user


def disable_person(session: Session, user: User, *, actor: str) -> None:
    """Close an account: every sign-in ends at once and none can be made; raises StateError where it is closed.

    Invitations the person sent are withdrawn, or they could be the way back in.
    """
    _set_active(session, user, False, actor)
    end_sign_ins(session, user_id=user.id)
    withdraw_invitations_by(session, user.email)


def enable_person(session: Session, user: User, *, actor: str) -> None:
    """Open a closed account again, with the roles it has kept; raises StateError where it is open."""
    _set_active(session, user, True, actor)


def remove_second_factors(session: Session, user: User, *, actor: str) -> None:
    """Take app, recovery codes and passkeys of a person away, who has lost them; every sign-in ends.

    Raises StateError for one's own.
    """
    user = lock(session, User, user.id)
    if user.email == actor.casefold():
        raise StateError("Nobody takes their own second factor away like this. Ask another administrator to do it.")
    user.tf_primary_method = user.tf_totp_secret = user.mf_recovery_codes = None
    session.flush()
    remove_passkeys(session, user_id=user.id)
    _record(session, user, "account.second_factors_removed", actor)
    end_sign_ins(session, user_id=user.id)


def _set_active(session: Session, user: User, active: bool, actor: str) -> None:
    user = lock(session, User, user.id)
    if user.email == actor.casefold():
        raise StateError("Nobody opens or closes their own account. Ask another administrator to do it.")
    if user.active is active:
        raise StateError(f"The account of {user.email} is {'open' if active else 'disabled'} already.")
    user.active = active
    session.flush()
    _record(session, user, "account.enabled" if active else "account.disabled", actor)


def _record(session: Session, user: User, action: str, actor: str) -> None:
    append_event(session, actor=actor, action=action, object_kind="user", object_id=user.id, detail={})
