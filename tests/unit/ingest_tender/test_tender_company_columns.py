"""A workbook states company facts, people and evidence in columns of its own."""

import io
from typing import Any

import xlsxwriter

from wpound.core.form import Problems
from wpound.core.tender import Tender, read_tender
from wpound.ingest.tender_file import TenderFile, read_tender_file

BIDS = [["bidder", "price", "company.headcount", "company.supply_chain_share"], ["A", 500, 12, 0.25], ["B", 400]]
SHEETS: dict[str, list[list[Any]]] = {
    "tender": [["key", "value"], ["title", "Grounds"], ["as_of", "2026-04-01"]],
    "criteria": [["code", "kind", "weighting", "formula"], ["price", "price", 100, "lowest_ratio"]],
    "bids": BIDS,
    "commitments": [
        ["bidder", "measure", "quantity", "people", "evidence"],
        ["A", "donations", 5, "p1, p2", "a1"],
        ["B", "donations", 5, None, None],
    ],
}


def read(sheets: dict[str, list[list[Any]]]) -> tuple[TenderFile, Tender]:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    file = read_tender_file(content.getvalue())
    return file, read_tender(file.data, file.problems)


def test_columns_with_a_dot_are_values_inside_a_table_and_commas_part_keys() -> None:
    file, tender = read(SHEETS)
    file.problems.raise_if_any()
    first, second = tender.bids
    assert first.company.to_dict() == {"headcount": 12, "supply_chain_share": "0.25"}
    assert (first.commitments[0].people, first.commitments[0].evidence) == (("p1", "p2"), ("a1",))
    assert second.company.to_dict() == {} and second.commitments[0].people == ()


def test_a_fact_that_cannot_be_is_told_by_its_row_and_a_column_without_a_fact_is_refused() -> None:
    bids = [[*BIDS[0], "company"], ["A", 500, 12, 25, None], ["B", 400, None, None, "large"]]
    file, _ = read(SHEETS | {"bids": bids})
    assert isinstance(file.problems, Problems)
    assert "bids[0].company.supply_chain_share" in file.problems and "bids[1].company" in file.problems
    assert file.places["bids[0].company"] == "sheet bids, row 2"
