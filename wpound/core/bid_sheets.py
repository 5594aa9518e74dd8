"""The workbook in which a bid is written away from the page: its sheets, what stands in which cell, its checksum.

What a row asks for is known by a code in the hidden first column; the checksum covers every code and its place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Protocol

from wpound.core.criteria import Criterion, Kind
from wpound.core.method import Method
from wpound.core.quantities import Unit
from wpound.core.workbook_cells import FIRST_ROW, MOST_IN_A_CELL, CellKind, checksum_of

# The first column to fill in, counted from 0.
FIRST_COLUMN = 4
# The words of a longer answer run on in the next cell of its row.
WORDS_IN_A_CELL = 4_000


class Page(StrEnum):
    """The sheets, in their order; the first holds nothing to fill in."""

    START = "Start"
    PRICE = "Price"
    CHECKS = "Checks"
    COMMITMENTS = "Commitments"
    PLAN = "Plan"
    STATEMENTS = "Statements"
    COMPANY = "Company"


class Countable(Protocol):
    """What the workbook tells of a measure."""

    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def unit(self) -> Unit: ...
    @property
    def how_to_count(self) -> str: ...
    @property
    def evidence(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the bid or of the company: its key in the bid's content, its name and how it is entered."""

    code: str
    title: str
    entry: CellKind
    hint: str


OFFER = (
    Fact(
        code="price",
        title="Price for the whole contract, in pounds",
        entry=CellKind.MONEY,
        hint="With or without VAT, as the tender says. Opened only after the deadline.",
    ),
    Fact(
        code="fte",
        title="Full-time posts on the contract",
        entry=CellKind.NUMBER,
        hint="Part-time posts count by their hours: half a post is 0.5.",
    ),
)
COMPANY = (
    Fact("headcount", "People employed", CellKind.WHOLE, "Everyone on the payroll today."),
    Fact("turnover", "Turnover of the last financial year, in pounds", CellKind.MONEY, "As in your accounts."),
    Fact(
        code="baseline_tco2e",
        title="Carbon footprint of the last year, in tCO2e",
        entry=CellKind.NUMBER,
        hint="Leave empty if never measured.",
    ),
    Fact(
        code="supply_chain_share",
        title="Part of the price you would spend with suppliers",
        entry=CellKind.SHARE,
        hint="As a percentage, such as 25%.",
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row to fill in: its code, and the kind of entry in each of its cells from ``FIRST_COLUMN`` on."""

    page: Page
    number: int
    code: str
    entries: tuple[CellKind, ...]


@dataclass(frozen=True)
class BidSheets:
    """The workbook of one lot. ``years`` are the calendar years a promise may be dated to, empty for none."""

    ocid: str
    lot: int
    method: Method
    measures: tuple[Countable, ...]
    years: tuple[int, ...] = ()

    @property
    def checks(self) -> list[Criterion]:
        """The pass or fail questions."""
        return self._leaves(Kind.PASS_FAIL)

    @property
    def questions(self) -> list[Criterion]:
        """The questions answered in words."""
        return self._leaves(Kind.QUALITATIVE)

    @cached_property
    def cells_an_answer(self) -> int:
        """How many cells stand side by side for one answer."""
        return 1 + max((question.word_limit or 0 for question in self.questions), default=0) // WORDS_IN_A_CELL

    def _leaves(self, kind: Kind) -> list[Criterion]:
        return [leaf.criterion for leaf in self.method.tree.leaves if leaf.criterion.kind is kind]

    def cap_of(self, measure: str) -> Decimal | None:
        """The most of a measure that is counted for the whole contract, where the method says so."""
        caps = [c.cap for c in self.criteria_of(measure) if c.cap is not None]
        return min(caps) if caps else None

    def criteria_of(self, measure: str) -> list[Criterion]:
        """The criteria that mark a measure in its own unit."""
        return [criterion for criterion in self._leaves(Kind.QUANTITY) if criterion.measure == measure]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every row to fill in, sheet by sheet."""
        return tuple(self._rows())

    def _rows(self) -> Iterator[Row]:
        promised = (CellKind.NUMBER,) * (1 + len(self.years))
        codes = [measure.code for measure in self.measures]
        yield from _number(Page.PRICE, [(fact.code, (fact.entry,)) for fact in OFFER])
        yield from _number(Page.CHECKS, [(check.code, (CellKind.YES_NO,)) for check in self.checks])
        yield from _number(Page.COMMITMENTS, [(code, promised) for code in codes])
        yield from _number(Page.PLAN, [(code, (CellKind.TEXT,)) for code in codes])
        answer = (CellKind.TEXT,) * self.cells_an_answer
        yield from _number(Page.STATEMENTS, [(question.code, answer) for question in self.questions])
        yield from _number(Page.COMPANY, [(fact.code, (fact.entry,)) for fact in COMPANY])

    @cached_property
    def checksum(self) -> str:
        """SHA-256 over the tender, the lot, the method and every row's place and code, in hexadecimal."""
        places = [[row.page.value, row.number, row.code, len(row.entries)] for row in self.rows]
        return checksum_of([self.ocid, self.lot, self.method.method_hash, list(self.years), places])

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What stands in the hidden column of the first sheet, downwards: tender, lot, method hash, checksum."""
        return self.ocid, str(self.lot), self.method.method_hash, self.checksum


def _number(page: Page, rows: Sequence[tuple[str, tuple[CellKind, ...]]]) -> Iterator[Row]:
    for i, (code, entries) in enumerate(rows):
        yield Row(page, FIRST_ROW + i, code, entries)


def split_answer(text: str, cells: int) -> list[str] | None:
    """An answer cut between words into at most ``cells`` pieces that fit a cell each, or None where it does not fit.

    Put end to end again the pieces are the answer.

    >>> split_answer("Two words", 1)
    ['Two words']
    """
    pieces = []
    while len(text) > MOST_IN_A_CELL:
        cut = max(text.rfind(space, 0, MOST_IN_A_CELL) for space in " \n\t") + 1
        pieces.append(text[: cut or MOST_IN_A_CELL])
        text = text[cut or MOST_IN_A_CELL :]
    pieces.append(text)
    return pieces if len(pieces) <= cells else None


def join_answer(pieces: Sequence[str]) -> str:
    """The answer whose pieces stand side by side; a line break parts what a bidder wrote into two cells.

    >>> join_answer(["Two ", "words"]), join_answer(["First.", "Second."])
    ('Two words', 'First.\\nSecond.')
    """
    whole = ""
    for piece in filter(None, pieces):
        apart = whole and not whole[-1].isspace() and not piece[0].isspace()
        whole += f"\n{piece}" if apart else piece
    return whole.strip()
