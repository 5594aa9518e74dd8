"""Tables that leave as CSV or XLSX: text can never become a formula, and the same table gives the same bytes."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO

Cell = str | Decimal | int | None
# Spreadsheets run a CSV cell that begins with one of these, some of them in full width, too; a quote before it makes it
# text (threat T6).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
WIDEST = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name (31 characters at most in a workbook), headings and rows."""

    name: str
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


def csv_bytes(sheet: Sheet) -> bytes:
    """The table as UTF-8 CSV with a byte order mark, so that Excel shows £; what is not known is an empty cell."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(sheet.headings)
    writer.writerows([_csv_cell(cell) for cell in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
    return "" if cell is None else f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def workbook_bytes(sheets: Sequence[Sheet], properties: Mapping[str, str], made_on: date) -> bytes:
    """The tables as an XLSX workbook, one sheet each; ``properties`` are its title, author and comments."""
    import xlsxwriter  # type: ignore[import-untyped]

    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({**properties, "created": datetime.combine(made_on, time())})
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 2})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        for column, title in enumerate(sheet.headings):
            page.write_string(0, column, title, heading)
        for number, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row):
                _write_cell(page, number, column, cell)
        for column, width in enumerate(_widths(sheet)):
            page.set_column(column, column, width)
    book.close()
    return out.getvalue()


def _write_cell(page: object, row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, str):
        page.write_string(row, column, cell)  # type: ignore[attr-defined]
    elif cell is not None:
        page.write_number(row, column, cell)  # type: ignore[attr-defined]


def _widths(sheet: Sheet) -> list[int]:
    columns = zip(sheet.headings, *([str(cell) for cell in row] for row in sheet.rows), strict=True)
    return [
        min(WIDEST, 2 + max(len(text) // (2 if i == 0 else 1) for i, text in enumerate(texts))) for texts in columns
    ]
