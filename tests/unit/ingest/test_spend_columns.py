"""Which row holds the headings, wherever it stands, and what they mean."""

from collections.abc import Callable
from typing import Any

import pytest

from wpound.core.errors import InputErrors
from wpound.ingest.columns import assign_columns
from wpound.ingest.layout import Basis, Field, Layout, Sign

Check = Callable[..., dict[str, Any]]
Read = Callable[..., Any]

LGA_FIELDS = [
    ("OrganisationalUnit", "Directorate / service where expenditure occurred", Field.DEPARTMENT),
    ("BeneficiaryName", "Supplier (beneficiary) name", Field.SUPPLIER_NAME),
    ("BeneficiaryOtherID", "Local supplier (beneficiary) internal reference", Field.SUPPLIER_NUMBER),
    ("CompaniesHouseRegistrationNumber", "Supplier registered company number", Field.COMPANY_NUMBER),
    ("CharityCommissionNumber", "Supplier registered charity number", Field.CHARITY_NUMBER),
    ("PaymentDate", "Date", Field.PAID_ON),
    ("TransactionNumber", "Transaction number", Field.TRANSACTION_NUMBER),
    ("Amount", "Net Amount", Field.NET_AMOUNT),
    ("Purpose", "Purpose of spend (summary)", Field.PURPOSE),
    ("CategoryInternalName", "Council's procurement category name", Field.CATEGORY),
]


@pytest.mark.parametrize(("name", "title", "field"), LGA_FIELDS)
def test_the_schema_is_known_by_its_names_and_its_titles(name: str, title: str, field: Field) -> None:
    assert assign_columns([name]) == assign_columns([f" {title.upper()}: "]) == {0: field}


def test_net_goes_before_gross_and_a_body_is_not_a_supplier() -> None:
    headings = ["Name of Body", "Gross Amount", "Name", "VAT", "Net Amount (£)", "Invoice Number", "Transaction No"]

    assert assign_columns(headings) == {2: Field.SUPPLIER_NAME, 4: Field.NET_AMOUNT, 6: Field.TRANSACTION_NUMBER}


@pytest.mark.parametrize(
    ("heading", "basis"),
    [("Nett Amount", Basis.NET), ("Amount (excl. VAT)", Basis.NET), ("Gross", Basis.GROSS), ("Amount", Basis.UNKNOWN)],
)
def test_the_heading_says_whether_vat_is_in(read: Read, heading: str, basis: Basis) -> None:
    sheet, _ = read(f"Supplier,{heading}\nA Ltd,1\nB Ltd,2\n")

    assert sheet.layout.basis is basis


def test_lines_above_the_headings_are_kept_as_notes(read: Read) -> None:
    sheet, rows = read("Payments over £500,\n,\nSupplier,Total\nA Ltd,1\nB Ltd,5\n")

    assert (sheet.header_line, sheet.notes, len(rows)) == (3, ["Payments over £500"], 2)


def test_headings_may_stand_in_the_last_row(check: Check) -> None:
    rows = "".join(f"A Ltd,05/04/2017,T{i},{i}.00\n" for i in range(1, 61))
    report = check(rows + "Name: ,Payment Date,HBC Ref No.,Amount Paid")

    assert (report["header_line"], report["rows"], report["loaded"]) == (61, 60, 60)
    assert report["columns"]["HBC Ref No."] == "transaction_number"


def test_headings_may_stand_below_the_payments_of_a_short_file(check: Check) -> None:
    report = check("A Ltd,05/04/2017,7\nB Ltd,06/04/2017,8\nSupplier,Date,Amount\n")

    assert (report["header_line"], report["sum_pence"]) == (3, 1500)


def test_a_payment_above_the_headings_is_not_lost(read: Read) -> None:
    sheet, rows = read("May 2017,,\nA Ltd,05/04/2017,7\nSupplier,Date,Amount\nB Ltd,06/04/2017,8\n")

    assert ([row.line_number for row in rows], sheet.notes) == ([2, 4], ["May 2017"])


def test_a_heading_may_be_written_over_two_rows(read: Read) -> None:
    sheet, rows = read("May-12,,,\n,,Post,\nDate,Supplier,code,Amount\n01/05/2012,A Ltd,WV1 1SH,4\n")

    assert sheet.header_line == 3
    assert sheet.columns["Post code"] is Field.POSTCODE
    assert (rows[0].postcode, sheet.notes) == ("WV1 1SH", ["May-12"])

    sheet, rows = read(",Post,,\nAmount,code,Supplier,Date\n4,WV1 1SH,A Ltd,01/06/2012\n", sheet.layout)

    assert (sheet.header_line, rows[0].postcode) == (2, "WV1 1SH")


