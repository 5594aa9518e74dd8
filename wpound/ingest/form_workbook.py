"""Workbooks that were given out to be filled in, and come back: opened with care, told from others, and their cells.

A workbook is refused as a whole only where it is not the one that was given out, or where its rows were moved.
"""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from numbers import Real
from typing import Any, Protocol

from wpound.core.errors import InputError, InputErrors
from wpound.core.form import PLAIN_NUMBER, write_decimal
from wpound.core.workbook_cells import address
from wpound.ingest.datatypes import parse_date
from wpound.ingest.layout import DateOrder
from wpound.ingest.workbooks import Table, WorkbookProblem, read_tables

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
# What a spreadsheet keeps of a number; digits beyond are the noise of its arithmetic.
DIGITS_KEPT = 15
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
# Of a length that tags have, so that no file made for it takes long to search.
RELATION, SHEET = re.compile(rb"<Relationship [^<>]{0,999}>"), re.compile(rb"<sheet [^<>]{0,999}>")
FORMULA_CELL = re.compile(rb"<c ([^<>]{0,199}[^/<>])>\s{0,9}<f[\s/>]")
FAILED_CELL = re.compile(rb'<c ([^<>]{0,199}\bt="e"[^<>]{0,199})>')
FULL_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)", re.ASCII)
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
MOVED = "Rows of this sheet were moved or changed."


class Row(Protocol):
    """A row that has to be where it was: its sheet, its number counted from 0, and the code in its first cell."""

    @property
    def page(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def code(self) -> str: ...


@dataclass(frozen=True)
class FormWorkbook:
    """The sheets of a workbook by name; addresses of cells with a formula, and of those whose formula failed."""

    tables: Mapping[str, Table]
    formulas: frozenset[str]
    failed: frozenset[str]

    def value(self, page: str, row: int, column: int) -> Any:
        """What stands in a cell, blank text where nothing does."""
        table = self.tables.get(page, [])
        return table[row][column] if row < len(table) and column < len(table[row]) else ""

    def marks(self, page: str, count: int) -> list[str]:
        """The hidden marks of a sheet, downwards in its first column."""
        return [text_of(self.value(page, row, 0)) for row in range(count)]

    def require_rows(self, pages: Iterable[str], rows: Sequence[Row], advice: str) -> None:
        """Raise InputErrors unless each of the pages is there with every row in its place."""
        moved = [self._find_moved(page, rows, advice) for page in pages]
        if any(moved):
            raise InputErrors([error for error in moved if error])

    def _find_moved(self, page: str, rows: Sequence[Row], advice: str) -> InputError | None:
        if page not in self.tables:
            return InputError(page, f"The sheet {page} is missing. {advice}")
        for row in rows:
            if row.page == page and text_of(self.value(page, row.number, 0)) != row.code:
                return InputError(address(page, row.number, 0), f"{MOVED} {advice}")
        return None

    def look_below(self, page: str, first_free: int) -> Iterator[InputError]:
        """Say so where something was written below the last row, because nobody would read it."""
        for number in range(first_free, len(self.tables[page])):
            for column, value in enumerate(self.tables[page][number]):
                if text_of(value).strip():
                    message = "stands below the last row and is not read. Move it into a row above."
                    yield InputError(address(page, number, column), message)
                    return


def refuse(field: str, message: str) -> InputErrors:
    """A workbook that is refused as a whole, at the place that tells why."""
    return InputErrors([InputError(field, message)])


def open_workbook(content: bytes) -> FormWorkbook:
    """Read the sheets of an XLSX workbook; raises InputErrors where it is none, is damaged or is far too large."""
    if len(content) > MOST_BYTES:
        raise refuse("file", "The file is larger than 10 MB, which no such workbook is. Files are added on the page.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise refuse("file", "The file unpacks to more than 50 MB, which no such workbook does.")
            sheets = list(_sheets(archive))
        formulas, failed = _find(FORMULA_CELL, sheets), _find(FAILED_CELL, sheets)
        return FormWorkbook(dict(read_tables(content)), formulas, failed)
    except WorkbookProblem as problem:
        raise refuse("file", str(problem)) from None
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError):
        raise refuse("file", "The file is not a whole XLSX workbook. Save it again as XLSX.") from None


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """The sheets themselves by name: the reading library says neither what is a formula nor that one failed."""
    parts = set(archive.namelist())
    if not {WORKBOOK, RELATIONS} <= parts:
        return
    targets = {}
    for found in RELATION.findall(archive.read(RELATIONS)):
        targets[_attribute(found, b"Id")] = _attribute(found, b"Target").removeprefix("/xl/")
    for found in SHEET.findall(archive.read(WORKBOOK)):
        part = f"xl/{targets.get(_attribute(found, b'r:id'), '')}"
        if part in parts:
            yield _attribute(found, b"name"), archive.read(part)


def _find(cell: re.Pattern[bytes], sheets: Iterable[tuple[str, bytes]]) -> frozenset[str]:
    return frozenset(f"{name}!{_attribute(found, b'r')}" for name, content in sheets for found in cell.findall(content))


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"(?<![\w:])" + name + rb'="([^"]*)"', tag)
    return found[1].decode("utf-8", "replace") if found else ""


def text_of(value: Any) -> str:
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


def read_number(value: Any) -> Decimal:
    """The number of a cell, with a pound sign or thousands commas where it is text; raises ValueError.

    >>> read_number("£1,250.50"), read_number(0.1 + 0.2)
    (Decimal('1250.50'), Decimal('0.3'))
    """
    if isinstance(value, date | time | timedelta | bool):
        raise ValueError(f"is {show_value(value)}, not a number. Clear the cell and type the number again.")
    text = write_decimal(_settle(value)) if isinstance(value, Real) else str(value).strip()
    if isinstance(value, str):
        text = text.removeprefix("£").strip()
        text = text.replace(",", "") if THOUSANDS.fullmatch(text) else text
    try:
        if not PLAIN_NUMBER.fullmatch(text):
            raise InvalidOperation
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"is {show_value(value)}, which is no number. Write it like 1250.5, without words.") from None


def read_share(value: Any) -> Decimal:
    """A share of a cell, 1 for the whole: as the spreadsheet keeps a percentage, or typed as one; raises ValueError.

    >>> read_share("25%"), read_share(0.25)
    (Decimal('0.25'), Decimal('0.25'))
    """
    if isinstance(value, str) and value.strip().endswith("%"):
        return read_number(value.strip().removesuffix("%")) * Decimal("0.01")
    return read_number(value)


def read_day(value: Any) -> date:
    """The day of a cell, as the spreadsheet keeps one or typed with its day first; raises ValueError.

    >>> read_day("1 May 2026"), read_day("1/5/2026")
    (datetime.date(2026, 5, 1), datetime.date(2026, 5, 1))
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    # Of two digits the year is not known, and a bare number may be anything.
    has_year = isinstance(value, str) and FULL_YEAR.search(value)
    day = parse_date(value, DateOrder.DAY_FIRST) if has_year else None
    if not isinstance(day, date):
        raise ValueError(f"is {show_value(value)}, which is no day. Clear the cell and type it like 1 May 2026.")
    return day


def show_value(value: Any) -> str:
    """A cell as a message quotes it."""
    text = text_of(value).strip()
    return repr(text if len(text) <= 40 else f"{text[:40]}…")
