"""Who may do what: decided here, from the roles people hold, and nowhere else.

A page or an action names its policy. Whether a person meets it follows from the roles they hold in the organisation
they act for now; a thing of another organisation does not exist for them: it is not found, never forbidden
(threat T4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from wpound.core.errors import AccessDenied, NotFound
from wpound.core.roles import Role
from wpound.store.memberships import list_memberships
from wpound.store.models.accounts import Membership, User
from wpound.store.models.organisations import Organisation


class Policy(StrEnum):
    """Who a page or an action is for."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    MEMBER = "member"
    ADMIN = "admin"
    OFFICER = "officer"
    EVALUATOR = "evaluator"
    CONTRACT_MANAGER = "contract manager"
    BUYER = "buyer"
    TENDER = "tender"
    SUPPLIER = "supplier"
    ANCHOR = "anchor"
    INVITER = "inviter"
    SUPPLIER_INVITER = "supplier inviter"


# Which roles meet a policy; the two that are not here ask for none. Who manages people takes no part in buying.
ROLES: Mapping[Policy, frozenset[Role]] = {
    Policy.MEMBER: frozenset(Role),
    Policy.ADMIN: frozenset({Role.ADMIN}),
    Policy.OFFICER: frozenset({Role.OFFICER}),
    Policy.EVALUATOR: frozenset({Role.EVALUATOR}),
    Policy.CONTRACT_MANAGER: frozenset({Role.OFFICER, Role.CONTRACT_MANAGER}),
    Policy.BUYER: frozenset({Role.OFFICER, Role.EVALUATOR, Role.CONTRACT_MANAGER}),
    Policy.TENDER: frozenset({Role.OFFICER, Role.EVALUATOR}),
    Policy.SUPPLIER: frozenset({Role.SUPPLIER}),
    Policy.ANCHOR: frozenset({Role.ANCHOR}),
    Policy.INVITER: frozenset({Role.ADMIN, Role.OFFICER, Role.SUPPLIER, Role.ANCHOR}),
    Policy.SUPPLIER_INVITER: frozenset({Role.ADMIN, Role.OFFICER}),
}


@dataclass(frozen=True, slots=True)
class Target:
    """Whose a thing is, and the tender or contract it belongs to where it belongs to one."""

    organisation_id: int
    tender_id: int | None = None
    contract_id: int | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held now: in an organisation, for one tender or contract where one is named."""

    organisation_id: int
    organisation_key: str
    organisation_name: str
    role: Role
    tender_id: int | None
    contract_id: int | None

    def covers(self, target: Target) -> bool:
        """Whether the thing lies where this role counts."""
        return (
            self.organisation_id == target.organisation_id
            and self.tender_id in (None, target.tender_id)
            and self.contract_id in (None, target.contract_id)
        )


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in: every role they hold, and the organisation they act for (None: they belong to none)."""

    user_id: int
    name: str
    email: str
    memberships: tuple[Grant, ...]
    organisation_id: int | None

    @property
    def current(self) -> tuple[Grant, ...]:
        """The roles held in the organisation acted for now."""
        return tuple(grant for grant in self.memberships if grant.organisation_id == self.organisation_id)

    @property
    def organisation_name(self) -> str | None:
        """What the organisation acted for now is called."""
        return next((grant.organisation_name for grant in self.current), None)

    @property
    def role(self) -> Role | None:
        """The first of the current roles in the order of :class:`Role`: whose start page this person is shown."""
        held = {grant.role for grant in self.current}
        return next((role for role in Role if role in held), None)

    @property
    def organisations(self) -> dict[str, str]:
        """The names of the organisations this person belongs to, by key and in order of name."""
        return {grant.organisation_key: grant.organisation_name for grant in self.memberships}

    def meets(self, policy: Policy) -> bool:
        """Whether a page of this policy is open to this person (what may be seen on it is another question)."""
        if policy in (Policy.PUBLIC, Policy.SIGNED_IN):
            return True
        return any(grant.role in ROLES[policy] for grant in self.current)


def decide(policy: Policy, person: Person | None, target: Target | None = None) -> None:
    """Let a person (None: nobody is signed in) through, or raise.

    Raises AccessDenied where no role of the person's meets the policy, whatever it is about, and NotFound where one
    does but the thing is another organisation's, or of a tender or contract the role is not for.
    """
    if policy is Policy.PUBLIC:
        return
    if person is None:
        raise AccessDenied("Sign in first.")
    if not person.meets(policy):
        raise AccessDenied(f"This is for people with another role than yours ({policy.value}).")
    if target is not None and not any(
        grant.covers(target) for grant in person.current if grant.role in ROLES.get(policy, frozenset(Role))
    ):
        raise NotFound("There is no such thing, or it is not yours to see.")


def runs_service(session: Session, person: Person) -> bool:
    """Whether a person is an administrator of a public body, who looks after the service and not only its people.

    A firm's administrator would learn from mails and jobs how many others bid.
    """
    organisation = session.get(Organisation, organisation_of(person))
    return person.meets(Policy.ADMIN) and organisation is not None and organisation.is_public_body


def organisation_of(person: Person) -> int:
    """The organisation a person acts for; raises AccessDenied where they belong to none."""
    if person.organisation_id is None:
        raise AccessDenied("You do not belong to an organisation yet.")
    return person.organisation_id


def is_same_person(one: str | None, other: str) -> bool:
    """Whether two addresses are one person's, however they are spelled; nobody (None) is not.

    What two people have to do is refused to whoever did the first part.
    """
    return one is not None and one.casefold() == other.casefold()


def find_person(session: Session, user_id: int) -> Person | None:
    """The person of a user's number as access sees them; None where the account is not there or is disabled.

    Whoever has not chosen an organisation, or has left the one chosen, acts for the one they have belonged to longest.
    """
    user = session.get(User, user_id)
    if user is None or not user.active:
        return None
    held = {membership.id: _grant(membership) for membership in list_memberships(session, user_id=user_id)}
    return person_with(user.id, user.name, user.email, held, user.current_organisation_id)


def person_with(user_id: int, name: str, email: str, held: Mapping[int, Grant], chosen: int | None) -> Person:
    """A person of these roles, by the number of the membership, and of the organisation chosen to act for."""
    places = [held[number].organisation_id for number in sorted(held)]
    acting_for = chosen if chosen in places else next(iter(places), None)
    return Person(user_id, name, email, tuple(held.values()), acting_for)


def _grant(membership: Membership) -> Grant:
    return Grant(
        organisation_id=membership.organisation_id,
        organisation_key=membership.organisation.key,
        organisation_name=membership.organisation.name,
        role=membership.role,
        tender_id=membership.tender_id,
        contract_id=membership.contract_id,
    )
