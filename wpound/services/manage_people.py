"""What an administrator does about the people of the organisation they act for; nobody else's people exist here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from wpound.core.errors import NotFound, StateError
from wpound.core.roles import Role
from wpound.services.access import Person, Policy, decide
from wpound.services.change_roles import ROLE_TITLES, grant_role, list_open_roles, remove_role
from wpound.services.create_person import disable_person, enable_person
from wpound.store.contracts import list_contracts
from wpound.store.memberships import (
    Member,
    count_members,
    get_membership,
    list_member_ids,
    list_members,
    list_memberships,
)
from wpound.store.models.accounts import User
from wpound.store.models.organisations import Organisation
from wpound.store.tenders import list_tenders


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role as it is shown: its title, what it is for (None: the whole organisation), and who gave and took it."""

    membership_id: int
    title: str
    about: str | None
    granted_at: datetime
    granted_by: str
    removed_at: datetime | None
    removed_by: str | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person of an organisation with every role they hold or held in it, oldest first."""

    user_id: int
    name: str
    email: str
    active: bool
    roles: tuple[HeldRole, ...]

    @property
    def held(self) -> tuple[HeldRole, ...]:
        """The roles held now."""
        return tuple(role for role in self.roles if role.removed_at is None)


@dataclass(frozen=True, slots=True)
class RoleChoices:
    """What can be given in an organisation, each by its value in a form."""

    roles: dict[str, str]
    tenders: dict[str, str]
    contracts: dict[str, str]


def list_people(
    session: Session, person: Person, role: Role | None, limit: int, offset: int
) -> tuple[list[Colleague], int]:
    """Some of those who hold or held a role in the administrator's organisation, by name, and how many there are.

    With a ``role`` only those who hold that one now.
    """
    organisation_id = _organisation_of(person)
    user_ids, count = list_member_ids(session, organisation_id=organisation_id, role=role, limit=limit, offset=offset)
    return _colleagues(list_members(session, organisation_id=organisation_id, user_ids=user_ids)), count


def count_people(session: Session, person: Person) -> tuple[int, int]:
    """How many hold a role in the administrator's organisation now, and how many of their accounts are disabled."""
    return count_members(session, organisation_id=_organisation_of(person))


def get_colleague(session: Session, person: Person, user_id: int) -> Colleague:
    """One of them; raises NotFound for anybody else."""
    found = _colleagues(list_members(session, organisation_id=_organisation_of(person), user_ids=[user_id]))
    if not found:
        raise NotFound("There is no such person here.")
    return found[0]


def list_role_choices(session: Session, person: Person) -> RoleChoices:
    """The roles there can be in the administrator's organisation, and the tenders and contracts they can be for."""
    organisation = session.get_one(Organisation, _organisation_of(person))
    return RoleChoices(
        roles={role.value: ROLE_TITLES[role] for role in list_open_roles(organisation)},
        tenders={str(one.id): one.title for one in list_tenders(session, organisation_id=organisation.id)},
        contracts={str(one.id): one.title for one in list_contracts(session, organisation_id=organisation.id)},
    )


def give_role(
    session: Session,
    person: Person,
    user_id: int,
    role: Role,
    *,
    tender_id: int | None = None,
    contract_id: int | None = None,
) -> None:
    """Give a colleague a role; raises as :func:`grant_role` does, and NotFound for anybody else."""
    get_colleague(session, person, user_id)
    grant_role(
        session,
        session.get_one(User, user_id),
        session.get_one(Organisation, person.organisation_id),
        role,
        actor=person.email,
        tender_id=tender_id,
        contract_id=contract_id,
    )


def get_role(session: Session, person: Person, user_id: int, membership_id: int) -> HeldRole:
    """A role a colleague holds now; raises NotFound for any other."""
    held = {role.membership_id: role for role in get_colleague(session, person, user_id).held}
    if membership_id not in held:
        raise NotFound("This person does not hold this role here.")
    return held[membership_id]


def take_role(session: Session, person: Person, user_id: int, membership_id: int) -> None:
    """Take a role from a colleague; raises as :func:`remove_role` does, and NotFound for any other role."""
    get_role(session, person, user_id, membership_id)
    organisation = session.get_one(Organisation, person.organisation_id)
    membership = get_membership(session, membership_id, organisation_id=organisation.id)
    remove_role(session, membership, organisation, actor=person.email)


def set_account_open(session: Session, person: Person, user_id: int, is_open: bool) -> None:
    """Disable a colleague's account, which ends every sign-in, or enable it again with the roles it has kept.

    Raises NotFound for anybody else, and StateError for one's own account, for one that is so already and for one that
    is not the organisation's alone: whoever also belongs elsewhere keeps the account and can lose their roles here.
    """
    colleague = get_colleague(session, person, user_id)
    if any(one.organisation_id != person.organisation_id for one in list_memberships(session, user_id=user_id)):
        raise StateError(
            f"{colleague.name} also belongs to another organisation. Take away the roles they hold here instead."
        )
    change = enable_person if is_open else disable_person
    change(session, session.get_one(User, user_id), actor=person.email)


def _organisation_of(person: Person) -> int:
    """The organisation an administrator acts for; raises AccessDenied for anybody else."""
    decide(Policy.ADMIN, person)
    return person.current[0].organisation_id


def _colleagues(members: Sequence[Member]) -> list[Colleague]:
    """Roles in order of their people, gathered by person."""
    colleagues = []
    for user, rows in groupby(members, key=lambda member: member.membership.user):
        roles = tuple(_held_role(row) for row in rows)
        colleagues.append(Colleague(user.id, user.name, user.email, user.active, roles))
    return colleagues


def _held_role(row: Member) -> HeldRole:
    membership = row.membership
    return HeldRole(
        membership_id=membership.id,
        title=ROLE_TITLES[membership.role],
        about=row.about,
        granted_at=membership.granted_at,
        granted_by=membership.granted_by,
        removed_at=membership.removed_at,
        removed_by=membership.removed_by,
    )
