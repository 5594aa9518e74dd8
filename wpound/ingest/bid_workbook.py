"""A bid filled in away from the page: the workbook of one tender read back, every problem with its sheet and cell.

The workbook is refused as a whole only where it is not the one that was given out: another tender, an older method, or
rows that were moved or changed. Any other problem keeps its own cell out and nothing else.
"""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from numbers import Real
from typing import Any

from wpound.core.bid_content import LONGEST_ANSWER, LONGEST_PLAN
from wpound.core.bid_sheets import FIRST_COLUMN, BidSheets, Entry, Page, Row, address, join_answer
from wpound.core.errors import InputError, InputErrors
from wpound.core.form import PLAIN_NUMBER, write_decimal
from wpound.ingest.workbooks import Table, WorkbookProblem, read_tables

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
# What a spreadsheet keeps of a number; digits beyond are the noise of its arithmetic.
DIGITS_KEPT = 15
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
RELATION, SHEET = re.compile(rb"<Relationship [^>]*>"), re.compile(rb"<sheet [^>]*>")
FAILED_CELL = re.compile(rb'<c [^>]*\bt="e"[^>]*>')
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
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
    tables, failed = _open(content)
    _confirm(tables, sheets)
    return _Reader(tables, failed, sheets).read()


def _open(content: bytes) -> tuple[dict[str, Table], frozenset[str]]:
    """The sheets by name, and the addresses of cells whose formula came to an error."""
    if len(content) > MOST_BYTES:
        raise _refuse("file", "The file is larger than 10 MB, which no bid workbook is. Files are added on the page.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise _refuse("file", "The file unpacks to more than 50 MB, which no bid workbook does.")
            failed = frozenset(_failed_formulas(archive))
        return dict(read_tables(content)), failed
    except WorkbookProblem as problem:
        raise _refuse("file", str(problem)) from None
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError):
        raise _refuse("file", "The file is not a whole XLSX workbook. Save it again as XLSX.") from None


def _failed_formulas(archive: zipfile.ZipFile) -> Iterator[str]:
    """Cells with an error such as #DIV/0!, which the reading library gives as empty: found in the sheets themselves."""
    parts = set(archive.namelist())
    if not {WORKBOOK, RELATIONS} <= parts:
        return
    targets = {}
    for found in RELATION.findall(archive.read(RELATIONS)):
        targets[_attribute(found, b"Id")] = _attribute(found, b"Target").removeprefix("/xl/")
    for found in SHEET.findall(archive.read(WORKBOOK)):
        part = f"xl/{targets.get(_attribute(found, b'r:id'), '')}"
        if part in parts:
            for cell in FAILED_CELL.findall(archive.read(part)):
                yield f"{_attribute(found, b'name')}!{_attribute(cell, b'r')}"


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"(?<![\w:])" + name + rb'="([^"]*)"', tag)
    return found[1].decode("utf-8", "replace") if found else ""


def _refuse(field: str, message: str) -> InputErrors:
    return InputErrors([InputError(field, message)])


def _confirm(tables: Mapping[str, Table], sheets: BidSheets) -> None:
    """Raise unless this is the workbook given out: the tender, the lot, the method, and every row in its place."""
    found = [_text_of(_cell(tables.get(Page.START, []), row, 0)) for row in range(4)]
    ocid, lot, method_hash, checksum = sheets.identity
    if not any(found):
        raise _refuse(address(Page.START, 0, 0), f"This is not the workbook of this tender. {DOWNLOAD}")
    if found[:2] != [ocid, lot]:
        raise _refuse(address(Page.START, 1, 0), f"The workbook belongs to another tender or lot. {DOWNLOAD}")
    if found[2] != method_hash:
        raise _refuse(address(Page.START, 2, 0), f"The tender was changed after this workbook was made. {DOWNLOAD}")
    errors = [_moved(page, tables, sheets) for page in list(Page)[1:]]
    moved = [error for error in errors if error is not None]
    if not moved and found[3] != checksum:
        moved = [InputError(address(Page.START, 3, 0), f"The hidden marks of the workbook were changed. {DOWNLOAD}")]
    if moved:
        raise InputErrors(moved)


def _moved(page: Page, tables: Mapping[str, Table], sheets: BidSheets) -> InputError | None:
    """The first row of a sheet that is not where it was."""
    if page not in tables:
        return InputError(page.value, f"The sheet {page.value} is missing. {DOWNLOAD}")
    for row in sheets.rows:
        if row.page is page and _text_of(_cell(tables[page], row.number, 0)) != row.code:
            return InputError(address(page, row.number, 0), f"Rows of this sheet were moved or changed. {DOWNLOAD}")
    return None


def _cell(table: Table, row: int, column: int) -> Any:
    return table[row][column] if row < len(table) and column < len(table[row]) else ""


