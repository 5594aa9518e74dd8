"""One sheet of payments, streamed in chunks in the memory of one chunk whatever the size of a text file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from wpound.core.errors import InputError, Issue, Severity
from wpound.ingest.datatypes import DateEvidence
from wpound.ingest.discovery import Discovery
from wpound.ingest.layout import Field, Layout
from wpound.ingest.phases import Plan, read_rows
from wpound.ingest.readers import RawRow
from wpound.ingest.rows import NO_PAYMENTS, Chunk, SpendRow
from wpound.ingest.tally import Counts, Tally

CHUNK_ROWS = 2_000


@dataclass
class SpendSheet:
    """One sheet of payments. ``counts`` is complete once ``chunks`` has run to its end.

    ``discovery`` is None only where the sheet is refused before its rows are read. Look at ``refused_because`` again
    after the last chunk.
    """

    path: Path
    file_hash: str
    sheet: str | None
    encoding: str | None
    discovery: Discovery | None = None
    refused_because: str | None = None
    counts: Counts = field(default_factory=Counts)

    @property
    def file(self) -> str:
        """The file as it was named by the caller."""
        return str(self.path)

    @property
    def delimiter(self) -> str | None:
        """The delimiter of text, None for a workbook."""
        return self.discovery.delimiter if self.discovery else None

    @property
    def header_line(self) -> int | None:
        """The row of the headings counted from 1, the second of two; None without headings."""
        return self.discovery.header.lines[-1] if self.discovery and self.discovery.header.lines else None

    @property
    def columns(self) -> dict[str, Field | None]:
        """Every heading with its field, None for a column kept as an extra."""
        header = self.discovery.header if self.discovery else None
        return {heading: header.fields.get(i) for i, heading in enumerate(header.headings)} if header else {}

    @property
    def layout(self) -> Layout | None:
        """The layout given, or the one proposed for a person to confirm."""
        return self.discovery.layout if self.discovery else None

    @property
    def notes(self) -> list[str]:
        """The lines above the headings."""
        return self.discovery.notes if self.discovery else []

    @property
    def lines(self) -> Iterator[SpendRow]:
        """The payments one by one; their issues are counted in ``counts``."""
        return chain.from_iterable(chunk.rows for chunk in self.chunks())

    def chunks(self) -> Iterator[Chunk]:
        """Payments and issues in the order of the file; the last chunk holds what only the whole file shows."""
        if self.refused_because or self.discovery is None:
            return
        plan = Plan(self.discovery.header, self.discovery.layout, self.sheet)
        ending = _Ending()
        with Tally(self.sheet) as tally:
            self.counts = tally.counts
            try:
                rows = self.discovery.rows()
                while batch := list(islice(rows, CHUNK_ROWS)):
                    ending.watch(batch)
                    yield tally.take(read_rows(batch, plan))
            except InputError as error:
                self.refused_because = error.message
                return
            last = tally.finish()
            self.refused_because = self._verdict(tally, ending, self.discovery.confirmed)
            notes = [*ending.notes(self.sheet), *self._missing_columns()]
            tally.counts.note(notes)
            yield Chunk(NO_PAYMENTS, [*last.issues, *notes])

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

    def _verdict(self, tally: Tally, ending: "_Ending", confirmed: bool) -> str | None:
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
        if evidence[DateEvidence.MONTH_FIRST] and evidence[DateEvidence.EITHER] and not confirmed:
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

    def watch(self, rows: Sequence[RawRow]) -> None:
        """Take the next rows of the file, at least one."""
        filled = [i for i, row in enumerate(rows) if any(row.cells)]
        earlier = [len(rows[i].cells) for i in filled]
        if self.last_line:
            earlier.insert(0, self._last_width)
        if filled:
            last = rows[filled[-1]]
            self.last_line, self._last_width = last.line_number, len(last.cells)
            if filled[-1] == len(rows) - 1:
                earlier.pop()
        self._narrowest = min([*earlier, *([] if self._narrowest is None else [self._narrowest])], default=None)
        self._open_ended = not rows[-1].raw.endswith(("\n", "\r"))

    def is_cut_short(self, last_total_line: int) -> bool:
        """No line end, fewer cells than any other row, and not a total that stands at the end."""
        narrow = self._narrowest is not None and self._last_width < self._narrowest
        return self._open_ended and narrow and self.last_line != last_total_line

    def notes(self, sheet: str | None) -> list[Issue]:
        if not self._open_ended:
            return []
        message = f"The file does not end with a line end. Check that its last row, {self.last_line:,}, is whole."
        return [Issue("no_final_line_end", Severity.NOTE, message, sheet, self.last_line)]
