"""The spend files of an anchor."""

from flask import render_template

from wpound.services.list_anchor_work import FILE_TITLES, list_anchor_files
from wpound.web.access import Policy, current_person, requires
from wpound.web.pagination import get_page
from wpound.web.reading import reading_page


@requires(Policy.ANCHOR)
def files() -> str:
    """Every spend file of the organisation, the last imported first."""
    person = current_person()
    with reading_page() as session:
        page = get_page(lambda limit, offset: list_anchor_files(session, person, limit, offset))
    return render_template("anchor/files.html", page=page, titles=FILE_TITLES)
