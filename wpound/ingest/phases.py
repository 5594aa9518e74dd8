"""The phases of reading, each a pure function: rows of a chunk in, rows and issues out, nothing shared between chunks.

Any engine may run them on any chunk in any order; what depends on order (control totals, carried half pennies,
duplicates) is kept out of here, in ``tally``. A chunk is turned into columns first, because plain Python is several
times faster down a column than across a row.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from functools import lru_cache
from itertools import compress, zip_longest

from wpound.core.errors import Issue, Severity
from wpound.core.money import round_half_up
from wpound.core.redaction import Redaction
from wpound.ingest.columns import Header
from wpound.ingest.datatypes import (
    EXACT_DIGITS,
    DateEvidence,
    Problem,
    date_evidence,
    in_pence,
    parse_company_number,
    parse_date,
    parse_pence,
)
from wpound.ingest.layout import Field, Layout, Sign
from wpound.ingest.readers import RawRow
from wpound.ingest.redaction import find_redaction
from wpound.ingest.rows import Payments, filled_cells
from wpound.ingest.totals import TotalKind, glued_total, printed_total, total_kind

Pence = int | Decimal
"""Pence as printed: a whole number, or the exact Decimal of an amount that is not whole pence."""

_VALUE_SHOWN = 80
_DECIMALS = Problem("more_than_two_decimals", "The amount is not whole pence; it is rounded so that the file adds up.")
_NO_SUPPLIER = Problem("supplier_missing", "The row does not say who was paid.")
_NOT_TEXT = Problem("text_damaged", "Some characters of the row are not text in the encoding of the file.")
_BELOW = Problem("below_threshold", "The payment is smaller than those the publisher promises to list.")
_REPEATED = Problem("heading_repeated", "The headings stand here again; the row holds no payment.")


@dataclass(frozen=True)
class Plan:
    """All that a phase needs to know of its sheet."""

    header: Header
    layout: Layout
    sheet: str | None = None

    def has(self, name: Field) -> bool:
        """Whether the sheet has a column for the field."""
        return name in self.header.fields.values()

    def issue(
        self, problem: Problem, severity: Severity, line: int, name: Field | None = None, value: str | None = None
    ) -> Issue:
        """A problem at its place; a long value is cut."""
        column = next((self.header.headings[p] for p, found in self.header.fields.items() if found is name), None)
        shown = value[:_VALUE_SHOWN] if value else value
        return Issue(problem.code, severity, problem.message, self.sheet, line, column, shown)


@dataclass(frozen=True)
class Arranged:
    """A chunk column by column: position ``i`` of every list is the same row. Cells are trimmed, absent ones blank.

    ``columns`` has every field; ``extras`` all other columns that hold anything, under their headings.
    """

    lines: Sequence[int]
    raws: Sequence[str]
    widths: Sequence[int]
    columns: Mapping[Field, Sequence[str]]
    extras: Mapping[str, Sequence[str]]

    def where(self, keep: Sequence[bool]) -> "Arranged":
        """The rows marked true."""
        if all(keep):
            return self
        return Arranged(
            list(compress(self.lines, keep)),
            list(compress(self.raws, keep)),
            list(compress(self.widths, keep)),
            {name: list(compress(column, keep)) for name, column in self.columns.items()},
            {name: list(compress(column, keep)) for name, column in self.extras.items()},
        )

    def words(self, i: int) -> list[str]:
        """The filled cells of a row other than its amount."""
        cells = [column[i] for name, column in self.columns.items() if name is not Field.NET_AMOUNT and column[i]]
        return [*cells, *filled_cells(self.extras, i).values()]


@dataclass(frozen=True)
class ReadRows:
    """The outcome of all phases for one chunk.

    ``exact`` holds the exact pence of rows that are not whole pence, by line; ``totals`` the rows that may be totals;
    ``printed`` totals in pence, read at the end of rows that could not be read; ``evidence`` what the dates say of
    their order.
    """

    payments: Payments
    issues: list[Issue]
    filled: int
    blank: int
    exact: Mapping[int, Decimal]
    totals: Mapping[int, TotalKind]
    printed: list[tuple[int, Decimal]]
    evidence: Counter[DateEvidence]


def drop_blank_rows(rows: Iterable[RawRow]) -> tuple[list[RawRow], int]:
    """The rows with anything in them, and how many had nothing."""
    every = list(rows)
    filled = [row for row in every if any(map(str.strip, row.cells))]
    return filled, len(every) - len(filled)


def arrange(rows: Sequence[RawRow], plan: Plan) -> Arranged:
    """Cells under their fields; cells of other columns become extras under their heading."""
    headings, fields = plan.header.headings, plan.header.fields
    table = [list(map(str.strip, column)) for column in zip_longest(*(row.cells for row in rows), fillvalue="")]
    absent = [""] * len(rows)
    columns = dict.fromkeys(Field, absent)
    others: dict[str, list[str]] = {}
    for i, column in enumerate(table):
        if i in fields:
            columns[fields[i]] = column
        elif any(column):
            others[headings[i] if i < len(headings) else f"column {i + 1}"] = column
    return Arranged(
        lines=[row.line_number for row in rows],
        raws=[row.raw for row in rows],
        widths=[len(row.cells) for row in rows],
        columns=columns,
        extras=others,
    )


def read_amounts(chunk: Arranged, plan: Plan) -> list[Pence | Problem]:
    """The exact pence of every row with the sign of the layout applied, or the reason why it cannot be read."""
    with localcontext(prec=EXACT_DIGITS):
        pence = list(map(parse_pence, chunk.columns[Field.NET_AMOUNT]))
        if plan.layout.sign is Sign.PAYMENTS_NEGATIVE:
            pence = [amount if isinstance(amount, Problem) else -amount for amount in pence]
        return [_glued(chunk, i, found) if isinstance(found, Problem) else found for i, found in enumerate(pence)]


def _glued(chunk: Arranged, i: int, problem: Problem) -> Pence | Problem:
    """A total whose label and amount share the only filled cell of a row."""
    words = chunk.words(i)
    total = glued_total(words[0]) if len(words) == 1 and not chunk.columns[Field.NET_AMOUNT][i] else None
    return problem if total is None else in_pence(total)


def refuse(chunk: Arranged, amounts: Sequence[Pence | Problem], plan: Plan) -> list[Issue]:
    """An error for every row without a readable amount, saying why it is not loaded."""
    return [
        plan.issue(
            _why_refused(chunk, i, problem, plan),
            Severity.ERROR,
            chunk.lines[i],
            Field.NET_AMOUNT,
            chunk.columns[Field.NET_AMOUNT][i],
        )
        for i, problem in enumerate(amounts)
        if isinstance(problem, Problem)
    ]


def _why_refused(chunk: Arranged, i: int, problem: Problem, plan: Plan) -> Problem:
    headings, width = set(plan.header.headings), chunk.widths[i]
    amount = " ".join(chunk.columns[Field.NET_AMOUNT][i].split())
    if amount in headings and headings.issuperset(" ".join(word.split()) for word in chunk.words(i)):
        return _REPEATED
    expected = len(plan.header.headings)
    if width < expected or filled_cells(chunk.extras, i).keys() - headings:
        return Problem(
            "cells_run_together",
            f"The row has {width} cells under {expected} headings: cells seem to have run together or been left out. "
            "Nothing of it is loaded; correct it in the file.",
        )
    return problem


def find_totals(chunk: Arranged, plan: Plan) -> dict[int, TotalKind]:
    """Rows that may be totals, by line: those without a day and without both supplier and transaction number."""
    columns, order = chunk.columns, plan.layout.date_order
    payments = zip(columns[Field.PAID_ON], columns[Field.SUPPLIER_NAME], columns[Field.TRANSACTION_NUMBER], strict=True)
    suspects = [
        i
        for i, (day, supplier, number) in enumerate(payments)
        if not (supplier and number) and isinstance(parse_date(day, order), Problem)
    ]
    kinds = {chunk.lines[i]: _total_kind(chunk, i) for i in suspects}
    return {line: kind for line, kind in kinds.items() if kind is not None}


def _total_kind(chunk: Arranged, i: int) -> TotalKind | None:
    """A row whose amount was read though its column is blank had it glued to its label."""
    return total_kind(chunk.words(i)) if chunk.columns[Field.NET_AMOUNT][i] else TotalKind.LABELLED


def read_dates(chunk: Arranged, plan: Plan, totals: Mapping[int, TotalKind]) -> tuple[list[date | None], list[Issue]]:
    """The day of every row; an unreadable or missing day stays None and is a warning."""
    if not plan.has(Field.PAID_ON):
        return [None] * len(chunk.lines), []
    order, texts = plan.layout.date_order, chunk.columns[Field.PAID_ON]
    read = [parse_date(text, order) for text in texts]
    issues = [
        plan.issue(day, Severity.WARNING, line, Field.PAID_ON, text)
        for day, line, text in zip(read, chunk.lines, texts, strict=True)
        if isinstance(day, Problem) and line not in totals
    ]
    return [None if isinstance(day, Problem) else day for day in read], issues


def read_company_numbers(chunk: Arranged, plan: Plan) -> tuple[list[str | None], list[Issue]]:
    """Company numbers of 8 characters; one of another shape is None and a warning."""
    texts = chunk.columns[Field.COMPANY_NUMBER]
    read = [parse_company_number(text) if text else None for text in texts]
    issues = [
        plan.issue(number, Severity.WARNING, line, Field.COMPANY_NUMBER, text)
        for number, line, text in zip(read, chunk.lines, texts, strict=True)
        if isinstance(number, Problem)
    ]
    return [None if isinstance(number, Problem) else number for number in read], issues


def read_redactions(chunk: Arranged) -> list[Redaction | None]:
    """Why names were left out: a column of redactions speaks for the name, otherwise the name's own words do."""
    marks, names = chunk.columns[Field.REDACTION], chunk.columns[Field.SUPPLIER_NAME]
    return [find_redaction(mark) or find_redaction(name) for mark, name in zip(marks, names, strict=True)]


