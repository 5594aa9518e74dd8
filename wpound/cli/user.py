"""``wpound user``: accounts and roles from the machine the service runs on, the first administrator's among them."""

import getpass
import sys
from typing import Any

import click

from wpound.cli.database import open_database
from wpound.cli.output import print_json
from wpound.config import Settings
from wpound.core.errors import InputError
from wpound.core.roles import Role

ROLES = [role.value for role in Role]


@click.group()
def command() -> None:
    """Make and close accounts, give and take roles."""


@command.command()
@click.argument("email")
@click.option("--name", required=True, help="Full name of the person.")
@click.option(
    "--organisation", required=True, help="Key of the organisation, as its city file or registration gives it."
)
@click.option("--role", required=True, type=click.Choice(ROLES), help="First role there.")
@click.option("--tender", help="OCID of the tender, for an evaluator.")
@click.option("--contract", type=int, help="Number of the contract, for a contract manager.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking for it.")
def create(
    email: str, name: str, organisation: str, role: str, tender: str | None, contract: int | None, password_stdin: bool
) -> None:
    """Make an account with one role; the password is asked for and never shown."""
    from wpound.services.create_person import create_person
    from wpound.store.engine import writing

    password = _ask_password(password_stdin)
    with writing(_open()) as session:
        user = create_person(session, email=email, name=name, password=password, actor=_actor())
        _grant(session, user, organisation, role, tender, contract)
    click.echo(f"{email} can sign in and is {role} of {organisation}.")


@command.command()
@click.argument("email")
def disable(email: str) -> None:
    """Close an account: every sign-in of it ends at once."""
    from wpound.services.create_person import disable_person
    from wpound.store.accounts import get_user
    from wpound.store.engine import writing

    with writing(_open()) as session:
        disable_person(session, get_user(session, email), actor=_actor())
    click.echo(f"The account of {email} is disabled, and signed out everywhere.")


@command.command()
@click.argument("email")
def enable(email: str) -> None:
    """Open a closed account again, with the roles it has kept."""
    from wpound.services.create_person import enable_person
    from wpound.store.accounts import get_user
    from wpound.store.engine import writing

    with writing(_open()) as session:
        enable_person(session, get_user(session, email), actor=_actor())
    click.echo(f"{email} can sign in again.")


@command.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take a lost second factor away; make sure first that it is the person who asks."""
    from wpound.services.create_person import remove_second_factors
    from wpound.store.accounts import get_user
    from wpound.store.engine import writing

    with writing(_open()) as session:
        remove_second_factors(session, get_user(session, email), actor=_actor())
    click.echo(
        f"{email} signs in with the password alone, and sets up a new second factor where the role asks for one."
    )


@command.command()
@click.argument("email")
@click.option("--add", "role", type=click.Choice(ROLES), help="Role to give.")
@click.option("--organisation", help="Key of the organisation of the role to give.")
@click.option("--tender", help="OCID of the tender, for an evaluator.")
@click.option("--contract", type=int, help="Number of the contract, for a contract manager.")
@click.option("--remove", type=int, help="Number of the role to take away, as printed here.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def roles(
    email: str,
    role: str | None,
    organisation: str | None,
    tender: str | None,
    contract: int | None,
    remove: int | None,
    as_json: bool,
) -> None:
    """Print the roles of a person, after giving or taking one where asked."""
    from wpound.store.accounts import get_user
    from wpound.store.engine import writing

    if (role is None) != (organisation is None):
        raise InputError("--organisation", "Name both the role to give and its organisation.")
    with writing(_open()) as session:
        user = get_user(session, email)
        if role is not None and organisation is not None:
            _grant(session, user, organisation, role, tender, contract)
        if remove is not None:
            _remove(session, user.id, remove)
        _print_roles(_rows(session, user.id), as_json)


def _open() -> Any:
    return open_database(Settings.from_environment())


def _actor() -> str:
    """Who is at the machine, as the audit trail names them."""
    return f"wpound user, by {getpass.getuser()}"


def _ask_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _grant(session: Any, user: Any, key: str, role: str, ocid: str | None, contract_id: int | None) -> None:
    from wpound.services.change_roles import grant_role
    from wpound.store.tenders import get_tender

    tender_id = get_tender(session, ocid).id if ocid else None
    grant_role(
        session,
        user,
        _find_organisation(session, key),
        Role(role),
        actor=_actor(),
        tender_id=tender_id,
        contract_id=contract_id,
    )


def _find_organisation(session: Any, key: str) -> Any:
    """The organisation; the city's anchors are entered first, so that the first administrator has somewhere to be."""
    from wpound.catalogue.loader import load_city
    from wpound.services.enrol_anchors import enrol_anchors
    from wpound.store.organisations import get_organisation

    enrol_anchors(session, load_city(Settings.from_environment().city), actor=_actor())
    return get_organisation(session, key)


def _remove(session: Any, user_id: int, membership_id: int) -> None:
    from wpound.core.errors import NotFound
    from wpound.services.change_roles import remove_role
    from wpound.store.memberships import list_memberships

    held = {one.id: one for one in list_memberships(session, user_id=user_id)}
    if membership_id not in held:
        raise NotFound(f"This person holds no role {membership_id} now.")
    remove_role(session, held[membership_id], held[membership_id].organisation, actor=_actor())


def _rows(session: Any, user_id: int) -> list[dict[str, Any]]:
    from wpound.store.memberships import list_memberships

    return [
        {
            "number": one.id,
            "role": one.role.value,
            "organisation": one.organisation.key,
            "tender": one.tender_id,
            "contract": one.contract_id,
            "granted_by": one.granted_by,
        }
        for one in list_memberships(session, user_id=user_id)
    ]


def _print_roles(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print_json({"roles": rows})
        return
    for row in rows:
        about = (
            f", tender {row['tender']}" if row["tender"] else f", contract {row['contract']}" if row["contract"] else ""
        )
        click.echo(f"{row['number']}  {row['role']} of {row['organisation']}{about} (given by {row['granted_by']})")
    if not rows:
        click.echo("No roles.")
