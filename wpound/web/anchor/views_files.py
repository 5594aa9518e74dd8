"""The spend files of an anchor, and what was found in each."""

from flask import render_template

from wpound.core.errors import Severity
from wpound.services.list_anchor_work import FILE_TITLES, get_anchor_file, list_anchor_files, list_file_issues
from wpound.web.access import Policy, current_person, requires
from wpound.web.pagination import get_page
from wpound.web.reading import reading_page

SEVERITIES = {Severity.ERROR: "Error", Severity.WARNING: "Warning", Severity.NOTE: "Note"}


@requires(Policy.ANCHOR)
def files() -> str:
    """Every spend file of the organisation, the last imported first."""
    person = current_person()
    with reading_page() as session:
        page = get_page(lambda limit, offset: list_anchor_files(session, person, limit, offset))
    return render_template("anchor/files.html", page=page, titles=FILE_TITLES)


@requires(Policy.ANCHOR)
def file(file_id: int) -> str:
    """One file: which of its rows count, and every row with something to look at."""
    person = current_person()
    with reading_page() as session:
        found = get_anchor_file(session, person, file_id)
        page = get_page(lambda limit, offset: list_file_issues(session, found, limit, offset))
    return render_template("anchor/file.html", file=found, page=page, titles=FILE_TITLES, severities=SEVERITIES)
