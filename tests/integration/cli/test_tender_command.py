"""``wpound tender score``: the ranking a person reads, the JSON a program reads, and what happens with a bad file."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from wpound.cli import cli, main

TENDER: dict[str, Any] = {
    "title": "Grounds [maintenance]",
    "as_of": "2026-04-01",
    "rounding": {"places": 2, "mode": "half_up"},
    "ties": ["price"],
    "criteria": [
        {"code": "price", "kind": "price", "weighting": 40, "formula": "lowest_ratio"},
        {
            "code": "quality",
            "kind": "group",
            "weighting": 40,
            "threshold": "50",
            "criteria": [
                {"code": "q1", "kind": "qualitative", "weighting": 60, "scale_max": "5", "threshold": "2"},
                {"code": "q2", "kind": "qualitative", "weighting": 40, "scale_max": "5"},
            ],
        },
        {
            "code": "social_value",
            "kind": "group",
            "weighting": 20,
            "criteria": [
                {
                    "code": "jobs",
                    "kind": "quantity",
                    "weighting": 40,
                    "measure": "local-jobs",
                    "formula": "target",
                    "target": "10",
                    "cap": "20",
                    "per": "contract",
                },
                {
                    "code": "economy",
                    "kind": "quantity",
                    "weighting": 40,
                    "measure": "local-supply-chain-spend",
                    "formula": "proportional",
                    "per": "price_100k",
                },
                {"code": "value", "kind": "social_value", "weighting": 20, "formula": "proportional"},
            ],
        },
    ],
    "bids": [
        {
            "bidder": "Ash & Sons",
            "price": "450000.00",
            "marks": {"q1": "4", "q2": "3"},
            "passes": {},
            "reasons": {"q1": "A clear plan."},
            "commitments": [
                {"measure": "local-jobs", "quantity": "8.5", "year": "2026"},
                {"measure": "carbon-fleet", "quantity": "12.5", "year": "2027"},
            ],
        },
        {"bidder": "Birch", "price": "400000.00", "marks": {"q1": "3", "q2": "3"}},
        {"bidder": "Cedar", "price": "100000.00", "marks": {"q1": "1", "q2": "5"}},
    ],
}


@pytest.fixture
def tender_file(tmp_path: Path) -> Path:
    path = tmp_path / "tender.json"
    path.write_text(json.dumps(TENDER), encoding="utf-8")
    return path


def test_json_is_the_contract(tender_file: Path) -> None:
    run = CliRunner().invoke(cli, ["tender", "score", str(tender_file), "--json"])
    assert run.exit_code == 0
    result = json.loads(run.stdout)
    assert {"method_hash", "catalogue_fingerprint", "bids", "ties", "warnings"} <= result.keys()
    assert [(bid["bidder"], bid["rank"], bid["score"]) for bid in result["bids"]] == [
        ("Ash & Sons", 1, "75.16"),
        ("Birch", 2, "64.00"),
        ("Cedar", None, None),
    ]
    assert "Q1: 1 is below the threshold of 2" in result["bids"][2]["excluded_because"]
    line = result["bids"][0]["lines"][0]
    assert {"criterion", "share", "weighting", "contribution", "formula", "inputs", "explanation"} <= line.keys()
    assert (line["criterion"], line["share"], line["weighting"]) == ("price", "0.88888888888888888889", 40)
    assert [set(warning) for warning in result["warnings"]] == [{"code", "message"}] * len(result["warnings"])


def test_a_person_reads_the_ranking_every_line_and_the_warnings(tender_file: Path) -> None:
    run = CliRunner().invoke(cli, ["tender", "score", str(tender_file)])
    assert run.exit_code == 0
    out = run.stdout
    for words in (
        "Grounds [maintenance]",
        "Ash & Sons: 75.16, rank 1",
        "the lowest price, £400,000.00, is divided by this bid's £450,000.00",
        "Reason: A clear plan.",
        "Cedar: not ranked",
        "Warnings",
        "ranking paradox",
    ):
        assert words in out


def test_a_tie_that_survives_is_declared(tmp_path: Path) -> None:
    bids = [TENDER["bids"][1] | {"bidder": name} for name in ("Birch", "Elm")]
    path = tmp_path / "tie.json"
    path.write_text(json.dumps(TENDER | {"bids": bids}))
    assert "Birch and Elm share place 1" in CliRunner().invoke(cli, ["tender", "score", str(path)]).stdout


def test_a_file_that_cannot_be_scored_names_every_problem_and_exits_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "tender.json"
    bids = [TENDER["bids"][0] | {"price": "0"}, TENDER["bids"][1] | {"marks": {"q1": "9", "q2": "1"}}]
    path.write_text(json.dumps(TENDER | {"bids": bids}))
    with pytest.raises(SystemExit) as left:
        main(["tender", "score", str(path), "--json"])
    printed = capsys.readouterr()
    assert left.value.code == 2
    assert printed.out == ""
    assert [line.split(":")[0] for line in printed.err.splitlines()] == ["bids[0].price", "bids[1].marks.q1"]


def test_the_same_file_gives_the_same_bytes_again(tender_file: Path) -> None:
    first, second = (
        CliRunner().invoke(cli, ["tender", "score", str(tender_file), "--json"]).stdout_bytes for _ in range(2)
    )
    assert first == second
