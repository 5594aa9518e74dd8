"""Invite a person by a link in an email, and let a supplier register itself by the same link."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy.orm import Session

from wpound.core.errors import AccessDenied, InputError, NotFound
from wpound.core.roles import Role
from wpound.services.access import Person, Policy, decide, organisation_of
from wpound.services.change_roles import ROLE_TITLES, list_open_roles
from wpound.services.clock import format_moment
from wpound.services.keep_sign_in import hash_of_key
from wpound.services.limit_attempts import INVITATIONS, MAILS, take_attempt
from wpound.services.manage_people import RoleChoices
from wpound.services.queue_mail import queue_mail
from wpound.store.accounts import find_user, list_open_invitations
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.contracts import list_contracts
from wpound.store.engine import lock, now_in
from wpound.store.memberships import list_holders, list_memberships
from wpound.store.models.accounts import Invitation
from wpound.store.models.organisations import Organisation
from wpound.store.organisations import find_organisation_by_identifier
from wpound.store.suppliers import has_dealings
from wpound.store.tenders import list_tenders

VALID_FOR = timedelta(days=7)
# Whom people of a role may invite into their own organisation; suppliers are invited by officers, to a new one.
INVITES: Mapping[Role, frozenset[Role]] = {
    Role.ADMIN: frozenset(Role),
    Role.OFFICER: frozenset({Role.OFFICER, Role.EVALUATOR, Role.CONTRACT_MANAGER}),
    Role.EVALUATOR: frozenset(),
    Role.CONTRACT_MANAGER: frozenset(),
    Role.SUPPLIER: frozenset({Role.SUPPLIER}),
    Role.ANCHOR: frozenset({Role.ANCHOR}),
}


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses that go into the mails; ``accept`` gives that of an invitation's token."""

    accept: Callable[[str], str]
    sign_in: str
    reset: str


@dataclass(frozen=True, slots=True)
class Firm:
    """A supplier as it names itself: its identifier is scheme-prefixed (``GB-COH-01234567``)."""

    name: str
    identifier: str


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that can still be taken up."""

    id: int
    email: str
    role: str
    invited_by: str
    expires_at: datetime


def list_roles_to_invite(person: Person, organisation: Organisation) -> tuple[Role, ...]:
    """The roles a person may invite others to in their current organisation."""
    allowed = {role for grant in person.current for role in INVITES[grant.role]}
    return tuple(role for role in list_open_roles(organisation) if role in allowed)


def find_invitation_choices(session: Session, person: Person) -> RoleChoices:
    """The roles a person may invite others to, and the tenders and contracts these can be for."""
    organisation = _own_organisation(session, person)
    roles = list_roles_to_invite(person, organisation)
    contracts = list_contracts(session, organisation_id=organisation.id) if Role.CONTRACT_MANAGER in roles else []
    tenders = list_tenders(session, organisation_id=organisation.id) if Role.EVALUATOR in roles else []
    return RoleChoices(
        roles={role.value: ROLE_TITLES[role] for role in roles},
        tenders={str(one.id): one.title for one in tenders},
        contracts={str(one.id): one.title for one in contracts},
    )


def list_invitations(session: Session, person: Person) -> list[OpenInvitation]:
    """The open invitations into the person's current organisation to roles they may invite to themselves."""
    organisation = _own_organisation(session, person)
    roles = list_roles_to_invite(person, organisation)
    return [
        OpenInvitation(one.id, one.email, ROLE_TITLES[one.role], one.invited_by, one.expires_at)
        for one in list_open_invitations(session, organisation_id=organisation.id)
        if one.role in roles
    ]


def _own_organisation(session: Session, person: Person) -> Organisation:
    return session.get_one(Organisation, organisation_of(person))


def invite_colleague(
    session: Session,
    person: Person,
    *,
    email: str,
    role: Role,
    links: Links,
    tender_id: int | None = None,
    contract_id: int | None = None,
) -> None:
    """Send an invitation into the person's current organisation.

    Raises AccessDenied for a role they may not give, InputError where the role is held already or too many were sent.
    """
    organisation = _own_organisation(session, person)
    if role not in list_roles_to_invite(person, organisation):
        raise AccessDenied("You cannot invite people to this role.")
    if email == person.email:
        raise InputError("email", "This is your own email address. Enter your colleague's")
    user = find_user(session, email)
    held = list_memberships(session, user_id=user.id) if user else []
    if (organisation.id, role, tender_id, contract_id) in {
        (one.organisation_id, one.role, one.tender_id, one.contract_id) for one in held
    }:
        raise InputError("email", f"{email} holds this role already")
    _require_few(session, person)
    invitation = Invitation(
        email=email, organisation_id=organisation.id, role=role, tender_id=tender_id, contract_id=contract_id
    )
    token = _keep(session, invitation, invited_by=person.email)
    _mail_invitation(session, invitation, person, organisation.name, links.accept(token))


