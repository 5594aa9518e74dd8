"""The workbook in which a return is written away from the page: its sheets, what stands in which cell, its checksum.

A line of the return is a row of the sheet of claims, known by the number of its claim in the hidden first column. What
a claim counts one by one stands on a sheet for each kind of thing, a row for each: such rows have no place of their
own, and are known by their claim and reference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from wpound.core.claim_content import ClaimContent, NewEntry
from wpound.core.claim_counting import EntryKind, allowed_entries, needs_entries
from wpound.core.counting import Counting
from wpound.core.form import write_decimal
from wpound.core.periods import Period
from wpound.core.quantities import Unit
from wpound.core.workbook_cells import FIRST_ROW, CellKind, checksum_of

# Raised with every change of what stands in which column.
LAYOUT = "1"
# On one sheet, empty ones between them counted.
MOST_ROWS = 10_000


class Page(StrEnum):
    """The sheets, in their order; the first holds nothing to fill in."""

    START = "Start"
    CLAIMS = "Claims"
    PEOPLE = "People"
    EVENTS = "Events"
    ITEMS = "Items"


@dataclass(frozen=True, slots=True)
class Column:
    """A column to fill in: the field of the claim or of the entry that it holds, its name and how it is entered."""

    field: str
    title: str
    kind: CellKind
    width: int


SHARE = Column("share", "Share for this contract (empty: all)", CellKind.SHARE, 14)
FIRST_ON = Column("first_on", "First day in the quarter (empty: all of it)", CellKind.DAY, 16)
LAST_ON = Column("last_on", "Last day in the quarter", CellKind.DAY, 16)
CLAIM_COLUMNS = (
    Column("amount", "Amount, in the unit shown", CellKind.NUMBER, 15),
    SHARE,
    Column("narrative", "What was done, where and with whom", CellKind.TEXT, 60),
)
# The columns that say which claim an entry belongs to and what the supplier calls it, before those of its kind.
CLAIM, REFERENCE = "claim", "reference"
_CHOICE = Column(CLAIM, "Claim", CellKind.CHOICE, 38)
ENTRY_COLUMNS: dict[Page, tuple[Column, ...]] = {
    Page.PEOPLE: (
        _CHOICE,
        Column(REFERENCE, "Your own number of the person, never a name", CellKind.TEXT, 24),
        Column("hours", "Hours a week", CellKind.NUMBER, 12),
        Column("started_on", "Employed since", CellKind.DAY, 16),
        FIRST_ON,
        LAST_ON,
        SHARE,
    ),
    Page.EVENTS: (
        _CHOICE,
        Column(REFERENCE, "What it was, where and when", CellKind.TEXT, 44),
        Column("hours", "Hours it lasted", CellKind.NUMBER, 12),
        Column("attendees", "People who attended", CellKind.WHOLE, 14),
        Column("amount", "Amount, where the claim counts amounts", CellKind.NUMBER, 16),
        SHARE,
    ),
    Page.ITEMS: (
        _CHOICE,
        Column(REFERENCE, "Registration, serial or meter number", CellKind.TEXT, 28),
        Column("amount", "Amount, in the unit of the factor or of the claim", CellKind.NUMBER, 18),
        Column("factor", "Emission factor, where the claim counts carbon", CellKind.CHOICE, 44),
        FIRST_ON,
        LAST_ON,
        SHARE,
    ),
}
ENTRY_FIELDS = ("hours", "attendees", "amount", "factor", "started_on", "first_on", "last_on", "share")
KIND_OF = {Page.PEOPLE: EntryKind.PERSON, Page.EVENTS: EntryKind.EVENT, Page.ITEMS: EntryKind.ASSET}
PAGE_OF = {kind: page for page, kind in KIND_OF.items()}
# What is counted of an entry, by the way of counting; an entry that says more would lose it on the page.
COUNTED = {
    Counting.FTE_YEARS: {"hours", "started_on", "first_on", "last_on"},
    Counting.ATTENDEE_HOURS: {"hours", "attendees"},
    Counting.ACTIVITY_CARBON: {"amount", "factor", "first_on", "last_on"},
    Counting.GIVEN: {"amount"},
}
# Columns counted from 0: the first one to fill in of the claims, after what is locked, and of the other sheets.
FIRST_CLAIM_COLUMN = 10
FIRST_ENTRY_COLUMN = 1


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One line of a return as its workbook tells it; figures in the unit of its measure.

    ``carried`` is what stands from the quarters before and what of it was verified, ``counted`` what the line comes to
    as it is now. Only an open line can be changed.
    """

    claim_id: int
    title: str
    unit: Unit
    counting: Counting
    how_to_count: str
    promised: Decimal
    due: Decimal
    carried: tuple[Decimal, Decimal]
    counted: Decimal
    state: str
    is_open: bool
    content: ClaimContent

    @property
    def pages(self) -> tuple[Page, ...]:
        """The sheets on which it is counted one by one."""
        return tuple(PAGE_OF[kind] for kind in allowed_entries(self.counting))

    @property
    def takes_amount(self) -> bool:
        """Whether a plain amount may be claimed; nothing at all is always claimed as one."""
        return not needs_entries(self.counting)


