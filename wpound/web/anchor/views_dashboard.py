"""What needs an anchor institution now."""

from flask import render_template

from wpound.documents.league_report import league_line
from wpound.services.list_anchor_work import FILE_TITLES, get_anchor_work
from wpound.web.access import Policy, current_person, requires
from wpound.web.extensions import site
from wpound.web.reading import reading_page


@requires(Policy.ANCHOR)
def dashboard() -> str:
    """The anchor's files, how much of its spend has a place, and where it stands in the league table."""
    person = current_person()
    with reading_page() as session:
        work = get_anchor_work(session, person, site().city)
    line = league_line(work.row) if work.row else None
    return render_template("anchor/dashboard.html", work=work, line=line, titles=FILE_TITLES)