@lru_cache(maxsize=16_384)
def tidy(text: str) -> str | None:
    """Words with one plain space between them, None for a blank."""
    return " ".join(text.split()) or None


def check_amounts(chunk: Arranged, pence: Sequence[Pence], plan: Plan) -> Iterator[Issue]:
    """A warning for amounts that are not whole pence, a note for those under the publisher's own threshold."""
    threshold = plan.layout.threshold_pence
    for line, exact, text in zip(chunk.lines, pence, chunk.columns[Field.NET_AMOUNT], strict=True):
        if isinstance(exact, Decimal):
            yield plan.issue(_DECIMALS, Severity.WARNING, line, Field.NET_AMOUNT, text)
        if threshold is not None and -threshold < exact < threshold:
            yield plan.issue(_BELOW, Severity.NOTE, line, Field.NET_AMOUNT, text)


def check_words(chunk: Arranged, totals: Mapping[int, TotalKind], plan: Plan) -> Iterator[Issue]:
    """A warning for rows that name nobody, where the sheet has names at all, and for damaged text."""
    names, marks = chunk.columns[Field.SUPPLIER_NAME], chunk.columns[Field.REDACTION]
    has_names = plan.has(Field.SUPPLIER_NAME)
    for line, name, mark, raw in zip(chunk.lines, names, marks, chunk.raws, strict=True):
        if has_names and not name and not mark and line not in totals:
            yield plan.issue(_NO_SUPPLIER, Severity.WARNING, line, Field.SUPPLIER_NAME)
        if "\N{REPLACEMENT CHARACTER}" in raw:
            yield plan.issue(_NOT_TEXT, Severity.WARNING, line)


