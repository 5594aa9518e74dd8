"""The assessment summary one bidder receives: its marks and why, the winner, and what comes next.

Asked for by section 50 of the Procurement Act 2023 and regulation 31: one a bidder, sent before the award notice,
with a score and a reason for every criterion. A mark without a reason stops the document.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from wpound.core.criteria import Criterion, Kind
from wpound.core.errors import InputError, InputErrors, NotFound
from wpound.core.feedback import About, Sentence
from wpound.core.method import AwardMethod, Method
from wpound.core.money import Money, round_half_up
from wpound.core.results import BidResult, GroupTotal, TenderResult
from wpound.core.trace import ScoreLine, explain
from wpound.documents.render import format_percent, render_html, render_pdf

SCORE_LABELS = {
    AwardMethod.WEIGHTED: "Score out of 100",
    AwardMethod.PRICE_PER_QUALITY_POINT: "Price for each quality point, of which the lowest wins",
    AwardMethod.AWARD_ON_VALUE: "Price less the value of quality, of which the lowest wins",
}
MARK_PLACES = 2
FEEDBACK_HEADINGS = {
    About.NEXT_POINT: "What would have earned more",
    About.MISSING: "What was missing",
    About.EARNED: "What earned marks",
}


@dataclass(frozen=True, slots=True)
class Winner:
    """The bidder the contract goes to, as every assessed bidder is told; ``name`` is its name in the result."""

    name: str
    address: str
    email: str
    identifier: str


@dataclass(frozen=True, slots=True)
class AssessmentSummary:
    """What the document for one bidder is made from; ``next_steps`` are sentences, such as the standstill period.

    ``feedback`` are sentences on what would have earned more, what was missing and what earned marks. ``redactions``
    say, by criterion, why what was said of the winning tender there is left out; a bidder's own reasons never are.
    """

    buyer: str
    reference: str
    method: Method
    result: TenderResult
    bidder: str
    winner: Winner
    issued_on: date
    next_steps: tuple[str, ...]
    feedback: tuple[Sentence, ...] = ()
    redactions: Mapping[str, str] = field(default_factory=dict)

    @property
    def feedback_groups(self) -> list[tuple[str, list[str]]]:
        """The sentences of the feedback under their headings; a heading with none is left out."""
        groups = [
            (heading, [sentence.words for sentence in self.feedback if sentence.about is about])
            for about, heading in FEEDBACK_HEADINGS.items()
        ]
        return [(heading, words) for heading, words in groups if words]


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One row of the table of marks; ``level`` is 0 for a criterion, 1 for its sub-criteria and so on."""

    title: str
    level: int
    is_group: bool
    weighting: str
    available: str
    share: str
    marks: str
    winner: str


@dataclass(frozen=True, slots=True)
class MarkReason:
    """How one mark came about, and what the evaluators said of it and of the winner's, or why that is left out."""

    title: str
    explanation: str
    reason: str
    winner_reason: str
    left_out_because: str


def assessment_summary_pdf(summary: AssessmentSummary) -> bytes:
    """The summary as a PDF/UA-1 file.

    Raises :class:`NotFound` when the bidder or the winner is not in the result and :class:`InputErrors` naming every
    criterion where evaluators gave a mark without a reason.
    """
    return render_pdf(assessment_summary_html(summary), summary.issued_on)


def assessment_summary_html(summary: AssessmentSummary) -> str:
    """The summary as HTML; raises as :func:`assessment_summary_pdf` does."""
    return render_html("assessment_summary.html", summary_facts(summary))


def summary_facts(summary: AssessmentSummary) -> dict[str, Any]:
    """What a page or the document shows of a summary; raises as :func:`assessment_summary_pdf` does."""
    bid, winning = _find(summary.result, summary.bidder), _find(summary.result, summary.winner.name)
    _require_reasons(bid)
    pounds = summary.method.award is AwardMethod.AWARD_ON_VALUE
    return {
        "summary": summary,
        "bid": bid,
        "won": bid is winning,
        "places": summary.method.rounding.places,
        "assessed": len(summary.result.bids),
        "score_label": SCORE_LABELS[summary.method.award],
        "winning": winning,
        "rows": list(_mark_rows(summary.method.criteria, bid, winning, pounds)),
        "reasons": [_reason(line, winning, summary.redactions.get(line.criterion, "")) for line in bid.lines],
    }


def _find(result: TenderResult, bidder: str) -> BidResult:
    for bid in result.bids:
        if bid.bidder == bidder:
            return bid
    raise NotFound(f"{bidder} is not among the bids of this result.")


def _require_reasons(bid: BidResult) -> None:
    errors = [
        InputError(line.criterion, f"{line.title} has a mark for {bid.bidder} but no reason. Write the reason first.")
        for line in bid.lines
        if line.kind is Kind.QUALITATIVE and not line.reason.strip()
    ]
    if errors:
        raise InputErrors(errors)


def _mark_rows(
    criteria: Sequence[Criterion], bid: BidResult, winning: BidResult, pounds: bool, level: int = 0
) -> Iterator[MarkRow]:
    """The criteria in the order of the method, each group before what it holds."""
    for criterion in criteria:
        own, theirs = figures_of(bid, criterion.code), figures_of(winning, criterion.code)
        passed = criterion.kind is Kind.PASS_FAIL
        yield MarkRow(
            title=criterion.heading,
            level=level,
            is_group=criterion.kind is Kind.GROUP,
            weighting="pass or fail" if passed else "" if criterion.worth is not None else f"{criterion.weighting}%",
            available="" if passed else write_marks(own.available if own else None, pounds),
            share=_passed(own) if passed else format_percent(own.share if own else None),
            marks="" if passed else write_marks(own.contribution if own else None, pounds),
            winner=_passed(theirs) if passed else write_marks(theirs.contribution if theirs else None, pounds),
        )
        yield from _mark_rows(criterion.criteria, bid, winning, pounds, level + 1)


def figures_of(bid: BidResult, criterion: str) -> Any:
    """The line or the group total of a criterion; None for a bid excluded before it was marked there."""
    rows: list[ScoreLine | GroupTotal] = [*bid.lines, *bid.groups]
    return next((row for row in rows if row.criterion == criterion), None)


def _passed(line: ScoreLine | None) -> str:
    return "not marked" if line is None else "passed" if line.inputs["passed"] else "not passed"


def write_marks(value: Decimal | None, pounds: bool) -> str:
    """Marks to two decimals, or pounds where a criterion is worth pounds."""
    if value is None:
        return "not marked"
    return Money.rounded(value).format() if pounds else str(round_half_up(value, MARK_PLACES))


def _reason(line: ScoreLine, winning: BidResult, left_out_because: str) -> MarkReason:
    told = explain(line).removeprefix(f"{line.title}: ")
    theirs = next((other.reason for other in winning.lines if other.criterion == line.criterion), "")
    kept = "" if left_out_because else theirs
    return MarkReason(line.title, told[:1].upper() + told[1:], line.reason, kept, left_out_because)
