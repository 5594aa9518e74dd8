"""A return filled in away from the page: its workbook read back, line by line, every problem with its sheet and cell.

A line is read as a whole: its row of the sheet of claims and all that is counted for it on the other sheets. What can
be counted is not judged here, only what can be read; formulas are not, as the value beside one is whatever the program
that saved the file last made of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from wpound.core.claim_content import ClaimContent, NewEntry
from wpound.core.claim_counting import WHOLE
from wpound.core.errors import InputError, InputErrors
from wpound.core.form import Problems, write_decimal
from wpound.core.return_sheets import (
    CLAIM,
    CLAIM_COLUMNS,
    COUNTED,
    ENTRY_COLUMNS,
    FIRST_CLAIM_COLUMN,
    FIRST_ENTRY_COLUMN,
    KIND_OF,
    MOST_ROWS,
    REFERENCE,
    SHARE,
    Column,
    Page,
    ReturnSheets,
    fingerprint_of,
)
from wpound.core.workbook_cells import FIRST_ROW, CellKind, address
from wpound.ingest.form_workbook import (
    FormWorkbook,
    clean_text,
    open_workbook,
    read_day,
    read_number,
    read_share,
    refuse,
    show_value,
    text_of,
)

DOWNLOAD = "Download the workbook again from the page of the return and copy your entries into it."
MOST_PEOPLE = 10_000_000
ENTRIES = "entries"


@dataclass(frozen=True)
class ReadLine:
    """What the workbook says in one line; ``cells`` gives the cell of each of its fields, such as ``entries[0].hours``.

    ``given`` is the fingerprint of what it said when the workbook was given out. ``is_whole`` is False where a row of
    one of its sheets may belong to it but does not say so.
    """

    content: ClaimContent
    cells: Mapping[str, str]
    problems: tuple[InputError, ...]
    is_whole: bool
    given: str

    @property
    def is_touched(self) -> bool:
        """Whether anything was changed in the workbook."""
        return bool(self.problems) or fingerprint_of(self.content) != self.given

    def locate(self, found: InputErrors) -> tuple[InputError, ...]:
        """Problems with the content, each at its cell; the first of each cell, after those of reading it."""
        known = {problem.field for problem in self.problems}
        located: dict[str, InputError] = {}
        for error in found.errors:
            cell = self._cell(error.field)
            if cell not in known:
                located.setdefault(cell, InputError(cell, error.message))
        return tuple(located.values())

    def _cell(self, path: str) -> str:
        """The cell of a field; where it has none, that of its row's claim, or the line's title."""
        row = path.rpartition(".")[0]
        return self.cells.get(path) or self.cells.get(f"{row}.kind") or self.cells[CLAIM]


@dataclass(frozen=True)
class ReturnWorkbook:
    """What was read, by the number of the claim, and the problems that belong to no one line."""

    lines: Mapping[int, ReadLine]
    problems: tuple[InputError, ...]


def read_return_workbook(content: bytes, sheets: ReturnSheets) -> ReturnWorkbook:
    """Read a filled-in workbook of a return; an empty cell is nothing entered, an empty share the whole.

    Raises InputErrors where the file is no workbook or not the one given out for this return.
    """
    book = open_workbook(content)
    _confirm(book, sheets)
    return _Reader(book, sheets).read()


def _confirm(book: FormWorkbook, sheets: ReturnSheets) -> None:
    """Raise unless this is the workbook given out: the return, the form of its sheets, and every row in its place."""
    identity = list(sheets.identity)
    found = book.marks(Page.START, len(identity))
    if not any(found):
        raise refuse(address(Page.START, 0, 0), f"This is not the workbook of a return. {DOWNLOAD}")
    if found[:3] != identity[:3]:
        raise refuse(address(Page.START, 0, 0), f"The workbook belongs to another return. {DOWNLOAD}")
    if found[3] != identity[3]:
        raise refuse(address(Page.START, 3, 0), f"The workbook has a form that is not used any more. {DOWNLOAD}")
    book.require_rows(list(Page)[1:], sheets.rows, DOWNLOAD)
    if found[4] != identity[4]:
        raise refuse(address(Page.START, 4, 0), f"The hidden marks of the workbook were changed. {DOWNLOAD}")


@dataclass
class _Draft:
    """A line while it is read."""

    cells: dict[str, str] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)
    fields: dict[str, Any] = field(default_factory=dict)
    entries: list[NewEntry] = field(default_factory=list)
    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    is_whole: bool = True


class _Reader:
    """Reads the sheets of one workbook."""

    def __init__(self, book: FormWorkbook, sheets: ReturnSheets) -> None:
        self.book, self.sheets = book, sheets
        self.problems: list[InputError] = []
        self.counting = {line.claim_id: line.counting for line in sheets.lines}
        self.drafts = {line.claim_id: _Draft() for line in sheets.lines}
        self.claims = {label.casefold(): claim_id for claim_id, label in sheets.choices.items()}
        self.factors = {label.casefold(): code for code, label in sheets.factors.items()}
        self.factors |= {code.casefold(): code for code in sheets.factors}

    def read(self) -> ReturnWorkbook:
        for row, draft in zip(self.sheets.rows, self.drafts.values(), strict=True):
            draft.cells[CLAIM] = address(Page.CLAIMS, row.number, FIRST_ENTRY_COLUMN)
            places = enumerate(CLAIM_COLUMNS, start=FIRST_CLAIM_COLUMN)
            draft.fields = self._read_cells(draft, Page.CLAIMS, row.number, places, "")
        below = self.book.look_below(Page.CLAIMS, FIRST_ROW + len(self.sheets.rows))
        self.problems += [InputError(error.field, f"This {error.message}") for error in below]
        for page in ENTRY_COLUMNS:
            self._read_page(page)
        told = len(self.sheets.identity)
        given = self.book.marks(Page.START, told + len(self.drafts))[told:]
        lines = zip(self.drafts.items(), given, strict=True)
        found = {claim_id: self._finish(draft, mark) for (claim_id, draft), mark in lines}
        return ReturnWorkbook(found, tuple(self.problems))

    def _finish(self, draft: _Draft, given: str) -> ReadLine:
        content = ClaimContent(**_filled(draft.fields), entries=tuple(draft.entries))
        return ReadLine(content, draft.cells, tuple(draft.problems), draft.is_whole, given)

    def _read_page(self, page: Page) -> None:
        """Read what is counted on a sheet; where a row is of no claim, the claims of the sheet are not whole."""
        problems = list(self._read_rows(page))
        self.problems += problems
        if problems:
            for line in self.sheets.lines_on(page):
                self.drafts[line.claim_id].is_whole = False

    def _read_rows(self, page: Page) -> Iterator[InputError]:
        columns = list(enumerate(ENTRY_COLUMNS[page], start=FIRST_ENTRY_COLUMN))
        last = len(self.book.tables[page])
        if last > FIRST_ROW + MOST_ROWS:
            message = f"The sheet has more than {MOST_ROWS:,} rows. Delete those that are empty, or count less here."
            yield InputError(address(page, FIRST_ROW + MOST_ROWS, FIRST_ENTRY_COLUMN), message)
            return
        for number in range(FIRST_ROW, last):
            if any(self._is_filled(page, number, column) for column, _ in columns):
                problem = self._read_entry(page, number, columns)
                if problem is not None:
                    yield problem

    def _is_filled(self, page: Page, number: int, column: int) -> bool:
        return bool(
            text_of(self.book.value(page, number, column)).strip()
            or address(page, number, column) in self.book.formulas
        )

    def _read_entry(self, page: Page, number: int, columns: list[tuple[int, Column]]) -> InputError | None:
        """Add a row to its claim; gives the problem where it is of none."""
        cell = address(page, number, FIRST_ENTRY_COLUMN)
        chosen = text_of(self.book.value(page, number, FIRST_ENTRY_COLUMN)).strip()
        claim_id = self.claims.get(chosen.casefold())
        if not chosen or cell in self.book.formulas:
            return InputError(cell, "Choose the claim that this row belongs to from the list of the cell.")
        if claim_id is None:
            return InputError(cell, f"No claim of this return is called {show_value(chosen)}. Choose from the list.")
        draft = self.drafts[claim_id]
        before = f"{ENTRIES}[{len(draft.entries)}]."
        draft.cells[f"{before}kind"] = cell
        fields = _filled(self._read_cells(draft, page, number, columns[1:], before))
        for name in sorted(fields.keys() - COUNTED[self.counting[claim_id]] - {REFERENCE, SHARE.field}):
            draft.problems.add(draft.cells[before + name], "This is not counted for this claim. Leave the cell empty.")
        reference = " ".join(str(fields.pop(REFERENCE, "")).split())
        entry = NewEntry(kind=KIND_OF[page], reference=reference, **fields)
        first = draft.rows.setdefault(entry.identity, number)
        if reference and first != number:
            draft.problems.add(
                draft.cells[before + REFERENCE], f"This is in row {first + 1} already. Put both into one row."
            )
        draft.entries.append(entry.within(self.sheets.quarter))
        return None

    def _read_cells(
        self, draft: _Draft, page: Page, number: int, columns: Any, before: str
    ) -> dict[str, str | Decimal | int | date | None]:
        """The fields of a row, None where nothing was entered or it cannot be read."""
        found = {}
        for place, column in columns:
            cell = draft.cells[before + column.field] = address(page, number, place)
            try:
                found[column.field] = self._read_cell(cell, self.book.value(page, number, place), column.kind)
            except ValueError as problem:
                found[column.field] = None
                draft.problems.add(cell, f"This {problem}")
        return found

    def _read_cell(self, cell: str, value: Any, kind: CellKind) -> str | Decimal | int | date | None:
        if cell in self.book.formulas:
            raise ValueError("holds a formula. Type the value itself: formulas are not read.")
        if isinstance(value, str) and not value.strip():
            return None
        if kind is CellKind.TEXT:
            return clean_text(text_of(value)).strip()
        if kind is CellKind.CHOICE:
            return self._factor(value)
        if kind is CellKind.DAY:
            return read_day(value)
        if kind is CellKind.SHARE:
            return read_share(value) * WHOLE
        return _whole(read_number(value)) if kind is CellKind.WHOLE else read_number(value)

    def _factor(self, value: Any) -> str:
        found = self.factors.get(text_of(value).strip().casefold())
        if found is None:
            raise ValueError(f"is {show_value(value)}, which is no emission factor here. Choose from the list.")
        return found


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields without those that are empty, so that these are what they are by default."""
    return {name: value for name, value in fields.items() if value is not None}


def _whole(number: Decimal) -> int:
    if number != number.to_integral_value() or abs(number) > MOST_PEOPLE:
        raise ValueError(f"is {write_decimal(number)}. Enter a whole number of people.")
    return int(number)