def collect_payments(
    chunk: Arranged, pence: Sequence[Pence], days: Sequence[date | None], numbers: Sequence[str | None]
) -> Payments:
    """Payments; pence that are not whole are rounded half up here, ``tally`` carries what is left over."""
    columns = chunk.columns
    redactions = read_redactions(chunk)
    marked = zip(columns[Field.SUPPLIER_NAME], columns[Field.REDACTION], redactions, strict=True)
    return Payments(
        line_number=chunk.lines,
        paid_on=days,
        net_pence=[exact if isinstance(exact, int) else int(round_half_up(exact, 0)) for exact in pence],
        supplier_name=[tidy(name or (mark if redaction else "")) for name, mark, redaction in marked],
        supplier_number=[text or None for text in columns[Field.SUPPLIER_NUMBER]],
        vat_number=[text or None for text in columns[Field.VAT_NUMBER]],
        company_number=numbers,
        charity_number=[text or None for text in columns[Field.CHARITY_NUMBER]],
        postcode=[text or None for text in columns[Field.POSTCODE]],
        department=list(map(tidy, columns[Field.DEPARTMENT])),
        purpose=list(map(tidy, columns[Field.PURPOSE])),
        category=list(map(tidy, columns[Field.CATEGORY])),
        transaction_number=[text or None for text in columns[Field.TRANSACTION_NUMBER]],
        redaction=redactions,
        extras=chunk.extras,
        raw=chunk.raws,
    )


def find_evidence(chunk: Arranged) -> Counter[DateEvidence]:
    """What the dates of the rows say of the order in which the file writes day and month."""
    evidence: Counter[DateEvidence] = Counter()
    for text, rows in Counter(chunk.columns[Field.PAID_ON]).items():
        if found := date_evidence(text):
            evidence[found] += rows
    return evidence


def read_rows(raw_rows: Iterable[RawRow], plan: Plan) -> ReadRows:
    """All phases in their order, for one chunk of rows under the headings."""
    filled, blank = drop_blank_rows(raw_rows)
    every = arrange(filled, plan)
    amounts = read_amounts(every, plan)
    refused = refuse(every, amounts, plan)
    chunk = every.where([not isinstance(amount, Problem) for amount in amounts])
    pence = [amount for amount in amounts if not isinstance(amount, Problem)]
    totals = find_totals(chunk, plan)
    days, day_issues = read_dates(chunk, plan, totals)
    numbers, number_issues = read_company_numbers(chunk, plan)
    issues = [*refused, *check_amounts(chunk, pence, plan), *check_words(chunk, totals, plan)]
    issues += [*day_issues, *number_issues]
    raws = dict(zip(every.lines, every.raws, strict=True)) if refused else {}
    endings = ((issue.line or 0, printed_total(raws[issue.line or 0])) for issue in refused)
    return ReadRows(
        payments=collect_payments(chunk, pence, days, numbers),
        issues=sorted(issues, key=lambda issue: issue.line or 0),
        filled=len(filled),
        blank=blank,
        exact={line: exact for line, exact in zip(chunk.lines, pence, strict=True) if isinstance(exact, Decimal)},
        totals=totals,
        printed=[(line, total * 100) for line, total in endings if total is not None],
        evidence=find_evidence(chunk),
    )
