"""The phases and the stream: chunk by chunk, in any order, with every row traceable."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wpound.ingest import duplicates
from wpound.ingest.columns import header_of
from wpound.ingest.duplicates import Duplicates
from wpound.ingest.layout import Field, Layout
from wpound.ingest.phases import Plan, read_rows
from wpound.ingest.readers import RawRow
from wpound.ingest.tally import Tally

Check = Callable[..., dict[str, Any]]
Read = Callable[..., Any]
HEADINGS = ["Supplier", "Date", "Amount", "Note"]
HEADER = header_of([RawRow(1, HEADINGS, ",".join(HEADINGS))])
PLAN = Plan(HEADER, Layout({"Supplier": Field.SUPPLIER_NAME, "Date": Field.PAID_ON, "Amount": Field.NET_AMOUNT}))

CELLS = st.tuples(
    st.sampled_from(["A Ltd", " B  Ltd ", "", "Total", "REDACTED PERSONAL DATA"]),
    st.sampled_from(["05/04/2017", "", "Sep 2014", "4/30/2017"]),
    st.sampled_from(["1.00", "(2.50)", "0.005", "", "x", "£1,000"]),
    st.sampled_from(["", "note"]),
)
CHUNKS = st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=4)


def number(chunks: list[list[tuple[str, ...]]]) -> list[list[RawRow]]:
    lines = itertools.count(2)
    return [[RawRow(next(lines), list(cells), ",".join(cells) + "\n") for cells in chunk] for chunk in chunks]


@settings(deadline=None)
@given(CHUNKS, st.randoms(use_true_random=False))
def test_a_chunk_reads_the_same_whatever_was_read_before_it(chunks: Any, random: Any) -> None:
    raw = number(chunks)
    order = list(range(len(raw)))
    random.shuffle(order)
    shuffled = {i: read_rows(raw[i], PLAN) for i in order}

    assert [shuffled[i] for i in range(len(raw))] == [read_rows(chunk, PLAN) for chunk in raw]


@settings(deadline=None)
@given(CHUNKS)
def test_where_a_file_is_cut_into_chunks_makes_no_difference(chunks: Any) -> None:
    raw = number(chunks)

    def tally(parts: list[list[RawRow]]) -> Any:
        with Tally(None) as tally:
            rows = [row for part in parts for row in tally.take(read_rows(part, PLAN)).rows]
            tally.finish()
        return rows, tally.counts

    assert tally(raw) == tally([list(itertools.chain.from_iterable(raw))])


def test_every_row_keeps_its_place_and_its_text(read: Read) -> None:
    sheet, rows = read('Title\n\nSupplier,Date,Amount\n"A\nLtd",05/04/2017,5\n,,\nB Ltd,06/04/2017,6\n')

    assert [row.line_number for row in rows] == [4, 6]
    assert rows[0].raw == '"A\nLtd",05/04/2017,5\n'
    assert rows[0].supplier_name == "A Ltd"
    assert (sheet.counts.blank, len(sheet.file_hash)) == (1, 64)


def test_duplicates_are_found_across_chunks_and_in_parts_put_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "_BUFFER", 4)
    with Duplicates() as rows:
        for start in range(1, 1_001, 10):
            lines = range(start, start + 10)
            rows.add(lines, [f"row {line % 990}\r\n" for line in lines])
        found = rows.find()

    assert found == [(line, line - 990) for line in range(991, 1_001)]


def test_the_report_has_the_agreed_shape(check: Check) -> None:
    report = check("Supplier,Date,Amount\nA Ltd,05/04/2017,-5\n")

    assert list(report) == [
        "file", "sheet", "encoding", "delimiter", "header_line", "columns", "rows", "loaded", "refused", "repeated",
        "blank", "totals_rows", "sum_pence", "negatives", "negative_pence", "first_paid_on", "last_paid_on",
        "issues_by_code", "issues", "refused_because",
    ]  # fmt: skip
    assert report["columns"] == {"Supplier": "supplier_name", "Date": "paid_on", "Amount": "net_amount"}
    assert (report["first_paid_on"], report["negatives"], report["negative_pence"]) == ("2017-04-05", 1, -500)


def test_the_list_of_issues_is_short_and_still_shows_every_kind(check: Check) -> None:
    report = check("Supplier,Date,Amount\n" + "A Ltd,Sep 2014,5\n" * 150 + "Total,,1\n")

    assert report["issues_by_code"] == {"control_total_differs": 1, "exact_duplicate": 149, "month_only_date": 150}
    assert len(report["issues"]) == 100
    assert {issue["code"] for issue in report["issues"]} == set(report["issues_by_code"])


def test_a_list_without_dates_or_suppliers_says_so_once(check: Check) -> None:
    report = check("Department,Amount\nParks,5\nRoads,6\n")

    assert report["issues_by_code"] == {"no_date_column": 1, "no_supplier_column": 1}
