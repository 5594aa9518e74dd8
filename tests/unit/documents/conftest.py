"""One tender with every kind of criterion, and the documents made from it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pdfua import validate

from wpound.catalogue.loader import load_catalogue, load_thresholds
from wpound.catalogue.model import Catalogue
from wpound.core.bids import Bid, Commitment
from wpound.core.duties import list_duties
from wpound.core.method import Method
from wpound.core.money import Money
from wpound.core.particulars import ContractKind, Particulars
from wpound.core.robustness import check_robustness
from wpound.core.scoring import score_tender
from wpound.documents.evaluation_report import (
    CheckDecided,
    EvaluationReport,
    MarkAgreed,
    MarkGiven,
    Opening,
    PanelMember,
    QuestionAnswered,
    ReceivedBid,
)
from wpound.documents.tender_pack import KeyDate, PackLot, TenderPack

SCALE = [
    {"mark": "0", "words": "No answer, or nothing that could be checked."},
    {"mark": "2", "words": "Some of what was asked, with gaps that matter."},
    {"mark": "4", "words": "All that was asked, with evidence for most of it."},
    {"mark": "5", "words": "All that was asked, with named people, dates and evidence throughout."},
]
METHOD = {
    "title": "Grounds maintenance in the north of the city",
    "contract_value": "480000.00",
    "years": "3",
    "ties": ["quality", "price"],
    "criteria": [
        {"code": "insured", "kind": "pass_fail", "title": "Insurance", "question": "Do you hold £5 million of cover?"},
        {"code": "price", "kind": "price", "weighting": 40, "formula": "lowest_ratio", "title": "Price"},
        {
            "code": "quality",
            "kind": "group",
            "weighting": 40,
            "title": "Quality",
            "threshold": "40",
            "criteria": [
                {
                    "code": "mobilisation",
                    "kind": "qualitative",
                    "weighting": 70,
                    "scale": SCALE,
                    "threshold": "2",
                    "title": "First three months",
                    "question": "How will you take over every site without a day's gap? Name people and dates.",
                    "word_limit": 750,
                },
                {
                    "code": "wages",
                    "kind": "qualitative",
                    "weighting": 30,
                    "scale": SCALE,
                    "title": "How people will be paid & trained",
                    "question": "What do the people on this contract earn, and what do they learn?",
                    "word_limit": 500,
                },
            ],
        },
        {
            "code": "social",
            "kind": "group",
            "weighting": 20,
            "title": "Social value",
            "criteria": [
                {
                    "code": "jobs",
                    "kind": "quantity",
                    "weighting": 40,
                    "measure": "local-jobs",
                    "formula": "target",
                    "target": "6",
                    "cap": "12",
                    "title": "Local people in work",
                    "area": "the City of Wolverhampton",
                    "evidence": "A payroll extract each quarter.",
                },
                {
                    "code": "carbon",
                    "kind": "quantity",
                    "weighting": 30,
                    "measure": "carbon-fleet",
                    "formula": "banded",
                    "bands": [
                        {"from": "0", "marks": "0"},
                        {"from": "10", "marks": "50"},
                        {"from": "40", "marks": "100"},
                    ],
                    "title": "Carbon saved by the fleet",
                },
                {"code": "value", "kind": "social_value", "weighting": 30, "formula": "proportional", "title": "Value"},
            ],
        },
    ],
}


@pytest.fixture(scope="session")
def method() -> Method:
    return Method.from_dict(METHOD)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def particulars() -> Particulars:
    return Particulars(
        description="Mowing, planting and care of trees in 41 parks and along 212 streets north of the ring road.\n\n"
        "The present contract ends on 31 March 2027; eleven people have the right to move to the new contractor.",
        kind=ContractKind.SERVICES,
        value_includes_vat=False,
        cpv_codes=("77310000-6", "77340000-5"),
        priorities=("good-jobs",),
        contact_email="procurement@council.example",
        start_on=date(2027, 4, 1),
        two_envelopes=True,
        hide_names=True,
    )


@pytest.fixture(scope="session")
def pack(method: Method, catalogue: Catalogue, particulars: Particulars) -> TenderPack:
    published_on = date(2026, 12, 1)
    return TenderPack(
        buyer="City of Wolverhampton Council",
        reference="ocds-abc123-0001",
        method=method,
        particulars=particulars,
        lots=(PackLot(1, "Parks", None), PackLot(2, "Streets", None)),
        measures=tuple(catalogue.get_measure(code) for code in ("local-jobs", "carbon-fleet", "donations")),
        plan="Our City: Our Plan",
        priorities=("Residents have the skills they need for good jobs.",),
        duties=list_duties(particulars, method.contract_value, method.years, load_thresholds(), published_on),
        dates=(
            KeyDate("Last day for questions", "17:00 on 8 January 2027"),
            KeyDate("Bids close", "12:00 on 22 January 2027"),
            KeyDate("Contract starts, expected", "1 April 2027"),
        ),
        url="https://social-value.council.example/tenders/ocds-abc123-0001",
        amendment=0,
        catalogue_edition=catalogue.edition,
        catalogue_fingerprint=catalogue.fingerprint,
        published_on=published_on,
        licences=("Contains public sector information licensed under the Open Government Licence v3.0.",),
    )


@pytest.fixture
def check_pdf(tmp_path: Path) -> Callable[[Callable[[], bytes]], None]:
    """Make a PDF twice: it is the same, and the accessibility checks find nothing."""

    def check(make: Callable[[], bytes]) -> None:
        content = make()
        assert make() == content
        file = tmp_path / "document.pdf"
        file.write_bytes(content)
        report = validate(str(file))
        assert (report.exit_code, [finding.message for finding in report.findings]) == (0, [])

    return check


def _bid(bidder: str, price: str, marks: tuple[str, str], promises: tuple[str, str, str]) -> Bid:
    reasons = (f"What {bidder} says of the first months is sound.", f"What {bidder} says of wages is sound.")
    codes = ("mobilisation", "wages")
    measures = ("local-jobs", "carbon-fleet", "donations")
    return Bid(
        bidder,
        Money.from_pounds(price),
        marks=dict(zip(codes, map(Decimal, marks), strict=True)),
        passes={"insured": True},
        reasons=dict(zip(codes, reasons, strict=True)),
        commitments=tuple(
            Commitment(code, Decimal(number), 2027) for code, number in zip(measures, promises, strict=True)
        ),
    )


@pytest.fixture(scope="session")
def bids() -> tuple[Bid, ...]:
    return (
        _bid("Green Spaces Co-operative", "480000", ("5", "4"), ("5", "12", "4000")),
        _bid("Bright & Sons <Grounds> Limited", "450000", ("4", "4"), ("6", "40", "9000")),
        _bid("Parks Direct plc", "462000", ("4", "2"), ("3", "0", "0")),
        _bid("Canal & Common CIC", "495000", ("4", "5"), ("6", "10", "1000")),
        _bid("Cut Price Cutters Limited", "390000", ("0", "0"), ("1", "0", "0")),
    )


@pytest.fixture(scope="session")
def report(method: Method, catalogue: Catalogue, bids: tuple[Bid, ...]) -> EvaluationReport:
    as_of = date(2027, 1, 22)
    result = score_tender(method, bids, catalogue, as_of)
    panel = ("A. Evaluator", "B. Evaluator", "C. Evaluator")
    agreed = tuple(
        MarkAgreed(
            bid.bidder,
            code,
            mark,
            bid.reasons[code],
            panel,
            tuple(
                MarkGiven(name, max(Decimal(0), mark - i), f"Reason {i + 1} for {code}.")
                for i, name in enumerate(panel)
            ),
        )
        for bid in bids
        for code, mark in bid.marks.items()
    )
    return EvaluationReport(
        buyer="City of Wolverhampton Council",
        reference="ocds-abc123-0001",
        lot="",
        method=method,
        result=result,
        closed="12:00 on 22 January 2027",
        received=tuple(
            ReceivedBid(bid.bidder, f"R-{i:06}", f"{i}" * 64, f"11:4{i} on 22 January 2027", bid.price)
            for i, bid in enumerate(bids, start=1)
        ),
        openings=(Opening("quality", ("O. One", "O. Two"), "14:00 on 22 January 2027"),),
        panel=tuple(PanelMember(name, "evaluator", "25 January 2027", "No interest.") for name in panel),
        checks=tuple(CheckDecided(bid.bidder, "Insurance", True, "Certificate seen.", "O. One") for bid in bids),
        agreed=agreed,
        locked="17:00 on 5 February 2027 by O. One",
        questions=(
            QuestionAnswered(
                "Bright & Sons <Grounds> Limited",
                "28 January 2027",
                "Which vehicles save the 40 tCO2e?",
                "Eleven vans, listed with their mileage.",
                "The figures add up.",
            ),
        ),
        robustness=check_robustness(method, bids, catalogue, as_of, draws=2_000),
        recommended=result.bids[0].bidder,
        recommendation="The most advantageous tender by the published method.",
        recommended_by="O. One",
        approved_by="",
        made_on=date(2027, 2, 8),
    )
