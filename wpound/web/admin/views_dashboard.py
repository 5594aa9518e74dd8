"""What needs an administrator now."""

from flask import render_template

from wpound.services.check_health import check_scanner
from wpound.services.list_admin_work import get_admin_work
from wpound.services.list_jobs import STATE_TITLES
from wpound.web.access import Policy, current_person, requires
from wpound.web.extensions import site
from wpound.web.reading import reading_page


@requires(Policy.ADMIN)
def dashboard() -> str:
    """The people of the organisation, background work, and how the service is."""
    person = current_person()
    with reading_page() as session:
        work = get_admin_work(session, person)
    # Outside of the transaction: a scanner that does not answer is waited for.
    scanner = check_scanner(site().settings) if work.background else None
    return render_template("admin/dashboard.html", work=work, titles=STATE_TITLES, scanner=scanner)
