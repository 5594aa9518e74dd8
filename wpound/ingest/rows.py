"""What leaves this room: payments column by column, and a chunk of them with the issues met on the way."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import compress
from typing import Any, NamedTuple, Self

from wpound.core.errors import Issue
from wpound.core.redaction import Redaction


class SpendRow(NamedTuple):
    """One payment as published; None where the file does not say.

    ``net_pence`` is in whole pence and negative for a credit note. ``line_number`` counts rows from the top of the
    sheet, headings and blank rows included; ``raw`` is the row's text as it stood. ``extras`` holds the filled cells
    of every column that is not a field.
    """

    line_number: int
    paid_on: date | None
    net_pence: int
    supplier_name: str | None
    supplier_number: str | None
    vat_number: str | None
    company_number: str | None
    charity_number: str | None
    postcode: str | None
    department: str | None
    purpose: str | None
    category: str | None
    transaction_number: str | None
    redaction: Redaction | None
    extras: dict[str, str]
    raw: str


class Payments(NamedTuple):
    """Payments column by column: position ``i`` of every column is the same :class:`SpendRow`.

    ``extras`` has the columns that are not fields under their headings, blank cells and all.
    """

    line_number: Sequence[int]
    paid_on: Sequence[date | None]
    net_pence: Sequence[int]
    supplier_name: Sequence[str | None]
    supplier_number: Sequence[str | None]
    vat_number: Sequence[str | None]
    company_number: Sequence[str | None]
    charity_number: Sequence[str | None]
    postcode: Sequence[str | None]
    department: Sequence[str | None]
    purpose: Sequence[str | None]
    category: Sequence[str | None]
    transaction_number: Sequence[str | None]
    redaction: Sequence[Redaction | None]
    extras: Mapping[str, Sequence[str]]
    raw: Sequence[str]

    def where(self, keep: Sequence[bool]) -> Self:
        """The payments marked true."""
        if all(keep):
            return self
        extras = {name: list(compress(column, keep)) for name, column in self.extras.items()}
        kept: dict[str, Any] = {name: list(compress(column, keep)) for name, column in self._asdict().items()}
        return self._replace(**kept | {"extras": extras})

    def rows(self) -> list[SpendRow]:
        """The payments one by one."""
        extras = [filled_cells(self.extras, i) for i in range(len(self.raw))]
        columns = self._asdict() | {"extras": extras}
        return list(map(SpendRow._make, zip(*columns.values(), strict=True)))


NO_PAYMENTS = Payments((), (), (), (), (), (), (), (), (), (), (), (), (), (), {}, ())


def filled_cells(columns: Mapping[str, Sequence[str]], i: int) -> dict[str, str]:
    """The cells of row ``i`` that are not blank, under their headings."""
    return {name: column[i] for name, column in columns.items() if column[i]}


class Chunk(NamedTuple):
    """Payments in the order of the file, and the issues of their stretch of it."""

    payments: Payments
    issues: list[Issue]

    @property
    def rows(self) -> list[SpendRow]:
        """The payments one by one."""
        return self.payments.rows()
