"""The result as officers read it: scored again by two, the panel on record, the record itself, ends without award."""

import csv
import io
import json
from typing import Any

import pytest
from sqlalchemy import select

from wpound.core.errors import InputError, NotFound, StateError
from wpound.core.roles import Role
from wpound.documents.audit_record import audit_csv, audit_json
from wpound.documents.release_fields import write_json
from wpound.documents.score_sheet import score_sheet_csv
from wpound.services.build_releases import build_award_release, build_tender_release
from wpound.services.change_roles import grant_role
from wpound.services.create_person import create_person
from wpound.services.end_lot import end_lot, find_ending
from wpound.services.evaluate_again import ask_rescore, decide_rescore, find_asked
from wpound.services.evaluate_bids import get_result
from wpound.services.export_audit import export_audit
from wpound.services.gather_report import gather_evaluation_report
from wpound.services.show_result import show_lines, show_result
from wpound.services.view_robustness import record_viewing, view_robustness
from wpound.store.audit import list_events
from wpound.store.base import add
from wpound.store.evaluations import find_evaluation, list_evaluations
from wpound.store.models.organisations import Organisation
from wpound.store.models.outbox import OutgoingMail
from wpound.store.models.tenders import TenderStage

FIRST, SECOND = "ophelia@example.org", "otto@example.org"


def test_the_result_is_there_with_every_line_and_how_small_firms_did(deciding: Any) -> None:
    found, catalogue = deciding.found, deciding.buying.catalogue
    page = show_result(deciding.session, found, catalogue)
    assert [page.bidders[bid.bid_id] for bid in page.evaluation.bids] == ["Birch", "Ash", "Cedar"]
    assert (page.in_the_way, page.asked, page.ending, page.is_latest) == ((), None, None, True)
    assert {row.bidder for row in page.fairness} == {"Ash", "Birch", "Cedar"}
    lines = show_lines(deciding.session, found, deciding.bid("Ash").id)
    assert lines.reasons["plan"].startswith("Names every site")
    assert sum(line.contribution or 0 for line in lines.bid.lines) == lines.bid.points
    with pytest.raises(NotFound):
        show_lines(deciding.session, found, 4711)
    with pytest.raises(NotFound):
        show_result(deciding.session, found, catalogue, 9)


def test_nothing_of_a_bid_is_told_before_the_opening(buying: Any, deciding: Any) -> None:
    tender = buying.publish(buying.draft(ocid="ocds-test-2"))
    buying.submit(tender, "Ash")
    sealed = type(deciding)(buying, tender)
    page = show_result(buying.session, sealed.found, buying.catalogue)
    assert (page.bidders, page.sizes, page.evaluation) == ({}, {}, None)
    assert page.in_the_way == ("The bids have not been opened.",)
    with pytest.raises(StateError, match="once its marks are locked"):
        export_audit(buying.session, tender)


def test_bids_are_scored_again_by_two_officers_as_a_new_number(deciding: Any) -> None:
    session, lot, catalogue = deciding.session, deciding.lot, deciding.buying.catalogue
    with pytest.raises(StateError, match="Nobody has asked"):
        decide_rescore(session, lot, catalogue, agreed=True, actor=SECOND)
    with pytest.raises(InputError, match="Say why"):
        ask_rescore(session, lot, reason=" ", actor=FIRST)
    ask_rescore(session, lot, reason="A price was read wrongly.", actor=FIRST)
    with pytest.raises(StateError, match="waits for a second officer"):
        ask_rescore(session, lot, reason="Again.", actor=SECOND)
    with pytest.raises(StateError, match="another officer"):
        decide_rescore(session, lot, catalogue, agreed=True, actor=FIRST)
    assert decide_rescore(session, lot, catalogue, agreed=False, actor=SECOND) is None
    assert find_asked(session, lot) is None

    ask_rescore(session, lot, reason="A price was read wrongly.", actor=FIRST)
    second = decide_rescore(session, lot, catalogue, agreed=True, actor=SECOND)
    assert (second.number, second.created_by, second.reason) == (2, FIRST, "A price was read wrongly.")
    first, latest = list_evaluations(session, lot_id=lot.id)
    assert (first.number, first.result_hash) == (1, latest.result_hash)
    event = list_events(session, object_kind="lot", object_id=lot.id)[-1]
    assert (event.actor, event.action, event.detail["in_place_of"]) == (SECOND, "rescore.approved", 1)
    assert find_asked(session, lot) is None

    deciding.recommend()
    with pytest.raises(StateError, match="Take the recommendation back"):
        ask_rescore(session, lot, reason="Too late.", actor=FIRST)


