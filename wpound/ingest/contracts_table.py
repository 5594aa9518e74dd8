"""A contracts register in the local government (Transparency Code) shape, from CSV or a workbook."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wpound.core.errors import InputError, Severity
from wpound.core.money import Money
from wpound.core.periods import Period, format_day
from wpound.core.register_files import FileContract, FileSupplier
from wpound.ingest.contracts_file import ContractsFile
from wpound.ingest.datatypes import Problem, parse_amount, parse_date
from wpound.ingest.layout import DateOrder
from wpound.ingest.readers import RawSheet, open_sheets
from wpound.ingest.suppliers.identifiers import charity_identifier, company_identifier

# Field of the schema: what files call its column, letters and digits only. Schema of esd-org-uk/schemas (2019), the
# wording of the guidance of 1 June 2015, and the columns of the Contracts Finder's own spreadsheets.
COLUMNS = {
    "OrganisationLabel": ("organisationlabel", "organisationname", "buyer", "organisation"),
    "OrganisationURI": ("organisationuri", "organisationcode"),
    "ContractReference": (
        "contractreference", "contractreferencenumberid", "procurementreference", "reference", "contractid",
    ),
    "OpenContractingID": ("opencontractingid", "ocid"),
    "ContractTitle": ("contracttitle", "titleoftheagreement", "title", "contractname", "titleofagreement"),
    "ContractType": ("contracttype",),
    "OrganisationalUnit": ("organisationalunit", "directorateserviceresponsible", "department", "directorate"),
    "ServiceCategoryLabel": ("servicecategorylabel", "servicecategory"),
    "ServiceCategoryURI": ("servicecategoryuri",),
    "Description": ("description", "descriptionofgoodsandservices", "descriptionofthegoodsandorservicesbeingprovided"),
    "ProcurementCategory": ("procurementcategory", "councilsprocurementcategorylabel"),
    "CPVLabel": ("cpvlabel",),
    "CPVCode": ("cpvcode", "cpv"),
    "ProclassLabel": ("proclasslabel",),
    "ProclassCode": ("proclasscode",),
    "StartDate": ("startdate", "contractstartdate", "start"),
    "EndDate": ("enddate", "contractenddate", "end"),
    "ReviewDate": ("reviewdate",),
    "LastExtensionDate": ("lastextensiondate", "extensionperiod", "extension"),
    "ContractValue": ("contractvalue", "value", "contractvaluegbp", "totalvalue", "valueofcontract"),
    "FixedCost": ("fixedcost", "fixedcostestimatedcost"),
    "IrrecoverableVAT": ("irrecoverablevat",),
    "SupplierName": ("suppliername", "supplier", "awardedsupplier"),
    "CompaniesHouseRegistrationNumber": (
        "companieshouseregistrationnumber", "supplierregisteredcompanynumber", "companynumber",
    ),
    "CharityCommissionNumber": ("charitycommissionnumber", "supplierregisteredcharitynumber", "charitynumber"),
    "OtherSupplierID": ("othersupplierid", "otherids"),
    "SMESupplier": ("smesupplier", "supplierissme", "sme"),
    "VCSESupplier": ("vcsesupplier", "supplierisvcse", "vcse"),
    "VCSESupplierType": ("vcsesuppliertype",),
    "ContactName": ("contactname", "contactpointname"),
    "ContactEmail": ("contactemail", "contactpointemail"),
    "ContactURL": ("contacturl", "contactpointurl"),
    "ProcessType": ("processtype", "tendertype", "tenderprocess", "proceduretype"),
    "TenderDocumentURL": ("tenderdocumenturl", "originaltenderdocument"),
    "ContractDocumentURL": ("contractdocumenturl",),
    "PerformanceInformationURL": ("performanceinformationurl",),
    "AreaServedLabel": ("areaservedlabel", "locationservedlabel"),
    "AreaServedURI": ("areaserveduri", "locationserveduri"),
}  # fmt: skip
NEEDED = ("ContractReference", "ContractTitle", "StartDate", "EndDate", "ContractValue", "SupplierName")
# What is about people is not kept.
PERSONAL = ("ContactName", "ContactEmail")
DETAILS = {
    "Description": "description",
    "ContractType": "contract_type",
    "OrganisationalUnit": "department",
    "CPVCode": "cpv_code",
    "CPVLabel": "cpv_label",
    "ProcessType": "process",
    "LastExtensionDate": "extension_terms",
}
TYPES = {
    "single award contract": "single_award",
    "multiple award contract": "multiple_award",
    "framework agreement": "framework",
    "dynamic purchasing system": "dynamic_purchasing",
    "grant agreement": "grant",
    "other": "other",
}
LOOK_FOR_HEADER = 25
BLANK = {"", "none", "n/a", "na", "-", "null"}
MONEY_IN_FLAG = re.compile(r"£\s*\d")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with its place and its cells by field of the schema."""

    place: str
    cells: Mapping[str, str]

    def get(self, name: str) -> str:
        """A cell's text; blank where it is not there or holds a word for nothing."""
        text = " ".join(self.cells.get(name, "").split())
        return "" if text.casefold() in BLANK else text


def read_table(path: Path, found: ContractsFile, names: frozenset[str]) -> ContractsFile:
    """The contracts of every sheet with such a table; raises InputError where there is none."""
    tables = 0
    for sheet in open_sheets(path):
        if sheet.refused_because:
            raise InputError("file", sheet.refused_because)
        rows = _rows(sheet)
        if rows is not None:
            tables += 1
            for row in rows:
                found.rows += 1
                _take(row, found, names)
    if not tables:
        wanted = ", ".join(NEEDED)
        raise InputError("file", f"No table of contracts was found. Its headings must have at least: {wanted}.")
    return found


