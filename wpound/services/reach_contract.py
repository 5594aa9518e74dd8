"""Find a contract for somebody: one of another organisation, or not theirs to look after, does not exist for them."""

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.errors import NotFound
from wpound.core.periods import Period
from wpound.core.roles import Role
from wpound.services.access import Person, Policy, Target, decide, organisation_of
from wpound.services.keep_catalogue import get_catalogue
from wpound.store.base import require_version
from wpound.store.contracts import get_contract_of, list_contract_suppliers
from wpound.store.engine import lock
from wpound.store.models.contracts import Contract
from wpound.store.workload import find_supplier_id


def reach_contract(
    session: Session, person: Person, contract_id: int, policy: Policy = Policy.CONTRACT_MANAGER
) -> Contract:
    """The contract of that number as this person of its buyer may look at it; raises NotFound for any other."""
    contract = get_contract_of(session, contract_id)
    decide(policy, person, Target(contract.organisation_id, contract_id=contract.id))
    return contract


def hold_contract(session: Session, person: Person, contract_id: int, version: int | None = None) -> Contract:
    """The same, held against other writers until the transaction ends.

    Raises StaleEdit where it is no longer of the version the person was shown (None: whatever it is now).
    """
    reach_contract(session, person, contract_id)
    lock(session, Contract, contract_id)
    contract = get_contract_of(session, contract_id)
    if version is not None:
        require_version(contract, version)
    return contract


def find_suppliers_contract(session: Session, person: Person, contract_id: int) -> Contract:
    """One contract of the supplier this person acts for; raises NotFound for any other."""
    contract = get_contract_of(session, contract_id)
    supplier_id = find_supplier_id(session, organisation_id=organisation_of(person))
    own = {supplier.id for supplier in list_contract_suppliers(session, [contract.id])[contract.id]}
    if supplier_id is None or supplier_id not in own:
        raise NotFound("There is no such contract, or it is not yours to see.")
    return contract


def contracts_of(person: Person) -> list[int] | None:
    """The contracts a person of a buyer looks after, None for all of the organisation's."""
    if person.meets(Policy.OFFICER):
        return None
    named = [grant.contract_id for grant in person.current if grant.role is Role.CONTRACT_MANAGER]
    return None if None in named else [one for one in named if one is not None]


def life_of(contract: Contract) -> Period:
    """The days a contract runs."""
    return Period(contract.start_on, contract.end_on)


def catalogue_of(session: Session, contract: Contract, current: Catalogue) -> Catalogue:
    """The catalogue a contract was entered under: the one at work where it still is, or where none was kept."""
    return edition_of(session, contract.catalogue_fingerprint, current)


def edition_of(session: Session, fingerprint: str | None, current: Catalogue) -> Catalogue:
    """The catalogue that was pinned by its fingerprint: the one at work where it still is, or where none was kept."""
    if fingerprint in (None, current.fingerprint):
        return current
    try:
        return get_catalogue(session, str(fingerprint))
    except NotFound:
        return current


def measure_title(catalogue: Catalogue, code: str, year: int | None = None) -> str:
    """What a measure is called, with the year it is promised for; its code where this catalogue does not have it."""
    title = catalogue.measures[code].title if code in catalogue.measures else code
    return title if year is None else f"{title}, {year}"
