"""The returns suppliers made to a buyer, and those that are late."""

from flask import render_template

from wpound.services.list_buyer_work import STATUS_TITLES, list_buyer_returns
from wpound.store.engine import reading
from wpound.web.access import Policy, current_person, requires
from wpound.web.extensions import site
from wpound.web.pagination import get_choice, get_page


@requires(Policy.CONTRACT_MANAGER)
def returns() -> str:
    """The returns under the contracts the person looks after, all or those of one status."""
    person, status = current_person(), get_choice("status", STATUS_TITLES)
    with reading(site().engine) as session:
        page = get_page(lambda limit, offset: list_buyer_returns(session, person, status, limit, offset))
    return render_template("buyer/returns.html", page=page, status=status, titles=STATUS_TITLES)
