"""The contracts register as open data, in the shape of the local government (LGA) schema for the Transparency Code.

Columns and their order are those of ``Contracts.json`` of esd-org-uk/schemas (2019). Nothing about a person is in it:
the two fields for a contact person stay empty.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.core.supplier_size import SupplierSize
from wpound.documents.release_fields import split_identifier
from wpound.documents.workbook import Cell, Sheet, csv_bytes

FIELDS = (
    "OrganisationLabel",
    "OrganisationURI",
    "ContractReference",
    "OpenContractingID",
    "ContractTitle",
    "ContractType",
    "OrganisationalUnit",
    "ServiceCategoryLabel",
    "ServiceCategoryURI",
    "Description",
    "ProcurementCategory",
    "CPVLabel",
    "CPVCode",
    "ProclassLabel",
    "ProclassCode",
    "StartDate",
    "EndDate",
    "ReviewDate",
    "LastExtensionDate",
    "ContractValue",
    "FixedCost",
    "IrrecoverableVAT",
    "SupplierName",
    "CompaniesHouseRegistrationNumber",
    "CharityCommissionNumber",
    "OtherSupplierID",
    "SMESupplier",
    "VCSESupplier",
    "VCSESupplierType",
    "ContactName",
    "ContactEmail",
    "ContactURL",
    "ProcessType",
    "TenderDocumentURL",
    "ContractDocumentURL",
    "PerformanceInformationURL",
    "AreaServedLabel",
    "AreaServedURI",
)
CHARITY_SCHEMES = ("GB-CHC", "GB-SC", "GB-NIC")


@dataclass(frozen=True, slots=True)
class PublishedContract:
    """A contract with one of its suppliers as the register tells of it; what is not known is None."""

    buyer: str
    buyer_identifier: str | None
    reference: str
    ocid: str | None
    title: str
    contract_type: str | None
    department: str | None
    description: str | None
    cpv_code: str | None
    cpv_label: str | None
    life: Period
    review_on: date | None
    extension: str | None
    value: Money
    supplier: str
    supplier_identifier: str | None
    size: SupplierSize
    vcse: bool | None
    process: str | None
    tender_address: str | None
    other: dict[str, str]


def register_csv(contracts: Sequence[PublishedContract]) -> bytes:
    """The register as CSV, days as dd/mm/yyyy and values without a pound sign; no cell can become a formula."""
    rows = [[_cell(name, cell) for name, cell in _fields(one).items()] for one in contracts]
    return csv_bytes(Sheet("contracts", FIELDS, rows))


def register_json(contracts: Sequence[PublishedContract]) -> bytes:
    """The register as a JSON list of the same fields: days as ISO, values as exact text; what is not known is null."""
    rows = [{name: _plain(cell) for name, cell in _fields(one).items()} for one in contracts]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def _fields(one: PublishedContract) -> dict[str, object]:
    scheme, number = split_identifier(one.supplier_identifier)
    known: dict[str, object] = dict.fromkeys(FIELDS)
    # What the register was given and has no field for comes first, so that what it knows itself stands.
    # An e-mail address in a column of any name, such as that of a contact's page, is a person's.
    known.update({name: said for name, said in one.other.items() if name in known and "@" not in said})
    known.update(
        OrganisationLabel=one.buyer,
        OrganisationURI=one.buyer_identifier,
        ContractReference=one.reference,
        OpenContractingID=one.ocid,
        ContractTitle=one.title,
        ContractType=one.contract_type,
        OrganisationalUnit=one.department,
        Description=one.description,
        CPVLabel=one.cpv_label,
        CPVCode=one.cpv_code,
        StartDate=one.life.start_on,
        EndDate=one.life.end_on,
        ReviewDate=one.review_on,
        LastExtensionDate=one.extension,
        ContractValue=one.value,
        SupplierName=one.supplier,
        CompaniesHouseRegistrationNumber=number if scheme == "GB-COH" else None,
        CharityCommissionNumber=number if scheme in CHARITY_SCHEMES else None,
        SMESupplier=_small(one),
        VCSESupplier=one.vcse if one.vcse is not None else known["VCSESupplier"],
        ContactName=None,
        ContactEmail=None,
        ProcessType=one.process,
        TenderDocumentURL=one.tender_address or known["TenderDocumentURL"],
    )
    return known


def _small(one: PublishedContract) -> object:
    return one.other.get("SMESupplier") if one.size is SupplierSize.UNKNOWN else one.size.is_sme


def _cell(name: str, cell: object) -> Cell:
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    return cell.pounds if isinstance(cell, Money) else None if cell is None else str(cell)


def _plain(cell: object) -> object:
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell.pounds) if isinstance(cell, Money) else cell
