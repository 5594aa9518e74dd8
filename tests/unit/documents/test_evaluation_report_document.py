"""The evaluation report lets an auditor follow every mark from the first thoughts to the ranking."""

import dataclasses
from collections.abc import Callable

from wpound.core.trace import explain
from wpound.documents.evaluation_report import EvaluationReport, evaluation_report_html, evaluation_report_pdf


def words(report: EvaluationReport) -> str:
    return " ".join(evaluation_report_html(report).replace("<br>", "").split())


def test_every_bid_receipt_declaration_and_decision_is_there(report: EvaluationReport) -> None:
    page = words(report)
    for bid in report.received:
        assert bid.receipt in page and bid.content_hash[:32] in page and bid.content_hash[32:] in page
    for text in (
        "opened by O. One and O. Two, 14:00 on 22 January 2027",
        "No interest.",
        "Certificate seen.",
        "Present: A. Evaluator, B. Evaluator, C. Evaluator.",
        "First marks differed by 2.",
        "B. Evaluator, 4: Reason 2 for mobilisation.",
        "Which vehicles save the 40 tCO2e?",
        "The figures add up.",
        "not yet approved",
        report.result.method_hash,
    ):
        assert text in page, text


def test_every_score_line_of_every_bid_is_explained(report: EvaluationReport) -> None:
    page = words(report).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'")
    for bid in report.result.bids:
        for line in bid.lines:
            assert explain(line).removeprefix(f"{line.title}: ")[1:] in page
    assert report.result.bids[-1].excluded_because in page


def test_the_result_its_rules_and_how_firm_it_is(report: EvaluationReport) -> None:
    page = words(report)
    assert "then the lower price" in page
    assert report.robustness is not None
    for sentence in report.robustness.sentences:
        assert sentence.split(" & ")[0].split(" <")[0][:40].replace("'", "&#39;") in page
    assert "Places under other weightings near the published ones" in page
    assert 'alt="Places under other weightings' in page
    assert "was not looked at" in words(dataclasses.replace(report, robustness=None))


def test_a_declared_tie_and_a_bid_not_opened_are_told(report: EvaluationReport) -> None:
    late = dataclasses.replace(report.received[0], price=None, note="Not confirmed after the change of 10 January.")
    page = words(dataclasses.replace(report, received=(late,), questions=()))
    assert "not opened" in page and "Not confirmed after the change" in page
    assert "No question was put to any bidder." in page


def test_the_report_is_accessible_and_the_same_twice(
    report: EvaluationReport, check_pdf: Callable[[Callable[[], bytes]], None]
) -> None:
    check_pdf(lambda: evaluation_report_pdf(report))
