"""How a sheet is laid out: its delimiter, where its headings stand, which rows are payments, and what to propose."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from wpound.core.errors import InputError
from wpound.ingest.columns import HEADER_WINDOW, Header, find_header, find_saved_header, header_of, saved_positions
from wpound.ingest.datatypes import Problem, is_serial, parse_amount, parse_date
from wpound.ingest.layout import DateOrder, Field, Layout
from wpound.ingest.readers import RawRow, RawSheet

_DATES_SAMPLED = 1_000


@dataclass(frozen=True)
class Discovery:
    """What was found out about a sheet before its rows are read.

    ``layout`` is the one given, which a person has confirmed, or the one proposed. ``notes`` are the lines above the
    headings; ``payments_above`` the rows there that hold a readable date and amount all the same.
    """

    raw: RawSheet
    delimiter: str | None
    header: Header
    headings_last: bool
    notes: list[str]
    payments_above: list[RawRow]
    layout: Layout
    confirmed: bool

    def rows(self) -> Iterator[RawRow]:
        """Every row that may hold a payment."""
        under = _rows_of_data(self.raw, self.delimiter, self.header, self.headings_last)
        return chain(self.payments_above, under)


def discover(raw: RawSheet, layout: Layout | None) -> Discovery:
    """Find the headings and the layout of a sheet; raises InputError with the sentence why where there are none."""
    delimiter, header = _find_layout(raw, layout)
    headings_last = bool(header.lines) and _is_last(raw, delimiter, header)
    above = [] if headings_last or not header.lines else list(islice(raw.rows(delimiter), header.lines[0] - 1))
    payments = [row for row in above if _is_payment(row, header)]
    notes = [" ".join(" ".join(row.cells).split()) for row in above if row not in payments]
    return Discovery(
        raw=raw,
        delimiter=delimiter,
        header=header,
        headings_last=headings_last,
        notes=list(filter(None, notes)),
        payments_above=payments,
        layout=layout or _propose(delimiter, header, _rows_of_data(raw, delimiter, header, headings_last)),
        confirmed=layout is not None,
    )


def _rows_of_data(raw: RawSheet, delimiter: str | None, header: Header, headings_last: bool) -> Iterator[RawRow]:
    """The rows under the headings, or all others where the headings come last."""
    if headings_last:
        return (row for row in raw.rows(delimiter) if row.line_number not in header.lines)
    return islice(raw.rows(delimiter), header.lines[-1] if header.lines else 0, None)


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


def _is_payment(row: RawRow, header: Header) -> bool:
    cells = {name: row.cells[i] for i, name in header.fields.items() if i < len(row.cells)}
    day = parse_date(cells.get(Field.PAID_ON, ""), DateOrder.SERIAL)
    return not isinstance(day, Problem) and not isinstance(parse_amount(cells.get(Field.NET_AMOUNT, "")), Problem)


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
