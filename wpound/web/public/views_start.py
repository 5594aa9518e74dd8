"""The start page."""

from flask import render_template

from wpound.web.access import Policy, requires
from wpound.web.caching import unchanging
from wpound.web.extensions import site


@requires(Policy.PUBLIC)
@unchanging
def start() -> str:
    """What the service is, for each of the groups it serves."""
    return render_template("public/start.html", plan=site().catalogue.plan)
