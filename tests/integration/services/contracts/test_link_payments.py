"""Which payments belong to which contract, and what was paid outside contracts."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from wpound.core.errors import InputErrors
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.services.import_spend import import_spend
from wpound.services.link_payments import (
    confirm_payments,
    get_contract_spend,
    list_contract_payments,
    list_fitting_payments,
    list_off_contract,
    take_out_payments,
)
from wpound.services.register_contract import NamedSupplier
from wpound.store.contract_payments import LineKey
from wpound.store.contracts import get_contract_of
from wpound.store.models.spend import SpendSource
from wpound.store.models.suppliers import DecidedBy, Payee
from wpound.store.spend import withdraw_file
from wpound.store.suppliers import Decision, decide, list_payees

if TYPE_CHECKING:
    from conftest import Managing

WriteSpend = Callable[..., Path]
ASH, BIRCH = "Ash Grounds (Example) Ltd", "Birch Ltd"


def pay(managing: "Managing", source: SpendSource, write_spend: WriteSpend) -> int:
    """Payments to a firm with a contract and to one without; the number of their file."""
    rows = [
        ("01/05/2025", ASH, "1000.00"),
        ("01/06/2028", ASH, "200.00"),
        ("01/01/2024", ASH, "30.00"),
        ("01/05/2025", BIRCH, "4.00"),
    ]
    found = import_spend(managing.session, source, write_spend(rows), [], actor="test")
    payees = {one.name: one for one in list_payees(managing.session, organisation_id=managing.buyer.id)}
    identify(managing, payees[ASH])
    return found.file.id


def identify(managing: "Managing", payee: Payee) -> None:
    if payee.supplier_id is None:
        taken = Decision(managing.contract.supplier_id, DecidedBy.PERSON, None, ["The same firm."], is_transfer=False)
        decide(managing.session, {payee.id: taken}, actor="test")


def fitting(managing: "Managing", contract_id: int | None = None) -> list[LineKey]:
    contract = get_contract_of(managing.session, contract_id or managing.contract_id)
    return [row.key for row in list_fitting_payments(managing.session, contract, 100)[0]]


def test_a_rule_proposes_and_a_person_confirms(
    managing: "Managing", source: SpendSource, write_spend: WriteSpend
) -> None:
    file_id = pay(managing, source, write_spend)
    keys = fitting(managing)
    assert len(keys) == 2  # the third is from before the contract

    assert confirm_payments(managing.session, managing.officer, managing.contract_id, keys) == 2

    assert get_contract_spend(managing.session, managing.contract).paid == Money(120000)
    assert fitting(managing) == []
    with pytest.raises(InputErrors):
        confirm_payments(managing.session, managing.officer, managing.contract_id, keys)
    linked, count = list_contract_payments(managing.session, managing.contract, 10)
    assert {row.linked_by for row in linked} == {"supplier_and_dates"}
    take_out_payments(managing.session, managing.officer, managing.contract_id, keys[:1])
    assert list_contract_payments(managing.session, managing.contract, 10)[1] == count - 1
    withdraw_file(managing.session, file_id, by="test", because="Sent twice.")
    assert get_contract_spend(managing.session, managing.contract).paid == Money(0)


def test_a_payment_that_fits_two_contracts_is_proposed_for_neither(
    managing: "Managing", source: SpendSource, write_spend: WriteSpend
) -> None:
    pay(managing, source, write_spend)
    other = managing.enter("C-2", life=Period(date(2025, 4, 1), date(2025, 12, 31)))

    assert len(fitting(managing)) == 1
    assert fitting(managing, other) == []


def test_another_suppliers_payment_cannot_be_linked(
    managing: "Managing", source: SpendSource, write_spend: WriteSpend
) -> None:
    pay(managing, source, write_spend)
    other = managing.enter("C-3", NamedSupplier("Cedar Ltd", company_number="07654321"))
    with pytest.raises(InputErrors):
        confirm_payments(managing.session, managing.officer, other, fitting(managing))


def test_what_was_paid_outside_contracts_adds_up_with_the_same_number_of_queries(
    managing: "Managing", source: SpendSource, write_spend: WriteSpend
) -> None:
    pay(managing, source, write_spend)
    confirm_payments(managing.session, managing.officer, managing.contract_id, fitting(managing)[:1])
    asked: list[int] = []
    event.listen(managing.session.get_bind(), "before_cursor_execute", lambda *_: asked.append(1))

    rows = {row.supplier: row for row in list_off_contract(managing.session, managing.officer, None)}
    first = len(asked)
    for number in range(5):
        managing.enter(f"D-{number}", NamedSupplier(f"Firm {number} Ltd"))
    asked.clear()
    list_off_contract(managing.session, managing.officer, None)

    assert len(asked) == first
    assert rows[ASH].outside == Money(3000)
    assert all(row.paid == row.linked + row.fitting + row.outside for row in rows.values())
    assert Money.total(row.paid for row in rows.values()) == Money(123400)
    assert rows[None].outside == Money(400)
    assert [row.paid for row in list_off_contract(managing.session, managing.officer, 2023)] == [Money(3000)]
