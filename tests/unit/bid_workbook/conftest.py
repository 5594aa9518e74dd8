"""A tender's lot with every kind of entry, and bids for its workbook."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from wpound.core.bid_content import BidContent
from wpound.core.bid_sheets import BidSheets
from wpound.core.bids import Commitment, Company
from wpound.core.method import Method
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.documents.bid_template import BidTemplate

METHOD = {
    "title": "Grounds maintenance in the north of the city",
    "criteria": [
        {"code": "insured", "kind": "pass_fail", "title": "Insurance", "question": "Do you hold £5 million of cover?"},
        {"code": "price", "kind": "price", "weighting": 40, "formula": "lowest_ratio", "title": "Price"},
        {
            "code": "quality",
            "kind": "group",
            "weighting": 40,
            "criteria": [
                {
                    "code": "mobilisation",
                    "kind": "qualitative",
                    "weighting": 60,
                    "scale_max": "5",
                    "title": "First three months",
                    "question": "How will you take over every site without a day's gap?",
                    "word_limit": 500,
                },
                {"code": "wages", "kind": "qualitative", "weighting": 40, "scale_max": "5", "title": "Fair pay"},
            ],
        },
        {
            "code": "social",
            "kind": "group",
            "weighting": 20,
            "criteria": [
                {
                    "code": "jobs",
                    "kind": "quantity",
                    "weighting": 50,
                    "measure": "local-jobs",
                    "formula": "target",
                    "target": "8",
                    "cap": "12",
                    "area": "Wolverhampton",
                },
                {
                    "code": "weeks",
                    "kind": "quantity",
                    "weighting": 50,
                    "measure": "apprentice-weeks",
                    "formula": "target",
                    "target": "260",
                },
            ],
        },
    ],
}


@dataclass(frozen=True)
class Counted:
    """A measure as the workbook tells it."""

    code: str
    title: str
    unit: Unit
    how_to_count: str = "Count each once."
    evidence: tuple[str, ...] = ("A signed list",)


@pytest.fixture(scope="session")
def sheets() -> BidSheets:
    measures = (
        Counted("local-jobs", "Local people in work", Unit.FTE_YEAR),
        Counted("apprentice-weeks", "Weeks of apprenticeship", Unit.WEEK),
    )
    return BidSheets("ocds-abc123-0001", 1, Method.from_dict(METHOD), measures, (2027, 2028))


@pytest.fixture(scope="session")
def content() -> BidContent:
    """A whole bid."""
    return BidContent(
        bidder="Bright & Sons <Grounds> Limited",
        salt="ab" * 16,
        price=Money.from_pounds("450000.50"),
        passes={"insured": True},
        commitments=(
            Commitment("local-jobs", Decimal("2.5")),
            Commitment("local-jobs", Decimal(3), 2027),
            Commitment("local-jobs", Decimal("3.1"), 2028),
            Commitment("apprentice-weeks", Decimal(104), 2027),
        ),
        fte=Decimal("14.6"),
        company=Company(210, Money.from_pounds(18_000_000), None, Decimal("0.35")),
        answers={"mobilisation": "=Not a formula.\n\nA second paragraph: £1 & <b>.", "wages": "We pay it."},
        plans={"local-jobs": "Ms A. hires by May."},
    )


@pytest.fixture(scope="session")
def template(sheets: BidSheets) -> Callable[..., BidTemplate]:
    """The template of that lot, filled with a bid where one is given."""

    def make(content: BidContent | None = None, lot: BidSheets = sheets) -> BidTemplate:
        about = ("City of Wolverhampton Council", lot.method.title, "", "12:00 on 1 March 2027", date(2027, 1, 15))
        return BidTemplate(*about, lot, content)

    return make
