"""One contract: its page, its details, its calendar."""

from typing import Any

from flask import Response, render_template

from wpound.core.errors import StaleEdit
from wpound.documents.calendar import calendar_bytes
from wpound.services.change_contract import KIND_TITLES, RULE_TITLES
from wpound.services.edit_contract import details_of, edit_details
from wpound.services.reach_contract import catalogue_of, measure_title, reach_contract
from wpound.services.show_contract import TYPE_TITLES, list_contract_days, show_contract
from wpound.store.kpis import list_ratings, list_remedies
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.contracts.forms_contract import DetailsForm
from wpound.web.buyer.contracts.place import Answer, act, done, open_contract, show_form
from wpound.web.downloads import save_as
from wpound.web.extensions import site
from wpound.web.reading import reading_page


@requires(Policy.CONTRACT_MANAGER)
def contract(contract_id: int) -> str:
    """Everything about a contract: entry, delivery, promises, KPIs, changes, remedies and payments."""
    person = current_person()
    with reading_page() as session:
        page = show_contract(session, person, contract_id, site().catalogue)
        catalogue = catalogue_of(session, page.contract, site().catalogue)
        counting = [one.id for one in page.counting]
        ratings = sorted(list_ratings(session, counting), key=lambda pair: counting.index(pair[0].assessment_id))
        remedies = list_remedies(session, contract_id=contract_id)
    return render_template(
        "buyer/contracts/contract.html",
        page=page,
        ratings=ratings,
        counting=counting,
        remedies=remedies,
        kinds=KIND_TITLES,
        rules=RULE_TITLES,
        types=TYPE_TITLES,
        title_of=lambda code: measure_title(catalogue, code),
        is_officer=person.meets(Policy.OFFICER),
    )


@requires(Policy.CONTRACT_MANAGER)
def details(contract_id: int) -> Answer:
    """Change what the entry says beside its terms."""
    contract, _ = open_contract(contract_id)
    form = _details_form(contract)
    try:
        if form.validate_on_submit() and act(
            form,
            lambda session, person: edit_details(
                session, person, contract_id, form.to_details(contract.lot), version=form.version_shown
            ),
        ):
            return done("The details are saved.", contract_id)
    except StaleEdit:
        raise form.beside(_details_form(open_contract(contract_id)[0], formdata=None)) from None
    return show_form(form, contract, "Details of the contract", "Save")


def _details_form(contract: Any, **options: object) -> DetailsForm:
    said = details_of(contract)
    data = {name: getattr(said, name) for name in said.__slots__}
    # A form has a method of that name.
    data["procedure"] = data.pop("process")
    for name in ("contract_type", "regime"):
        data[name] = data[name].value if data[name] else ""
    return DetailsForm(data={**data, "version": contract.version}, **options)


@requires(Policy.CONTRACT_MANAGER)
def calendar(contract_id: int) -> Response:
    """The days on which promises fall due, for a calendar program."""
    with reading_page() as session:
        found = reach_contract(session, current_person(), contract_id)
        days = list_contract_days(session, found, site().catalogue)
    response = Response(calendar_bytes(days, found.created_at), content_type="text/calendar; charset=utf-8")
    return save_as(response, f"contract-{found.id}.ics")
