"""Worked examples from law, councils and software manuals, each a data file with its source.

A file holds a whole ``[tender]`` in the file form, or one ``[calculation]``; ``[expected]`` says what must come out.
"""

import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from wpound.catalogue.loader import load_catalogue
from wpound.core.additionality import Additionality
from wpound.core.cautions import yearly_value
from wpound.core.counting import activity_carbon, attendee_hours, attributed, fte_years
from wpound.core.errors import InputErrors
from wpound.core.form import Problems
from wpound.core.money import Money, round_half_up
from wpound.core.multiplier import Rounds, multiply
from wpound.core.scoring import BidResult, TenderResult, score_tender
from wpound.core.tender import read_tender

FILES = sorted(Path(__file__).parent.glob("*.toml"))
TENDERS = [path for path in FILES if "\n[tender]" in path.read_text()]
CALCULATIONS = [path for path in FILES if path not in TENDERS]
NOTHING = Money(0)
RULES: Mapping[str, Callable[..., Decimal]] = {
    "fte_years": fte_years,
    "attendee_hours": attendee_hours,
    "attributed": attributed,
    "activity_carbon": activity_carbon,
    "additionality": lambda **shares: Additionality(**shares).factor,
    "yearly_value": lambda contract_value, years: yearly_value(Money.from_pounds(contract_value), years).pounds,
    "multiplier": lambda r1, r2: multiply(Rounds(Money.from_pounds(r1), Money.from_pounds(r2), NOTHING, NOTHING)).low,
}


def load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def score(data: Mapping[str, Any]) -> TenderResult:
    problems = Problems()
    tender = read_tender(data, problems)
    problems.raise_if_any()
    return score_tender(tender.method, tender.bids, load_catalogue(), tender.as_of)


def exact(value: Any) -> Any:
    return [Decimal(item) for item in value] if isinstance(value, list) else Decimal(value)


def compare(bids: Mapping[str, BidResult], expected: Mapping[str, Any]) -> None:
    places = expected.get("places", 6)
    for name in ("share", "contribution"):
        for bidder, lines in expected.get(f"{name}s", {}).items():
            found = {line.criterion: round_half_up(getattr(line, name), places) for line in bids[bidder].lines}
            assert {code: found[code] for code in lines} == {code: Decimal(text) for code, text in lines.items()}
    for bidder, groups in expected.get("group_shares", {}).items():
        assert {group.criterion: group.share for group in bids[bidder].groups} == {
            code: Decimal(text) for code, text in groups.items()
        }


@pytest.mark.parametrize("path", TENDERS, ids=lambda path: path.stem)
def test_a_tender_comes_out_as_published(path: Path) -> None:
    data = load(path)
    expected = data["expected"]
    if "problems" in expected:
        with pytest.raises(InputErrors) as refused:
            score(data["tender"])
        assert [error.field for error in refused.value.errors] == expected["problems"]
        return
    result = score(data["tender"])
    bids = {bid.bidder: bid for bid in result.bids}
    compare(bids, expected)
    if "ranks" in expected:
        assert {name: bid.rank for name, bid in bids.items()} == expected["ranks"]
    for bidder, text in expected.get("scores", {}).items():
        assert str(bids[bidder].score) == text
    if "ties" in expected:
        assert [list(tie.bidders) for tie in result.ties] == expected["ties"]
    assert set(expected.get("warnings", [])) <= {warning.code for warning in result.warnings}


@pytest.mark.parametrize("path", CALCULATIONS, ids=lambda path: path.stem)
def test_a_rule_comes_out_as_published(path: Path) -> None:
    data = load(path)
    calculation, expected = data["calculation"], data["expected"]
    inputs = {name: exact(value) for name, value in calculation["inputs"].items()}
    result = RULES[calculation["rule"]](**inputs)
    assert round_half_up(result, expected.get("places", 6)) == Decimal(expected["result"])


def test_every_published_example_has_a_file() -> None:
    numbers = {path.stem.split("_")[0] for path in FILES}
    assert {f"t{number:02d}" for number in range(1, 18)} <= numbers
    assert all(load(path)["source"] for path in FILES)
