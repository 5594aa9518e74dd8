"""Take up an invitation: the person's account and, for a supplier that is new here, its organisation are made."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.core.errors import NotFound, StateError
from wpound.core.roles import Role
from wpound.services.change_roles import ROLE_TITLES, grant_role
from wpound.services.create_person import create_person
from wpound.services.enrol_firm import enrol_firm
from wpound.services.invite_person import has_people, is_known_here
from wpound.services.keep_sign_in import hash_of_key
from wpound.store import accounts as store
from wpound.store.audit import append_event
from wpound.store.engine import lock, now_in
from wpound.store.models.accounts import Invitation, User
from wpound.store.models.organisations import Organisation
from wpound.store.organisations import find_organisation_by_identifier

_WORTHLESS = "This link has been used, was withdrawn or has run out. Ask whoever invited you for a new one."


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation as its page shows it."""

    email: str
    organisation: str
    role: str
    is_registration: bool
    has_account: bool


def view_invitation(session: Session, token: str) -> InvitationView:
    """What a link invites to; raises NotFound for one that is worth nothing (any more)."""
    invitation = _find(session, token)
    return InvitationView(
        email=invitation.email,
        organisation=invitation.organisation.name if invitation.organisation else str(invitation.organisation_name),
        role=ROLE_TITLES[invitation.role].lower(),
        is_registration=invitation.invited_by == "self-registration",
        has_account=store.find_user(session, invitation.email) is not None,
    )


def accept_as_new_person(session: Session, token: str, *, name: str, password: str) -> User:
    """Make the account of whoever was invited and give it the role.

    Raises NotFound for a worthless link, InputError for a name or password that cannot be used, StateError where the
    firm is known here meanwhile.
    """
    invitation = _find(session, token)
    user = create_person(session, email=invitation.email, name=name, password=password, actor=invitation.email)
    _take_up(session, invitation, user)
    return user


def accept_as_user(session: Session, token: str, user_id: int) -> None:
    """Give the role to somebody who has an account; raises NotFound for a worthless link or one for another person."""
    invitation = _find(session, token)
    user = lock(session, User, user_id)
    if user.email != invitation.email:
        raise NotFound("This invitation is for another email address. Sign in with that one to accept it.")
    _take_up(session, invitation, user)


def _find(session: Session, token: str) -> Invitation:
    invitation = store.find_invitation(session, hash_of_key(token))
    if invitation is None or invitation.accepted_at or invitation.withdrawn_at:
        raise NotFound(_WORTHLESS)
    if invitation.expires_at <= now_in(session):
        raise NotFound(_WORTHLESS)
    return invitation


def _take_up(session: Session, invitation: Invitation, user: User) -> None:
    invitation = lock(session, Invitation, invitation.id)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise NotFound(_WORTHLESS)
    organisation = _organisation_of(session, invitation)
    invitation.accepted_at = now_in(session)
    invitation.organisation_id = organisation.id
    session.flush()
    grant_role(
        session,
        user,
        organisation,
        invitation.role,
        actor=invitation.invited_by,
        tender_id=invitation.tender_id,
        contract_id=invitation.contract_id,
    )
    append_event(
        session,
        actor=user.email,
        action="invitation.accepted",
        object_kind="invitation",
        object_id=invitation.id,
        detail={"organisation": organisation.key},
    )


def _organisation_of(session: Session, invitation: Invitation) -> Organisation:
    if invitation.organisation_id is not None and invitation.organisation_identifier is None:
        return lock(session, Organisation, invitation.organisation_id)
    identifier = str(invitation.organisation_identifier)
    if invitation.invited_by == "self-registration" and is_known_here(session, identifier):
        raise StateError(
            f"{invitation.organisation_name} is known here meanwhile. "
            "Ask a colleague there, or the council you work for, to invite you."
        )
    firm = find_organisation_by_identifier(session, identifier)
    if firm is not None and has_people(session, firm):
        raise StateError(f"{firm.name} has people here meanwhile. Ask one of them to invite you.")
    return firm or _found_firm(session, invitation)


def _found_firm(session: Session, invitation: Invitation) -> Organisation:
    if invitation.role is not Role.SUPPLIER:
        raise StateError("Only suppliers register an organisation of their own.")
    return enrol_firm(
        session,
        name=str(invitation.organisation_name),
        identifier=str(invitation.organisation_identifier),
        actor=invitation.email,
    )
