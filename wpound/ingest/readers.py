"""Files in, sheets of numbered rows of text out. A row keeps its text as it stood in the file."""

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, tee
from pathlib import Path
from typing import Any, NamedTuple

from wpound.core.errors import InputError
from wpound.ingest.contents import Content, find_content
from wpound.ingest.encodings import walk_bytes
from wpound.ingest.workbooks import WorkbookProblem, read_tables

DELIMITERS = (",", "\t", ";", "|")
MAX_COLUMNS = 1_024
BATCH_ROWS = 500


class RawRow(NamedTuple):
    """One row: its number in the file counted from 1, its cells, and its text with the line end left on."""

    line_number: int
    cells: list[str]
    raw: str


@dataclass(frozen=True)
class RawSheet:
    """One sheet that can be read as often as needed; a text file is one sheet without a name.

    ``rows`` takes a delimiter (ignored by workbooks). Iterating raises InputError where the file turns out to be
    damaged on the way; ``refused_because`` says so where that is known from the start.
    """

    path: Path
    file_hash: str
    size: int
    rows: Callable[[str | None], Iterator[RawRow]]
    sheet: str | None = None
    encoding: str | None = None
    delimiters: tuple[str, ...] = ()
    refused_because: str | None = None


def _no_rows(_delimiter: str | None) -> Iterator[RawRow]:
    return iter(())


def open_sheets(path: Path) -> list[RawSheet]:
    """Open a file by its content: one sheet for text, one a worksheet for a workbook; raises InputError if absent."""
    if not path.is_file():
        raise InputError("file", f"There is no file {path}.")
    content, problem = find_content(path)
    found = walk_bytes(path)
    if content is Content.TEXT:
        problem = problem or found.problem
        encoding = None if problem else found.encoding

        def rows(delimiter: str | None) -> Iterator[RawRow]:
            return _text_rows(path, found.encoding, delimiter or ",")

        return [
            RawSheet(path, found.file_hash, found.size, rows, None, encoding, DELIMITERS, problem),
        ]
    if problem:
        return [RawSheet(path, found.file_hash, found.size, _no_rows, refused_because=problem)]
    return _open_workbook(path, found.file_hash, found.size)


def _text_rows(path: Path, encoding: str, delimiter: str) -> Iterator[RawRow]:
    """Rows of delimited text; line ends may be CRLF, LF, bare CR or a mixture."""
    last = RawRow(0, [], "")
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        try:
            for batch in _batches(file, delimiter):
                yield from batch
                last = batch[-1]
        except csv.Error:
            raise InputError("file", _never_closed(last.line_number + 1)) from None
    if '"' in last.raw and _ends_inside_quotes(last.raw, delimiter):
        raise InputError("file", _never_closed(last.line_number))


def _batches(file: Iterable[str], delimiter: str) -> Iterator[list[RawRow]]:
    """Rows with their text, many at a time; what is damaged is raised after the rows before it."""
    parsed, kept = tee(file)
    reader = csv.reader(parsed, delimiter=delimiter)
    number, fault = 0, None
    while fault is None:
        table: list[list[str]] = []
        before = reader.line_num
        try:
            table.extend(islice(reader, BATCH_ROWS))
        except csv.Error as error:
            fault = error  # The rows before it stay in the table.
        texts = _texts_of(list(islice(kept, reader.line_num - before)), len(table), delimiter)
        batch = list(map(RawRow, range(number + 1, number + 1 + len(table)), table, texts))
        yield from _refuse_wide(batch)
        number += len(table)
        if len(table) < BATCH_ROWS:
            break
    if fault:
        raise fault


def _texts_of(lines: Sequence[str], rows: int, delimiter: str) -> Sequence[str]:
    """The text of each row: one line, or several where a cell holds line ends."""
    if len(lines) == rows:
        return lines
    reader = csv.reader(lines, delimiter=delimiter)
    ends = [0, *(reader.line_num for _ in islice(reader, rows))]
    return ["".join(lines[start:end]) for start, end in pairwise(ends)]


def _refuse_wide(batch: list[RawRow]) -> Iterator[list[RawRow]]:
    """The rows up to the first that is wider than any list of payments; raises InputError there."""
    wide = next((i for i, row in enumerate(batch) if len(row.cells) > MAX_COLUMNS), len(batch))
    if batch[:wide]:
        yield batch[:wide]
    if wide < len(batch):
        number, cells, _ = batch[wide]
        raise InputError("file", f"Row {number:,} has {len(cells):,} columns; no list of payments has.")


def _never_closed(number: int) -> str:
    return (
        f"A quotation mark opened in row {number:,} is never closed, so everything after it is one cell: the file was "
        "probably cut off on the way. Fetch it again."
    )


def _ends_inside_quotes(raw: str, delimiter: str) -> bool:
    try:
        list(csv.reader(raw.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _open_workbook(path: Path, file_hash: str, size: int) -> list[RawSheet]:
    """Sheets of an XLSX, XLSM, XLS or ODS workbook, read whole; cells become the text a person would type."""
    try:
        tables = read_tables(path.read_bytes())
    except WorkbookProblem as problem:
        return [_refuse(RawSheet(path, file_hash, size, _no_rows), str(problem))]
    return [RawSheet(path, file_hash, size, _table_rows(table), name) for name, table in tables]


def _refuse(sheet: RawSheet, reason: str) -> RawSheet:
    return RawSheet(sheet.path, sheet.file_hash, sheet.size, sheet.rows, refused_because=reason)


def _table_rows(table: list[list[Any]]) -> Callable[[str | None], Iterator[RawRow]]:
    def rows(_delimiter: str | None) -> Iterator[RawRow]:
        for number, values in enumerate(table, start=1):
            cells = [_cell_text(value) for value in values]
            yield RawRow(number, cells, "\t".join(cells) + "\n")

    return rows


def _cell_text(value: Any) -> str:
    """A workbook's value as text; a number's shortest exact text, so that its noise is seen and not rounded away."""
    if isinstance(value, float):  # float: what the workbook holds; its text is taken, nothing is worked out with it
        return str(int(value)) if value.is_integer() and abs(value) < 10**15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)