def _rows(sheet: RawSheet) -> Iterator[_Row] | None:
    """The rows below the header; None for a sheet without one."""
    for delimiter in sheet.delimiters or (None,):
        for row in sheet.rows(delimiter):
            if row.line_number > LOOK_FOR_HEADER:
                break
            columns = _columns(row.cells)
            if set(NEEDED) <= columns.keys():
                return _below(sheet, delimiter, row.line_number, columns)
    return None


def _below(sheet: RawSheet, delimiter: str | None, header: int, columns: Mapping[str, int]) -> Iterator[_Row]:
    name = f"{sheet.sheet}, row" if sheet.sheet else "Row"
    for row in sheet.rows(delimiter):
        if row.line_number > header and any(cell.strip() for cell in row.cells):
            cells = {field: row.cells[i] for field, i in columns.items() if i < len(row.cells)}
            yield _Row(f"{name} {row.line_number}", cells)


def _columns(header: list[str]) -> dict[str, int]:
    known = {alias: field for field, aliases in COLUMNS.items() for alias in aliases}
    found: dict[str, int] = {}
    for i, cell in enumerate(header):
        field = known.get(re.sub(r"[^a-z0-9]", "", cell.casefold()))
        if field is not None:
            found.setdefault(field, i)
    return found


def _take(row: _Row, found: ContractsFile, names: frozenset[str]) -> None:
    """Read one row: a contract, or an issue that keeps it out."""
    buyer = row.get("OrganisationLabel")
    if buyer:
        found.buyers.add(buyer)
    if buyer and buyer.casefold() not in names and row.get("OrganisationURI").casefold() not in names:
        found.keep_out(
            "another_buyer",
            f"The buyer is “{buyer}”, which is not your organisation.",
            row.place,
            "OrganisationLabel",
            buyer,
        )
        return
    missing = [name for name in NEEDED if not row.get(name)]
    if missing:
        found.keep_out("cell_missing", f"{_listed(missing)} missing.", row.place, missing[0])
        return
    value, start, end = _value(row, found), _day(row, "StartDate", found), _day(row, "EndDate", found)
    if value is None or start is None or end is None:
        found.kept_out += 1
        return
    if end < start:
        words = f"The contract ends on {format_day(end)}, before it starts."
        found.keep_out("ends_before_start", words, row.place, "EndDate", row.get("EndDate"))
        return
    found.contracts.append(_contract(row, found, value, Period(start, end)))


def _listed(names: list[str]) -> str:
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"


def _contract(row: _Row, found: ContractsFile, value: Money, life: Period) -> FileContract:
    details = {field: row.get(name) for name, field in DETAILS.items() if row.get(name)}
    if "contract_type" in details:
        details["contract_type"] = TYPES.get(details["contract_type"].casefold(), "other")
    if "cpv_code" in details and not re.fullmatch(r"\d{8}(-\d)?", details["cpv_code"]):
        found.note("cpv_odd", "This is no CPV code, so it is left out.", row.place, "CPVCode", details.pop("cpv_code"))
    review = parse_date(row.get("ReviewDate"), DateOrder.SERIAL) if row.get("ReviewDate") else None
    if isinstance(review, date):
        details["review_on"] = review.isoformat()
    for name in ("SMESupplier", "VCSESupplier"):
        if MONEY_IN_FLAG.search(row.get(name)):
            words = "An amount of money stands where yes or no is wanted: cells of this row may be shifted. Check it."
            found.note("shifted_cells", words, row.place, name, row.get(name))
    contract = FileContract(
        place=row.place,
        reference=row.get("ContractReference"),
        title=row.get("ContractTitle"),
        value=value,
        life=life,
        suppliers=(_supplier(row, found),),
        ocid=row.get("OpenContractingID") or None,
        details=details,
        said={name: row.get(name) for name in COLUMNS if row.get(name) and name not in PERSONAL},
    )
    if contract.is_nominal:
        words = f"A value of {value.format()} is only a stand-in; totals leave it out."
        found.note("nominal_value", words, row.place, "ContractValue", row.get("ContractValue"))
    return contract


def _supplier(row: _Row, found: ContractsFile) -> FileSupplier:
    company, charity = row.get("CompaniesHouseRegistrationNumber"), row.get("CharityCommissionNumber")
    identifier = company_identifier(company) or charity_identifier(charity)
    if company and company_identifier(company) is None:
        words = "This is no company number, so the supplier is known by its name only."
        found.note("company_number_odd", words, row.place, "CompaniesHouseRegistrationNumber", company)
    return FileSupplier(row.get("SupplierName"), identifier)


def _value(row: _Row, found: ContractsFile) -> Money | None:
    text = row.get("ContractValue")
    amount = parse_amount(text)
    if isinstance(amount, Problem) or amount < 0:
        words = "The value cannot be read as an amount of money, or is below nothing."
        found.note("value_unreadable", words, row.place, "ContractValue", text, Severity.ERROR)
        return None
    money = Money.rounded(amount)
    if amount != money.pounds:
        words = f"The value has more than two decimals; it is taken as {money.format()}."
        found.note("value_rounded", words, row.place, "ContractValue", text)
    return money


def _day(row: _Row, name: str, found: ContractsFile) -> date | None:
    text = row.get(name)
    day = parse_date(text, DateOrder.SERIAL)
    if isinstance(day, date):
        return day
    words = "This cannot be read as a day; write it like 01/04/2026."
    found.note("date_unreadable", words, row.place, name, text, Severity.ERROR)
    return None
