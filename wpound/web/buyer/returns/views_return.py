"""One return: its lines with where each stands, and its record."""

from flask import Response, render_template

from wpound.core.declarations import Declaration
from wpound.core.errors import NotFound
from wpound.documents.return_record import return_record_csv, return_record_json
from wpound.services.export_return import export_return
from wpound.services.review_return import review_return
from wpound.web.access import Policy, current_person, requires
from wpound.web.downloads import save_as
from wpound.web.extensions import site
from wpound.web.reading import reading_page

RECORDS = {"csv": (return_record_csv, "text/csv; charset=utf-8"), "json": (return_record_json, "application/json")}


@requires(Policy.CONTRACT_MANAGER)
def social_value_return(return_id: int) -> str:
    """What was promised, due, claimed and decided, line by line."""
    with reading_page() as session:
        review = review_return(session, current_person(), return_id, site().catalogue)
    declared = [one.text for one in Declaration if one.value in (review.page.found.declarations or ())]
    return render_template("buyer/returns/return.html", review=review, declared=declared)


@requires(Policy.CONTRACT_MANAGER)
def return_record(return_id: int, extension: str) -> Response:
    """Every event, version and message of a return."""
    if extension not in RECORDS:
        raise NotFound(f"The record cannot be had as {extension}.")
    with reading_page() as session:
        record = export_return(session, current_person(), return_id, site().catalogue)
    make, content_type = RECORDS[extension]
    return save_as(Response(make(record), content_type=content_type), f"return-{return_id}-record.{extension}")
