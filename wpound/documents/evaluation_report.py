"""The evaluation report of one lot: who decided what, on which grounds, and how firmly the result stands.

The buyer's own record (it names every bidder), written so that a court or an auditor can follow each mark from the
panel's first thoughts to the ranking.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from wpound.core.criteria import Criterion, Kind
from wpound.core.form import write_decimal
from wpound.core.method import AwardMethod, Method
from wpound.core.method_words import explain_award, explain_rounding, explain_ties
from wpound.core.money import Money, format_number
from wpound.core.results import BidResult, TenderResult
from wpound.core.robustness import RobustnessPanel
from wpound.core.tipping import TippingPoint
from wpound.core.trace import explain
from wpound.documents.assessment_summary import SCORE_LABELS, figures_of, write_marks
from wpound.documents.charts import Chart
from wpound.documents.render import render_html, render_pdf
from wpound.documents.robustness_charts import draws_chart, list_places, name_point, share_places

CHART_NAME = "draws.svg"
BIDDERS_A_TABLE = 4


@dataclass(frozen=True, slots=True)
class ReceivedBid:
    """One bid as its receipt has it; ``price`` where it was opened, ``note`` what became of a bid not assessed."""

    bidder: str
    receipt: str
    content_hash: str
    received: str
    price: Money | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening of an envelope: which, by whom (both officers), and when."""

    envelope: str
    officers: tuple[str, ...]
    when: str


@dataclass(frozen=True, slots=True)
class PanelMember:
    """One seat: ``declared`` is when, ``statement`` what was declared, ``decision`` what was decided about it."""

    name: str
    role: str
    declared: str
    statement: str
    decision: str = ""


@dataclass(frozen=True, slots=True)
class CheckDecided:
    """One decision on pass or fail."""

    bidder: str
    title: str
    passed: bool
    reason: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class MarkGiven:
    """One evaluator's own mark, as it stood when the sheet was finished."""

    evaluator: str
    mark: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class MarkAgreed:
    """The consensus on one criterion of one bid: its reason, who was present, and the first marks it came from."""

    bidder: str
    criterion: str
    mark: Decimal
    reason: str
    present: tuple[str, ...]
    first_marks: tuple[MarkGiven, ...]

    @property
    def spread(self) -> Decimal:
        """The highest first mark less the lowest; 0 where there is only one."""
        marks = [given.mark for given in self.first_marks]
        return max(marks) - min(marks) if marks else Decimal(0)


@dataclass(frozen=True, slots=True)
class QuestionAnswered:
    """One question to a bidder, its reply (empty where none came in time) and what the officer made of it."""

    bidder: str
    asked: str
    question: str
    reply: str
    conclusion: str


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """What the report is made from. ``lot`` is empty where the tender is one lot; ``robustness`` None before it was
    looked at; ``recommendation`` the officer's reason, ``approved_by`` empty before a second officer approved."""

    buyer: str
    reference: str
    lot: str
    method: Method
    result: TenderResult
    closed: str
    received: tuple[ReceivedBid, ...]
    openings: tuple[Opening, ...]
    panel: tuple[PanelMember, ...]
    checks: tuple[CheckDecided, ...]
    agreed: tuple[MarkAgreed, ...]
    locked: str
    questions: tuple[QuestionAnswered, ...]
    robustness: RobustnessPanel | None
    recommended: str
    recommendation: str
    recommended_by: str
    approved_by: str
    made_on: date


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One criterion over several bids."""

    title: str
    level: int
    is_group: bool
    available: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Marks of up to four bids, side by side."""

    bidders: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    scores: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consensus:
    """One criterion with what was agreed for each bid."""

    title: str
    scale_max: str
    agreed: tuple[MarkAgreed, ...]


def evaluation_report_pdf(report: EvaluationReport) -> bytes:
    """The report as a PDF/UA-1 file."""
    chart = _chart(report.robustness)
    pictures = {} if chart is None else {CHART_NAME: chart.svg}
    return render_pdf(_html(report, chart), report.made_on, pictures)


def evaluation_report_html(report: EvaluationReport) -> str:
    """The report as HTML."""
    return _html(report, _chart(report.robustness))


def _html(report: EvaluationReport, chart: Chart | None) -> str:
    draws = report.robustness.draws if report.robustness else ()
    facts: dict[str, Any] = {
        "report": report,
        "result": report.result,
        "score_label": SCORE_LABELS[report.method.award],
        "rules": [explain_award(report.method), explain_rounding(report.method), explain_ties(report.method)],
        "matrices": list(_matrices(report)),
        "consensus": list(_consensus(report)),
        "explained": [
            (bid, [_sentence(explain(line), line.title) for line in bid.lines]) for bid in report.result.bids
        ],
        "tipping": [_tipping(point) for point in report.robustness.tipping_points] if report.robustness else [],
        "draws": list(share_places(draws[0])) if draws else [],
        "places": list_places(draws[0]) if draws else [],
        "chart": chart,
        "chart_name": CHART_NAME,
    }
    return render_html("evaluation_report.html", facts)


def _sentence(told: str, title: str) -> tuple[str, str]:
    said = told.removeprefix(f"{title}: ")
    return title, said[:1].upper() + said[1:]


def _matrices(report: EvaluationReport) -> Iterator[Matrix]:
    in_pounds = report.method.award is AwardMethod.AWARD_ON_VALUE
    bids = report.result.bids
    for start in range(0, len(bids), BIDDERS_A_TABLE):
        some = bids[start : start + BIDDERS_A_TABLE]
        yield Matrix(
            bidders=tuple(bid.bidder for bid in some),
            rows=tuple(_rows(report.method, report.method.criteria, some, in_pounds)),
            scores=tuple("excluded" if bid.score is None else str(bid.score) for bid in some),
        )


def _rows(
    method: Method, criteria: Sequence[Criterion], bids: Sequence[BidResult], in_pounds: bool, level: int = 0
) -> Iterator[MatrixRow]:
    available = {node.criterion.code: node.available for node in method.tree.nodes}
    for criterion in criteria:
        passed = criterion.kind is Kind.PASS_FAIL
        yield MatrixRow(
            title=criterion.heading,
            level=level,
            is_group=criterion.kind is Kind.GROUP,
            available="" if passed else write_marks(available[criterion.code], in_pounds),
            marks=tuple(_mark(bid, criterion, in_pounds) for bid in bids),
        )
        yield from _rows(method, criterion.criteria, bids, in_pounds, level + 1)


def _mark(bid: BidResult, criterion: Criterion, in_pounds: bool) -> str:
    found = figures_of(bid, criterion.code)
    if found is None:
        return "not marked"
    if criterion.kind is Kind.PASS_FAIL:
        return "passed" if found.inputs["passed"] else "not passed"
    return write_marks(found.contribution, in_pounds)


def _consensus(report: EvaluationReport) -> Iterator[Consensus]:
    for leaf in report.method.tree.leaves:
        agreed = tuple(mark for mark in report.agreed if mark.criterion == leaf.criterion.code)
        if agreed:
            yield Consensus(leaf.criterion.heading, write_decimal(leaf.criterion.scale_max or Decimal(0)), agreed)


def _tipping(point: TippingPoint) -> tuple[str, str, str, str]:
    def write(weighting: Decimal) -> str:
        return Money.rounded(weighting).format() if point.in_pounds else f"{format_number(weighting)}%"

    return name_point(point), write(point.weighting), write(point.tips_at), point.rival


def _chart(panel: RobustnessPanel | None) -> Chart | None:
    return draws_chart(panel.draws[0]) if panel and panel.draws else None
