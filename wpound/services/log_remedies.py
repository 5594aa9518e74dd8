"""The log of what followed where something was not delivered."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, InputErrors, StateError
from wpound.core.form import write_money
from wpound.core.money import Money
from wpound.services.access import Person
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.reach_contract import hold_contract
from wpound.store.audit import append_event
from wpound.store.base import add, require_version
from wpound.store.engine import lock
from wpound.store.kpis import get_remedy, list_remedies
from wpound.store.models.contracts import Contract
from wpound.store.models.kpis import Remedy

LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class NewRemedy:
    """What was not delivered, what is asked of the supplier by when, and the sum due where there is one."""

    problem: str
    action: str
    due_on: date
    measure_code: str | None = None
    amount: Money | None = None


def raise_remedy(
    session: Session, person: Person, contract_id: int, new: NewRemedy, clock: Clock = database_clock
) -> Remedy:
    """Write a remedy into the log; raises InputErrors for a promise the contract does not have."""
    contract, today = hold_contract(session, person, contract_id), day_of(clock(session))
    if new.measure_code and new.measure_code not in {one.measure_code for one in contract.commitments}:
        raise InputErrors([InputError("measure_code", "The contract has no such promise.")])
    if new.due_on < today:
        raise InputErrors([InputError("due_on", "The day by which it is to be put right cannot be past.")])
    remedy = Remedy(
        contract_id=contract.id,
        number=len(list_remedies(session, contract_id=contract.id)) + 1,
        measure_code=new.measure_code,
        raised_on=today,
        raised_by=person.email,
        problem=new.problem,
        action=new.action,
        due_on=new.due_on,
        amount=new.amount,
    )
    add(session, remedy)
    _audit(session, person, contract, remedy, "remedy.raised")
    return remedy


def close_remedy(
    session: Session,
    person: Person,
    contract_id: int,
    remedy_id: int,
    outcome: str,
    *,
    version: int,
    clock: Clock = database_clock,
) -> Remedy:
    """Say how a remedy ended, once; raises StateError where it is closed already, InputErrors without words."""
    contract = hold_contract(session, person, contract_id)
    remedy = lock(session, Remedy, get_remedy(session, remedy_id, contract_id=contract.id).id)
    if remedy.closed_on is not None:
        raise StateError("This remedy is closed already.")
    require_version(remedy, version)
    if not outcome.strip():
        raise InputErrors([InputError("outcome", "Say how it ended.")])
    remedy.closed_on, remedy.outcome, remedy.closed_by = day_of(clock(session)), outcome.strip(), person.email
    session.flush()
    _audit(session, person, contract, remedy, "remedy.closed")
    return remedy


def _audit(session: Session, person: Person, contract: Contract, remedy: Remedy, action: str) -> None:
    append_event(
        session,
        actor=person.email,
        action=action,
        object_kind="contract",
        object_id=contract.id,
        detail={
            "reference": contract.reference,
            "number": remedy.number,
            "measure": remedy.measure_code,
            "amount": write_money(remedy.amount) if remedy.amount else None,
        },
    )