def test_the_panel_opens_for_those_whose_viewing_is_on_record_and_is_always_the_same(deciding: Any) -> None:
    session, lot, catalogue = deciding.session, deciding.lot, deciding.buying.catalogue
    method = dict(deciding.tender.method)
    with pytest.raises(StateError, match="on record"):
        view_robustness(session, deciding.tender, lot, catalogue, email=FIRST)
    record_viewing(session, lot, actor=FIRST)
    record_viewing(session, lot, actor=FIRST)
    told = list_events(session, object_kind="lot", object_id=lot.id)
    assert [(event.action, event.actor, event.detail["evaluation"]) for event in told] == [
        ("robustness.viewed", FIRST, 1)
    ]
    panel = view_robustness(session, deciding.tender, lot, catalogue, email=FIRST)
    again = view_robustness(session, deciding.tender, lot, catalogue, email=FIRST)
    assert panel.to_dict() == again.to_dict()
    assert panel.standing.winners == ("Birch",)
    with pytest.raises(StateError, match="on record"):
        view_robustness(session, deciding.tender, lot, catalogue, email=SECOND)
    assert deciding.tender.method == method

    # Another scoring is another panel to be put on record.
    ask_rescore(session, lot, reason="Once more.", actor=FIRST)
    decide_rescore(session, lot, catalogue, agreed=True, actor=SECOND)
    with pytest.raises(StateError, match="on record"):
        view_robustness(session, deciding.tender, lot, catalogue, email=FIRST)


def test_the_panel_is_for_the_time_after_the_lock(buying: Any) -> None:
    tender, bids = buying.opened()
    for bid in bids:
        buying.mark(bid, "4")
    with pytest.raises(StateError, match="after the marks are locked"):
        record_viewing(buying.session, buying.lot(tender), actor=FIRST)
    buying.lock(tender)
    with pytest.raises(StateError, match="not been scored"):
        record_viewing(buying.session, buying.lot(tender), actor=FIRST)


def test_the_report_has_the_panel_only_after_somebody_looked_at_it(deciding: Any) -> None:
    found, catalogue = deciding.found, deciding.buying.catalogue
    assert gather_evaluation_report(deciding.session, found, catalogue).robustness is None
    record_viewing(deciding.session, deciding.lot, actor=FIRST)
    deciding.recommend()
    report = gather_evaluation_report(deciding.session, found, catalogue)
    assert report.robustness is not None
    assert (report.recommended, report.recommended_by, report.approved_by) == ("Birch", FIRST, "")
    assert [(one.envelope, len(one.officers)) for one in report.openings] == [("quality", 2), ("price", 2)]
    assert {one.bidder for one in report.received} == {"Ash", "Birch", "Cedar"}
    assert all(one.receipt.startswith("R-") and len(one.content_hash) == 64 for one in report.received)


