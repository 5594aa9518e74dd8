"""The promises of a contract: one more from the catalogue, and what is settled for each."""

from decimal import Decimal
from typing import Any, cast

from wpound.catalogue.model import Catalogue
from wpound.core.bids import Commitment as Promise
from wpound.core.errors import InputErrors, StaleEdit
from wpound.core.quantities import Quantity
from wpound.services.edit_contract import add_commitment, find_commitment, settle_commitment
from wpound.services.reach_contract import measure_title
from wpound.services.settled_dates import milestones_of
from wpound.web.access import Policy, requires
from wpound.web.buyer.contracts.forms_contract import NewPromiseForm, PromiseForm
from wpound.web.buyer.contracts.milestones import read_milestones, write_milestones
from wpound.web.buyer.contracts.place import Answer, act, done, open_contract, show_form
from wpound.web.extensions import site
from wpound.web.forms import Form


@requires(Policy.OFFICER)
def new_promise(contract_id: int) -> Answer:
    """Add a promise from the catalogue."""
    contract, catalogue = open_contract(contract_id)
    form = NewPromiseForm(_choices(catalogue))
    if (
        form.validate_on_submit()
        and _are_sound(form)
        and act(
            form,
            lambda session, person: add_commitment(
                session,
                person,
                contract_id,
                Promise(str(form.measure.data), cast(Decimal, form.quantity.data), form.year.data),
                form.to_settlement(read_milestones(form.milestones.data)),
                site().catalogue,
            ),
        )
    ):
        return done("The promise is added.", contract_id, "promises")
    return show_form(form, contract, "Add a promise", "Add the promise", order=["measure", "quantity", "year"])


@requires(Policy.CONTRACT_MANAGER)
def promise(contract_id: int, promise_id: int) -> Answer:
    """Settle owner, due dates, evidence and remedy of a promise."""
    contract, catalogue = open_contract(contract_id)
    row = find_commitment(contract, promise_id)
    form = _promise_form(row)
    try:
        if (
            form.validate_on_submit()
            and _are_sound(form)
            and act(
                form,
                lambda session, person: settle_commitment(
                    session,
                    person,
                    contract_id,
                    promise_id,
                    form.to_settlement(read_milestones(form.milestones.data)),
                    version=form.version_shown,
                ),
            )
        ):
            return done("Saved.", contract_id, "promises")
    except StaleEdit:
        now = find_commitment(open_contract(contract_id)[0], promise_id)
        raise form.beside(_promise_form(now, formdata=None)) from None
    title = measure_title(catalogue, row.measure_code, row.year)
    promised = f"Promised: {Quantity(row.quantity, row.unit).format()}."
    return show_form(form, contract, title, "Save", intro=promised)


def _promise_form(row: Any, **options: object) -> PromiseForm:
    data = {
        "version": row.version,
        "owner": row.owner,
        "due_profile": row.due_profile.value if row.due_profile else None,
        "milestones": write_milestones(milestones_of(row)) or None,
        "evidence": row.evidence,
        "remedy": row.remedy,
    }
    return PromiseForm(data=data, **options)


def _are_sound(form: Form) -> bool:
    """Whether the milestones can be read; what is wrong with them is said at their box."""
    try:
        read_milestones(form["milestones"].data)
    except InputErrors as error:
        form.refuse(error)
    return not form.errors


def _choices(catalogue: Catalogue) -> dict[str, str]:
    measures = sorted(catalogue.measures.values(), key=lambda one: one.title)
    return {one.code: f"{one.title} ({one.unit.label})" for one in measures}
