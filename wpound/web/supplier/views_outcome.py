"""What became of a supplier's own bid: its summary to read and to download."""

from collections.abc import Callable

from flask import Response, render_template

from wpound.core.errors import NotFound
from wpound.documents.assessment_summary import (
    AssessmentSummary,
    assessment_summary_html,
    assessment_summary_pdf,
    summary_facts,
)
from wpound.documents.summary_file import assessment_summary_json
from wpound.services.read_outcome import read_outcome, read_own_summary
from wpound.web.access import Policy, current_person, requires
from wpound.web.downloads import save_as
from wpound.web.extensions import site
from wpound.web.reading import reading_page

DOWNLOADS: dict[str, tuple[Callable[[AssessmentSummary], bytes | str], str]] = {
    "pdf": (assessment_summary_pdf, "application/pdf"),
    "html": (assessment_summary_html, "text/html; charset=utf-8"),
    "json": (assessment_summary_json, "application/json"),
}


@requires(Policy.SUPPLIER)
def outcome(ocid: str, lot: int) -> str:
    """The own result with its reasons, the way to the next point and who won."""
    with reading_page() as session:
        found = read_outcome(session, current_person(), ocid, lot, site().catalogue)
    facts = summary_facts(found.summary) if found.summary else {}
    return render_template("supplier/outcome.html", outcome=found, **facts)


@requires(Policy.SUPPLIER)
def outcome_download(ocid: str, lot: int, extension: str) -> Response:
    """The same as a file."""
    with reading_page() as session:
        summary = read_own_summary(session, current_person(), ocid, lot, site().catalogue)
    if extension not in DOWNLOADS:
        raise NotFound(f"A summary cannot be had as {extension}.")
    make, content_type = DOWNLOADS[extension]
    return save_as(Response(make(summary), content_type=content_type), f"{ocid}-lot-{lot}-summary.{extension}")
