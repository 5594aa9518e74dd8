"""The returns suppliers made to a buyer, and those that are late."""

from flask import render_template

from wpound.services.list_buyer_work import STATUS_TITLES, list_buyer_returns
from wpound.web.access import Policy, current_person, requires
from wpound.web.pagination import get_choice, get_page
from wpound.web.reading import reading_page


@requires(Policy.CONTRACT_MANAGER)
def returns() -> str:
    """The returns under the contracts the person looks after, all or those of one status."""
    person, status = current_person(), get_choice("status", STATUS_TITLES)
    with reading_page() as session:
        page = get_page(lambda limit, offset: list_buyer_returns(session, person, status, limit, offset))
    return render_template("buyer/returns.html", page=page, status=status, titles=STATUS_TITLES)
