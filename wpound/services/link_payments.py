"""Say which payments belong to which contract: a rule proposes, a person confirms, and what fits none is shown."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, InputErrors
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.services.access import Person, organisation_of
from wpound.services.reach_contract import hold_contract, life_of
from wpound.store.audit import append_event
from wpound.store.contract_payments import (
    Fit,
    LineKey,
    PaymentRow,
    find_unlinked,
    link_payment,
    list_contract_days,
    list_linked,
    list_proposed,
    sum_by_day,
    sum_by_supplier,
    sum_payments,
    unlink_payments,
)
from wpound.store.contracts import list_contract_suppliers
from wpound.store.models.contract_links import LinkedBy
from wpound.store.models.contracts import Contract

# Invoices come after the work: a rule of this house.
DAYS_TO_PAY = 92
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class ContractSpend:
    """What was paid under a contract so far, against its value."""

    paid: Money
    value: Money

    @property
    def left(self) -> Money:
        """What is left of the value; below nothing where more was paid."""
        return self.value - self.paid


@dataclass(frozen=True, slots=True)
class OffContract:
    """What an organisation paid to one supplier in a year: under contracts, fitting one, and fitting none."""

    supplier: str | None
    contracts: int
    paid: Money
    linked: Money
    fitting: Money
    outside: Money


def get_contract_spend(session: Session, contract: Contract) -> ContractSpend:
    """What was paid under a contract by the payments linked to it."""
    return ContractSpend(sum_payments(session, [contract.id]).get(contract.id, Money(0)), contract.contract_value)


def list_contract_payments(
    session: Session, contract: Contract, limit: int, offset: int = 0
) -> tuple[list[PaymentRow], int]:
    """The payments linked to a contract, latest first."""
    return list_linked(session, contract.id, limit=limit, offset=offset)


def list_fitting_payments(
    session: Session, contract: Contract, limit: int, offset: int = 0
) -> tuple[list[PaymentRow], int]:
    """The payments that belong to no contract yet and fit this one, latest first."""
    return list_proposed(session, make_fit(session, contract), limit=limit, offset=offset)


def make_fit(session: Session, contract: Contract) -> Fit:
    """What a payment must have to fit a contract, other contracts with the same suppliers considered."""
    suppliers = tuple(one.id for one in list_contract_suppliers(session, [contract.id])[contract.id])
    found = list_contract_days(session, organisation_id=contract.organisation_id)
    others = {key: (reference, days) for key, supplier, reference, days in found if supplier in suppliers}
    others.pop(contract.id, None)
    return Fit(
        organisation_id=contract.organisation_id,
        supplier_ids=suppliers,
        reference=contract.reference,
        days=payable(life_of(contract)),
        others=tuple(payable(days) for _, days in others.values()),
        other_references=tuple(reference for reference, _ in others.values()),
    )


def payable(life: Period) -> Period:
    """The days on which a contract of this life is paid for: a quarter longer than it runs."""
    return Period(life.start_on, life.end_on + timedelta(days=DAYS_TO_PAY))


def confirm_payments(session: Session, person: Person, contract_id: int, keys: Collection[LineKey]) -> int:
    """Link payments to a contract, as a person looked at them; how many were linked.

    Each is kept with the rule that proposed it. Raises InputErrors where nothing was chosen, or something that is not
    a payment to the contract's suppliers without a contract.
    """
    contract = hold_contract(session, person, contract_id)
    fit = make_fit(session, contract)
    if not keys or len(keys) > MOST_AT_ONCE:
        raise InputErrors([InputError("payments", f"Choose between 1 and {MOST_AT_ONCE} payments.")])
    free = find_unlinked(session, keys, organisation_id=contract.organisation_id, supplier_ids=fit.supplier_ids)
    if set(keys) - free:
        raise InputErrors([InputError("payments", "A colleague linked some of these already. Look at the list again.")])
    fitting, _ = list_proposed(session, fit, among=free, limit=MOST_AT_ONCE)
    proposed = {row.key: LinkedBy(row.linked_by) for row in fitting}
    for key in sorted(free):
        rule = proposed.get(key, LinkedBy.PERSON)
        link_payment(session, key, contract_id=contract.id, linked_by=rule, by=person.email)
    _audit(session, person, contract, "payments.linked", len(free))
    return len(free)


def take_out_payments(session: Session, person: Person, contract_id: int, keys: Collection[LineKey]) -> int:
    """Take payments out of a contract again; how many were in it. Raises InputErrors where nothing was chosen."""
    contract = hold_contract(session, person, contract_id)
    if not keys or len(keys) > MOST_AT_ONCE:
        raise InputErrors([InputError("payments", f"Choose between 1 and {MOST_AT_ONCE} payments.")])
    count = unlink_payments(session, keys, contract_id=contract.id)
    _audit(session, person, contract, "payments.unlinked", count)
    return count


def list_off_contract(session: Session, person: Person, financial_year: int | None) -> list[OffContract]:
    """What was paid outside contracts, by supplier, the most first; a fixed number of queries however many there are.

    Payments to other public bodies are left out. A payment fits a contract by supplier and day, as links are proposed.
    """
    organisation_id = organisation_of(person)
    days: dict[int, list[Period]] = {}  # 0 stands for payees whom nobody has identified
    for _, supplier_id, _, life in list_contract_days(session, organisation_id=organisation_id):
        days.setdefault(supplier_id, []).append(payable(life))
    year = financial_year
    free = _by_supplier(sum_by_day(session, organisation_id=organisation_id, financial_year=year, linked=False))
    linked = _by_supplier(sum_by_day(session, organisation_id=organisation_id, financial_year=year, linked=True))
    found = []
    for payee_of, name, paid in sum_by_supplier(session, organisation_id=organisation_id, financial_year=year):
        supplier_id = payee_of or 0
        own = days.get(supplier_id, [])
        under = Money.total(amount for _, amount in linked.get(supplier_id, ()))
        fitting = Money.total(amount for day, amount in free.get(supplier_id, ()) if _fits(day, own))
        found.append(OffContract(name, len(own), paid, under, fitting, paid - under - fitting))
    return sorted(found, key=lambda one: (-one.outside.pence, one.supplier or ""))


def _by_supplier(
    rows: Iterable[tuple[int | None, date | None, Money]],
) -> Mapping[int, Sequence[tuple[date | None, Money]]]:
    found: dict[int, list[tuple[date | None, Money]]] = {}
    for supplier_id, day, amount in rows:
        found.setdefault(supplier_id or 0, []).append((day, amount))
    return found


def _fits(day: date | None, lives: Sequence[Period]) -> bool:
    return day is not None and any(day in life for life in lives)


def _audit(session: Session, person: Person, contract: Contract, action: str, count: int) -> None:
    detail = {"reference": contract.reference, "payments": count}
    append_event(
        session, actor=person.email, action=action, object_kind="contract", object_id=contract.id, detail=detail
    )
