"""Give a person a role in an organisation, or take it away; both are kept on record and end the person's sign-ins."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, StateError
from wpound.core.roles import Role
from wpound.store.accounts import end_sign_ins, withdraw_invitations_by
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.engine import lock, now_in
from wpound.store.memberships import list_memberships
from wpound.store.models.accounts import Membership, User
from wpound.store.models.contracts import Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Tender

ROLE_TITLES: Mapping[Role, str] = {
    Role.ADMIN: "Administrator",
    Role.OFFICER: "Procurement officer",
    Role.EVALUATOR: "Evaluator of one tender",
    Role.CONTRACT_MANAGER: "Manager of one contract",
    Role.SUPPLIER: "Supplier",
    Role.ANCHOR: "Anchor analyst",
}
BUYING = frozenset({Role.OFFICER, Role.EVALUATOR, Role.CONTRACT_MANAGER})


def list_open_roles(organisation: Organisation) -> tuple[Role, ...]:
    """The roles there can be in an organisation: buying is for public bodies, spend files are for anchors."""
    closed: set[Role] = set()
    if not organisation.is_public_body:
        closed |= BUYING
    if organisation.anchor_kind is None:
        closed.add(Role.ANCHOR)
    return tuple(role for role in Role if role not in closed)


def grant_role(
    session: Session,
    user: User,
    organisation: Organisation,
    role: Role,
    *,
    actor: str,
    tender_id: int | None = None,
    contract_id: int | None = None,
) -> Membership:
    """Give a person a role: an evaluator's is for one tender, a contract manager's for one contract.

    ``actor`` is who gives it, a person's email address or the name of a command; nobody gives a role to themselves.
    Raises InputError where the role cannot be given like this, StateError where it is held already or may not be held
    beside another: an administrator, who can open any account, takes no part in buying.
    """
    lock(session, User, user.id)
    _require_somebody_else(user, actor)
    if role not in list_open_roles(organisation):
        raise InputError("role", f"{organisation.name} has no use for this role. Choose another.")
    _check_thing(session, organisation, role, tender_id, contract_id)
    _check_beside(session, user, organisation, role, tender_id, contract_id)
    membership = Membership(
        user_id=user.id,
        organisation_id=organisation.id,
        role=role,
        tender_id=tender_id,
        contract_id=contract_id,
        granted_by=actor,
        granted_at=now_in(session),
    )
    add(session, membership)
    _record(session, membership, organisation, "role.granted", actor)
    end_sign_ins(session, user_id=user.id)
    return membership


def remove_role(session: Session, membership: Membership, organisation: Organisation, *, actor: str) -> None:
    """Take a role away; ``organisation`` is the role's. Invitations the person sent are withdrawn.

    Raises StateError where it is taken already. Nobody takes their own, so an organisation keeps an administrator.
    """
    membership = lock(session, Membership, membership.id)
    user = lock(session, User, membership.user_id)
    _require_somebody_else(user, actor)
    if membership.removed_at is not None:
        raise StateError("This role was taken away before.")
    membership.removed_at, membership.removed_by = now_in(session), actor
    session.flush()
    _record(session, membership, organisation, "role.removed", actor)
    end_sign_ins(session, user_id=user.id)
    withdraw_invitations_by(session, user.email)


def _require_somebody_else(user: User, actor: str) -> None:
    if actor.casefold() == user.email:
        raise StateError("Nobody changes their own roles. Ask another administrator to do it.")


def _check_thing(
    session: Session, organisation: Organisation, role: Role, tender_id: int | None, contract_id: int | None
) -> None:
    """The tender of an evaluator and the contract of a contract manager, the organisation's own; nothing else."""
    tender = session.get(Tender, tender_id) if tender_id is not None else None
    contract = session.get(Contract, contract_id) if contract_id is not None else None
    for field, key, found, needed in (
        ("tender", tender_id, tender, role is Role.EVALUATOR),
        ("contract", contract_id, contract, role is Role.CONTRACT_MANAGER),
    ):
        if not needed and key is not None:
            raise InputError(field, f"This role is not for one {field}. Leave the {field} empty.")
        if needed and (found is None or found.organisation_id != organisation.id):
            raise InputError(field, f"Choose the {field} this role is for.")


def _check_beside(
    session: Session,
    user: User,
    organisation: Organisation,
    role: Role,
    tender_id: int | None,
    contract_id: int | None,
) -> None:
    """Not the same role twice, and not administration beside buying in one organisation."""
    held = [one for one in list_memberships(session, user_id=user.id) if one.organisation_id == organisation.id]
    if (role, tender_id, contract_id) in {(one.role, one.tender_id, one.contract_id) for one in held}:
        raise StateError(f"{user.name} holds this role already.")
    roles = {one.role for one in held} | {role}
    if Role.ADMIN in roles and roles & BUYING:
        raise StateError(
            "An administrator can open any account and so takes no part in buying. "
            f"Take the other role of {user.name} away first."
        )


def _record(session: Session, membership: Membership, organisation: Organisation, action: str, actor: str) -> None:
    append_event(
        session,
        actor=actor,
        action=action,
        object_kind="user",
        object_id=membership.user_id,
        detail={
            "organisation": organisation.key,
            "role": membership.role.value,
            "tender_id": membership.tender_id,
            "contract_id": membership.contract_id,
        },
    )