@dataclass(frozen=True, slots=True)
class Row:
    """The row of a line, with the number of its claim."""

    page: Page
    number: int
    code: str


@dataclass(frozen=True)
class ReturnSheets:
    """The workbook of one return; ``factors`` names each emission factor by its code."""

    return_id: int
    contract: str
    quarter: Period
    lines: tuple[ReturnLine, ...]
    factors: Mapping[str, str]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The row of every line, in the order of the return."""
        return tuple(Row(Page.CLAIMS, FIRST_ROW + i, str(line.claim_id)) for i, line in enumerate(self.lines))

    @cached_property
    def choices(self) -> dict[int, str]:
        """What each line is called in the lists to choose from, by the number of its claim."""
        return {line.claim_id: f"{number}. {line.title}" for number, line in enumerate(self.lines, start=1)}

    def lines_on(self, page: Page) -> list[ReturnLine]:
        """The lines that a sheet of people, events or items can count for."""
        return [line for line in self.lines if page in line.pages]

    def entries_on(self, page: Page) -> Iterator[tuple[ReturnLine, NewEntry]]:
        """What is counted on a sheet, line by line, in the order of its rows."""
        for line in self.lines:
            for entry in line.content.entries:
                if entry.kind is KIND_OF[page]:
                    yield line, entry

    @property
    def marks(self) -> tuple[str, ...]:
        """What stands in the hidden column of the first sheet: what tells the workbook, then each line's fingerprint.

        By its fingerprint a line that was not touched in the workbook is known, though it was changed on the page.
        """
        return (*self.identity, *(fingerprint_of(line.content) for line in self.lines))

    @property
    def checksum(self) -> str:
        """SHA-256 over the return and every line's place, number and way of counting, in hexadecimal."""
        lines = [[row.number, row.code, line.counting.value] for row, line in zip(self.rows, self.lines, strict=True)]
        return checksum_of([*self._about, lines])

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells the workbook from others: return, contract, quarter, layout, checksum."""
        return (*self._about, self.checksum)

    @property
    def _about(self) -> tuple[str, ...]:
        days = f"{self.quarter.start_on.isoformat()}/{self.quarter.end_on.isoformat()}"
        return str(self.return_id), self.contract, days, LAYOUT


def fingerprint_of(content: ClaimContent) -> str:
    """SHA-256 over what a line says, the same for every order of its entries and every spelling of their references."""
    entries = sorted(
        [*entry.identity, *(_plain(getattr(entry, field)) for field in ENTRY_FIELDS)] for entry in content.entries
    )
    return checksum_of([_plain(content.amount), _plain(content.share), (content.narrative or "").strip(), entries])


def _plain(value: date | Decimal | int | str | None) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else write_decimal(value) if isinstance(value, Decimal) else str(value)
