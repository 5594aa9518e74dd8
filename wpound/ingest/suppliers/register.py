"""Reading a supplier register: an anchor's own vendor list, the only source of addresses for most council files."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from wpound.core.errors import InputError, Issue, Severity
from wpound.core.places import AddressKind
from wpound.core.supplier_size import SupplierSize
from wpound.ingest.encodings import walk_bytes
from wpound.ingest.geography.postcodes import normalise_postcode, propose_postcodes
from wpound.ingest.suppliers.identifiers import charity_identifier, company_identifier, normalise_identifier

SIZES = tuple(size for size in SupplierSize if size is not SupplierSize.UNKNOWN)
_YES = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
_HOME = {"GB", "UK", "UNITED KINGDOM", "GREAT BRITAIN", "ENGLAND", "SCOTLAND", "WALES", "NORTHERN IRELAND"}
COUNTRY_CODE_LENGTH = 2
_BLANK = {"", "-", "n/a", "na", "none", "unknown", "not known"}

# Column headings without case, spaces and punctuation.
_ALIASES = {
    "name": ("suppliername", "supplier", "name", "vendorname", "vendor", "companyname", "organisationname"),
    "other_names": ("othernames", "tradingname", "tradingas", "previousnames", "alias", "aliases"),
    "supplier_number": ("suppliernumber", "supplierid", "supplierno", "vendornumber", "vendorid", "vendorno"),
    "identifier": ("identifier", "organisationidentifier"),
    "company_number": ("companynumber", "companyregistrationnumber", "companieshousenumber", "companyno", "crn"),
    "charity_number": ("charitynumber", "charityregistrationnumber", "charityno", "regno"),
    "registered_postcode": ("registeredpostcode", "registeredofficepostcode", "regaddresspostcode"),
    "invoice_postcode": ("invoicepostcode", "invoiceaddresspostcode", "postcode", "supplierpostcode", "vendorpostcode"),
    "trading_postcode": ("tradingpostcode", "tradingaddresspostcode", "sitepostcode", "branchpostcode"),
    "delivery_postcode": ("deliverypostcode", "placeofdeliverypostcode"),
    "country": ("country", "countrycode"),
    "size": ("size", "suppliersize", "businesssize"),
    "vcse": ("vcse", "isvcse", "voluntarysector"),
    "public_body": ("publicbody", "ispublicbody", "publicsector"),
    "sic": ("sic", "siccode", "siccodes", "siccodesictext1"),
    "group": ("group", "groupname", "parent", "parentcompany"),
    "source": ("source",),
    "seen_on": ("date", "seenon", "asof"),
}
_POSTCODES = {
    "registered_postcode": AddressKind.REGISTERED,
    "invoice_postcode": AddressKind.INVOICE,
    "trading_postcode": AddressKind.TRADING,
    "delivery_postcode": AddressKind.DELIVERY,
}


@dataclass(frozen=True, slots=True)
class RegisterAddress:
    """One address of a supplier: a normalised postcode, or a country's ISO 3166 code for an address abroad."""

    kind: AddressKind
    postcode: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One supplier of a register; None is "the register does not say", which is not no.

    ``identifiers`` are scheme-prefixed; ``line`` is where the supplier stands first, counted from 1.
    """

    name: str
    source: str
    seen_on: date
    line: int
    other_names: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    supplier_number: str | None = None
    addresses: tuple[RegisterAddress, ...] = ()
    size: SupplierSize | None = None
    is_vcse: bool | None = None
    is_public_body: bool | None = None
    sic: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """The suppliers of a register, each once, with every problem met on the way; ``rows`` counts data rows."""

    entries: tuple[RegisterEntry, ...]
    issues: tuple[Issue, ...]
    rows: int


def read_register(path: Path, source: str | None = None, seen_on: date | None = None) -> Register:
    """Read a register from CSV; rows about one supplier (same number or name) become one entry with all addresses.

    ``source`` and ``seen_on`` stand in where the file has no such columns. Raises InputError where the file is not a
    register or nobody says where it is from and when; problems of single rows become issues.
    """
    found = walk_bytes(path)
    if found.problem:
        raise InputError("file", found.problem)
    with path.open(encoding=found.encoding, newline="") as text:
        rows = csv.reader(text)
        columns = _find_columns(next(rows, []))
        reader = _Reader(columns, source, seen_on)
        for row in rows:
            if any(cell.strip() for cell in row):
                reader.take(row, rows.line_num)
    return Register(tuple(reader.entries.values()), tuple(reader.issues), reader.rows)


def _find_columns(header: Sequence[str]) -> dict[str, int]:
    squashed = [re.sub(r"[^a-z0-9]", "", heading.lower()) for heading in header]
    columns = {}
    for field, aliases in _ALIASES.items():
        place = next((squashed.index(alias) for alias in aliases if alias in squashed), None)
        if place is not None:
            columns[field] = place
    if "name" not in columns:
        raise InputError(
            "header",
            f"This is not a supplier register: no column is headed supplier name. Its columns are {', '.join(header)}.",
        )
    return columns


class _Reader:
    """Takes rows one by one and keeps one entry for each supplier, in the order met."""

    def __init__(self, columns: Mapping[str, int], source: str | None, seen_on: date | None) -> None:
        self.columns = columns
        self.source = source
        self.seen_on = seen_on
        self.entries: dict[str, RegisterEntry] = {}
        self.issues: list[Issue] = []
        self.rows = 0
        self._line = 0

    def take(self, row: Sequence[str], line: int) -> None:
        self.rows += 1
        self._line = line
        cells = {field: row[place].strip() for field, place in self.columns.items() if place < len(row)}
        cells = {field: text for field, text in cells.items() if text.lower() not in _BLANK}
        if "name" not in cells:
            self._issue(
                "supplier_name_missing", Severity.ERROR, "The row names no supplier and is left out.", "name", ""
            )
            return
        entry = self._entry(cells)
        key = entry.supplier_number or next(iter(entry.identifiers), entry.name.upper())
        known = self.entries.get(key)
        self.entries[key] = self._merge(known, entry) if known else entry

    def _entry(self, cells: Mapping[str, str]) -> RegisterEntry:
        return RegisterEntry(
            name=cells["name"],
            source=self._source(cells),
            seen_on=self._seen_on(cells),
            line=self._line,
            other_names=tuple(filter(None, (name.strip() for name in cells.get("other_names", "").split(";")))),
            identifiers=tuple(dict.fromkeys(self._identifiers(cells))),
            supplier_number=cells.get("supplier_number"),
            addresses=tuple(self._addresses(cells)),
            size=self._size(cells),
            is_vcse=self._flag(cells, "vcse"),
            is_public_body=self._flag(cells, "public_body"),
            sic=cells.get("sic"),
            group=cells.get("group"),
        )

    def _source(self, cells: Mapping[str, str]) -> str:
        source = cells.get("source", self.source)
        if source is None:
            raise InputError("source", f"Line {self._line} does not say where it is from. Give the register's source.")
        return source

    def _seen_on(self, cells: Mapping[str, str]) -> date:
        text = cells.get("seen_on")
        try:
            seen_on = date.fromisoformat(text) if text else self.seen_on
        except ValueError:
            raise InputError("date", f"Line {self._line}: {text} is not a date such as 2026-04-30.") from None
        if seen_on is None:
            raise InputError("date", f"Line {self._line} has no date. Give the day the register was made.")
        return seen_on

    def _identifiers(self, cells: Mapping[str, str]) -> Iterator[str]:
        checks = {
            "identifier": normalise_identifier,
            "company_number": company_identifier,
            "charity_number": charity_identifier,
        }
        for field, check in checks.items():
            if field in cells:
                identifier = check(cells[field])
                if identifier:
                    yield identifier
                else:
                    told = f"This is no {field.replace('_', ' ')} that can be read; the supplier is kept without it."
                    self._issue(f"{field}_odd", Severity.WARNING, told, field, cells[field])

    def _addresses(self, cells: Mapping[str, str]) -> Iterator[RegisterAddress]:
        country = cells.get("country", "").upper()
        if country and country not in _HOME:
            if len(country) == COUNTRY_CODE_LENGTH:
                yield RegisterAddress(AddressKind.INVOICE, None, country)
            else:
                told = "This is not a country's two-letter code, so the address is left out."
                self._issue("country_odd", Severity.WARNING, told, "country", cells["country"])
            return
        for field, kind in _POSTCODES.items():
            if field not in cells:
                continue
            postcode = normalise_postcode(cells[field])
            if postcode:
                yield RegisterAddress(kind, postcode, None)
            else:
                meant = " or ".join(propose_postcodes(cells[field]))
                told = "This is not a postcode, so the address is left out."
                told += f" Is {meant} meant?" if meant else ""
                self._issue("postcode_odd", Severity.WARNING, told, field, cells[field])

    def _size(self, cells: Mapping[str, str]) -> SupplierSize | None:
        size = cells.get("size", "").lower()
        if size and size not in SIZES:
            told = f"The size is none of {', '.join(SIZES)} and is left open."
            self._issue("size_odd", Severity.WARNING, told, "size", cells["size"])
        return SupplierSize(size) if size in SIZES else None

    def _flag(self, cells: Mapping[str, str], field: str) -> bool | None:
        text = cells.get(field)
        if text is not None and text.lower() not in _YES:
            self._issue("flag_odd", Severity.WARNING, "This is neither yes nor no and is left open.", field, text)
        return _YES.get(text.lower()) if text is not None else None

    def _merge(self, known: RegisterEntry, again: RegisterEntry) -> RegisterEntry:
        """Add what a further row says of a supplier; where the two disagree the first row stands."""
        for field in ("size", "is_vcse", "is_public_body", "sic", "group"):
            first, second = getattr(known, field), getattr(again, field)
            if second is not None and first not in (None, second):
                told = f"Line {known.line} says {first} of this supplier; that is kept."
                self._issue("register_disagrees", Severity.WARNING, told, field, str(second))
        names = dict.fromkeys((*known.other_names, again.name, *again.other_names))
        names.pop(known.name, None)
        return replace(
            known,
            other_names=tuple(names),
            identifiers=tuple(dict.fromkeys((*known.identifiers, *again.identifiers))),
            addresses=tuple(dict.fromkeys((*known.addresses, *again.addresses))),
            size=known.size or again.size,
            is_vcse=again.is_vcse if known.is_vcse is None else known.is_vcse,
            is_public_body=again.is_public_body if known.is_public_body is None else known.is_public_body,
            sic=known.sic or again.sic,
            group=known.group or again.group,
        )

    def _issue(self, code: str, severity: Severity, message: str, column: str, value: str) -> None:
        self.issues.append(Issue(code, severity, message, line=self._line, column=column, value=value))
