"""The tenders a supplier can bid for."""

from flask import render_template

from wpound.services.list_supplier_work import list_tenders_for_supplier
from wpound.web.access import Policy, current_person, requires
from wpound.web.pagination import get_page
from wpound.web.reading import reading_page


@requires(Policy.SUPPLIER)
def tenders() -> str:
    """Every tender that takes bids now, the first to close first."""
    person = current_person()
    with reading_page() as session:
        page = get_page(lambda limit, offset: list_tenders_for_supplier(session, person, limit, offset))
    return render_template("supplier/tenders.html", page=page)
