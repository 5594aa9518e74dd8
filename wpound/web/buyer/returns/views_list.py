"""The returns suppliers sent to a buyer, and those that are late."""

from flask import render_template

from wpound.services.review_return import FILTER_TITLES, ReturnFilter, list_late, list_reviews
from wpound.web.access import Policy, current_person, requires
from wpound.web.pagination import get_choice, get_page
from wpound.web.reading import reading_page


@requires(Policy.CONTRACT_MANAGER)
def returns() -> str:
    """The returns under the contracts the person looks after: all that were sent, or those the address asks for."""
    person, wanted = current_person(), get_choice("status", ReturnFilter)
    with reading_page() as session:
        if wanted is ReturnFilter.OVERDUE:
            late = get_page(lambda limit, offset: list_late(session, person, limit, offset))
            return render_template("buyer/returns/late.html", page=late, status=wanted, titles=FILTER_TITLES)
        page = get_page(lambda limit, offset: list_reviews(session, person, wanted, limit, offset))
    return render_template("buyer/returns/list.html", page=page, status=wanted, titles=FILTER_TITLES)
