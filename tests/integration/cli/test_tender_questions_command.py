"""``wpound tender robustness`` and ``plausibility``: what a councillor reads, what a program reads, and a bad file."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from wpound.cli import cli, main

TENDER: dict[str, Any] = {
    "title": "Grounds",
    "as_of": "2026-04-01",
    "years": "2",
    "criteria": [
        {"code": "method", "title": "Method", "kind": "qualitative", "weighting": 60, "scale_max": "10"},
        {"code": "care", "title": "Care", "kind": "qualitative", "weighting": 40, "scale_max": "10"},
    ],
    "bids": [
        {
            "bidder": "Ash",
            "price": "90000.00",
            "marks": {"method": "10", "care": "2"},
            "commitments": [{"measure": "local-jobs", "quantity": "30"}],
            "company": {"headcount": "12"},
        },
        {"bidder": "Birch", "price": "80000.00", "marks": {"method": "5", "care": "8"}},
    ],
}


@pytest.fixture
def tender_file(tmp_path: Path) -> Path:
    path = tmp_path / "tender.json"
    path.write_text(json.dumps(TENDER), encoding="utf-8")
    return path


def run(*arguments: str) -> Any:
    return CliRunner().invoke(cli, ["tender", *arguments])


def test_the_panel_is_read_in_plain_sentences(tender_file: Path) -> None:
    told = run("robustness", str(tender_file), "--draws", "100")
    assert told.exit_code == 0
    assert "if Method fell from 60% to 54.55%, Birch would draw level with Ash" in told.stdout
    assert "With Method at 45%, Birch is first." in told.stdout
    assert "None of this changes a mark, a weighting or the result." in told.stdout


def test_the_panel_as_json_repeats_with_its_seed_and_agrees_with_the_score(tender_file: Path) -> None:
    first, again, other = (
        run("robustness", str(tender_file), "--json", "--seed", seed, "--draws", "200").stdout for seed in "334"
    )
    assert first == again != other
    panel = json.loads(first)
    result = json.loads(run("score", str(tender_file), "--json").stdout)
    assert panel["ranks"] == {bid["bidder"]: bid["rank"] for bid in result["bids"]}
    assert panel["method_hash"] == result["method_hash"]
    assert [draws["seed"] for draws in panel["draws"]] == [3, 3]


def test_questions_are_printed_with_what_was_found_and_why(tender_file: Path) -> None:
    told = run("plausibility", str(tender_file))
    assert told.exit_code == 0
    for words in (
        "None of them changes a mark.",
        "Ash: You promise 15 full-time posts in a year under Local people in work, and 12 people employed.",
        "Why this is asked: One person is at most one full-time post in a year",
        "Not looked at",
        "Birch, A contract larger than the company: the bidder did not state its turnover.",
    ):
        assert words in told.stdout
    found = json.loads(run("plausibility", str(tender_file), "--json").stdout)
    assert [flag["code"] for flag in found["flags"]] == ["fte_above_headcount"]
    assert found["flags"][0]["severity"] == "warning"


@pytest.mark.parametrize("question", ["robustness", "plausibility"])
def test_a_file_that_cannot_be_scored_is_refused_with_every_problem(
    question: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "tender.json"
    path.write_text(json.dumps(TENDER | {"bids": [TENDER["bids"][0] | {"price": "0"}]}))
    with pytest.raises(SystemExit) as left:
        main(["tender", question, str(path)])
    printed = capsys.readouterr()
    assert (left.value.code, printed.out) == (2, "")
    assert printed.err.startswith("bids[0].price: must be more than")
