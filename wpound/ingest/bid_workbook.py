"""A bid filled in away from the page: the workbook of one tender read back, every problem with its sheet and cell.

The workbook is refused as a whole only where it is not the one that was given out: another tender, an older method, or
rows that were moved or changed. Any other problem keeps its own cell out and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wpound.core.bid_content import LONGEST_ANSWER, LONGEST_PLAN
from wpound.core.bid_sheets import FIRST_COLUMN, BidSheets, Page, Row, join_answer
from wpound.core.errors import InputError, InputErrors
from wpound.core.form import write_decimal
from wpound.core.workbook_cells import CellKind, address
from wpound.ingest.form_workbook import (
    FormWorkbook,
    clean_text,
    open_workbook,
    read_number,
    read_share,
    refuse,
    show_value,
    text_of,
)

YES, NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}
MOST_PEOPLE = 10_000_000
DOWNLOAD = "Download the workbook again from the page of the tender and copy your entries into it."


@dataclass(frozen=True)
class BidWorkbook:
    """What was read, in the names of the bid's content (without bidder, salt and files), and what could not be.

    The field of a problem is its cell, such as ``Commitments!E7``; ``cells`` gives the cell of each entry that was
    read, such as ``answers.wages``, so that problems found later can be told the same way.
    """

    data: Mapping[str, Any]
    problems: tuple[InputError, ...]
    cells: Mapping[str, str]

    def locate(self, found: InputErrors) -> tuple[InputError, ...]:
        """Problems with the content, each at its cell where it has one."""
        return tuple(InputError(self._cell(error.field), error.message) for error in found.errors)

    def _cell(self, path: str) -> str:
        while path not in self.cells and "." in path:
            path = path.rpartition(".")[0]
        return self.cells.get(path, path)


def read_bid_workbook(content: bytes, sheets: BidSheets) -> BidWorkbook:
    """Read a filled-in workbook of the tender's lot; empty cells are entries not made, formulas count by their value.

    Raises :class:`InputErrors` where the file is no workbook or not the one given out for this tender and method.
    """
    book = open_workbook(content)
    _confirm(book, sheets)
    return _Reader(book, sheets).read()


def _confirm(book: FormWorkbook, sheets: BidSheets) -> None:
    """Raise unless this is the workbook given out: the tender, the lot, the method, and every row in its place."""
    ocid, lot, method_hash, checksum = sheets.identity
    found = book.marks(Page.START, 4)
    if not any(found):
        raise refuse(address(Page.START, 0, 0), f"This is not the workbook of this tender. {DOWNLOAD}")
    if found[:2] != [ocid, lot]:
        raise refuse(address(Page.START, 1, 0), f"The workbook belongs to another tender or lot. {DOWNLOAD}")
    if found[2] != method_hash:
        raise refuse(address(Page.START, 2, 0), f"The tender was changed after this workbook was made. {DOWNLOAD}")
    book.require_rows(list(Page)[1:], sheets.rows, DOWNLOAD)
    if found[3] != checksum:
        raise refuse(address(Page.START, 3, 0), f"The hidden marks of the workbook were changed. {DOWNLOAD}")


class _Reader:
    """Reads the rows of one workbook."""

    def __init__(self, book: FormWorkbook, sheets: BidSheets) -> None:
        self.book, self.sheets = book, sheets
        self.problems: list[InputError] = []
        self.cells: dict[str, str] = {}

    def read(self) -> BidWorkbook:
        data: dict[str, Any] = {}
        for row in self.sheets.rows:
            self._read_row(row, data)
        for page in list(Page)[1:]:
            last = max((row.number for row in self.sheets.rows if row.page is page), default=-1)
            self.problems += self.book.look_below(page, last + 1)
        return BidWorkbook(data, tuple(self.problems), self.cells)

    def _read_row(self, row: Row, data: dict[str, Any]) -> None:
        values = [self._read_cell(row, i, kind) for i, kind in enumerate(row.entries)]
        if row.page is Page.COMMITMENTS:
            self._keep_promises(row, values, data)
        elif row.page is Page.STATEMENTS:
            self._keep(row, "answers", self._limited(row, join_answer([v or "" for v in values]), LONGEST_ANSWER), data)
        elif row.page is Page.PLAN:
            self._keep(row, "plans", self._limited(row, values[0] or "", LONGEST_PLAN), data)
        elif row.page is Page.PRICE:
            self._keep(row, "", values[0], data)
        else:
            self._keep(row, "passes" if row.page is Page.CHECKS else "company", values[0], data)

    def _keep(self, row: Row, table: str, value: Any, data: dict[str, Any]) -> None:
        path = f"{table}.{row.code}" if table else row.code
        self.cells[path] = address(row.page, row.number, FIRST_COLUMN)
        if value is not None and value != "":
            (data.setdefault(table, {}) if table else data)[row.code] = value

    def _keep_promises(self, row: Row, values: list[Any], data: dict[str, Any]) -> None:
        for i, (year, quantity) in enumerate(zip((None, *self.sheets.years), values, strict=True)):
            if quantity is None:
                continue
            promises = data.setdefault("commitments", [])
            self.cells[f"commitments[{len(promises)}]"] = address(row.page, row.number, FIRST_COLUMN + i)
            promise = {"measure": row.code, "quantity": quantity}
            promises.append(promise if year is None else {**promise, "year": year})

    def _limited(self, row: Row, text: str, limit: int) -> str:
        if len(text) <= limit:
            return text
        self._complain(row, 0, f"holds {len(text):,} characters; at most {limit:,} are taken. Shorten it.")
        return ""

    def _complain(self, row: Row, i: int, message: str) -> None:
        self.problems.append(InputError(address(row.page, row.number, FIRST_COLUMN + i), message))

    def _read_cell(self, row: Row, i: int, kind: CellKind) -> Any:
        """The value as the content's file form writes it; None where nothing was entered or it cannot be used."""
        value = self.book.value(row.page, row.number, FIRST_COLUMN + i)
        if address(row.page, row.number, FIRST_COLUMN + i) in self.book.failed:
            self._complain(row, i, "holds a formula that comes to an error. Put it right or type the value.")
            return None
        if isinstance(value, str) and not value.strip():
            return None
        try:
            if kind is CellKind.TEXT:
                return clean_text(text_of(value))
            return _yes_or_no(value) if kind is CellKind.YES_NO else _number(value, kind)
        except ValueError as problem:
            self._complain(row, i, str(problem))
            return None


def _yes_or_no(value: Any) -> bool:
    word = text_of(value).strip().casefold()
    if word in YES or word in NO:
        return word in YES
    raise ValueError(f"is {show_value(value)}. Answer Yes or No.")


def _number(value: Any, kind: CellKind) -> str | int:
    """A number that is entered here, as plain text (a whole number as itself); raises ValueError."""
    number = read_share(value) if kind is CellKind.SHARE else read_number(value)
    if number < 0:
        raise ValueError(f"is {write_decimal(number)}. Enter 0 or more.")
    if kind is CellKind.MONEY and number != number.quantize(Decimal("0.01")):
        raise ValueError(f"is {write_decimal(number)}. Pounds have at most two decimals.")
    if kind is CellKind.SHARE and number > 1:
        raise ValueError("is more than 100%. Enter a percentage from 0% to 100%.")
    if kind is not CellKind.WHOLE:
        return write_decimal(number)
    if number != number.to_integral_value() or number > MOST_PEOPLE:
        raise ValueError(f"is {write_decimal(number)}. Enter a whole number of people.")
    return int(number)
