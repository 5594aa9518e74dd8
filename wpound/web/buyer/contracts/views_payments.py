"""Payments and contracts: which belong together, and what was paid outside contracts."""

from flask import render_template, request

from wpound.core.errors import NotFound
from wpound.services.access import organisation_of
from wpound.services.link_payments import (
    confirm_payments,
    get_contract_spend,
    list_contract_payments,
    list_fitting_payments,
    list_off_contract,
    take_out_payments,
)
from wpound.services.reach_contract import reach_contract
from wpound.store.contract_payments import list_years
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.contracts.forms_payments import PaymentsForm, write_key
from wpound.web.buyer.contracts.place import Answer, act, done
from wpound.web.pagination import get_page
from wpound.web.reading import reading_page

PAYMENTS = 50


@requires(Policy.CONTRACT_MANAGER)
def payments(contract_id: int) -> Answer:
    """The payments that fit a contract, each with a box; those ticked are linked."""
    form = PaymentsForm("fitting")
    if form.validate_on_submit() and act(
        form, lambda session, person: confirm_payments(session, person, contract_id, form.payments.data)
    ):
        return done("The payments are linked.", contract_id, "payments")
    return _show(contract_id, form)


@requires(Policy.CONTRACT_MANAGER)
def take_out(contract_id: int) -> Answer:
    """Take the ticked payments out of a contract."""
    form = PaymentsForm("linked")
    if form.validate_on_submit() and act(
        form, lambda session, person: take_out_payments(session, person, contract_id, form.payments.data)
    ):
        return done("The payments are taken out.", contract_id, "payments")
    return _show(contract_id, form)


def _show(contract_id: int, form: PaymentsForm) -> Answer:
    with reading_page() as session:
        contract = reach_contract(session, current_person(), contract_id)
        page = get_page(lambda limit, offset: list_fitting_payments(session, contract, limit, offset), PAYMENTS)
        linked, count = list_contract_payments(session, contract, PAYMENTS)
        spend = get_contract_spend(session, contract)
    form.stand_at(linked if form.table == "linked" else page.rows)
    shown = render_template(
        "buyer/contracts/payments.html",
        form=form,
        contract=contract,
        page=page,
        linked=linked,
        linked_count=count,
        spend=spend,
        key_of=write_key,
    )
    return (shown, 400) if form.errors else shown


@requires(Policy.OFFICER)
def off_contract() -> str:
    """What was paid outside contracts, by supplier, the most first."""
    person = current_person()
    with reading_page() as session:
        years = list_years(session, organisation_id=organisation_of(person))
        year = _year(years)
        rows = list_off_contract(session, person, year)
    page = get_page(lambda limit, offset: (rows[offset : offset + limit], len(rows)), PAYMENTS)
    return render_template("buyer/contracts/off_contract.html", page=page, years=years, year=year)


def _year(years: list[int]) -> int | None:
    """The financial year asked for, None for all; raises NotFound for one without payments."""
    asked = request.args.get("year", "")
    if not asked:
        return None
    found = next((year for year in years if str(year) == asked), None)
    if found is None:
        raise NotFound("There are no payments of that year.")
    return found
