"""The phases of reading, each a pure function: rows of a chunk in, rows and issues out, nothing shared between chunks.

Any engine may run them on any chunk in any order; what depends on order (control totals, carried half pennies,
duplicates) is kept out of here, in ``tally``.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from wpound.core.errors import Issue, Severity
from wpound.core.money import Money
from wpound.ingest.columns import Header
from wpound.ingest.datatypes import (
    DateEvidence,
    Problem,
    date_evidence,
    parse_amount,
    parse_company_number,
    parse_date,
)
from wpound.ingest.layout import DateOrder, Field, Layout, Sign
from wpound.ingest.readers import RawRow
from wpound.ingest.redaction import Redaction, find_redaction
from wpound.ingest.rows import SpendRow
from wpound.ingest.totals import TotalKind, glued_total, printed_total, total_kind

_VALUE_SHOWN = 80


@dataclass(frozen=True)
class Plan:
    """All that a phase needs to know of its sheet."""

    header: Header
    layout: Layout
    sheet: str | None = None

    def heading_of(self, name: Field) -> str | None:
        """The heading of a field's column, None where the sheet has no such column."""
        return next((self.header.headings[p] for p, found in self.header.fields.items() if found is name), None)


class NamedRow(NamedTuple):
    """A row whose cells know their field; blank cells are left out. ``spills``: cells filled beyond the headings."""

    line_number: int
    cells: Mapping[Field, str]
    extras: dict[str, str]
    width: int
    spills: bool
    raw: str


class PricedRow(NamedTuple):
    """A row whose amount was read, in exact pounds, with the sign of the layout applied."""

    row: NamedRow
    amount: Decimal
    total_kind: TotalKind | None


@dataclass
class ReadRows:
    """The outcome of all phases for one chunk.

    ``exact`` holds the exact pounds of rows that are not whole pence, by line; ``totals`` the rows that may be totals;
    ``printed`` totals read at the end of rows that could not be read; ``evidence`` what the dates say of their order.
    """

    rows: list[SpendRow]
    issues: list[Issue]
    filled: int
    blank: int
    exact: Mapping[int, Decimal]
    totals: Mapping[int, TotalKind]
    printed: list[tuple[int, Decimal]] = field(default_factory=list)
    evidence: Counter[DateEvidence] = field(default_factory=Counter)


def drop_blank_rows(rows: Iterable[RawRow]) -> tuple[list[RawRow], int]:
    """The rows with anything in them, and how many had nothing."""
    every = list(rows)
    filled = [row for row in every if any(row.cells) and not "".join(row.cells).isspace()]
    return filled, len(every) - len(filled)


def name_cells(rows: Iterable[RawRow], plan: Plan) -> list[NamedRow]:
    """Cells under their fields, spaces tidied; cells of other columns become extras under their heading."""
    fields = list(plan.header.fields.items())
    others = [(i, heading) for i, heading in enumerate(plan.header.headings) if i not in plan.header.fields]
    beyond = len(plan.header.headings)
    named = []
    for number, cells, raw in rows:
        width = len(cells)
        known = {name: text for i, name in fields if i < width and (text := " ".join(cells[i].split()))}
        extras = {heading: text for i, heading in others if i < width and (text := cells[i].strip())}
        spilt = {f"column {i}": text for i, cell in enumerate(cells[beyond:], beyond + 1) if (text := cell.strip())}
        named.append(NamedRow(number, known, extras | spilt, width, bool(spilt), raw))
    return named


def read_amounts(rows: Iterable[NamedRow], plan: Plan) -> tuple[list[PricedRow], list[NamedRow], list[Issue]]:
    """Rows with their exact amount; rows without one, each with an error that says why."""
    priced, refused, issues = [], [], []
    negate = plan.layout.sign is Sign.PAYMENTS_NEGATIVE
    for row in rows:
        amount = parse_amount(row.cells.get(Field.NET_AMOUNT, ""))
        if isinstance(amount, Problem):
            glued = _glued_total(row)
            if glued is None:
                refused.append(row)
                issues.append(_why_refused(row, amount, plan))
            else:
                priced.append(PricedRow(row, glued, TotalKind.LABELLED))
        else:
            priced.append(PricedRow(row, -amount if negate else amount, _total_kind(row)))
    return priced, refused, issues


def _glued_total(row: NamedRow) -> Decimal | None:
    filled = [*row.cells.values(), *row.extras.values()]
    return glued_total(filled[0]) if len(filled) == 1 else None


def _total_kind(row: NamedRow) -> TotalKind | None:
    cells = row.cells
    if Field.PAID_ON in cells or (Field.SUPPLIER_NAME in cells and Field.TRANSACTION_NUMBER in cells):
        return None
    return total_kind([*(text for name, text in cells.items() if name is not Field.NET_AMOUNT), *row.extras.values()])


def _why_refused(row: NamedRow, problem: Problem, plan: Plan) -> Issue:
    expected = len(plan.header.headings)
    if {*row.cells.values(), *row.extras.values()} <= set(plan.header.headings):
        problem = Problem("heading_repeated", "The headings stand here again; the row holds no payment.")
    elif row.width < expected or row.spills:
        problem = Problem(
            "cells_run_together",
            f"The row has {row.width} cells under {expected} headings: cells seem to have run together or been left "
            "out. Nothing of it is loaded; correct it in the file.",
        )
    value = row.cells.get(Field.NET_AMOUNT)
    return _issue(problem, Severity.ERROR, row.line_number, plan, Field.NET_AMOUNT, value)


