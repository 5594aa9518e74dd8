"""Writes each anchor's payments as that kind of anchor would, and says exactly what was written."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wpound.catalogue.model import Anchor
from wpound.demo.layouts import LAYOUTS, Layout, is_undated
from wpound.demo.payments import FIRST_YEAR, YEARS, Payment


@dataclass(frozen=True)
class SpendManifest:
    """What a file holds, in the words of ``wpound spend check``: a reading of it must come to the same figures."""

    anchor: str
    path: Path
    encoding: str
    delimiter: str
    header_line: int
    lines: int
    totals_rows: int
    blank: int
    pence: int
    negatives: int
    negative_pence: int
    repeats: int
    redacted: int
    undated: int
    first_paid_on: date
    last_paid_on: date

    @property
    def rows(self) -> int:
        """Data rows: payments and totals rows; blank rows and rows above the heading are not among them."""
        return self.lines + self.totals_rows


def write_spend_file(folder: Path, anchor: Anchor, payments: Sequence[Payment]) -> SpendManifest:
    """Write an anchor's payments into ``folder`` in the layout of its kind."""
    layout = LAYOUTS[anchor.kind]
    path = folder / f"{anchor.key}-payments-{FIRST_YEAR}-to-{FIRST_YEAR + YEARS}.csv"
    with path.open("w", encoding=layout.encoding, newline="") as file:
        writer = csv.writer(file, delimiter=layout.delimiter, lineterminator=layout.line_end)
        writer.writerows(_rows(layout, anchor.name, payments))
    return _describe(path, anchor, layout, payments)


def _rows(layout: Layout, anchor: str, payments: Sequence[Payment]) -> Iterator[list[str]]:
    width = len(layout.columns)
    for text in layout.opening:
        yield [text.format(anchor=anchor)] + [""] * (width - 1)
    yield layout.headings
    for count, payment in enumerate(payments, start=1):
        yield [cell(payment) if cell else layout.write_amount(payment.pence) for _, cell in layout.columns]
        if layout.blank_row_every and count % layout.blank_row_every == 0:
            yield [""] * width
    if layout.total_label is not None:
        total = [layout.total_label] + [""] * (width - 1)
        total[layout.amount_column] = layout.write_amount(sum(payment.pence for payment in payments))
        yield total


def _describe(path: Path, anchor: Anchor, layout: Layout, payments: Sequence[Payment]) -> SpendManifest:
    credits = [payment.pence for payment in payments if payment.pence < 0]
    copies = Counter(payment.transaction for payment in payments)
    return SpendManifest(
        anchor=anchor.key,
        path=path,
        encoding=layout.encoding,
        delimiter=layout.delimiter,
        header_line=len(layout.opening) + 1,
        lines=len(payments),
        totals_rows=int(layout.total_label is not None),
        blank=len(payments) // layout.blank_row_every if layout.blank_row_every else 0,
        pence=sum(payment.pence for payment in payments),
        negatives=len(credits),
        negative_pence=sum(credits),
        repeats=sum(times - 1 for times in copies.values()),
        redacted=sum(1 for payment in payments if payment.supplier is None),
        undated=sum(map(is_undated, payments)) if layout.loses_days else 0,
        first_paid_on=payments[0].paid_on,
        last_paid_on=payments[-1].paid_on,
    )
