"""Five ways public bodies lay out, and spoil, the same kind of file; one for each kind of anchor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from wpound.catalogue.model import AnchorKind
from wpound.core.money import Money
from wpound.demo.payments import Payment

LABEL = "fictional demonstration data"
EXCEL_DAY_ZERO = date(1899, 12, 30)
NOISY_ONE_IN = 61
UNDATED_ONE_IN = 997
LEDGER_NAME_LENGTH = 32

Cell = Callable[[Payment], str]


@dataclass(frozen=True)
class Layout:
    """How one body writes its file.

    ``opening`` are rows above the heading (``{anchor}`` is the body's name); the one column without a cell holds the
    amount; ``total_label`` is None for no totals row and empty for one without a label.
    """

    encoding: str
    delimiter: str
    line_end: str
    opening: Sequence[str]
    columns: Sequence[tuple[str, Cell | None]]
    write_amount: Callable[[int], str]
    total_label: str | None = None
    blank_row_every: int = 0
    loses_days: bool = False

    @property
    def headings(self) -> list[str]:
        """The heading row."""
        return [heading for heading, _ in self.columns]

    @property
    def amount_column(self) -> int:
        """Which column, from 0, holds the amount."""
        return [cell for _, cell in self.columns].index(None)


def is_undated(payment: Payment) -> bool:
    """Whether a spoiled export lost the day of this payment."""
    return payment.transaction % UNDATED_ONE_IN == 0


def _with_pound_sign(pence: int) -> str:
    return Money(pence).format()


def _with_commas(pence: int) -> str:
    return f"{Money(pence).pounds:,.2f}"


def _trailing_minus_and_noise(pence: int) -> str:
    """``1234.50-``, and now and then the residue of binary arithmetic."""
    noise = "0000000001" if pence % NOISY_ONE_IN == 0 else ""
    return f"{abs(Money(pence).pounds)}{noise}{'-' if pence < 0 else ''}"


def _with_brackets(pence: int) -> str:
    return f"({_with_commas(-pence)})" if pence < 0 else _with_commas(pence)


def _padded(pence: int) -> str:
    return f" {_with_brackets(pence)} "


def _named(redacted: str, length: int | None = None) -> Cell:
    return lambda payment: payment.name[:length] if payment.supplier else redacted


def _company_number(payment: Payment) -> str:
    """Given for about half the companies, without a rule anybody remembers."""
    firm = payment.supplier
    return firm.company_number if firm and payment.supplier_number % 2 else ""


def _invoice_postcode(payment: Payment) -> str:
    return payment.supplier.invoice_postcode if payment.supplier else ""


def _excel_serial(payment: Payment) -> str:
    return str((payment.paid_on - EXCEL_DAY_ZERO).days)


def _spoiled_day(payment: Payment) -> str:
    return "######" if is_undated(payment) else f"{payment.paid_on.day} {payment.paid_on:%b %Y}"


LAYOUTS = {
    AnchorKind.COUNCIL: Layout(
        encoding="cp1252",
        delimiter=",",
        line_end="\r\n",
        opening=(f"{{anchor}}: payments over £500 ({LABEL})", ""),
        columns=(
            ("Directorate", lambda p: p.department),
            ("Supplier Name", _named("REDACTED PERSONAL DATA")),
            ("Supplier Reference", lambda p: f"V{p.supplier_number:06d}" if p.supplier else ""),
            ("Company Number", _company_number),
            ("Payment Date", lambda p: f"{p.paid_on:%d/%m/%Y}"),
            ("Transaction Number", lambda p: str(p.transaction)),
            ("Net Amount (£)", None),
            ("Purpose of Spend", lambda p: p.purpose),
            ("Procurement Category", lambda p: p.category),
        ),
        write_amount=_with_pound_sign,
    ),
    AnchorKind.HEALTH: Layout(
        encoding="utf-8-sig",
        delimiter=",",
        line_end="\r\n",
        opening=("{anchor}", f"Expenditure over £25,000 ({LABEL})", "Amounts include VAT", ""),
        columns=(
            ("Department Family", lambda _: "Health and social care"),
            ("Entity", lambda p: p.payer),
            ("Date", lambda p: f"{p.paid_on:%d-%b-%y}"),
            ("Expense Type", lambda p: p.category),
            ("Expense Area", lambda p: p.department),
            ("Supplier", _named("Personal Expense, Name Withheld")),
            ("Transaction Number", lambda p: str(p.transaction)),
            ("Amount", None),
            ("Supplier Postcode", _invoice_postcode),
        ),
        write_amount=_with_commas,
        total_label="",
    ),
    AnchorKind.UNIVERSITY: Layout(
        encoding="utf-8",
        delimiter=";",
        line_end="\n",
        opening=("",),
        columns=(
            ("Supplier ID", lambda p: str(p.supplier_number) if p.supplier else ""),
            ("Name", _named("REDACTED PERSONAL DATA", LEDGER_NAME_LENGTH)),
            ("Payment Date", lambda p: f"{p.paid_on} 00:00:00"),
            ("Transaction Ref", lambda p: str(p.transaction)),
            ("Net Amount", None),
            ("Department", lambda p: p.department),
            ("Description", lambda p: p.purpose),
            ("Category", lambda p: p.category),
        ),
        write_amount=_trailing_minus_and_noise,
    ),
    AnchorKind.COLLEGE: Layout(
        encoding="utf-16",
        delimiter="\t",
        line_end="\r\n",
        opening=(),
        columns=(
            ("Supplier", _named("REDACTED PERSONAL DATA")),
            ("Date", _spoiled_day),
            ("Description", lambda p: p.purpose),
            (" Amount ", None),
            ("Department", lambda p: p.department),
            ("", lambda _: ""),
        ),
        write_amount=_padded,
        total_label="Total",
        blank_row_every=180,
        loses_days=True,
    ),
    AnchorKind.HOUSING: Layout(
        encoding="utf-8",
        delimiter=",",
        line_end="\r",
        opening=(f"{{anchor}} supplier payments - {LABEL}",),
        columns=(
            ("Beneficiary", _named("REDACTED PERSONAL DATA")),
            ("Date Paid", _excel_serial),
            ("Amount Excl VAT", None),
            ("Service Area", lambda p: p.department),
            ("Narrative", lambda p: p.purpose),
            ("Merchant Category", lambda p: p.category),
            ("Transaction No", lambda p: str(p.transaction)),
        ),
        write_amount=_with_brackets,
        total_label="Grand Total",
    ),
}
