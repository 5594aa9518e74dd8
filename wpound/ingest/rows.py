"""What leaves this room: one payment, and a chunk of them with the issues met on the way."""

from datetime import date
from typing import NamedTuple

from wpound.core.errors import Issue
from wpound.ingest.redaction import Redaction


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


class Chunk(NamedTuple):
    """Payments in the order of the file, and the issues of their stretch of it."""

    rows: list[SpendRow]
    issues: list[Issue]
