"""``wpound spend check`` as a person and as a program see it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wpound.cli.spend import command

GOOD = "Supplier,Date,Amount\nA Ltd,05/04/2017,5.00\nB Ltd,06/04/2017,-1.50\nC Ltd,Sep 2017,2\nTotal,,5.50\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(GOOD, "utf-8")
    bad.write_text("<!doctype html><title>403</title>", "utf-8")
    return good, bad


def check(*arguments: object) -> Result:
    return CliRunner().invoke(command, ["check", *map(str, arguments)])


def test_a_readable_file_is_told_in_words(files: tuple[Path, Path]) -> None:
    result = check(files[0])

    assert result.exit_code == 0
    assert "4 rows: 3 payments, 0 refused, 1 totals rows; 0 blank rows left out" in result.output
    assert "total £5.50, of which 1 credits of -£1.50, paid from 2017-04-05 to 2017-04-06" in result.output
    assert "row 5 is a total of £5.50, which agrees with the payments" in result.output
    assert "1 x Only a month is given" in result.output
    assert "[row 4, Date: Sep 2017]" in result.output


def test_one_refused_file_is_said_and_the_exit_is_1(files: tuple[Path, Path]) -> None:
    result = check(*files)

    assert result.exit_code == 1
    assert "refused: The file is a web page" in result.output
    assert "3 payments" in result.output


def test_json_is_one_object_a_sheet(files: tuple[Path, Path]) -> None:
    result = check(*files, "--json")
    reports = json.loads(result.stdout)

    assert result.exit_code == 1
    assert [report["file"] for report in reports] == [str(path) for path in files]
    assert reports[0]["totals_rows"] == [{"line": 5, "pence": 550, "reconciles": True}]
    assert reports[1]["refused_because"].startswith("The file is a web page")


@pytest.mark.parametrize("arguments", [[], ["no-such-file.csv"], ["--what"]])
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    assert check(*arguments).exit_code == 2
