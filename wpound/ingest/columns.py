"""Which row holds the headings, and which heading means which field."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from wpound.core.basis import Basis
from wpound.ingest.layout import Field
from wpound.ingest.readers import RawRow

HEADER_WINDOW = 40
_SQUASH = re.compile(r"[\W_]+")
_PIVOT_PREFIX = "sumof"

# Best first: where two columns could be a field, the earlier alias wins and the other column stays an extra.
# Written as people write them; compared without case, spaces and punctuation. Both the name and the title of every
# field of the LGA spend schema are here, and spellings (right and wrong) met in published files.
ALIASES: Mapping[Field, tuple[str, ...]] = {
    Field.NET_AMOUNT: (
        "Net Amount", "Nett Amount", "Net Amount GBP", "Invoice Nett Amount", "Invoice Net Amount", "Amount Net",
        "Net Value", "Net", "Amount excl VAT", "Amount ex VAT", "Amount excluding VAT", "Amount", "Amount GBP",
        "Amount Paid", "Payment Amount", "Transaction Amount", "Spend", "Spend Amount", "Invoice Amount",
        "Invoice Amount GBP", "Inv Amount", "Invoice Value", "Invoice Value GBP", "AP Amount", "Value", "Total",
        "Total Amount", "Gross Amount", "Amount Gross", "Amount inc VAT", "Amount including VAT", "Gross",
    ),
    Field.PAID_ON: (
        "Payment Date", "PaymentDate", "Paid Date", "Date Paid", "Date of Payment", "Paid on", "Date",
        "Transaction Date", "Date of Transaction", "Clearing Date", "Invoice Payment Date", "Posting Date",
        "Posted Date", "Invoice Date", "Invoice Creation Date", "Effective Date",
    ),
    Field.SUPPLIER_NAME: (
        "Supplier Name", "Supplier (Beneficiary) Name", "BeneficiaryName", "Beneficiary Name", "Benificiary Name",
        "Supplier Name(T)", "Supplier", "Beneficiary", "Payee", "Payee Name", "Vendor Name", "Vendor", "Creditor",
        "Creditor Name", "Merchant Name", "Merchant", "* Supplier Final", "Name",
    ),
    Field.SUPPLIER_NUMBER: (
        "Supplier ID", "Supplier Number", "Supplier No", "Supplier Ref", "Supplier Code", "Vendor Number",
        "Vendor ID", "Creditor Number", "BeneficiaryOtherID", "Local supplier (beneficiary) internal reference",
        "Supplier (Beneficiary) internal reference", "Local supplier internal reference",
    ),
    Field.VAT_NUMBER: (
        "VAT Reg No", "VAT Registration Number", "VAT Registration Num", "VAT Registration No", "VAT Number",
        "VAT No", "VAT Reg Number", "Supplier VAT Number", "Supplier VAT Registration Number",
    ),
    Field.COMPANY_NUMBER: (
        "CompaniesHouseRegistrationNumber", "Supplier registered company number", "Company Number",
        "Company Registration Number", "Companies House Number", "Registered Company Number",
    ),
    Field.CHARITY_NUMBER: (
        "CharityCommissionNumber", "Supplier registered charity number", "Charity Number",
        "Registered Charity Number", "Charity Registration Number",
    ),
    Field.POSTCODE: (
        "Supplier Postcode", "Supplier Post Code", "Supplier Site Postcode", "Postcode", "Post Code",
        "Vendor Postcode", "Payee Postcode",
    ),
    Field.DEPARTMENT: (
        "OrganisationalUnit", "Directorate / service where expenditure occurred",
        "Directorate / service where expenditure incurred", "Directorate", "Department Area", "Expense Area",
        "Expsense Area", "Exepnse Area", "Service Cost Centre", "Stratdir Name", "Service Area",
        "Service Area Categorisation", "Department", "Directorate Name", "Department Name", "Service", "Division",
        "Department Family", "Departmental Family", "Dept Family", "Cost Centre",
    ),
    Field.PURPOSE: (
        "Purpose", "Purpose of spend (summary)", "Purpose of spend", "Purpose of Expenditure", "Summary of purpose",
        "Summary of the purpose", "Narrative", "Description", "Payment Description", "PO Line Description",
        "PO Line Discription", "Transaction Description", "Transation Description", "Subj Description",
        "Extended Description", "Item Text", "Account Description",
    ),
    Field.CATEGORY: (
        "CategoryInternalName", "Council's procurement category name", "Council's procurement category label",
        "Procurement Category", "Merchant Category", "Category", "Catergory", "Expense Type", "Expenses Type",
        "ServiceCategoryLabel", "Service category label", "ProclassLabel", "Proclass Label", "ProClass Description",
        "CPVLabel", "CPV Label", "Account Detail", "Expenditure Category", "Spend Category",
    ),
    Field.TRANSACTION_NUMBER: (
        "Transaction Number", "TransactionNumber", "Transactions Number", "Transaction No", "Transaction Reference",
        "Transaction Ref", "Transaction ID", "Inv Transaction", "Payment Reference", "Payment Ref", "Document Number",
        "Reference", "Ref No", "Ref", "Number", "Invoice Number", "Invoice No",
    ),
    Field.REDACTION: ("Redact Name", "Redacted", "Redaction", "Name Redacted"),
}  # fmt: skip
_ENDINGS = {"refno": (Field.TRANSACTION_NUMBER, 100)}
_NET = re.compile(r"\bnett?\b|\bex(cl|cluding)?\.? vat\b", re.IGNORECASE)
_GROSS = re.compile(r"\bgross\b|\binc(l|luding)?\.? vat\b", re.IGNORECASE)


def squash(text: str) -> str:
    """A heading without case, spaces, punctuation or currency signs: ``Net Amount (£)`` becomes ``netamount``."""
    return _SQUASH.sub("", text).casefold()


_KNOWN = {squash(alias): (name, rank) for name, names in ALIASES.items() for rank, alias in enumerate(names)}


def find_field(heading: str) -> tuple[Field, int] | None:
    """The field a heading means and how good an alias it is (0 is best), or None for a heading not known."""
    key = squash(heading).removeprefix(_PIVOT_PREFIX)
    if key in _KNOWN:
        return _KNOWN[key]
    return next((found for ending, found in _ENDINGS.items() if key.endswith(ending)), None)


def assign_columns(headings: Sequence[str]) -> dict[int, Field]:
    """Positions (from 0) of the fields; each field gets its best heading, and of equals the first."""
    best: dict[Field, tuple[int, int]] = {}
    for position, heading in enumerate(headings):
        found = find_field(heading)
        if found and (found[0] not in best or found[1] < best[found[0]][0]):
            best[found[0]] = (found[1], position)
    return {position: name for name, (_, position) in sorted(best.items(), key=lambda item: item[1][1])}


def unique_headings(cells: Sequence[str]) -> tuple[str, ...]:
    """Headings as keys: trimmed, blank ones called ``column 3``, repeated ones numbered ``Line (2)``.

    >>> unique_headings([" Amount ", "", "Line", "Line"])
    ('Amount', 'column 2', 'Line', 'Line (2)')
    """
    seen: dict[str, int] = {}
    headings = []
    for position, cell in enumerate(cells, start=1):
        heading = " ".join(cell.split()) or f"column {position}"
        seen[heading] = seen.get(heading, 0) + 1
        headings.append(heading if seen[heading] == 1 else f"{heading} ({seen[heading]})")
    return tuple(headings)


@dataclass(frozen=True)
class Header:
    """The headings found: the lines they stand in (the last is where data may begin) and the fields by position."""

    lines: tuple[int, ...]
    headings: tuple[str, ...]
    fields: Mapping[int, Field]

    @property
    def basis(self) -> Basis:
        """Net or gross, where the heading of the amount says so."""
        position = next(p for p, name in self.fields.items() if name is Field.NET_AMOUNT)
        heading = self.headings[position]
        if _NET.search(heading):
            return Basis.NET
        return Basis.GROSS if _GROSS.search(heading) else Basis.UNKNOWN


def _join(rows: Sequence[RawRow]) -> list[str]:
    """The headings of one row, or of several joined cell by cell, without the blank ones at the end."""
    width = max((len(row.cells) for row in rows), default=0)
    joined = [" ".join(row.cells[i].strip() for row in rows if i < len(row.cells)).strip() for i in range(width)]
    while joined and not joined[-1]:
        joined.pop()
    return joined


def header_of(rows: Sequence[RawRow]) -> Header | None:
    """The rows read as headings (two rows are joined cell by cell); None unless an amount and one more are known."""
    joined = _join(rows)
    fields = assign_columns(joined)
    if Field.NET_AMOUNT not in fields.values() or len(fields) < 2:
        return None
    return Header(tuple(row.line_number for row in rows), unique_headings(joined), fields)


def find_header(rows: Iterable[RawRow]) -> Header | None:
    """The best header of the first rows: most fields known, then fewest lines, then first."""
    window = list(rows)
    singles = [header_of([row]) for row in window]
    pairs = [header_of(pair) for pair in pairwise(window)]
    found = [header for header in (*singles, *pairs) if header]
    return max(found, key=lambda header: (len(header.fields), -len(header.lines), -header.lines[0]), default=None)


def find_saved_header(rows: Iterable[RawRow], columns: Mapping[str, Field]) -> Header | None:
    """The first row, or two rows joined, with every heading of a saved layout, in any order and any case."""
    wanted = {squash(heading): name for heading, name in columns.items()}
    window = list(rows)
    for found in [*((row,) for row in window), *pairwise(window)]:
        headings = unique_headings(_join(found))
        keys = [squash(heading) for heading in headings]
        if wanted.keys() <= set(keys):
            fields = {keys.index(key): name for key, name in wanted.items()}
            return Header(tuple(row.line_number for row in found), headings, fields)
    return None


def saved_positions(columns: Mapping[str, Field]) -> Header:
    """The header of a file without headings, from a layout that calls its columns ``column 1`` and so on."""
    fields = {int(heading.removeprefix("column ")) - 1: name for heading, name in columns.items()}
    headings = tuple(f"column {position + 1}" for position in range(max(fields) + 1))
    return Header((), headings, fields)
