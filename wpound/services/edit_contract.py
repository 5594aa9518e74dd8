"""Keep what a contract's entry says beside its terms: how it is classified, who manages it, how promises are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.bids import Commitment as Promise
from wpound.core.contract_words import ContractType
from wpound.core.due_dates import Settlement, find_outside
from wpound.core.errors import InputError, InputErrors, NotFound, StateError
from wpound.core.particulars import CPV, ContractKind
from wpound.core.quantities import Quantity
from wpound.services.access import Person
from wpound.services.enter_contract import make_commitment
from wpound.services.hand_over import check_settlement
from wpound.services.reach_contract import catalogue_of, hold_contract, life_of
from wpound.store.audit import append_event
from wpound.store.base import add, require_version
from wpound.store.models.contracts import Commitment, Contract


@dataclass(frozen=True, slots=True)
class ContractDetails:
    """What a contract's entry says beside its terms; what nobody has said is None."""

    description: str | None = None
    contract_type: ContractType | None = None
    regime: ContractKind | None = None
    lot: str | None = None
    department: str | None = None
    manager: str | None = None
    cpv_code: str | None = None
    cpv_label: str | None = None
    process: str | None = None
    extension_terms: str | None = None
    review_on: date | None = None


def details_of(contract: Contract) -> ContractDetails:
    """What its entry says now."""
    return ContractDetails(**{field.name: getattr(contract, field.name) for field in fields(ContractDetails)})


def write_details(contract: Contract, details: ContractDetails) -> None:
    """Put details into an entry; raises InputErrors for a code that is none."""
    if details.cpv_code is not None and not CPV.fullmatch(details.cpv_code):
        raise InputErrors([InputError("cpv_code", "Enter a CPV code of 8 digits, such as 77310000.")])
    for field in fields(ContractDetails):
        setattr(contract, field.name, getattr(details, field.name))


def edit_details(
    session: Session, person: Person, contract_id: int, details: ContractDetails, *, version: int
) -> Contract:
    """Change an entry's details; raises StaleEdit where a colleague was faster."""
    contract = hold_contract(session, person, contract_id, version)
    before = details_of(contract)
    write_details(contract, details)
    session.flush()
    changed = [field.name for field in fields(details) if getattr(before, field.name) != getattr(details, field.name)]
    _audit(session, person, contract, "contract.details", {"changed": changed})
    return contract


def settle_commitment(
    session: Session, person: Person, contract_id: int, commitment_id: int, settlement: Settlement, *, version: int
) -> Commitment:
    """Write down owner, due profile, evidence and remedy of a promise in force.

    Raises NotFound for no such promise, StaleEdit where a colleague was faster, InputErrors for milestones that do not
    add up or lie outside the contract.
    """
    contract = hold_contract(session, person, contract_id)
    commitment = find_commitment(contract, commitment_id)
    require_version(commitment, version)
    _check(settlement, contract, commitment.quantity, commitment.year)
    commitment.owner, commitment.evidence, commitment.remedy = settlement.owner, settlement.evidence, settlement.remedy
    commitment.due_profile = settlement.due_profile
    commitment.milestones = [due.to_dict() for due in settlement.milestones] or None
    session.flush()
    detail = {"measure": commitment.measure_code, "year": commitment.year, "owner": commitment.owner}
    profile = settlement.due_profile.value if settlement.due_profile else None
    _audit(session, person, contract, "commitment.settled", detail | {"due_profile": profile})
    return commitment


def find_commitment(contract: Contract, commitment_id: int) -> Commitment:
    """A promise in force of a contract; raises NotFound for one that a change took out, or of another contract."""
    found = next((one for one in contract.commitments if one.id == commitment_id), None)
    if found is None:
        raise NotFound("This promise is not in force: a change put another in its place. Go back to the contract.")
    return found


def add_commitment(
    session: Session,
    person: Person,
    contract_id: int,
    promise: Promise,
    settlement: Settlement,
    catalogue: Catalogue,
) -> Commitment:
    """Add a promise from the catalogue to a contract that did not come from a tender here.

    Raises StateError for one that did: its promises are those of the winning bid. InputErrors for a promise of nothing,
    one that is there already, and milestones that do not add up or lie outside the contract.
    """
    contract = hold_contract(session, person, contract_id)
    if contract.bid_id is not None:
        raise StateError("The promises of this contract are those of its bid. Enter a change to agree others.")
    if any((one.measure_code, one.year) == (promise.measure, promise.year) for one in contract.commitments):
        raise InputErrors([InputError("measure", "This contract has this promise already. Change that one instead.")])
    if promise.quantity <= 0:
        raise InputErrors([InputError("quantity", "The quantity must be more than 0.")])
    life = life_of(contract)
    if promise.year is not None and not life.start_on.year <= promise.year <= life.end_on.year:
        raise InputErrors([InputError("year", f"The contract runs from {life.format()}; choose a year in it.")])
    _check(settlement, contract, promise.quantity, promise.year)
    kept = catalogue_of(session, contract, catalogue)
    commitment = make_commitment(promise, kept, contract.start_on, settlement)
    commitment.contract_id = contract.id
    add(session, commitment)
    detail = {"measure": promise.measure, "quantity": Quantity(promise.quantity, commitment.unit).format()}
    _audit(session, person, contract, "commitment.added", detail)
    return commitment


def _check(settlement: Settlement, contract: Contract, quantity: Decimal, year: int | None) -> None:
    check_settlement(settlement, quantity)
    outside = find_outside(settlement.milestones, life_of(contract), year)
    if outside:
        raise InputErrors([InputError("milestones", outside)])


def _audit(session: Session, person: Person, contract: Contract, action: str, detail: Mapping[str, Any]) -> None:
    told = {"reference": contract.reference, **detail}
    append_event(session, actor=person.email, action=action, object_kind="contract", object_id=contract.id, detail=told)
