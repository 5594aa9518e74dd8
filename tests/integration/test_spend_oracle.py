"""Every real published file of four councils against figures worked out independently of this reader.

The figures (``EXPECTED.csv``) sum exact amounts and round once. Where its own notes call them arguable, the exception
stands below with the reason.
"""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from wpound.core.money import Money
from wpound.ingest.pipeline import check_file

FOLDERS = {"devon_cc": 20, "greater_manchester_gmdsp": 4, "hyndburn": 107, "lambeth": 17}

# file name part, what differs: (expected by the figures, found), why
EXCEPTIONS: list[tuple[str, dict[str, tuple[Any, Any]], str]] = [
    (
        "March-25-CSV",
        {"refused": (1, 0), "header_line": (0, 889)},
        "the headings are the last row, which the figures count as an unreadable payment",
    ),
    (
        "April-25-CSV",
        {"refused": (1, 0), "header_line": (0, 405)},
        "the headings are the last row, which the figures count as an unreadable payment",
    ),
    (
        "Sept-25-CVS",
        {"refused": (1, 0), "header_line": (0, 586)},
        "the headings are the last row, which the figures count as an unreadable payment",
    ),
    (
        "DCCSpendingOver500_201110",
        {"duplicates": (1621, 0)},
        "the repeated rows hold only the name of the body; they are refused one by one and not called payments twice",
    ),
    (
        "lambeth/2012-06",
        {"duplicates": (428, 342)},
        "86 of the repeated rows have date and amount fused; they are refused, and only payments are called repeated",
    ),
]
# Fused cells are not split: the sum misses the printed total, and the report says by how much (pence).
FUSED = {
    "lambeth/2011-10": (33_908_610_45, 33_907_870_45),
    "lambeth/2011-11": (38_293_628_86, 38_217_530_82),
    "lambeth/2012-02": (44_773_003_39, 44_772_263_39),
    "lambeth/2012-06": (40_292_334_84, 39_775_940_53),
}
DOS_POUND = ("__1703", "__1704", "__1710", "November-2020", "December-2020")
ENCODINGS = {
    "ascii": {"ascii"},
    "utf-8": {"utf-8"},
    "utf-8-bom": {"utf-8-sig"},
    "cp1252/latin1": {"cp1252"},
    "xls/xlsx": {None},
}


@pytest.fixture(scope="module")
def results(shared: Path) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """Each expected line with the report of its file."""
    folder = shared / "data" / "spend"
    with (folder / "EXPECTED.csv").open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["dataset"] in FOLDERS]
    return [(line, _report(folder / line["file"], line["sheet"])) for line in lines]


def _report(path: Path, sheet: str) -> dict[str, Any]:
    [report] = [r.to_dict() for r in check_file(path) if sheet in ("", r.sheet.sheet)]
    return report


def _expected(line: dict[str, str]) -> dict[str, Any]:
    totals = [entry.rpartition(": ")[2] for entry in line["total_rows_in_data"].split(";") if entry.strip()]
    return {
        "loaded": int(line["amounts_parsed"]) - len(totals),
        "refused": int(line["amounts_unparsed"]),
        "sum_pence": Money.rounded(Decimal(line["sum_excluding_total_rows"])).pence,
        "totals": [Money.rounded(Decimal(total)).pence for total in totals],
        "negatives": int(line["negatives"]),
        "negative_pence": Money.rounded(Decimal(line["sum_negatives"])).pence,
        "duplicates": int(line["exact_duplicate_rows"]),
        "header_line": int(line["header_line_1based"]),
    }


def _found(report: dict[str, Any]) -> dict[str, Any]:
    return {
        "loaded": report["loaded"],
        "refused": report["refused"],
        "sum_pence": report["sum_pence"],
        "totals": [total["pence"] for total in report["totals_rows"]],
        "negatives": report["negatives"],
        "negative_pence": report["negative_pence"],
        "duplicates": report["issues_by_code"].get("exact_duplicate", 0),
        "header_line": report["header_line"],
    }


def _differences(line: dict[str, str], report: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    expected, found = _expected(line), _found(report)
    return {name: (expected[name], found[name]) for name in expected if expected[name] != found[name]}


def _in(line: dict[str, str], names: Iterator[str] | tuple[str, ...] | dict[str, Any]) -> str | None:
    return next((name for name in names if name in line["file"]), None)


def test_every_listed_file_is_there(results: list[tuple[dict[str, str], dict[str, Any]]]) -> None:
    found = [line["dataset"] for line, _ in results]

    assert {folder: found.count(folder) for folder in FOLDERS} == FOLDERS


def test_every_file_reconciles_to_the_penny(results: list[tuple[dict[str, str], dict[str, Any]]]) -> None:
    excused = {name: differences for name, differences, _ in EXCEPTIONS}
    wrong = {
        line["file"]: differences
        for line, report in results
        if (differences := _differences(line, report)) != excused.get(_in(line, excused) or "", {})
    }

    assert wrong == {}
    assert [line["file"] for line, report in results if report["refused_because"]] == []


def test_every_row_is_accounted_for(results: list[tuple[dict[str, str], dict[str, Any]]]) -> None:
    headings_last = {name for name, differences, _ in EXCEPTIONS if "header_line" in differences}
    for line, report in results:
        payments = int(line["nonblank_rows_after_header"]) - (1 if _in(line, tuple(headings_last)) else 0)

        assert report["rows"] == payments, line["file"]
        assert report["rows"] == report["loaded"] + report["refused"] + len(report["totals_rows"]), line["file"]


def test_headings_and_encodings_are_the_published_ones(results: list[tuple[dict[str, str], dict[str, Any]]]) -> None:
    for line, report in results:
        dos = _in(line, DOS_POUND)
        assert report["encoding"] in ({"cp850"} if dos else ENCODINGS[line["encoding"]]), line["file"]
        if line["header"]:
            expected = line["header"].replace("œ", "£") if dos else line["header"]
            headings = [" ".join(heading.split()).casefold() for heading in expected.split("|")]
            found = [heading.casefold() for heading in report["columns"]]
            assert [f for f, h in zip(found, headings, strict=True) if h] == [h for h in headings if h], line["file"]


def test_fused_cells_are_said_with_the_gap_they_leave(results: list[tuple[dict[str, str], dict[str, Any]]]) -> None:
    gaps = {name: report for line, report in results if (name := _in(line, FUSED))}

    assert gaps.keys() == FUSED.keys()
    for name, report in gaps.items():
        printed, read = FUSED[name]
        [issue] = [issue for issue in report["issues"] if issue["code"] == "control_total_differs"]
        assert report["sum_pence"] == read
        assert Money(printed).format() in issue["message"]
        assert Money(printed - read).format() in issue["message"]


def test_no_other_control_total_is_missed(results: list[tuple[dict[str, str], dict[str, Any]]]) -> None:
    differing = [line["file"] for line, report in results if "control_total_differs" in report["issues_by_code"]]

    assert len(differing) == len(FUSED)
    assert all(any(name in file for name in FUSED) for file in differing)


def test_known_dirt_is_counted_as_the_publishers_files_have_it(
    results: list[tuple[dict[str, str], dict[str, Any]]],
) -> None:
    codes: dict[str, int] = {}
    for _, report in results:
        for code, count in report["issues_by_code"].items():
            codes[code] = codes.get(code, 0) + count

    assert codes["more_than_two_decimals"] == 4_965
    assert codes["cells_run_together"] == 642
    assert codes["month_only_date"] == 2_620
    assert codes["date_missing"] == 3
    assert "date_unreadable" not in codes
    assert "supplier_missing" in codes
