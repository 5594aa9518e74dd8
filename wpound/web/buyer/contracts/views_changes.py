"""A change of a contract, in two steps: described, then looked at with what the promises become."""

from typing import Any

from flask import render_template, request

from wpound.core.errors import InputErrors, StaleEdit, StateError
from wpound.services.change_contract import ChangedPromise, change_contract, preview_change
from wpound.services.reach_contract import measure_title
from wpound.web.access import Policy, requires
from wpound.web.buyer.contracts.forms_contract import ChangeForm
from wpound.web.buyer.contracts.place import Answer, act, done, open_contract, show_form
from wpound.web.extensions import site


@requires(Policy.CONTRACT_MANAGER)
def change(contract_id: int) -> Answer:
    """Describe a change; sent once it is shown again with the promises it leads to, sent twice it is entered."""
    contract, catalogue = open_contract(contract_id)
    form = _change_form(contract)
    try:
        if form.validate_on_submit():
            if form.version_shown != contract.version:
                raise StaleEdit
            promises = _preview(form, contract)
            if promises is not None and "confirmed" not in request.form:
                return render_template(
                    "buyer/contracts/change.html",
                    form=form,
                    contract=contract,
                    terms=form.to_terms(),
                    promises=promises,
                    title_of=lambda code: measure_title(catalogue, code),
                )
            if promises is not None and act(
                form,
                lambda session, person: change_contract(
                    session, person, contract_id, form.to_terms(), site().catalogue, version=form.version_shown
                ),
            ):
                return done("The change is entered. The old promises stay on record.", contract_id, "changes")
    except StaleEdit:
        raise form.beside(_change_form(open_contract(contract_id)[0], formdata=None)) from None
    return show_form(form, contract, "Change the contract", "Look at the change")


def _change_form(contract: Any, **options: object) -> ChangeForm:
    data = {"version": contract.version, "value": contract.contract_value, "end_on": contract.end_on}
    return ChangeForm(data=data, **options)


def _preview(form: ChangeForm, contract: Any) -> tuple[ChangedPromise, ...] | None:
    """What the promises become; None where the change cannot be, which the form then says."""
    try:
        return preview_change(contract, form.to_terms())
    except InputErrors as error:
        form.refuse(error)
    except StateError as error:
        form.form_errors.append(error.message)
    return None