def test_blank_headings_and_empty_columns_do_no_harm(read: Read) -> None:
    sheet, rows = read("Name,,,Payment Date,,Amount\nA Ltd,,,05/04/2017,x,5,,,\n")

    assert sheet.columns["column 5"] is None
    assert rows[0].extras == {"column 5": "x"}


def test_unknown_columns_are_kept_as_extras(read: Read) -> None:
    _, rows = read("Supplier,Creditor Type,Amount\nA Ltd,SOLE,5\nB Ltd,,6\n")

    assert [row.extras for row in rows] == [{"Creditor Type": "SOLE"}, {}]


def test_headings_repeated_on_every_page_are_no_payments(check: Check) -> None:
    report = check("Supplier,Date,Amount\nA Ltd,05/04/2017,5\nSupplier,Date,Amount\nB Ltd,05/04/2017,6\n")

    assert (report["loaded"], report["issues_by_code"]) == (2, {"heading_repeated": 1})


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(check: Check, delimiter: str) -> None:
    report = check(f"Supplier,Date,Amount\n{'A Ltd,05/04/2017,5'}\n".replace(",", delimiter))

    assert (report["delimiter"], report["sum_pence"]) == (delimiter, 500)


def test_a_file_without_headings_needs_a_saved_layout(check: Check, read: Read) -> None:
    text = "A Ltd,05/04/2017,7.00\nB Ltd,06/04/2017,8.00\n"

    assert "needs a saved layout" in check(text)["refused_because"]

    columns = {"column 1": Field.SUPPLIER_NAME, "column 2": Field.PAID_ON, "column 3": Field.NET_AMOUNT}
    sheet, rows = read(text, Layout(columns, header_line=None))

    assert (sheet.header_line, [row.net_pence for row in rows]) == (None, [700, 800])


def test_a_proposed_layout_reads_the_next_file_and_survives_being_saved(read: Read) -> None:
    sheet, _ = read("Supplier,Date,Net Amount\nA Ltd,05/04/2017,7\n")
    saved = Layout.from_dict(sheet.layout.to_dict())

    assert saved == sheet.layout

    _, rows = read("Title,,\n Date ,NET AMOUNT,Supplier,New\n06/04/2017,8,B Ltd,x\n", saved)

    assert (rows[0].supplier_name, rows[0].net_pence, rows[0].extras) == ("B Ltd", 800, {"New": "x"})


def test_a_saved_layout_refuses_a_file_with_other_headings(read: Read) -> None:
    layout = Layout({"Supplier": Field.SUPPLIER_NAME, "Sum": Field.NET_AMOUNT})
    sheet, rows = read("Supplier,Amount\nA Ltd,5\n", layout)

    assert rows == []
    assert "expects the headings Supplier, Sum" in sheet.refused_because


def test_a_saved_layout_may_say_that_payments_are_printed_negative(read: Read) -> None:
    layout = Layout({"S": Field.SUPPLIER_NAME, "A": Field.NET_AMOUNT}, sign=Sign.PAYMENTS_NEGATIVE, threshold_pence=600)
    sheet, rows = read("S,A\nA Ltd,-5\nB Ltd,7\n", layout)

    assert [row.net_pence for row in rows] == [500, -700]
    assert sheet.counts.issues_by_code["below_threshold"] == 1


def test_a_layout_with_unknown_values_is_refused_value_by_value() -> None:
    with pytest.raises(InputErrors) as caught:
        Layout.from_dict({"columns": {"A": "supplier_nam"}, "date_order": "year_first"})

    assert [error.field for error in caught.value.errors] == ["columns", "columns", "date_order"]


def test_a_company_number_gets_its_zeros_back_and_another_shape_is_not_trusted(read: Read) -> None:
    sheet, rows = read("Supplier,Company Number,Amount\nA Ltd,1234567,5\nB Ltd,sc123456,5\nC Ltd,none given,5\n")

    assert [row.company_number for row in rows] == ["01234567", "SC123456", None]
    assert sheet.counts.issues_by_code["company_number_odd"] == 1


def test_a_column_of_redactions_speaks_for_a_blank_name(read: Read) -> None:
    sheet, rows = read("Supplier Name,Redact Name,Date,Amount\n,Redacted Supplier,05/04/2017,5\n,,05/04/2017,6\n")

    assert [(row.supplier_name, row.redaction) for row in rows] == [("Redacted Supplier", "personal"), (None, None)]
    assert sheet.counts.issues_by_code == {"supplier_missing": 1}
