"""The register: its list, a new entry, and all contracts together by outcome of the plan."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from wpound.services.clock import day_of
from wpound.services.register_contract import register_contract
from wpound.services.show_contract import STANDING_TITLES, list_buyer_managers, list_buyer_register
from wpound.services.show_delivery import show_portfolio
from wpound.store.engine import now_in
from wpound.store.register import RegisterFilter
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.contracts.forms_contract import NewContractForm
from wpound.web.buyer.contracts.place import Answer, act
from wpound.web.extensions import site
from wpound.web.pagination import get_choice, get_page
from wpound.web.reading import reading_page

LONGEST_WORDS = 200


@requires(Policy.CONTRACT_MANAGER)
def contracts() -> str:
    """The contracts the person looks after; the filters are in the address."""
    person, standing = current_person(), get_choice("standing", STANDING_TITLES)
    words, manager = request.args.get("words", "")[:LONGEST_WORDS], request.args.get("manager", "")
    with reading_page() as session:
        wanted = RegisterFilter(words, standing, manager, day_of(now_in(session)))
        page = get_page(lambda limit, offset: list_buyer_register(session, person, wanted, limit, offset))
        managers = list_buyer_managers(session, person)
    return render_template(
        "buyer/contracts/list.html",
        page=page,
        wanted=wanted,
        managers=managers,
        standings=STANDING_TITLES,
        is_officer=person.meets(Policy.OFFICER),
    )


@requires(Policy.OFFICER)
def new_contract() -> Answer:
    """Enter a contract that came from no tender here."""
    form = NewContractForm()
    entered: list[Any] = []

    def enter(session: Any, person: Any) -> None:
        supplier, terms, details = form.to_supplier(), form.to_terms(), form.to_details()
        entered.append(register_contract(session, person, supplier, terms, details, site().catalogue))

    if form.validate_on_submit() and act(form, enter):
        flash("The contract is in the register. Add what its supplier promised.", "success")
        return redirect(url_for("buyer.contract", contract_id=entered[0].id), 303)
    page = render_template("buyer/contracts/new.html", form=form)
    return (page, 400) if form.errors else page


@requires(Policy.CONTRACT_MANAGER)
def portfolio() -> str:
    """Everything promised under the contracts the person looks after, by head and by outcome of the plan."""
    with reading_page() as session:
        found = show_portfolio(session, current_person(), site().catalogue)
    return render_template("buyer/contracts/portfolio.html", portfolio=found, plan=site().catalogue.plan)