def invite_supplier(session: Session, person: Person, *, email: str, firm: Firm, links: Links) -> None:
    """Send an invitation to a supplier: to the firm's organisation, which is made when the first person accepts.

    A buyer invites a firm's first person alone: whom it invited later would read the firm's bid before its rivals' are
    in. Raises AccessDenied for people who may not, InputError where the firm has people here or too many were sent.
    """
    decide(Policy.SUPPLIER_INVITER, person)
    organisation = find_organisation_by_identifier(session, firm.identifier)
    if organisation is not None and has_people(session, organisation):
        raise InputError("firm", f"{organisation.name} is here already. Its own people invite their colleagues")
    _require_few(session, person)
    invitation = _invitation_of(firm, email, organisation)
    token = _keep(session, invitation, invited_by=person.email)
    name = organisation.name if organisation else firm.name
    _mail_invitation(session, invitation, person, name, links.accept(token))


def register_supplier(session: Session, *, email: str, firm: Firm, links: Links) -> None:
    """Answer a supplier that registers itself, by email only: what is known here is told to nobody else.

    The mail holds a link to confirm the address; or says that the person has an account, or that the firm is known here
    and its people are invited. After three mails in an hour to one address nothing more is sent.
    """
    if not take_attempt(session, MAILS, email):
        return
    if find_user(session, email) is not None:
        queue_mail(session, email, "already_registered", {"sign_in": links.sign_in, "reset": links.reset})
    elif is_known_here(session, firm.identifier):
        queue_mail(session, email, "firm_registered", {"organisation": firm.name})
    else:
        invitation = _invitation_of(firm, email, None)
        token = _keep(session, invitation, invited_by="self-registration")
        facts = {"organisation": firm.name, "link": links.accept(token), "until": _until(invitation)}
        queue_mail(session, email, "registration", facts)


def withdraw_invitation(session: Session, person: Person, invitation_id: int) -> None:
    """Make the link of an open invitation worth nothing; raises NotFound for one the person is not shown."""
    if invitation_id not in [one.id for one in list_invitations(session, person)]:
        raise NotFound("There is no such open invitation.")
    invitation = lock(session, Invitation, invitation_id)
    invitation.withdrawn_at = now_in(session)
    session.flush()
    _record(session, invitation, "invitation.withdrawn", person.email)


def is_known_here(session: Session, identifier: str) -> bool:
    """Whether a firm has an organisation, a contract or a bid here.

    Then nobody comes to these by its number, which anybody can look up: a colleague or a buyer has to invite them.
    """
    return find_organisation_by_identifier(session, identifier) is not None or has_dealings(session, identifier)


def has_people(session: Session, firm: Organisation) -> bool:
    """Whether somebody acts for a firm here, so that it is for them to say who else does."""
    return bool(list_holders(session, organisation_id=firm.id, role=Role.SUPPLIER))


def _invitation_of(firm: Firm, email: str, organisation: Organisation | None) -> Invitation:
    return Invitation(
        email=email,
        organisation_id=organisation.id if organisation else None,
        organisation_name=firm.name,
        organisation_identifier=firm.identifier,
        role=Role.SUPPLIER,
    )


def _require_few(session: Session, person: Person) -> None:
    if not take_attempt(session, INVITATIONS, person.email):
        raise InputError("email", f"You have sent {INVITATIONS.most} invitations in a day. Send more tomorrow")


def _keep(session: Session, invitation: Invitation, *, invited_by: str) -> str:
    """Write an invitation and give the token of its link, which nobody can read from the row."""
    token = token_urlsafe(32)
    invitation.token_hash = hash_of_key(token)
    invitation.invited_by = invited_by
    invitation.expires_at = now_in(session) + VALID_FOR
    add(session, invitation)
    _record(session, invitation, "invitation.sent", invited_by)
    return token


def _mail_invitation(session: Session, invitation: Invitation, person: Person, organisation: str, link: str) -> None:
    facts = {
        "inviter": person.name,
        "organisation": organisation,
        "role": ROLE_TITLES[invitation.role].lower(),
        "link": link,
        "until": _until(invitation),
    }
    queue_mail(session, invitation.email, "invitation", facts, asked_by_id=person.user_id)


def _until(invitation: Invitation) -> str:
    return format_moment(invitation.expires_at)


def _record(session: Session, invitation: Invitation, action: str, actor: str) -> None:
    append_event(
        session,
        actor=actor,
        action=action,
        object_kind="invitation",
        object_id=invitation.id,
        detail={"role": invitation.role.value, "organisation_id": invitation.organisation_id},
    )
