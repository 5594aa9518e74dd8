"""``wpound lm3``: what it reads, prints and refuses."""

import json
from pathlib import Path

import pytest

from wpound.cli import main

SURVEY = """
title = "Grounds maintenance"
area = "The city"
r1 = "200000.00"

[[recipients]]
name = "Staff"
group = "staff"
paid = "80000.00"
local_share = "0.454"

[[recipients]]
name = "Plant hire"
group = "suppliers"
paid = "20000.00"
"""


def run(capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["lm3", str(path), *options])
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_survey_prints_rounds_response_and_a_sentence(tmp_path, capsys):
    code, out, _ = run(capsys, write(tmp_path / "survey.toml", SURVEY))
    assert code == 0
    assert "R3   £36,320.00 to £56,320.00" in out
    assert "LM3  1.68 to 1.78" in out
    assert "suppliers: 0 of 1 answered" in out
    assert "Answers cover 80.0% of R2" in out
    assert "every £1 brings 68p to 78p more" in out


def test_rounds_in_json_print_json_with_decimals_as_text(tmp_path, capsys):
    path = write(tmp_path / "rounds.json", json.dumps({"r1": "10", "r2": "8.00", "r3": "6.40"}))
    code, out, _ = run(capsys, path, "--json")
    printed = json.loads(out)
    assert code == 0
    assert printed["lm3"] == {"low": "2.44", "high": "2.44", "printed": "2.44"}
    assert printed["rounds"] == {"r1": "10.00", "r2": "8.00", "r3_low": "6.40", "r3_high": "6.40"}
    assert (printed["response"], printed["groups"]) == (None, [])


def test_every_problem_is_told_with_its_place(tmp_path, capsys):
    broken = (
        SURVEY.replace('"80000.00"', '"8O,000"').replace('group = "suppliers"', 'grp = "s"').replace("r1 =", "R1 =")
    )
    code, out, err = run(capsys, write(tmp_path / "broken.toml", broken))
    assert (code, out) == (2, "")
    for told in (
        "R1: is not a key that is known here",
        "r1: is missing",
        "recipients[0].paid: is not a plain number",
        "recipients[1].grp: is not a key that is known here; did you mean 'group'?",
        "recipients[1].group: is missing",
    ):
        assert told in err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is not whole JSON"),
        ("[1]", "r1: is missing"),
        ('{"r1": "0", "r2": "0", "r3": "0"}', "R1 is £0.00"),
        ('{"r1": "10", "r2": "11", "r3": "1"}', "r2: £11.00 must lie between £0.00 and R1"),
        ('{"r1": 10.5, "r2": "1", "r3": "1"}', "r1: must be written in quotes"),
        ('{"r1": "10", "r2": "1", "recipients": []}', "stands beside r2 or r3"),
        ('{"r1": "10", "recipients": [1]}', "recipients[0]: must be a table of names and values"),
        (
            '{"r1": "10", "recipients": [{"name": "A", "group": "g", "paid": "1", "local_share": "40"}]}',
            "recipients[0].local_share: must be a share from 0 to 1",
        ),
        (
            '{"r1": "10", "recipients": [{"name": "A", "group": "g", "paid": "1"}]}',
            "Answers cover 0.0% of what local recipients were paid",
        ),
    ],
)
def test_a_file_that_cannot_be_worked_out_exits_with_2(tmp_path, capsys, text, told):
    code, _, err = run(capsys, write(tmp_path / "file.json", text))
    assert code == 2
    assert told in err
