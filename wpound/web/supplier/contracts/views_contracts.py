"""The contracts of a supplier: what it promised, when it is due, and how far it is."""

from flask import Response, render_template

from wpound.documents.calendar import calendar_bytes
from wpound.services.clock import day_of
from wpound.services.reach_contract import find_suppliers_contract
from wpound.services.show_contract import (
    STANDING_TITLES,
    list_contract_days,
    list_suppliers_contracts,
    show_suppliers_contract,
)
from wpound.store.engine import now_in
from wpound.store.register import RegisterFilter
from wpound.web.access import Policy, current_person, requires
from wpound.web.downloads import save_as
from wpound.web.extensions import site
from wpound.web.pagination import get_choice, get_page
from wpound.web.reading import reading_page


@requires(Policy.SUPPLIER)
def contracts() -> str:
    """The contracts of the firm, all or those of one standing."""
    person, standing = current_person(), get_choice("standing", STANDING_TITLES)
    with reading_page() as session:
        wanted = RegisterFilter(standing=standing, today=day_of(now_in(session)))
        page = get_page(lambda limit, offset: list_suppliers_contracts(session, person, wanted, limit, offset))
    return render_template("supplier/contracts/list.html", page=page, standing=standing, standings=STANDING_TITLES)


@requires(Policy.SUPPLIER)
def contract(agreement_id: int) -> str:
    """One contract: its obligations, their due dates and what was verified so far."""
    with reading_page() as session:
        page = show_suppliers_contract(session, current_person(), agreement_id, site().catalogue)
    return render_template("supplier/contracts/contract.html", page=page)


@requires(Policy.SUPPLIER)
def calendar(agreement_id: int) -> Response:
    """The days on which promises fall due, for a calendar program."""
    with reading_page() as session:
        found = find_suppliers_contract(session, current_person(), agreement_id)
        days = list_contract_days(session, found, site().catalogue)
    response = Response(calendar_bytes(days, found.created_at), content_type="text/calendar; charset=utf-8")
    return save_as(response, f"contract-{found.id}.ics")
