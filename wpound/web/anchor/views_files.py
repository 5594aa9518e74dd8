"""The spend files of an anchor."""

from flask import render_template

from wpound.services.list_anchor_work import FILE_TITLES, list_anchor_files
from wpound.store.engine import reading
from wpound.web.access import Policy, current_person, requires
from wpound.web.extensions import site
from wpound.web.pagination import get_page


@requires(Policy.ANCHOR)
def files() -> str:
    """Every spend file of the organisation, the last imported first."""
    person = current_person()
    with reading(site().engine) as session:
        page = get_page(lambda limit, offset: list_anchor_files(session, person, limit, offset))
    return render_template("anchor/files.html", page=page, titles=FILE_TITLES)
