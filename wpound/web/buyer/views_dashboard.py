"""What needs an officer, an evaluator or a contract manager now."""

from flask import render_template

from wpound.services.list_buyer_work import STAGE_TITLES, get_buyer_work
from wpound.web.access import Policy, current_person, requires
from wpound.web.reading import reading_page


@requires(Policy.BUYER)
def dashboard() -> str:
    """The work of the person signed in, by the roles they hold; what is not theirs is not shown."""
    person = current_person()
    with reading_page() as session:
        work = get_buyer_work(session, person)
    return render_template("buyer/dashboard.html", work=work, titles=STAGE_TITLES)