def _issue(
    problem: Problem, severity: Severity, line: int, plan: Plan, name: Field | None = None, value: str | None = None
) -> Issue:
    column = plan.heading_of(name) if name else None
    shown = value[:_VALUE_SHOWN] if value else value
    return Issue(problem.code, severity, problem.message, plan.sheet, line, column, shown)


_DECIMALS = Problem("more_than_two_decimals", "The amount is not whole pence; it is rounded so that the file adds up.")
_NO_SUPPLIER = Problem("supplier_missing", "The row does not say who was paid.")
_NOT_TEXT = Problem("text_damaged", "Some characters of the row are not text in the encoding of the file.")
_BELOW = Problem("below_threshold", "The payment is smaller than those the publisher promises to list.")


def check_values(rows: Iterable[PricedRow], plan: Plan) -> list[Issue]:
    """Warnings and notes about rows that are loaded all the same."""
    issues: list[Issue] = []
    threshold = plan.layout.threshold_pence
    for row, amount, kind in rows:
        pence = amount * 100
        if pence != pence.to_integral_value():
            value = row.cells.get(Field.NET_AMOUNT)
            issues.append(_issue(_DECIMALS, Severity.WARNING, row.line_number, plan, Field.NET_AMOUNT, value))
        if Field.SUPPLIER_NAME not in row.cells and Field.REDACTION not in row.cells and kind is None:
            issues.append(_issue(_NO_SUPPLIER, Severity.WARNING, row.line_number, plan, Field.SUPPLIER_NAME))
        if "\ufffd" in row.raw:
            issues.append(_issue(_NOT_TEXT, Severity.WARNING, row.line_number, plan))
        if threshold is not None and abs(pence) < threshold:
            issues.append(_issue(_BELOW, Severity.NOTE, row.line_number, plan, Field.NET_AMOUNT))
    return issues


def build_rows(rows: Iterable[PricedRow], plan: Plan) -> tuple[list[SpendRow], list[Issue]]:
    """Payments with their day, identifiers and redaction; an unreadable day stays None and is a warning."""
    built: list[SpendRow] = []
    issues: list[Issue] = []
    has_dates = plan.heading_of(Field.PAID_ON) is not None
    order = plan.layout.date_order
    for row, amount, kind in rows:
        cells = row.cells
        paid_on = _read_date(row, kind, plan, order, issues) if has_dates else None
        name = cells.get(Field.SUPPLIER_NAME)
        redaction = _redaction(cells)
        built.append(
            SpendRow(
                line_number=row.line_number,
                paid_on=paid_on,
                net_pence=Money.rounded(amount).pence,
                supplier_name=name or (cells.get(Field.REDACTION) if redaction else None),
                supplier_number=cells.get(Field.SUPPLIER_NUMBER),
                vat_number=cells.get(Field.VAT_NUMBER),
                company_number=_read_company_number(row, plan, issues),
                charity_number=cells.get(Field.CHARITY_NUMBER),
                postcode=cells.get(Field.POSTCODE),
                department=cells.get(Field.DEPARTMENT),
                purpose=cells.get(Field.PURPOSE),
                category=cells.get(Field.CATEGORY),
                transaction_number=cells.get(Field.TRANSACTION_NUMBER),
                redaction=redaction,
                extras=row.extras,
                raw=row.raw,
            )
        )
    return built, issues


def _read_date(row: NamedRow, kind: TotalKind | None, plan: Plan, order: DateOrder, issues: list[Issue]) -> date | None:
    text = row.cells.get(Field.PAID_ON, "")
    day = parse_date(text, order)
    if not isinstance(day, Problem):
        return day
    if kind is None:
        issues.append(_issue(day, Severity.WARNING, row.line_number, plan, Field.PAID_ON, text))
    return None


def _read_company_number(row: NamedRow, plan: Plan, issues: list[Issue]) -> str | None:
    text = row.cells.get(Field.COMPANY_NUMBER)
    number = parse_company_number(text) if text else None
    if isinstance(number, Problem):
        issues.append(_issue(number, Severity.WARNING, row.line_number, plan, Field.COMPANY_NUMBER, text))
        return None
    return number


def _redaction(cells: Mapping[Field, str]) -> Redaction | None:
    """A column of redactions speaks for the name; otherwise the name's own words do."""
    marked = find_redaction(cells.get(Field.REDACTION, ""))
    return marked or find_redaction(cells.get(Field.SUPPLIER_NAME, ""))


def read_rows(raw_rows: Iterable[RawRow], plan: Plan) -> ReadRows:
    """All phases in their order, for one chunk of rows under the headings."""
    filled, blank = drop_blank_rows(raw_rows)
    priced, refused, amount_issues = read_amounts(name_cells(filled, plan), plan)
    rows, row_issues = build_rows(priced, plan)
    issues = sorted([*amount_issues, *check_values(priced, plan), *row_issues], key=lambda issue: issue.line or 0)
    printed = [(row.line_number, total) for row in refused if (total := printed_total(row.raw)) is not None]
    dates = (evidence for row, _, _ in priced if (evidence := date_evidence(row.cells.get(Field.PAID_ON, ""))))
    return ReadRows(
        rows=rows,
        issues=issues,
        filled=len(filled),
        blank=blank,
        exact={row.line_number: amount for row, amount, _ in priced if amount * 100 % 1},
        totals={row.line_number: kind for row, _, kind in priced if kind is not None},
        printed=printed,
        evidence=Counter(dates),
    )
