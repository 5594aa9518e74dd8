"""One person of every role who can sign in to the demonstration, all with one password that only this machine knows."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from wpound.catalogue.model import City
from wpound.core.roles import Role
from wpound.demo.cast import AWARDED_CONTRACT, AWARDED_OCID, EVALUATORS, MANAGED_CONTRACT, MARKED_OCID
from wpound.services.change_roles import ROLE_TITLES, grant_role
from wpound.services.create_person import create_person
from wpound.services.enrol_firm import enrol_firm
from wpound.services.keep_opening_key import keep_opening_key
from wpound.store.accounts import find_user
from wpound.store.contracts import get_contract
from wpound.store.engine import writing
from wpound.store.organisations import find_organisation_by_identifier, get_organisation
from wpound.store.sealing import make_opening_key
from wpound.store.suppliers import get_supplier
from wpound.store.tenders import get_tender

ACTOR = "demonstration"


@dataclass(frozen=True, slots=True)
class Part:
    """A role that somebody has in one organisation or several, for one tender or contract where it is for one."""

    role: Role
    organisations: Sequence[Any]
    about: str
    tender_id: int | None = None
    contract_id: int | None = None
    email_name: str = ""

    @property
    def title(self) -> str:
        """The role as people read it."""
        return ROLE_TITLES[self.role]

    @property
    def email(self) -> str:
        """The address to sign in with; nobody can have one that ends like this."""
        return f"{self.email_name or self.role.value.split('_')[-1]}@demo.example"


def enter_people(engine: Any, city: City, folder: Path) -> tuple[list[Part], str]:
    """Make those who are not there yet; gives everybody's part and the password, which ``folder`` keeps.

    The password is made at random on first use, so that a demonstration others can reach is not open to whoever has
    read its source.
    """
    password = keep_password(folder)
    with writing(engine) as session:
        cast = _cast(session, city)
        for part in cast:
            if find_user(session, part.email) is None:
                _enter(session, part, password)
    return cast, password


def enter_buyers(session: Any, city: City, password: str) -> None:
    """Make the two officers that every tender needs, each with an opening key that the password opens too, and a panel.

    The panel's people get their role with their tender.
    """
    for part in _officers(_anchors(session, city)):
        user = _enter(session, part, password)
        keep_opening_key(session, user, make_opening_key(password), actor=user.email)
    for part in _evaluators("", None):
        _enter(session, part, password)


def _evaluators(title: str, tender_id: int | None) -> list[Part]:
    names = [email.partition("@")[0] for email in EVALUATORS]
    return [Part(Role.EVALUATOR, (), title, tender_id=tender_id, email_name=name) for name in names]


def _anchors(session: Any, city: City) -> list[Any]:
    return [get_organisation(session, anchor.key) for anchor in city.anchors]


def _officers(anchors: Sequence[Any]) -> list[Part]:
    return [
        Part(Role.OFFICER, anchors, "every anchor"),
        Part(Role.OFFICER, anchors, "every anchor, as the second officer", email_name="approver"),
    ]


def _cast(session: Any, city: City) -> list[Part]:
    """Officers, analyst and administrator belong to every anchor and act for the first until they switch."""
    anchors = _anchors(session, city)
    awarded, marked = get_tender(session, AWARDED_OCID), get_tender(session, MARKED_OCID)
    managed = get_contract(session, MANAGED_CONTRACT, organisation_id=awarded.organisation_id)
    won = get_contract(session, AWARDED_CONTRACT, organisation_id=awarded.organisation_id)
    firm = get_supplier(session, won.supplier_id)
    by_id = {anchor.id: anchor for anchor in anchors}
    return [
        *_officers(anchors),
        *_evaluators(marked.title, marked.id),
        Part(Role.CONTRACT_MANAGER, [by_id[managed.organisation_id]], managed.title, contract_id=managed.id),
        Part(Role.SUPPLIER, [enter_firm(session, firm)], firm.name),
        Part(Role.ANCHOR, anchors, "every anchor"),
        Part(Role.ADMIN, anchors, "every anchor"),
    ]


def enter_firm(session: Any, firm: Any) -> Any:
    """The organisation that people of a fictional firm belong to, made where there is none yet."""
    found = find_organisation_by_identifier(session, firm.identifier)
    return found or enrol_firm(session, name=firm.name, identifier=firm.identifier, actor=ACTOR)


def _enter(session: Any, part: Part, password: str) -> Any:
    name = f"{part.email_name.capitalize() or part.title.split(' of one ')[0]} (example)"
    user = create_person(session, email=part.email, name=name, password=password, actor=ACTOR)
    for organisation in part.organisations:
        grant_role(
            session,
            user,
            organisation,
            part.role,
            actor=ACTOR,
            tender_id=part.tender_id,
            contract_id=part.contract_id,
        )
    return user


def keep_password(folder: Path) -> str:
    """The demonstration's password, made on first use and readable by its owner only."""
    path = folder / "password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write("-".join(token_hex(2) for _ in range(4)))
    return path.read_text()
