"""What needs an officer, an evaluator or a contract manager now."""

from functools import partial

from flask import render_template

from wpound.services.list_buyer_work import STAGE_TITLES, get_buyer_work
from wpound.services.reach_contract import measure_title
from wpound.web.access import Policy, current_person, requires
from wpound.web.extensions import site
from wpound.web.reading import reading_page


@requires(Policy.BUYER)
def dashboard() -> str:
    """The work of the person signed in, by the roles they hold; what is not theirs is not shown."""
    person = current_person()
    with reading_page() as session:
        work = get_buyer_work(session, person)
    title_of = partial(measure_title, site().catalogue)
    return render_template("buyer/dashboard.html", work=work, title_of=title_of, titles=STAGE_TITLES)
