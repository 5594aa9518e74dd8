"""Sixteen bugs found in open-source cleaners of spend files; each must not be ours."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from wpound.ingest.columns import assign_columns
from wpound.ingest.layout import Field
from wpound.ingest.pipeline import check_file

Check = Callable[..., dict[str, Any]]
Read = Callable[..., Any]
HEAD = "Supplier Name,Date,Transaction Number,Net Amount\n"


def amounts(rows: list[Any]) -> list[int]:
    return [row.net_pence for row in rows]


def test_01_brackets_are_negative(read: Read) -> None:
    _, rows = read(HEAD + 'A Ltd,05/04/2017,T1,"(1,234.56)"\n')

    assert amounts(rows) == [-123456]


def test_02_a_trailing_minus_is_negative(read: Read) -> None:
    _, rows = read(HEAD + "A Ltd,05/04/2017,T1,123.45-\n")

    assert amounts(rows) == [-12345]


def test_03_a_spreadsheets_day_number_in_its_column_is_a_day(read: Read) -> None:
    _, rows = read(HEAD + "A Ltd,43658,T1,1\n")

    assert rows[0].paid_on == date(2019, 7, 12)


@pytest.mark.parametrize("alias", ["Benificiary Name", "Supplier Name(T)"])
def test_04_misspelt_headings_are_known(alias: str) -> None:
    assert assign_columns([alias]) == {0: Field.SUPPLIER_NAME}


def test_05_a_byte_order_mark_does_not_hide_the_first_column(read: Read) -> None:
    sheet, rows = read("\ufeff" + HEAD + "A Ltd,05/04/2017,T1,1\n")

    assert sheet.columns["Supplier Name"] is Field.SUPPLIER_NAME
    assert (sheet.encoding, rows[0].supplier_name) == ("utf-8-sig", "A Ltd")


def test_06_windows_text_keeps_its_pounds_and_quotation_marks(read: Read) -> None:
    text = "Supplier Name,Date,Amount (£)\n“A” Ltd,05/04/2017,£1.00\n"
    sheet, rows = read(text, encoding="cp1252")

    assert sheet.encoding == "cp1252"
    assert (rows[0].supplier_name, rows[0].net_pence) == ("“A” Ltd", 100)


def test_07_an_unreadable_amount_is_flagged_and_never_nought(check: Check) -> None:
    report = check(HEAD + "A Ltd,05/04/2017,T1,12p\nB Ltd,05/04/2017,T2,5\n")

    assert (report["rows"], report["loaded"], report["refused"], report["sum_pence"]) == (2, 1, 1, 500)
    assert report["issues"][0] == {
        "code": "amount_unreadable",
        "severity": "error",
        "line": 2,
        "column": "Net Amount",
        "value": "12p",
        "message": "The amount cannot be read as a number.",
    }


def test_08_the_day_comes_first_and_never_swaps(read: Read) -> None:
    _, rows = read(HEAD + "A Ltd,05/04/2017,T1,1\nA Ltd,13/04/2017,T2,1\n")

    assert [row.paid_on for row in rows] == [date(2017, 4, 5), date(2017, 4, 13)]


def test_09_a_firm_is_not_redacted_by_the_word_private(read: Read) -> None:
    _, rows = read(HEAD + "PRIVATE CARE HOMES LTD,05/04/2017,T1,1\n")

    assert rows[0].redaction is None


def test_10_a_year_is_not_a_day(read: Read) -> None:
    _, rows = read(HEAD + "A Ltd,2024,T1,1\n")

    assert rows[0].paid_on is None


def test_11_payments_on_the_second_sheet_are_read_and_the_first_says_why_not(tmp_path: Any) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Cover").write_row(0, 0, ["Payments over £500"])
        data = book.add_worksheet("Data")
        data.write_row(0, 0, ["Supplier", "Date", "Amount"])
        data.write_row(1, 0, ["A Ltd", "05/04/2017", 7956.420000000001])
    cover, data_report = (report.to_dict() for report in check_file(path))

    assert "saved layout" in cover["refused_because"]
    assert (data_report["sheet"], data_report["loaded"], data_report["sum_pence"]) == ("Data", 1, 795642)


def test_12_two_equal_rows_are_two_payments(check: Check) -> None:
    report = check(HEAD + "A Ltd,05/04/2017,T1,5\nA Ltd,05/04/2017,T1,5")

    assert (report["loaded"], report["sum_pence"]) == (2, 1000)
    assert report["issues_by_code"]["exact_duplicate"] == 1


def test_13_a_missing_amount_or_date_stays_missing(read: Read) -> None:
    sheet, rows = read(HEAD + "A Ltd,,T1,5\nB Ltd,05/04/2017,T2,\n")

    assert [(row.supplier_name, row.paid_on) for row in rows] == [("A Ltd", None)]
    assert sheet.counts.issues_by_code == {"date_missing": 1, "amount_missing": 1}


def test_14_a_postcode_survives(read: Read) -> None:
    _, rows = read("Supplier,Supplier Post Code,Date,Amount\nA Ltd,WV1 1SH,05/04/2017,5\n")

    assert rows[0].postcode == "WV1 1SH"


def test_15_every_row_left_out_is_counted_and_listed_and_an_absurd_amount_is_one(check: Check) -> None:
    report = check(HEAD + "A Ltd,05/04/2017,T1,81711000000000\nB Ltd,05/04/2017,T2,1\n,,,\n")

    assert report["rows"] == report["loaded"] + report["refused"] == 2
    assert (report["blank"], report["sum_pence"]) == (1, 100)
    assert [(issue["code"], issue["line"]) for issue in report["issues"]] == [("amount_too_large", 2)]


def test_16_the_same_name_under_two_numbers_stays_two_suppliers(read: Read) -> None:
    _, rows = read("Supplier,Supplier ID,Date,Amount\nA Ltd,001,05/04/2017,5\nA Ltd,002,05/04/2017,5\n")

    assert [row.supplier_number for row in rows] == ["001", "002"]
