"""The log of remedies under a contract."""

from typing import Any

from flask import render_template

from wpound.core.errors import StaleEdit
from wpound.services.log_remedies import close_remedy, raise_remedy
from wpound.services.reach_contract import measure_title
from wpound.store.engine import reading
from wpound.store.kpis import get_remedy
from wpound.web.access import Policy, requires
from wpound.web.buyer.contracts.forms_performance import CloseRemedyForm, NewRemedyForm
from wpound.web.buyer.contracts.place import Answer, act, done, open_contract, show_form
from wpound.web.buyer.contracts.views_kpis import list_promises
from wpound.web.extensions import site


@requires(Policy.CONTRACT_MANAGER)
def new_remedy(contract_id: int) -> Answer:
    """Write down what was not delivered and what is asked."""
    contract, catalogue = open_contract(contract_id)
    form = NewRemedyForm(list_promises(contract, catalogue))
    if form.validate_on_submit() and act(
        form, lambda session, person: raise_remedy(session, person, contract_id, form.to_remedy())
    ):
        return done("The remedy is in the log.", contract_id, "remedies")
    return show_form(form, contract, "Ask for a remedy", "Record the remedy")


@requires(Policy.CONTRACT_MANAGER)
def remedy(contract_id: int, remedy_id: int) -> Answer:
    """What was asked, and how it ended: entered here, once."""
    contract, catalogue = open_contract(contract_id)
    row = _load(contract_id, remedy_id)
    form = CloseRemedyForm(data={"version": row.version})
    try:
        if form.validate_on_submit() and act(
            form,
            lambda session, person: close_remedy(
                session, person, contract_id, remedy_id, str(form.outcome.data), version=form.version_shown
            ),
        ):
            return done("The remedy is closed.", contract_id, "remedies")
    except StaleEdit:
        now = _load(contract_id, remedy_id)
        raise form.beside(CloseRemedyForm(formdata=None, data={"version": now.version})) from None
    promise = measure_title(catalogue, row.measure_code) if row.measure_code else "The contract as a whole"
    page = render_template("buyer/contracts/remedy.html", form=form, contract=contract, remedy=row, promise=promise)
    return (page, 400) if form.errors else page


def _load(contract_id: int, remedy_id: int) -> Any:
    with reading(site().engine) as session:
        return get_remedy(session, remedy_id, contract_id=contract_id)
