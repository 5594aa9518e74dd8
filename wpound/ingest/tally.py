"""What depends on the order of rows: control totals, half pennies carried forward, duplicates, and the final count."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, Decimal, localcontext
from typing import Self

from wpound.core.errors import Issue, Severity, StateError
from wpound.core.money import Money, round_half_up
from wpound.ingest.datatypes import EXACT_DIGITS, DateEvidence
from wpound.ingest.duplicates import Duplicates
from wpound.ingest.phases import ReadRows
from wpound.ingest.rows import NO_PAYMENTS, Chunk, Payments
from wpound.ingest.totals import ControlTotal, TotalKind, agrees, agrees_to_the_penny

ISSUES_KEPT = 100


@dataclass
class Counts:
    """What a sheet held. Every row is loaded, refused, repeated or a total; blank rows are counted apart."""

    rows: int = 0
    loaded: int = 0
    refused: int = 0
    repeated: int = 0
    blank: int = 0
    totals_rows: list[ControlTotal] = field(default_factory=list)
    sum_pence: int = 0
    negatives: int = 0
    negative_pence: int = 0
    first_paid_on: date | None = None
    last_paid_on: date | None = None
    issues_by_code: Counter[str] = field(default_factory=Counter)
    issues: list[Issue] = field(default_factory=list)

    def note(self, issues: list[Issue]) -> None:
        """Count issues and keep the first of them; a full list makes room for the first of every further code."""
        for issue in issues:
            if len(self.issues) == ISSUES_KEPT and issue.code not in self.issues_by_code:
                self.issues.pop(self._last_of_many())
            self.issues_by_code[issue.code] += 1
            if len(self.issues) < ISSUES_KEPT:
                self.issues.append(issue)

    def _last_of_many(self) -> int:
        kept = Counter(issue.code for issue in self.issues)
        return max(i for i, issue in enumerate(self.issues) if kept[issue.code] > 1)

    def check(self) -> None:
        """Raise StateError unless every row is accounted for."""
        if self.rows != self.loaded + self.refused + self.repeated + len(self.totals_rows):
            raise StateError("The rows of the file are not all accounted for; nothing was loaded. Report this fault.")


class CarriedRounding:
    """Whole pence for amounts that are not, so that the rows of a file add up to its exact sum.

    What rounding one such row leaves over is carried to the next such row; an exact half goes to the larger number.
    Rows of whole pence are never touched, and what is left over at the end is at most half a penny.
    """

    def __init__(self) -> None:
        self.left_over = Decimal(0)

    def round(self, exact: Decimal) -> int:
        """Whole pence for the exact pence of the next row that is not whole."""
        pence = exact + self.left_over
        whole = pence.to_integral_value(ROUND_FLOOR)
        rounded = whole + round_half_up(pence - whole, 0)
        self.left_over = pence - rounded
        return int(rounded)


class Tally:
    """Takes the chunks of one sheet in their order; use as a context manager, and close with :meth:`finish`."""

    def __init__(self, sheet: str | None) -> None:
        self.counts = Counts()
        self.evidence: Counter[DateEvidence] = Counter()
        self.last_total_line = 0
        self._sheet = sheet
        self._rounding = CarriedRounding()
        self._duplicates = Duplicates()
        self._sum_at_total = Decimal(0)
        self._loaded_at_total = 0
        self._printed: list[tuple[int, Decimal]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._duplicates.__exit__()

    def take(self, read: ReadRows) -> Chunk:
        """Load a chunk: totals are set aside, pence carried, everything counted."""
        self.counts.blank += read.blank
        self.counts.rows += read.filled
        self.counts.refused += read.filled - len(read.payments.raw)
        self.evidence += read.evidence
        self._printed += read.printed
        issues = list(read.issues)
        with localcontext(prec=EXACT_DIGITS):
            loaded = self._settle(read, issues)
        self._describe(loaded)
        issues.sort(key=lambda issue: issue.line or 0)
        self.counts.note(issues)
        return Chunk(loaded, issues)

    def _settle(self, read: ReadRows, issues: list[Issue]) -> Payments:
        """The payments of a chunk, in whole pence and without its totals; they are added up as they come."""
        payments, pence = read.payments, list(read.payments.net_pence)
        keep = [True] * len(pence)
        done = 0
        for i in [i for i, line in enumerate(payments.line_number) if line in read.totals or line in read.exact]:
            line = payments.line_number[i]
            self._add_up(pence[done:i])
            done = i
            kind, exact = read.totals.get(line), read.exact.get(line, Decimal(pence[i]))
            if kind and self._set_aside(line, pence[i], exact, kind, issues):
                keep[i], done = False, i + 1
            elif line in read.exact:
                pence[i] = self._rounding.round(exact)
        self._add_up(pence[done:])
        return payments._replace(net_pence=pence).where(keep)

    def _add_up(self, pence: list[int]) -> None:
        self.counts.loaded += len(pence)
        self.counts.sum_pence += sum(pence)

    @property
    def _sum(self) -> Decimal:
        """The exact sum in pence of the rows loaded so far."""
        return self.counts.sum_pence + self._rounding.left_over

    def _set_aside(self, line: int, pence: int, exact: Decimal, kind: TotalKind, issues: list[Issue]) -> bool:
        """Whether the row is no payment: a control total, or an amount that belongs to nobody."""
        since = self.counts.loaded - self._loaded_at_total
        sums = [self._sum - self._sum_at_total, self._sum] if since > 1 or self.counts.totals_rows else []
        if kind is TotalKind.LABELLED or agrees(exact, sums):
            agreed = agrees_to_the_penny(exact, sums or [self._sum])
            self.counts.totals_rows.append(ControlTotal(line, pence, agreed))
            self._sum_at_total, self._loaded_at_total = self._sum, self.counts.loaded
            self.last_total_line = line
            return True
        if kind is TotalKind.ALONE:
            self.counts.refused += 1
            message = (
                f"{Money(pence).format()} stands alone: the row names no supplier and is not the sum of the "
                "rows above. It is not loaded."
            )
            issues.append(Issue("amount_alone", Severity.ERROR, message, self._sheet, line))
            return True
        return False

    def _describe(self, loaded: Payments) -> None:
        """Count what is told of payments beside their number and sum."""
        counts = self.counts
        negatives = [pence for pence in loaded.net_pence if pence < 0]
        counts.negatives += len(negatives)
        counts.negative_pence += sum(negatives)
        if days := {day for day in set(loaded.paid_on) if day}:
            counts.first_paid_on = min(days | {counts.first_paid_on or min(days)})
            counts.last_paid_on = max(days | {counts.last_paid_on or max(days)})
        self._duplicates.add(loaded.line_number, loaded.raw)

    def finish(self) -> Chunk:
        """The issues only the whole file can show; raises StateError if a row is not accounted for."""
        self.counts.check()
        self._recheck_totals()
        issues = [*self._totals_that_differ(), *self._repeated_rows()]
        self.counts.note(issues)
        return Chunk(NO_PAYMENTS, issues)

    def _recheck_totals(self) -> None:
        """A total printed above the rows it adds up can only be compared at the end."""
        self.counts.totals_rows = [
            total if total.reconciles else ControlTotal(total.line, total.pence, abs(total.pence - self._sum) < 1)
            for total in self.counts.totals_rows
        ]

    def _totals_that_differ(self) -> list[Issue]:
        printed = [(total.line, Decimal(total.pence)) for total in self.counts.totals_rows if not total.reconciles]
        printed += [(line, pence) for line, pence in self._printed if abs(pence - self._sum) >= 1]
        return [self._total_differs(line, pence) for line, pence in printed]

    def _total_differs(self, line: int, pence: Decimal) -> Issue:
        stated, found = Money(int(round_half_up(pence, 0))), Money(self.counts.sum_pence)
        gap = stated - found
        message = (
            f"The file's own total is {stated.format()}; the rows read add up to {found.format()}, which is "
            f"{Money(abs(gap.pence)).format()} {'less' if gap.pence > 0 else 'more'}. "
            f"{self.counts.refused:,} row(s) could not be read."
        )
        return Issue("control_total_differs", Severity.ERROR, message, self._sheet, line, None, stated.format())

    def _repeated_rows(self) -> list[Issue]:
        return [
            Issue(
                "exact_duplicate",
                Severity.WARNING,
                f"The row is the same as row {first:,}. Both are loaded: they may be two real payments.",
                self._sheet,
                line,
            )
            for line, first in self._duplicates.find()
        ]
