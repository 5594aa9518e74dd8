"""The tenders a supplier can bid for."""

from flask import render_template

from wpound.services.list_supplier_work import list_tenders_for_supplier
from wpound.store.engine import reading
from wpound.web.access import Policy, current_person, requires
from wpound.web.extensions import site
from wpound.web.pagination import get_page


@requires(Policy.SUPPLIER)
def tenders() -> str:
    """Every tender that takes bids now, the first to close first."""
    person = current_person()
    with reading(site().engine) as session:
        page = get_page(lambda limit, offset: list_tenders_for_supplier(session, person, limit, offset))
    return render_template("supplier/tenders.html", page=page)
