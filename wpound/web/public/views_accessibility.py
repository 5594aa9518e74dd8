"""The accessibility statement."""

from datetime import date

from flask import render_template

from wpound.web.access import Policy, requires
from wpound.web.caching import unchanging

PREPARED_ON = date(2026, 11, 21)
REVIEWED_ON = date(2026, 11, 21)


@requires(Policy.PUBLIC)
@unchanging
def accessibility() -> str:
    """How accessible the service is, what is not, and how that was tested."""
    return render_template("public/accessibility.html", prepared_on=PREPARED_ON, reviewed_on=REVIEWED_ON)
