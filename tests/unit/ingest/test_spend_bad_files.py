"""Files that are not lists of payments, or no longer: refused with a sentence, never with a crash."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wpound.core.errors import InputError
from wpound.ingest.pipeline import check_file

Check = Callable[..., dict[str, Any]]
GOOD = "Supplier,Date,Amount\nA Ltd,05/04/2017,5.00\nB Ltd,06/04/2017,6.00\n"


def zipped(names: list[str], content: bytes = b"x") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "is empty"),
        (b"\r\n ,,\r\n", "is empty"),
        (b"<!DOCTYPE html><html><title>403</title>", "web page"),
        (b"\n  <HTML><body>Forbidden</body></HTML>", "web page"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
        (b'{"payments": []}', "JSON"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (zipped(["april.csv", "may.csv"]), "zip archive"),
        (b"PK\x03\x04 half of it", "cut off"),
        (zipped(["xl/workbook.xml"], b"0" * 3_000_000), "unpack to"),
        (zipped(["xl/workbook.xml"], b"<not a workbook"), "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old Office file cut short", "damaged"),
        (GOOD.replace("Ltd", "L\0td").encode(), "NUL bytes"),
        ("Größe, wie hoch, und warum\n1,2,3\n".encode(), "saved layout"),
        (b"just some words\nand more of them\n", "saved layout"),
        (b"Supplier,Date,Amount\n", "no rows"),
        (b"Supplier,Date,Amount\nA Ltd,05/04/2017,\nB Ltd,05/04/2017,n/a\n", "No row has an amount"),
    ],
)
def test_a_file_that_is_no_list_of_payments_is_refused_in_plain_words(check: Check, content: bytes, says: str) -> None:
    report = check(content)

    assert says in report["refused_because"]
    assert (report["loaded"], report["sum_pence"]) == (0, 0)


@pytest.mark.parametrize(
    "content",
    [
        GOOD + '"C Ltd',
        GOOD + '"C Ltd,07/04/2017,7.00\nD Ltd,08/04/2017,8.00\n',
        GOOD + "C Ltd,07/0",
        (GOOD + "Caf\N{LATIN SMALL LETTER E WITH ACUTE}").encode()[:-1],
    ],
)
def test_a_half_written_file_is_refused_as_a_whole(check: Check, content: str | bytes) -> None:
    report = check(content)

    assert "cut off" in report["refused_because"]
    assert (report["loaded"], report["sum_pence"], report["first_paid_on"]) == (0, 0, None)


def test_a_whole_last_row_without_a_line_end_is_loaded_and_noted(check: Check) -> None:
    report = check(GOOD + "C Ltd,07/04/2017,7.00")

    assert (report["refused_because"], report["sum_pence"]) == (None, 1800)
    assert report["issues_by_code"] == {"no_final_line_end": 1}


def test_one_row_with_a_million_columns_is_refused_before_it_is_read(check: Check) -> None:
    assert "longer than" in check("Amount," * 1_000_000)["refused_because"]


def test_a_row_with_thousands_of_columns_is_refused(check: Check) -> None:
    for rows_before in (0, 500, 5_000):
        report = check(GOOD + "C Ltd,07/04/2017,7.00\n" * rows_before + "1," * 3_000 + "\n")

        assert f"Row {rows_before + 4:,} has 3,001 columns" in report["refused_because"]


def test_a_quotation_mark_that_swallows_a_big_file_is_refused(check: Check) -> None:
    report = check(GOOD + '"C Ltd,07/04/2017,7.00\n' + "D Ltd,08/04/2017,8.00\n" * 10_000)

    assert "row 4 is never closed" in report["refused_because"]


def test_a_quotation_mark_inside_a_name_is_no_damage(check: Check) -> None:
    assert check(GOOD + 'Pipes 5" Ltd,07/04/2017,7.00\n')["sum_pence"] == 1800


def test_a_file_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file"):
        check_file(tmp_path / "nothing.csv")


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("ascii", "ascii"),
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("cp850", "cp850"),
        ("cp437", "cp850"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_every_encoding_and_line_end_is_read(check: Check, encoding: str, found: str, line_end: str) -> None:
    pound, letter = ("", "e") if encoding == "ascii" else ("£", "é")
    text = f"Supplier,Date,Net Amount ({pound})\nCaf{letter},05/04/2017,{pound}5.00\nB,06/04/2017,{pound}6.00\n"
    report = check(text.replace("\n", line_end), encoding=encoding)

    assert (report["encoding"], report["sum_pence"]) == (found, 1100)
    assert report["columns"][f"Net Amount ({pound})"] == "net_amount"


def test_mixed_line_ends_are_read(check: Check) -> None:
    assert check("Supplier,Amount\rA,1\r\nB,2\nC,3\r")["sum_pence"] == 600


def test_the_content_decides_and_not_the_name(check: Check) -> None:
    assert check(GOOD, name="payments.xls")["sum_pence"] == 1100


def test_bytes_that_are_no_text_are_said_row_by_row(check: Check) -> None:
    report = check(b"Supplier,Amount\nA\x81\xa3 Ltd,5\n")

    assert (report["loaded"], report["issues_by_code"]["text_damaged"]) == (1, 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(content=st.one_of(st.binary(max_size=400), st.text(alphabet=',"\r\n\t£(-)1.T ', max_size=120)))
def test_any_bytes_are_answered_and_every_row_is_accounted_for(check: Check, content: bytes | str) -> None:
    for text in (content, b"Supplier,Amount\n" + (content if isinstance(content, bytes) else content.encode())):
        report = check(text)
        totals = len(report["totals_rows"])

        assert report["rows"] == report["loaded"] + report["refused"] + report["repeated"] + totals
