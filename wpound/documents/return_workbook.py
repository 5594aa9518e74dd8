"""The workbook in which a supplier may write a return away from the page, filled in with what stands in it so far.

It holds what the supplier itself calls people, events and items, so it is made for the supplier alone.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from wpound.core.claim_counting import WHOLE
from wpound.core.form import write_list
from wpound.core.money import divide
from wpound.core.periods import format_day
from wpound.core.return_sheets import (
    CLAIM,
    CLAIM_COLUMNS,
    ENTRY_COLUMNS,
    FIRST_CLAIM_COLUMN,
    FIRST_ENTRY_COLUMN,
    MOST_ROWS,
    SHARE,
    Column,
    Page,
    ReturnLine,
    ReturnSheets,
)
from wpound.core.workbook_cells import FIRST_ROW, CellKind, column_letters
from wpound.documents.form_workbook import HIDDEN_WIDTH, NUMBER_FORMATS, SHADE, FormWorkbook, row_height

NARRATIVE_HEIGHT = 75
HEADINGS = {
    Page.CLAIMS: (
        "What you claim",
        "One row for each promise. Nothing delivered is 0, with the reason in words; an empty amount is no answer yet.",
    ),
    Page.PEOPLE: (
        "People",
        "One row for each person a claim counts. Never write a name: use a number only you can look up.",
    ),
    Page.EVENTS: ("Events", "One row for each event. What is shared with other contracts counts by its share."),
    Page.ITEMS: (
        "Items",
        "One row for each vehicle, meter, building or other item. What is shared counts by its share.",
    ),
}
LOCKED_COLUMNS = (
    ("Claim", 34),
    ("Unit", 13),
    ("How to count it", 48),
    ("Status", 22),
    ("Promised", 12),
    ("Due this quarter", 12),
    ("Carried forward", 12),
    ("Of that verified", 12),
    ("Comes to, when downloaded", 15),
)
INSTRUCTIONS = (
    "Fill in the shaded cells only. Everything else is locked: it is what was agreed, or was sent already.",
    "Claims that count people or the hours of events are added up from the sheets People and Events.",
    "Other claims are one amount on the sheet Claims, or rows on Events or Items where these offer the claim.",
    "Choose the claim of a row from the list in its cell. A row that is emptied is no longer counted.",
    "Type values: formulas are not read. Days are typed like 1 May 2026, a share like 25%.",
    "Never write a name. People have a number of your own; it is encrypted and shown to nobody else.",
    "Files that prove a claim are added on the page of the return, not here.",
    "Save as XLSX and upload it on the page of the return. You see what changes before anything is taken over.",
    "The workbook belongs to this return. Keep it where only people who may see these numbers can.",
)


@dataclass(frozen=True, slots=True)
class ReturnTemplate:
    """What the workbook is made from: who reports what to whom by when; its sheets hold the rest."""

    supplier: str
    buyer: str
    title: str
    due_on: date
    sheets: ReturnSheets


def return_workbook_xlsx(template: ReturnTemplate) -> bytes:
    """The workbook; the same return gives the same bytes."""
    sheets = template.sheets
    title = f"Return of {sheets.contract}, {sheets.quarter.format()}"
    about = {"title": title, "author": template.supplier, "subject": sheets.contract}
    writer = _Writer(FormWorkbook(about, sheets.quarter.end_on), template)
    writer.write_start()
    writer.write_claims()
    for page in ENTRY_COLUMNS:
        writer.write_entries(page)
    return writer.form.finish()


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, form: FormWorkbook, template: ReturnTemplate) -> None:
        self.form, self.template, self.sheets = form, template, template.sheets
        self.formats = form.formats
        # Of whole columns, which would be drawn without end: shaded, without a frame.
        self.open_columns = {
            kind: form.book.add_format({"locked": False, "bg_color": SHADE, "valign": "top", "num_format": shown})
            for kind, shown in NUMBER_FORMATS.items()
        }

    def write_start(self) -> None:
        page = self.form.add_sheet(Page.START.value, self.sheets.marks)
        template, quarter = self.template, self.sheets.quarter.format()
        facts = (
            ("Buyer", template.buyer),
            ("Contract", f"{self.sheets.contract}: {template.title}"),
            ("Supplier", template.supplier),
            ("Quarter", quarter),
            ("To be sent by", format_day(template.due_on)),
        )
        about = [(name, text, "plain") for name, text in facts]
        number = self.form.write_start(page, "Your return", f"What was delivered from {quarter}", about)
        self.form.write_instructions(page, number + 1, INSTRUCTIONS)
        self._write_lists(page)

    def _write_lists(self, page: Any) -> None:
        """What the cells of choices offer, in hidden columns of the first sheet."""
        for column, texts in enumerate(self._lists().values(), start=_FIRST_LIST):
            page.set_column(column, column, HIDDEN_WIDTH, None, {"hidden": True})
            for number, text in enumerate(texts):
                page.write_string(number, column, text)

    def _lists(self) -> dict[str, list[str]]:
        """The choices: the open claims of each sheet, and the emission factors."""
        choices = self.sheets.choices
        claims = {
            page.value: [choices[line.claim_id] for line in self.sheets.lines_on(page) if line.is_open]
            for page in ENTRY_COLUMNS
        }
        return claims | {_FACTORS: list(self.sheets.factors.values())}

    def _source(self, wanted: str) -> str:
        """The cells that hold the choices of a list; none where there is nothing to choose."""
        column = _FIRST_LIST + list(self._lists()).index(wanted)
        count, letters = len(self._lists()[wanted]), column_letters(column)
        return f"={Page.START.value}!${letters}$1:${letters}${count}" if count else ""

    def write_claims(self) -> None:
        page = self.form.add_sheet(Page.CLAIMS.value)
        columns = [*LOCKED_COLUMNS, *((column.title, column.width) for column in CLAIM_COLUMNS)]
        self.form.write_head(page, *HEADINGS[Page.CLAIMS], columns)
        for row, line in zip(self.sheets.rows, self.sheets.lines, strict=True):
            page.write_string(row.number, 0, row.code)
            self._write_claim(page, row.number, line)

    def _write_claim(self, page: Any, row: int, line: ReturnLine) -> None:
        texts = [self.sheets.choices[line.claim_id], line.unit.label, _how_to_count(line), line.state]
        self.form.write_texts(page, row, texts)
        figures = (line.promised, line.due, *line.carried, line.counted)
        for number, figure in enumerate(figures, start=FIRST_ENTRY_COLUMN + len(texts)):
            self.form.write_value(page, row, number, CellKind.NUMBER, figure, is_open=False)
        for number, column in enumerate(CLAIM_COLUMNS, start=FIRST_CLAIM_COLUMN):
            self.form.validate(page, (row, row), number, column.kind)
            value = _value(line.content, column)
            self.form.write_value(page, row, number, column.kind, value, is_open=_is_open(line, column))
        widths = [width for _, width in LOCKED_COLUMNS[: len(texts)]]
        page.set_row(row, row_height(texts, widths, NARRATIVE_HEIGHT))

    def write_entries(self, name: Page) -> None:
        page, columns = self.form.add_sheet(name.value), ENTRY_COLUMNS[name]
        self.form.write_head(page, *HEADINGS[name], [(column.title, column.width) for column in columns])
        lines = self.sheets.lines_on(name)
        if not lines:
            page.write_string(FIRST_ROW, FIRST_ENTRY_COLUMN, "No claim of this return counts these.")
            return
        if any(line.is_open for line in lines):
            self._open_columns(page, name)
        for row, (line, entry) in enumerate(self.sheets.entries_on(name), start=FIRST_ROW):
            for number, column in enumerate(columns, start=FIRST_ENTRY_COLUMN):
                value = self.sheets.choices[line.claim_id] if column.field == CLAIM else _value(entry, column)
                value = self.sheets.factors.get(str(value), value) if column.field == _FACTORS else value
                self.form.write_value(page, row, number, column.kind, value, is_open=line.is_open)

    def _open_columns(self, page: Any, name: Page) -> None:
        """Unlock whole columns below their names, so that there is room for as many rows as can be read."""
        for number in range(FIRST_ROW - 1):
            page.set_row(number, None, self.form.book.add_format({"locked": True}))
        for number, column in enumerate(ENTRY_COLUMNS[name], start=FIRST_ENTRY_COLUMN):
            page.set_column(number, number, column.width, self.open_columns[column.kind])
            source = {CLAIM: name.value, _FACTORS: _FACTORS}.get(column.field)
            cells = self._source(source) if source else ""
            if column.kind is not CellKind.CHOICE or cells:
                self.form.validate(page, (FIRST_ROW, FIRST_ROW + MOST_ROWS - 1), number, column.kind, cells)


_FACTORS = "factor"
_FIRST_LIST = 4


def _value(content: object, column: Column) -> object:
    """What stands in the cell of a field: of a share the part of 1, nothing where it is the whole."""
    value = getattr(content, column.field)
    if column.kind is not CellKind.SHARE:
        return value
    return None if value == WHOLE else divide(value, WHOLE)


def _is_open(line: ReturnLine, column: Column) -> bool:
    """Whether a cell of a line may be changed; where only entries count, each has a share of its own."""
    return line.is_open and (line.takes_amount or column.field != SHARE.field)


def _how_to_count(line: ReturnLine) -> str:
    """How the measure is counted, and on which sheets."""
    pages = write_list([page.value for page in line.pages])
    if line.takes_amount:
        return f"{line.how_to_count}\nEnter one amount here, or rows on the sheet {pages}."
    return f"{line.how_to_count}\nEnter rows on the sheet {pages}. Where there are none, enter 0 here and say why."