def test_the_record_holds_every_event_and_every_mark_and_no_formula(deciding: Any) -> None:
    bid = deciding.bid("Ash")
    record = export_audit(deciding.session, deciding.tender)
    actions = [event.action for event in record.events]
    for action in (
        "tender.drafted",
        "tender.published",
        "bid.submitted",
        "bids.opened",
        "mark.agreed",
        "tender.evaluated",
    ):
        assert action in actions
    assert [event.seq for event in record.events] == sorted(event.seq for event in record.events)
    assert {(mark.bidder, mark.mark) for mark in record.marks} >= {("Ash", "4"), ("Birch", "5"), ("Cedar", "2")}
    ask_rescore(deciding.session, deciding.lot, reason="=1+1", actor=FIRST)
    assert bid is not None
    rows = list(csv.reader(io.StringIO(audit_csv(export_audit(deciding.session, deciding.tender)).decode("utf-8-sig"))))
    assert "'=1+1" in rows[-1] and "=1+1" not in rows[-1]
    assert len(rows) == 1 + len(record.events) + 1 + len(record.marks)
    told = json.loads(audit_json(record))
    assert (told["ocid"], len(told["events"]), len(told["marks"])) == (
        "ocds-test-1",
        len(record.events),
        len(record.marks),
    )


def test_the_record_of_one_tender_holds_nothing_of_another(buying: Any, deciding: Any) -> None:
    buying.draft(ocid="ocds-test-10")
    record = export_audit(deciding.session, deciding.tender)
    assert all(event.detail.get("ocid") in (None, "ocds-test-1") for event in record.events)


def test_scores_leave_as_a_table_without_formulas(deciding: Any) -> None:
    result = json.loads(json.dumps(get_result(find_evaluation(deciding.session, lot_id=deciding.lot.id))))
    result["bids"][0]["bidder"] = "=Birch"
    rows = list(csv.reader(io.StringIO(score_sheet_csv(result).decode("utf-8-sig"))))
    assert len(rows) == 1 + sum(len(bid["lines"]) for bid in result["bids"])
    assert rows[1][0] == "'=Birch"


def test_a_release_names_the_winner_and_counts_the_others(deciding: Any) -> None:
    deciding.recommend()
    deciding.approve()
    found, catalogue = deciding.found, deciding.buying.catalogue
    with pytest.raises(StateError, match="summaries are out"):
        build_award_release(deciding.session, found, catalogue, "https://example.org")
    deciding.issue()
    deciding.notify()
    package = write_json(build_award_release(deciding.session, found, catalogue, "https://example.org")).decode()
    assert "Birch" in package and "Ash" not in package and "Cedar" not in package
    [release] = json.loads(package)["releases"]
    assert release["awards"][0]["value"]["amount"] == 500000
    assert release["bids"]["statistics"][0]["value"] == 3
    assert release["awards"][0]["standstillPeriod"]["endDate"].startswith("2026-05-07")
    announced = write_json(build_tender_release(deciding.session, deciding.tender, catalogue, "https://example.org"))
    assert b"Birch" not in announced


def test_a_lot_ends_without_award_and_every_bidder_is_told(deciding: Any) -> None:
    session = deciding.session
    firm = add(session, Organisation(key="ash", name="Ash", identifier="GB-COH-ZZ000001", is_public_body=False))
    user = create_person(session, email="sam@ash.example", name="Sam", password="purple monkey dish", actor="test")
    grant_role(session, user, firm, Role.SUPPLIER, actor="test")
    with pytest.raises(InputError, match="Say why nobody"):
        end_lot(session, deciding.lot, reason=" ", actor=FIRST)
    end_lot(session, deciding.lot, reason="No bid is affordable.", actor=FIRST)
    assert find_ending(session, deciding.lot) == "No bid is affordable."
    assert (deciding.tender.stage, deciding.tender.ended_because) == (TenderStage.CANCELLED, "No bid is affordable.")
    [mail] = session.scalars(select(OutgoingMail))
    assert (mail.recipient, "No bid is affordable." in mail.body) == ("sam@ash.example", True)
    with pytest.raises(StateError, match="during evaluation"):
        deciding.recommend()


def test_a_lot_with_a_contract_does_not_end(deciding: Any) -> None:
    deciding.noticed().enter()
    with pytest.raises(StateError, match="during evaluation"):
        end_lot(deciding.session, deciding.lot, reason="Too late.", actor=FIRST)
