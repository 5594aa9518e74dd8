"""The league table as PDF, CSV, XLSX and JSON: one set of figures, and no formula in any of them."""

import csv
import dataclasses
import json
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from pdfua import validate
from python_calamine import CalamineWorkbook

from wpound.core.league import LeagueEntry, build_league
from wpound.core.local_spend import RingSpend, build_ring_table, measure_local_share
from wpound.core.periods import financial_year
from wpound.core.places import Ring
from wpound.documents.league_report import (
    LeagueReport,
    league_csv,
    league_json,
    league_line,
    league_pdf,
    league_workbook,
    ring_chart,
    share_chart,
)
from wpound.documents.workbook import Sheet, csv_bytes, workbook_bytes

SPEND = {
    "council": (
        "Council of the Town",
        "Council",
        {Ring.CITY: 4_123_456_78, Ring.UK: 5_000_000_00, Ring.UNKNOWN: 600_000_00},
    ),
    "trust": ("=HYPERLINK(1) NHS Trust", "NHS trust", {Ring.CITY: 900_000_00, Ring.OVERSEAS: 3_000_000_01}),
    "college": ("College, $5 & up", "College", {Ring.SUB_REGION: 100_000_00, Ring.UNKNOWN: 400_000_00}),
}


def payments(amounts: dict[Ring, int]) -> list[RingSpend]:
    return [
        RingSpend(ring, Ring.WARD, Ring.OVERSEAS, pence, 7)
        if ring is Ring.UNKNOWN
        else RingSpend(ring, ring, ring, pence, 1234)
        for ring, pence in amounts.items()
    ]


@pytest.fixture(scope="module")
def report() -> LeagueReport:
    period = financial_year(2025)
    entries = [
        LeagueEntry(
            key,
            name,
            kind,
            measure_local_share(payments(amounts), Ring.CITY),
            period,
            "£500 and above",
            population=1000,
        )
        for key, (name, kind, amounts) in SPEND.items()
    ]
    return LeagueReport(
        publisher="Council of the Town",
        table=build_league(entries, "Invoice address in the town", period),
        rings={key: build_ring_table(payments(amounts)) for key, (_, _, amounts) in SPEND.items()},
        ring_titles={ring: ring.value.replace("_", " ").capitalize() for ring in Ring},
        definition_note="The address on the invoice counts.",
        made_on=date(2026, 6, 1),
        licences=("Open Government Licence v3.0.",),
    )


def rows_of(report: LeagueReport) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(league_csv(report).decode("utf-8-sig"))))


def test_csv_json_workbook_and_printed_lines_hold_the_same_figures(report: LeagueReport) -> None:
    from_json = json.loads(league_json(report))["rows"]
    sheet = (
        CalamineWorkbook.from_filelike(BytesIO(league_workbook(report))).get_sheet_by_name("League table").to_python()
    )
    for i, (row, line, found) in enumerate(zip(report.table.rows, rows_of(report), from_json, strict=True)):
        printed = league_line(row)
        assert line["share_low_percent"] == found["share_low_percent"]
        assert line["total"] == found["total"] == str(row.total.pounds)
        assert printed.share.startswith(f"{line['share_low_percent']}%")
        assert printed.total == row.total.format()
        assert Decimal(str(sheet[i + 1][sheet[0].index("total")])) == row.total.pounds


def test_a_share_is_printed_as_an_interval_and_once_where_it_is_known(report: LeagueReport) -> None:
    shares = {row.anchor: league_line(row).share for row in report.table.rows}
    assert shares == {"council": "42.4% to 48.6%", "trust": "23.1%", "college": "0.0% to 80.0%"}


def test_not_known_is_said_and_never_nought(report: LeagueReport) -> None:
    council = next(row for row in report.table.rows if row.anchor == "council")
    assert league_line(council).growth == league_line(council).tco2e == "not known"
    line = next(line for line in rows_of(report) if line["anchor"] == "council")
    assert line["growth_low"] == "" and line["tco2e_per_million"] == ""
    found = next(row for row in json.loads(league_json(report))["rows"] if row["anchor"] == "council")
    assert found["growth_low"] is None


def test_every_download_carries_definition_period_and_notes(report: LeagueReport) -> None:
    line = rows_of(report)[0]
    assert line["definition"] == "Invoice address in the town"
    assert (line["period_start_on"], line["period_end_on"]) == ("2025-04-01", "2026-03-31")
    assert "different kinds" in line["notes"]
    found = json.loads(league_json(report))
    assert found["definition"] == "Invoice address in the town" and found["coverage_floor_percent"] == "60.0"


def test_the_rings_of_the_download_add_up_to_the_total(report: LeagueReport) -> None:
    for row in json.loads(league_json(report))["rows"]:
        assert sum(Decimal(ring["pounds"]) for ring in row["rings"]) == Decimal(row["total"])


def test_a_name_never_becomes_a_formula(report: LeagueReport) -> None:
    trust = next(line for line in rows_of(report) if line["anchor"] == "trust")
    assert trust["name"] == "'=HYPERLINK(1) NHS Trust"
    book = CalamineWorkbook.from_filelike(BytesIO(league_workbook(report)))
    names = [row[4] for row in book.get_sheet_by_name("League table").to_python()]
    assert "=HYPERLINK(1) NHS Trust" in names


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 20",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\nx",
        "\0=1",
        "\uff1d1+1",
        "\uff0b1",
        "\uff0d1",
        "\uff20SUM(A1)",
    ],
)
def test_texts_that_a_spreadsheet_would_run_are_quoted_and_numbers_are_not(text: str) -> None:
    content = csv_bytes(Sheet("x", ("a", "b"), [(text, Decimal("-5.00"))])).decode("utf-8-sig")
    [row] = list(csv.reader(StringIO(content, newline="")))[1:]
    assert row == [f"'{text}", "-5.00"]


def test_the_same_table_is_the_same_workbook(report: LeagueReport) -> None:
    assert league_workbook(report) == league_workbook(report)
    sheet = Sheet("x", ("a",), [("https://example.org",), (Decimal("0.10"),), (None,)])
    book = CalamineWorkbook.from_filelike(BytesIO(workbook_bytes([sheet], {}, date(2026, 1, 1))))
    assert book.get_sheet_by_name("x").to_python() == [["a"], ["https://example.org"], [0.1]]


def test_charts_say_in_words_what_they_show(report: LeagueReport) -> None:
    shares, rings = share_chart(report.table), ring_chart(report)
    assert "Council of the Town: 42.4% to 48.6%" in shares.alt
    assert "College, $5 & up: Sub region 20.0%, Unknown 80.0%" in rings.alt
    assert share_chart(report.table).svg == shares.svg


def test_an_anchor_without_a_share_has_a_place_in_every_form(report: LeagueReport) -> None:
    nothing = LeagueEntry(
        "homes", "Homes", "Housing", measure_local_share([], Ring.CITY), report.table.period, "£500 and above"
    )
    alone = dataclasses.replace(
        report, table=build_league([nothing], "Invoice address in the town", report.table.period), rings={}
    )
    assert league_line(alone.table.rows[0]).share == "not known"
    assert league_pdf(alone).startswith(b"%PDF")


def test_the_report_is_accessible_and_the_same_twice(report: LeagueReport, tmp_path: Path) -> None:
    content = league_pdf(report)
    assert league_pdf(report) == content
    file = tmp_path / "league.pdf"
    file.write_bytes(content)
    found = validate(str(file))
    assert (found.exit_code, [finding.message for finding in found.findings]) == (0, [])
