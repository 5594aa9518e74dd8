"""The tenders of a buyer."""

from flask import render_template

from wpound.services.list_buyer_work import STAGE_TITLES, list_buyer_tenders
from wpound.web.access import Policy, current_person, requires
from wpound.web.pagination import get_choice, get_page
from wpound.web.reading import reading_page


@requires(Policy.OFFICER)
def tenders() -> str:
    """Every tender of the organisation, all or those at one stage, newest first."""
    person, stage = current_person(), get_choice("stage", STAGE_TITLES)
    with reading_page() as session:
        page = get_page(lambda limit, offset: list_buyer_tenders(session, person, stage, limit, offset))
    return render_template("buyer/tenders.html", page=page, stage=stage, titles=STAGE_TITLES)
