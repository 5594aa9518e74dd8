"""What needs a supplier now."""

from functools import partial

from flask import render_template

from wpound.services.list_supplier_work import STATUS_TITLES, get_supplier_work
from wpound.services.reach_contract import measure_title
from wpound.web.access import Policy, current_person, requires
from wpound.web.extensions import site
from wpound.web.reading import reading_page


@requires(Policy.SUPPLIER)
def dashboard() -> str:
    """Tenders open to the supplier, reports it owes, and what became of those it made."""
    person = current_person()
    with reading_page() as session:
        work = get_supplier_work(session, person)
    title_of = partial(measure_title, site().catalogue)
    return render_template("supplier/dashboard.html", work=work, title_of=title_of, titles=STATUS_TITLES)
