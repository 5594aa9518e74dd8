"""What leaves an award on paper or as data: summaries, letters, report, open data and the record."""

from collections.abc import Callable

from flask import Response

from wpound.core.errors import NotFound
from wpound.documents.assessment_summary import AssessmentSummary, assessment_summary_html, assessment_summary_pdf
from wpound.documents.audit_record import audit_csv, audit_json
from wpound.documents.award_letter import award_letter_pdf
from wpound.documents.evaluation_report import evaluation_report_pdf
from wpound.documents.release_fields import write_json
from wpound.documents.summary_file import assessment_summary_json
from wpound.services.build_releases import build_award_release
from wpound.services.export_audit import export_audit
from wpound.services.gather_report import gather_evaluation_report
from wpound.services.issue_summaries import make_summary
from wpound.services.make_letter import make_letter
from wpound.services.reach_tender import reach_tender
from wpound.store.bids import find_bid
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.award.lots import catalogue_of, open_lot
from wpound.web.downloads import save_as
from wpound.web.extensions import site
from wpound.web.reading import reading_page

SUMMARIES: dict[str, tuple[Callable[[AssessmentSummary], bytes | str], str]] = {
    "html": (assessment_summary_html, "text/html; charset=utf-8"),
    "pdf": (assessment_summary_pdf, "application/pdf"),
    "json": (assessment_summary_json, "application/json"),
}
RECORDS = {"csv": (audit_csv, "text/csv; charset=utf-8"), "json": (audit_json, "application/json")}


@requires(Policy.OFFICER)
def bidder_summary(ocid: str, lot: int, bid_id: int, extension: str) -> Response:
    """One bidder's assessment summary as it will be, or was, issued."""
    with reading_page() as session:
        found = open_lot(session, ocid, lot)
        bid = find_bid(session, bid_id=bid_id, tender_id=found.tender.id)
        if bid is None or bid.lot_id != found.lot.id:
            raise NotFound("There is no such bid.")
        summary = make_summary(session, found.tender, found.lot, bid, catalogue_of(session, found))
    if extension not in SUMMARIES:
        raise NotFound(f"A summary cannot be had as {extension}.")
    make, content_type = SUMMARIES[extension]
    return _file(make(summary), content_type, f"{ocid}-lot-{lot}-summary-{bid_id}.{extension}")


@requires(Policy.OFFICER)
def bidder_letter(ocid: str, lot: int, bid_id: int) -> Response:
    """The letter to one bidder."""
    with reading_page() as session:
        found = open_lot(session, ocid, lot)
        letter = make_letter(session, found, bid_id, catalogue_of(session, found))
    return _file(award_letter_pdf(letter), "application/pdf", f"{ocid}-lot-{lot}-letter-{bid_id}.pdf")


@requires(Policy.OFFICER)
def evaluation_report(ocid: str, lot: int) -> Response:
    """The evaluation report of a lot."""
    with reading_page() as session:
        found = open_lot(session, ocid, lot)
        report = gather_evaluation_report(session, found, catalogue_of(session, found))
    return _file(evaluation_report_pdf(report), "application/pdf", f"{ocid}-lot-{lot}-evaluation-report.pdf")


@requires(Policy.OFFICER)
def release(ocid: str, lot: int) -> Response:
    """The award as an open contracting release."""
    with reading_page() as session:
        found = open_lot(session, ocid, lot)
        package = build_award_release(session, found, catalogue_of(session, found), site().settings.base_url)
    return _file(write_json(package), "application/json", f"{ocid}-lot-{lot}-award.json")


@requires(Policy.OFFICER)
def audit_record(ocid: str, extension: str) -> Response:
    """Every event of a tender and every version of every mark."""
    if extension not in RECORDS:
        raise NotFound(f"The record cannot be had as {extension}.")
    with reading_page() as session:
        record = export_audit(session, reach_tender(session, current_person(), ocid, Policy.OFFICER))
    make, content_type = RECORDS[extension]
    return _file(make(record), content_type, f"{ocid}-record.{extension}")


def _file(content: bytes | str, content_type: str, name: str) -> Response:
    return save_as(Response(content, content_type=content_type), name)
