"""Bad input through the commands people use: refused whole, with words that say what to do."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from wpound.cli import cli
from wpound.core.errors import InputErrors

HEADINGS = "Date,Supplier,Amount\n"
ROWS = "".join(f"01/04/2025,Example Firm {n},10.00\n" for n in range(50))
FILES = {
    "empty": (b"", "The file is empty"),
    "web page": (b"<!DOCTYPE html><html><body>Forbidden</body></html>", "is a web page, not a table"),
    "no amounts": (b"Date,Supplier\n01/04/2025,Example Firm\n", "No row of headings with an amount"),
    "headings alone": (HEADINGS.encode(), "headings but no rows"),
    "amounts left blank": (f"{HEADINGS}01/04/2025,Example Firm,\n".encode(), "No row has an amount"),
    "half-written row": ((HEADINGS + ROWS)[:-12].encode(), "stops before its end"),
    "half-written quotation": (f'{HEADINGS}{ROWS}01/04/2025,"Example'.encode(), "cut off on the way"),
    "damaged": (f"{HEADINGS}{ROWS}".encode() + bytes(300), "damaged or not text"),
    "workbook cut off": (b"PK\x03\x04rest", "damaged workbook"),
}
TENDER: dict[str, Any] = {
    "title": "Cleaning",
    "as_of": "2026-04-01",
    "contract_value": "480000.00",
    "years": "2",
    "ties": ["price"],
    "criteria": [
        {"code": "price", "kind": "price", "weighting": 60, "formula": "lowest_ratio"},
        {"code": "value", "kind": "social_value", "weighting": 40, "formula": "proportional"},
    ],
    "bids": [
        {
            "bidder": name,
            "price": price,
            "commitments": [{"measure": "carbon-fleet", "quantity": "5", "unit": "tco2e", "year": 2026}],
        }
        for name, price in (("Ash", "100.00"), ("Birch", "120.00"))
    ],
}
# Where in the tender what is put, the place the answer names, and words of it.
TENDERS = {
    "weightings below 100": (("criteria", 0, "weighting"), 50, "criteria[0].weighting", "total 90, not 100"),
    "price of nothing": (("bids", 0, "price"), "0.00", "bids[0].price", "more than £0.00"),
    "negative price": (("bids", 1, "price"), "-5.00", "bids[1].price", "more than £0.00"),
    "price as a float": (("bids", 0, "price"), 100.5, "bids[0].price", "in quotes"),
    "nobody": (("bids",), [], "bids", "at least one"),
    "unknown measure": (
        ("bids", 0, "commitments", 0, "measure"),
        "carbon-fleat",
        "bids[0].commitments[0].measure",
        "did you mean carbon-fleet?",
    ),
    "wrong unit": (("bids", 0, "commitments", 0, "unit"), "hour", "bids[0].commitments[0].unit", "not in hours"),
    "value not in force": (
        ("bids", 1, "commitments", 0, "year"),
        2051,
        "bids[1].commitments[0].year",
        "no value after",
    ),
}


@pytest.mark.parametrize(("content", "words"), FILES.values(), ids=FILES.keys())
def test_a_spend_file_that_cannot_be_trusted_is_refused_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, words: str
) -> None:
    monkeypatch.setenv("WPOUND_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("WPOUND_CITY", raising=False)
    path = tmp_path / "payments.csv"
    path.write_bytes(content)
    for command in (["spend", "check"], ["spend", "import", "city-of-wolverhampton-council"]):
        result = CliRunner().invoke(cli, [*command, str(path)])
        assert result.exit_code == 1
        assert "refused: " in result.output and words in result.output
    left = CliRunner().invoke(cli, ["league"])
    assert "No spend was read yet" in str(left.exception)


def score(tmp_path: Path, tender: dict[str, Any]) -> Result:
    path = tmp_path / "tender.json"
    path.write_text(json.dumps(tender), "utf-8")
    return CliRunner(env={"COLUMNS": "160"}).invoke(cli, ["tender", "score", str(path)])


@pytest.mark.parametrize(("keys", "value", "place", "words"), TENDERS.values(), ids=TENDERS.keys())
def test_a_tender_that_cannot_be_scored_says_where_and_why(
    tmp_path: Path, keys: tuple[Any, ...], value: Any, place: str, words: str
) -> None:
    tender = deepcopy(TENDER)
    *parents, last = keys
    held: Any = tender
    for key in parents:
        held = held[key]
    held[last] = value
    problem = score(tmp_path, tender).exception
    assert isinstance(problem, InputErrors)
    assert any(one.field == place and words in one.message for one in problem.errors), str(problem)


def test_one_bid_alone_is_scored_with_a_warning(tmp_path: Path) -> None:
    result = score(tmp_path, TENDER | {"bids": TENDER["bids"][:1]})
    assert result.exit_code == 0
    assert "Only Ash is in the running" in result.output


def test_equal_prices_are_scored_with_a_warning(tmp_path: Path) -> None:
    tender = deepcopy(TENDER)
    tender["bids"][1]["price"] = "100.00"
    result = score(tmp_path, tender)
    assert result.exit_code == 0
    assert "All prices are equal" in result.output
    assert "Ash and Birch share place 1" in result.output
