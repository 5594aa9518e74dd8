"""The payments of a contract, ticked in a table."""

from collections.abc import Sequence
from typing import Any

from wtforms import Field  # type: ignore[import-untyped]

from wpound.store.contract_payments import LineKey, PaymentRow
from wpound.web.forms import Form

MOST_READ = 200


class TickedField(Field):  # type: ignore[misc]
    """The rows that were ticked; what is no row of ours is left for the service to miss."""

    def process_formdata(self, values: list[str]) -> None:
        """Each by its file, line and sheet."""
        self.data = {key for key in map(_read_key, values[:MOST_READ]) if key}


class PaymentsForm(Form):
    """One of the two tables of payments on a page: those that fit, or those that are linked."""

    payments = TickedField("Payments")

    def __init__(self, table: str, **options: Any) -> None:
        super().__init__(**options)
        self.table = table

    def stand_at(self, rows: Sequence[PaymentRow]) -> None:
        """Let what is wrong lead to the first box of the table, to its heading where it has none."""
        self.payments.first_input = f"{self.table}-1" if rows else self.table

    def is_ticked(self, table: str, row: PaymentRow) -> bool:
        """Whether the box of a row is opened ticked: as it was sent, else where the payment only fits."""
        if table == self.table and self.is_submitted():
            return write_key(row) in (self.payments.raw_data or [])
        return table == "fitting"


def write_key(row: PaymentRow) -> str:
    """A row as the value of its box."""
    return f"{row.file_id}.{row.line_number}.{row.sheet}"


def _read_key(text: str) -> LineKey | None:
    file_id, _, rest = text.partition(".")
    line, _, sheet = rest.partition(".")
    if file_id.isascii() and file_id.isdigit() and line.isascii() and line.isdigit() and len(file_id + line) < 18:
        return LineKey(int(file_id), sheet, int(line))
    return None