class _Reader:
    """Reads the rows of one workbook."""

    def __init__(self, tables: Mapping[str, Table], failed: frozenset[str], sheets: BidSheets) -> None:
        self.tables, self.failed, self.sheets = tables, failed, sheets
        self.problems: list[InputError] = []
        self.cells: dict[str, str] = {}

    def read(self) -> BidWorkbook:
        data: dict[str, Any] = {}
        for row in self.sheets.rows:
            self._read_row(row, data)
        for page in list(Page)[1:]:
            self._look_below(page)
        return BidWorkbook(data, tuple(self.problems), self.cells)

    def _read_row(self, row: Row, data: dict[str, Any]) -> None:
        values = [self._read_cell(row, i, entry) for i, entry in enumerate(row.entries)]
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

    def _read_cell(self, row: Row, i: int, entry: Entry) -> Any:
        """The value as the content's file form writes it; None where nothing was entered or it cannot be used."""
        value = _cell(self.tables[row.page], row.number, FIRST_COLUMN + i)
        if address(row.page, row.number, FIRST_COLUMN + i) in self.failed:
            self._complain(row, i, "holds a formula that comes to an error. Put it right or type the value.")
            return None
        if isinstance(value, str) and not value.strip():
            return None
        try:
            if entry is Entry.TEXT:
                return clean_text(_text_of(value))
            return _yes_or_no(value) if entry is Entry.YES_NO else _number(value, entry)
        except ValueError as problem:
            self._complain(row, i, str(problem))
            return None

    def _look_below(self, page: Page) -> None:
        """Say so where something was written below the last row, because nobody would read it."""
        table = self.tables[page]
        last = max((row.number for row in self.sheets.rows if row.page is page), default=None)
        for number in range(len(table) if last is None else last + 1, len(table)):
            for column, value in enumerate(table[number]):
                if _text_of(value).strip():
                    message = "stands below the last row and is not read. Move it into a row above."
                    self.problems.append(InputError(address(page, number, column), message))
                    return


def _text_of(value: Any) -> str:
    """A cell as text; a number as a person would type it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return write_decimal(_settle(value)) if isinstance(value, Real) else str(value)


def _settle(value: Real) -> Decimal:
    """A number of a workbook at the digits a spreadsheet keeps, without the noise of binary arithmetic."""
    return Decimal(format(value, f".{DIGITS_KEPT}g"))


def clean_text(text: str) -> str:
    """Text as it can be stored: odd spaces and line ends made plain, invisible signs dropped.

    Raises ValueError where it holds control characters, which no keyboard writes.

    >>> clean_text("One\\u00a0line\\r\\nand \\u200banother ")
    'One line\\nand another '
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\u2028", "\n")
    plain = plain.replace("\u2029", "\n\n")
    kept = []
    for sign in plain:
        if sign in "\n\t" or sign.isprintable():
            kept.append(sign)
        elif unicodedata.category(sign) == "Zs":
            kept.append(" ")
        elif unicodedata.category(sign) != "Cf":
            raise ValueError("holds characters that cannot be printed. Type it again or paste it as plain text.")
    return "".join(kept)


def _yes_or_no(value: Any) -> bool:
    word = _text_of(value).strip().casefold()
    if word in YES or word in NO:
        return word in YES
    raise ValueError(f"is {_shown(value)}. Answer Yes or No.")


def _number(value: Any, entry: Entry) -> str | int:
    """A number that is entered here, as plain text (a whole number as itself); raises ValueError."""
    number = _parse(value, entry)
    if number < 0:
        raise ValueError(f"is {write_decimal(number)}. Enter 0 or more.")
    if entry is Entry.MONEY and number != number.quantize(Decimal("0.01")):
        raise ValueError(f"is {write_decimal(number)}. Pounds have at most two decimals.")
    if entry is Entry.SHARE and number > 1:
        raise ValueError("is more than 100%. Enter a percentage from 0% to 100%.")
    if entry is not Entry.WHOLE:
        return write_decimal(number)
    if number != number.to_integral_value() or number > MOST_PEOPLE:
        raise ValueError(f"is {write_decimal(number)}. Enter a whole number of people.")
    return int(number)


def _parse(value: Any, entry: Entry) -> Decimal:
    if isinstance(value, date | time | timedelta | bool):
        raise ValueError(f"is {_shown(value)}, not a number. Clear the cell and type the number again.")
    text = write_decimal(_settle(value)) if isinstance(value, Real) else str(value).strip()
    scale = Decimal(1)
    if isinstance(value, str):
        text = text.removeprefix("£").strip()
        text = text.replace(",", "") if THOUSANDS.fullmatch(text.removesuffix("%")) else text
        if entry is Entry.SHARE and text.endswith("%"):
            text, scale = text.removesuffix("%"), Decimal("0.01")
    try:
        if not PLAIN_NUMBER.fullmatch(text):
            raise InvalidOperation
        return Decimal(text) * scale
    except InvalidOperation:
        raise ValueError(f"is {_shown(value)}, which is no number. Write it like 1250.5, without words.") from None


def _shown(value: Any) -> str:
    text = _text_of(value).strip()
    return repr(text if len(text) <= 40 else f"{text[:40]}…")
