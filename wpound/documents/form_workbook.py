"""Workbooks that are given out to be filled in: everything is locked but the cells for entries, which are shaded.

The same entries give the same bytes, so that exporting, importing and exporting again changes nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

from wpound.core.form import write_decimal
from wpound.core.workbook_cells import FIRST_ROW, CellKind

YES, NO = "Yes", "No"
BRAND, SHADE, GREY, WARNING, LINE = "#512F7A", "#F4F1F8", "#505A5F", "#B10E1E", "#D9D5E0"
# More digits than these a spreadsheet does not keep; such a number is written as text.
MOST_DIGITS = 15
ROW_HEIGHT = 15
HIDDEN_WIDTH = 4

FORMATS: dict[str, dict[str, Any]] = {
    "heading": {"bold": True, "font_size": 16, "font_color": BRAND},
    "sentence": {"font_color": GREY},
    "column": {"bold": True, "bottom": 2, "bottom_color": BRAND, "text_wrap": True, "valign": "bottom"},
    "title": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bottom_color": LINE},
    "hint": {"text_wrap": True, "valign": "top", "font_color": GREY, "bottom": 1, "bottom_color": LINE},
    "plain": {"text_wrap": True, "valign": "top"},
    "code": {"font_name": "Courier New", "font_size": 9, "valign": "top"},
    "over": {"bold": True, "font_color": WARNING},
}
NUMBER_FORMATS = {
    CellKind.MONEY: "£#,##0.00",
    # With optional decimals in its format a spreadsheet writes 12 as "12.".
    CellKind.NUMBER: "General",
    CellKind.WHOLE: "#,##0",
    CellKind.SHARE: "0.00%",
    CellKind.YES_NO: "@",
    CellKind.CHOICE: "@",
    CellKind.DAY: "d mmm yyyy",
    CellKind.TEXT: "@",
}
WRAPPED = (CellKind.TEXT, CellKind.CHOICE)
_SPREADSHEETS_BEGIN = date(1900, 3, 1)
VALIDATIONS: dict[CellKind, dict[str, Any]] = {
    CellKind.MONEY: {
        "validate": "decimal",
        "criteria": ">=",
        "value": 0,
        "error_message": "Enter pounds, such as 1250.50.",
    },
    CellKind.NUMBER: {
        "validate": "decimal",
        "criteria": ">=",
        "value": 0,
        "error_message": "Enter a number, 0 or more.",
    },
    CellKind.WHOLE: {"validate": "integer", "criteria": ">=", "value": 0, "error_message": "Enter a whole number."},
    CellKind.SHARE: {
        "validate": "decimal",
        "criteria": "between",
        "minimum": 0,
        "maximum": 1,
        "error_message": "Enter a percentage from 0% to 100%.",
    },
    CellKind.YES_NO: {"validate": "list", "source": [YES, NO], "error_message": "Choose Yes or No."},
    CellKind.CHOICE: {"validate": "list", "error_message": "Choose from the list of this cell."},
    CellKind.DAY: {
        "validate": "date",
        "criteria": ">=",
        "value": _SPREADSHEETS_BEGIN,
        "error_message": "Enter a day, such as 1 May 2026.",
    },
}


class FormWorkbook:
    """A workbook in the making, with the looks its cells have."""

    def __init__(self, about: Mapping[str, str], made_on: date) -> None:
        import xlsxwriter  # type: ignore[import-untyped]

        self._out = BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(self._out, options)
        self.book.set_properties({**about, "created": datetime.combine(made_on, time())})
        self.formats = {name: self.book.add_format(look) for name, look in FORMATS.items()}
        for kind, number_format in NUMBER_FORMATS.items():
            look = {"num_format": number_format, "text_wrap": kind in WRAPPED, "valign": "top"}
            box = {"locked": False, "bg_color": SHADE, "border": 1, "border_color": BRAND}
            self.formats[kind.value] = self.book.add_format(look | box)
            self.formats[f"locked {kind.value}"] = self.book.add_format(look | {"bottom": 1, "bottom_color": LINE})

    def finish(self) -> bytes:
        """The bytes of the workbook."""
        self.book.close()
        return self._out.getvalue()

    def add_sheet(self, name: str, identity: Sequence[str] = ()) -> Any:
        """A protected sheet whose first column is hidden, with marks downwards in it."""
        page = self.book.add_worksheet(name)
        page.set_column(0, 0, HIDDEN_WIDTH, None, {"hidden": True})
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_footer("&L&F&R&A, page &P of &N")
        page.protect("", {"format_columns": True, "format_rows": True})
        for number, text in enumerate(identity):
            page.write_string(number, 0, text)
        return page

    def write_start(self, page: Any, heading: str, title: str, about: Sequence[tuple[str, str, str]]) -> int:
        """What the workbook is, on its first sheet: name, text and look of each fact; gives the next free row."""
        page.set_column(1, 1, 30)
        page.set_column(2, 2, 92)
        page.write_string(0, 1, heading, self.formats["heading"])
        page.write_string(1, 1, title, self.formats["sentence"])
        for number, (name, text, look) in enumerate(about, start=3):
            page.write_string(number, 1, name, self.formats["title"])
            page.write_string(number, 2, text, self.formats[look])
        return 3 + len(about)

    def write_instructions(self, page: Any, row: int, instructions: Sequence[str]) -> None:
        """How to use the workbook, numbered."""
        page.write_string(row, 1, "How to use this workbook", self.formats["title"])
        for number, text in enumerate(instructions, start=1):
            page.write_string(row + number - 1, 2, f"{number}. {text}", self.formats["plain"])

    def write_head(self, page: Any, heading: str, sentence: str, columns: Sequence[tuple[str, int]]) -> None:
        """The heading of a sheet, a sentence and the names and widths of its columns from the second on."""
        page.write_string(0, 1, heading, self.formats["heading"])
        page.write_string(1, 1, sentence, self.formats["sentence"])
        for column, (title, width) in enumerate(columns, start=1):
            page.set_column(column, column, width)
            page.write_string(FIRST_ROW - 1, column, title, self.formats["column"])
        titles, widths = zip(*columns, strict=True)
        page.set_row(FIRST_ROW - 1, row_height(titles, widths))
        page.freeze_panes(FIRST_ROW, 2)
        page.repeat_rows(FIRST_ROW - 1)

    def write_texts(self, page: Any, row: int, texts: Sequence[str]) -> None:
        """The locked texts a row begins with, the first of them its title."""
        for column, text in enumerate(texts, start=1):
            page.write_string(row, column, text, self.formats["title" if column == 1 else "hint"])

    def validate(self, page: Any, rows: tuple[int, int], column: int, kind: CellKind, source: str = "") -> None:
        """Let the spreadsheet itself object to what is no entry of this kind; ``source`` are the cells of a choice."""
        if kind in VALIDATIONS:
            rule = VALIDATIONS[kind] | {"error_title": "Check this"} | ({"source": source} if source else {})
            page.data_validation(rows[0], column, rows[1], column, rule)

    def write_value(
        self, page: Any, row: int, column: int, kind: CellKind, value: object, *, is_open: bool = True
    ) -> None:
        """One entry; nothing where it is None or blank. Text stays text, whatever it begins with."""
        look = self.formats[kind.value if is_open else f"locked {kind.value}"]
        if value is None or value == "":
            page.write_blank(row, column, None, look)
        elif isinstance(value, date):
            page.write_datetime(row, column, datetime.combine(value, time()), look)
        elif isinstance(value, Decimal | int) and len(Decimal(value).normalize().as_tuple().digits) <= MOST_DIGITS:
            page.write_number(row, column, Decimal(value).normalize() + 0, look)
        else:
            page.write_string(row, column, write_decimal(value) if isinstance(value, Decimal) else str(value), look)


def row_height(texts: Sequence[str], widths: Sequence[int], least: int = ROW_HEIGHT) -> int:
    """The height of a row in which every text can be read, as far as a row can be that high."""
    lines = max(_lines(text, width) for text, width in zip(texts, widths, strict=True))
    return max(least, min(400, ROW_HEIGHT * lines + 3))


def _lines(text: str, width: int) -> int:
    """Roughly how many lines a text takes in a column."""
    return sum(1 + len(line) // max(1, width - 2) for line in text.split("\n"))
