"""The assessment summary: every criterion with a score and a reason, the winner, and nothing that is not owed."""

import dataclasses
from pathlib import Path

import pytest
from pdfua import validate

from wpound.core.errors import InputErrors, NotFound
from wpound.core.feedback import About, Sentence
from wpound.core.results import BidResult, GroupTotal
from wpound.core.trace import ScoreLine
from wpound.documents.assessment_summary import (
    AssessmentSummary,
    assessment_summary_html,
    assessment_summary_pdf,
)


def for_bidder(summary: AssessmentSummary, bidder: str) -> AssessmentSummary:
    return dataclasses.replace(summary, bidder=bidder)


def test_the_loser_reads_its_marks_the_reasons_and_who_won(summary: AssessmentSummary) -> None:
    page = assessment_summary_html(summary)
    assert "another tender was assessed as more advantageous" in page
    assert "79.60 (the winner: 93.90)" in page
    for text in ("25.20", "14.40", "39.60", "66.0%", "42.00"):
        assert text in page
    assert "Sound, but no dates are given for the parks." in page
    assert "Names every site, with a person and a date for each." in page
    for text in ("1 Park Lane, Wolverhampton WV1 1AA", "bids@green.example", "GB-COH-RS007654"):
        assert text in page


def test_every_criterion_and_sub_criterion_is_explained(summary: AssessmentSummary) -> None:
    page = assessment_summary_html(summary)
    for title in (
        "Insurance in place",
        "Price",
        "Plan for the first three months",
        "How people will be paid &amp; trained",
    ):
        assert f"<h3>{title}</h3>" in page


def test_the_winner_is_not_told_of_itself_as_of_another(summary: AssessmentSummary) -> None:
    page = assessment_summary_html(for_bidder(summary, "Green Spaces Co-operative"))
    assert "The contract goes to you" in page
    assert "Of the winning tender" not in page and "the winner:" not in page


def test_an_excluded_bidder_is_told_why_and_has_no_score(summary: AssessmentSummary) -> None:
    page = assessment_summary_html(for_bidder(summary, "Cut Price Cutters Limited"))
    assert "because it was excluded" in page
    assert "no score" in page and "not placed" in page
    assert "not marked" in page


def test_nobody_learns_of_a_bidder_who_did_not_win(summary: AssessmentSummary) -> None:
    page = assessment_summary_html(summary)
    assert "Cut Price Cutters" not in page
    assert "No plan." not in page


@dataclasses.dataclass(frozen=True)
class WithoutReasons:
    """A bid's own account, with every reason left blank."""

    bid: BidResult

    def lines(self) -> tuple[ScoreLine, ...]:
        return tuple(dataclasses.replace(line, reason="  ") for line in self.bid.lines)

    def groups(self) -> tuple[GroupTotal, ...]:
        return self.bid.groups


def test_a_mark_without_a_reason_stops_the_document(summary: AssessmentSummary) -> None:
    bids = [dataclasses.replace(bid, account=WithoutReasons(bid)) for bid in summary.result.bids]
    silent = dataclasses.replace(summary, result=dataclasses.replace(summary.result, bids=tuple(bids)))
    with pytest.raises(InputErrors) as caught:
        assessment_summary_pdf(silent)
    assert [error.field for error in caught.value.errors] == ["mobilisation", "wages"]


def test_an_unknown_bidder_is_not_found(summary: AssessmentSummary) -> None:
    with pytest.raises(NotFound, match="Nobody Limited"):
        assessment_summary_pdf(for_bidder(summary, "Nobody Limited"))


def test_the_file_is_accessible_and_the_same_twice(summary: AssessmentSummary, tmp_path: Path) -> None:
    content = assessment_summary_pdf(summary)
    assert assessment_summary_pdf(summary) == content
    file = tmp_path / "summary.pdf"
    file.write_bytes(content)
    report = validate(str(file))
    assert (report.exit_code, [finding.message for finding in report.findings]) == (0, [])


def test_what_is_left_out_says_why_and_one_s_own_reason_stays(summary: AssessmentSummary) -> None:
    page = assessment_summary_html(dataclasses.replace(summary, redactions={"wages": "It would show what it pays."}))
    assert "left out. It would show what it pays." in page
    assert "Pays the Real Living Wage and proves it." not in page
    assert "Names every site, with a person and a date for each." in page
    assert "training is described well." in page


def test_feedback_is_printed_only_where_there_is_any(summary: AssessmentSummary) -> None:
    heading = "Feedback for your next tender"
    assert heading not in assessment_summary_html(summary)
    told = assessment_summary_html(
        dataclasses.replace(summary, feedback=(Sentence(About.NEXT_POINT, "parks", "Dates would earn the next mark."),))
    )
    assert heading in told and "Dates would earn the next mark." in told
    assert "What would have earned more" in told and "What was missing" not in told
