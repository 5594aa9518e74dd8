"""From a published file to payments and issues: the one way in for every import and every check.

``read_spend`` opens a file and gives its sheets; a sheet streams its payments in chunks, in the memory of one chunk
whatever the size of a text file. Whether a sheet may be loaded is known for certain only after its last chunk, so an
importer commits nothing before it has looked at ``refused_because`` then.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from wpound.core.errors import InputError, Issue, Severity
from wpound.ingest.columns import HEADER_WINDOW, Header, find_header, find_saved_header, header_of, saved_positions
from wpound.ingest.datatypes import DateEvidence, Problem, is_serial, parse_amount, parse_date
from wpound.ingest.layout import DateOrder, Field, Layout
from wpound.ingest.phases import Plan, read_rows
from wpound.ingest.readers import RawRow, RawSheet, open_sheets
from wpound.ingest.rows import Chunk, SpendRow
from wpound.ingest.tally import Counts, Tally

CHUNK_ROWS = 2_000
_DATES_SAMPLED = 1_000


@dataclass
class SpendSheet:
    """One sheet of payments. ``counts`` is complete once ``chunks`` has run to its end.

    ``layout`` is the one given, or the one proposed for a person to confirm. ``columns`` maps every heading to its
    field, None for a column kept as an extra. ``notes`` are the lines above the headings.
    """

    path: Path
    file_hash: str
    sheet: str | None
    encoding: str | None
    delimiter: str | None = None
    header_line: int | None = None
    columns: dict[str, Field | None] = field(default_factory=dict)
    layout: Layout | None = None
    notes: list[str] = field(default_factory=list)
    refused_because: str | None = None
    counts: Counts = field(default_factory=Counts)
    _rows: Callable[[], Iterator[RawRow]] | None = None
    _plan: Plan | None = None
    _confirmed: bool = False

    @property
    def file(self) -> str:
        """The file as it was named by the caller."""
        return str(self.path)

    @property
    def lines(self) -> Iterator[SpendRow]:
        """The payments one by one; their issues are counted in ``counts``."""
        return chain.from_iterable(chunk.rows for chunk in self.chunks())

    def chunks(self) -> Iterator[Chunk]:
        """Payments and issues in the order of the file; the last chunk holds what only the whole file shows."""
        if self.refused_because or self._rows is None or self._plan is None:
            return
        ending = _Ending()
        with Tally(self.sheet) as tally:
            self.counts = tally.counts
            try:
                rows = ending.watch(self._rows())
                while batch := list(islice(rows, CHUNK_ROWS)):
                    yield tally.take(read_rows(batch, self._plan))
            except InputError as error:
                self.refused_because = error.message
                return
            last = tally.finish()
            self.refused_because = self._verdict(tally, ending)
            notes = [*ending.notes(self.sheet), *self._missing_columns()]
            tally.counts.note(notes)
            yield Chunk([], [*last.issues, *notes])

    def _missing_columns(self) -> list[Issue]:
        """What no row of the sheet can say, because there is no column for it."""
        wanted = {
            Field.PAID_ON: Issue(
                "no_date_column",
                Severity.WARNING,
                "The list has no dates of payment. Say which period it covers when you load it.",
                self.sheet,
                self.header_line,
            ),
            Field.SUPPLIER_NAME: Issue(
                "no_supplier_column",
                Severity.WARNING,
                "No heading is known as the supplier's name, so nobody can be placed. Save a layout with it.",
                self.sheet,
                self.header_line,
            ),
        }
        return [issue for name, issue in wanted.items() if name not in self.columns.values()]

    def _verdict(self, tally: Tally, ending: "_Ending") -> str | None:
        """The sentence that refuses the whole sheet, once all of it was seen."""
        counts, evidence = tally.counts, tally.evidence
        if not counts.rows:
            return "There are headings but no rows under them."
        if not counts.loaded:
            return "No row has an amount that can be read, so there is nothing to load."
        if ending.is_cut_short(tally.last_total_line):
            return (
                f"The last row, {ending.last_line:,}, stops before its end: the file was probably cut off on the way. "
                "Fetch it again."
            )
        if evidence[DateEvidence.MONTH_FIRST] and evidence[DateEvidence.EITHER] and not self._confirmed:
            return (
                f"{evidence[DateEvidence.MONTH_FIRST]:,} dates can only be read month first while "
                f"{evidence[DateEvidence.EITHER]:,} could be read either way. Ask the publisher which is meant, and "
                "give a saved layout that says so."
            )
        return None


class _Ending:
    """Watches how a text file ends, to tell a whole file from one that was cut off."""

    def __init__(self) -> None:
        self.last_line = 0
        self._last_width = 0
        self._narrowest: int | None = None
        self._open_ended = False

    def watch(self, rows: Iterator[RawRow]) -> Iterator[RawRow]:
        for row in rows:
            if self.last_line:
                self._narrowest = min(self._narrowest or self._last_width, self._last_width)
            if any(row.cells):
                self.last_line, self._last_width = row.line_number, len(row.cells)
            self._open_ended = not row.raw.endswith(("\n", "\r"))
            yield row

    def is_cut_short(self, last_total_line: int) -> bool:
        """No line end, fewer cells than any other row, and not a total that stands at the end."""
        narrow = self._narrowest is not None and self._last_width < self._narrowest
        return self._open_ended and narrow and self.last_line != last_total_line

    def notes(self, sheet: str | None) -> list[Issue]:
        if not self._open_ended:
            return []
        message = f"The file does not end with a line end. Check that its last row, {self.last_line:,}, is whole."
        return [Issue("no_final_line_end", Severity.NOTE, message, sheet, self.last_line)]


def read_spend(path: Path, layout: Layout | None = None) -> list[SpendSheet]:
    """The sheets of a file, by its content and not its name; ``layout`` is a saved one, None to have one proposed.

    Raises InputError where there is no such file. A file or sheet that cannot be read is returned all the same, with
    the sentence why in ``refused_because``.
    """
    return [_open_sheet(raw, layout) for raw in open_sheets(path)]


def _open_sheet(raw: RawSheet, layout: Layout | None) -> SpendSheet:
    sheet = SpendSheet(raw.path, raw.file_hash, raw.sheet, raw.encoding, refused_because=raw.refused_because)
    if sheet.refused_because:
        return sheet
    try:
        _lay_out(sheet, raw, layout)
    except InputError as error:
        sheet.refused_because = error.message
    return sheet


def _lay_out(sheet: SpendSheet, raw: RawSheet, layout: Layout | None) -> None:
    """Find the headings and set up how the rows are read; raises InputError where that cannot be done."""
    delimiter, header = _find_layout(raw, layout)
    at_bottom = bool(header.lines) and _is_last(raw, delimiter, header)
    sheet.delimiter = delimiter
    sheet.header_line = header.lines[-1] if header.lines else None
    sheet.columns = {heading: header.fields.get(i) for i, heading in enumerate(header.headings)}
    above = _above(raw, delimiter, header, at_bottom)
    sheet.notes = [" ".join(" ".join(row.cells).split()) for row in above.notes if any(row.cells)]
    sheet._rows = lambda: chain(above.payments, _under(raw, delimiter, header, at_bottom))
    sheet.layout = layout or _propose(delimiter, header, sheet._rows())
    sheet._plan = Plan(header, sheet.layout, raw.sheet)
    sheet._confirmed = layout is not None


def _find_layout(raw: RawSheet, layout: Layout | None) -> tuple[str | None, Header]:
    if layout is not None:
        return layout.delimiter, _saved_header(raw, layout)
    delimiters: tuple[str | None, ...] = raw.delimiters or (None,)
    found = [(header, delimiter) for delimiter in delimiters if (header := _header_in_window(raw, delimiter))]
    if found:
        header, delimiter = max(found, key=lambda item: len(item[0].fields))
        return delimiter, header
    for delimiter in delimiters:
        last = _last_filled(raw.rows(delimiter))
        if last and (header_below := header_of([last])):
            return delimiter, header_below
    raise InputError("file", _why_no_header(raw))


def _header_in_window(raw: RawSheet, delimiter: str | None) -> Header | None:
    """The headings under one delimiter; damage met under a wrong delimiter is no damage of the file."""
    try:
        return find_header(islice(raw.rows(delimiter), HEADER_WINDOW))
    except InputError:
        return None


def _saved_header(raw: RawSheet, layout: Layout) -> Header:
    if layout.header_line is None:
        return saved_positions(layout.columns)
    header = find_saved_header(islice(raw.rows(layout.delimiter), HEADER_WINDOW), layout.columns)
    last = None if header else _last_filled(raw.rows(layout.delimiter))
    header = header or (find_saved_header([last], layout.columns) if last else None)
    if header is None:
        wanted = ", ".join(layout.columns)
        raise InputError("file", f"The saved layout expects the headings {wanted}; no row has them. Confirm a new one.")
    return header


def _why_no_header(raw: RawSheet) -> str:
    window = [row for row in islice(raw.rows(None), HEADER_WINDOW) if any(cell.strip() for cell in row.cells)]
    if not window:
        return "The sheet is empty." if raw.sheet else "The file is empty."
    return (
        f"No row of headings with an amount and a supplier, date or other known column was found in the first "
        f"{HEADER_WINDOW} rows or the last one. If this is a list of payments it needs a saved layout that says which "
        "column is which."
    )


def _last_filled(rows: Iterator[RawRow]) -> RawRow | None:
    last = None
    for row in rows:
        if any(cell.strip() for cell in row.cells):
            last = row
    return last


def _is_last(raw: RawSheet, delimiter: str | None, header: Header) -> bool:
    """Whether nothing stands under the headings; looks no further than the first filled row."""
    under = islice(raw.rows(delimiter), header.lines[-1], None)
    return not any(cell.strip() for row in under for cell in row.cells)


@dataclass(frozen=True)
class _Above:
    notes: list[RawRow]
    payments: list[RawRow]


def _above(raw: RawSheet, delimiter: str | None, header: Header, at_bottom: bool) -> _Above:
    """Rows above the headings: notes, except rows with a readable date and amount in their columns."""
    if at_bottom or not header.lines:
        return _Above([], [])
    rows = list(islice(raw.rows(delimiter), header.lines[0] - 1))
    payments = [row for row in rows if _is_payment(row, header)]
    return _Above([row for row in rows if row not in payments], payments)


def _is_payment(row: RawRow, header: Header) -> bool:
    cells = {name: row.cells[i] for i, name in header.fields.items() if i < len(row.cells)}
    day = parse_date(cells.get(Field.PAID_ON, ""), DateOrder.SERIAL)
    return not isinstance(day, Problem) and not isinstance(parse_amount(cells.get(Field.NET_AMOUNT, "")), Problem)


def _under(raw: RawSheet, delimiter: str | None, header: Header, at_bottom: bool) -> Iterator[RawRow]:
    """The rows that hold data: those under the headings, or all others where the headings come last."""
    if at_bottom:
        return (row for row in raw.rows(delimiter) if row.line_number not in header.lines)
    return islice(raw.rows(delimiter), header.lines[-1] if header.lines else 0, None)


def _propose(delimiter: str | None, header: Header, rows: Iterator[RawRow]) -> Layout:
    """A layout for a person to confirm; dates are serial where over four in five of the first thousand are."""
    position = next((i for i, name in header.fields.items() if name is Field.PAID_ON), None)
    dates: list[str] = []
    if position is not None:
        sample = islice(rows, _DATES_SAMPLED)
        dates = [text for row in sample if position < len(row.cells) and (text := row.cells[position].strip())]
    mostly_serial = 5 * sum(map(is_serial, dates)) > 4 * len(dates)
    return Layout(
        columns={header.headings[i]: name for i, name in header.fields.items()},
        header_line=header.lines[-1],
        delimiter=delimiter,
        date_order=DateOrder.SERIAL if mostly_serial else DateOrder.DAY_FIRST,
        basis=header.basis,
    )


@dataclass(frozen=True)
class SheetReport:
    """What ``wpound spend check`` says of one sheet; of a refused sheet nothing is loaded."""

    sheet: SpendSheet

    def to_dict(self) -> dict[str, Any]:
        """The stable shape of ``wpound spend check --json``."""
        sheet, counts = self.sheet, self.sheet.counts
        refused = sheet.refused_because is not None
        first, last = counts.first_paid_on, counts.last_paid_on
        return {
            "file": sheet.file,
            "sheet": sheet.sheet,
            "encoding": sheet.encoding,
            "delimiter": sheet.delimiter,
            "header_line": sheet.header_line,
            "columns": {heading: str(name) if name else None for heading, name in sheet.columns.items()},
            "rows": counts.rows,
            "loaded": 0 if refused else counts.loaded,
            "refused": counts.refused + counts.loaded if refused else counts.refused,
            "repeated": counts.repeated,
            "blank": counts.blank,
            "totals_rows": [total.to_dict() for total in counts.totals_rows],
            "sum_pence": 0 if refused else counts.sum_pence,
            "negatives": 0 if refused else counts.negatives,
            "negative_pence": 0 if refused else counts.negative_pence,
            "first_paid_on": first.isoformat() if first and not refused else None,
            "last_paid_on": last.isoformat() if last and not refused else None,
            "issues_by_code": dict(sorted(counts.issues_by_code.items())),
            "issues": [_issue_dict(issue) for issue in counts.issues],
            "refused_because": sheet.refused_because,
        }


def _issue_dict(issue: Issue) -> dict[str, Any]:
    return {
        "code": issue.code,
        "severity": str(issue.severity),
        "line": issue.line,
        "column": issue.column,
        "value": issue.value,
        "message": issue.message,
    }


def check_file(path: Path, on_rows: Callable[[int], None] | None = None) -> list[SheetReport]:
    """Read a file without keeping anything; ``on_rows`` is told the number of rows read of each chunk."""
    reports = []
    for sheet in read_spend(path):
        for chunk in sheet.chunks():
            if on_rows:
                on_rows(len(chunk.rows))
        reports.append(SheetReport(sheet))
    return reports
