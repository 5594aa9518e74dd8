"""The contracts register as open data: what the Transparency Code asks a public body to publish."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from wpound.core.errors import NotFound
from wpound.documents.contracts_register import PublishedContract
from wpound.services.reach_contract import life_of
from wpound.services.show_contract import TYPE_TITLES
from wpound.store.contracts import list_contract_suppliers, list_contracts
from wpound.store.models.contracts import Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.suppliers import Supplier
from wpound.store.organisations import get_organisation
from wpound.store.register import count_contracts


def list_publishers(session: Session) -> list[tuple[Organisation, int]]:
    """The public bodies with a register, by name, and how many contracts stand in it."""
    return [(buyer, count) for buyer, count in count_contracts(session) if buyer.is_public_body]


def publish_register(session: Session, key: str, base_url: str) -> list[PublishedContract]:
    """The contracts of a public body, one row for each of their suppliers; raises NotFound for any other body."""
    buyer = get_organisation(session, key)
    if not buyer.is_public_body:
        raise NotFound("Only public bodies publish their contracts.")
    contracts = list_contracts(session, organisation_id=buyer.id)
    suppliers = list_contract_suppliers(session, [one.id for one in contracts])
    return [row for one in contracts for row in _rows(buyer, one, suppliers[one.id], base_url)]


def _rows(
    buyer: Organisation, contract: Contract, suppliers: list[Supplier], base_url: str
) -> Iterator[PublishedContract]:
    address = f"{base_url}/tenders/{contract.ocid}" if contract.tender_id and contract.ocid else None
    reported = {name: str(said) for name, said in (contract.reported or {}).items()}
    for supplier in suppliers:
        yield PublishedContract(
            buyer=buyer.name,
            buyer_identifier=buyer.identifier,
            reference=contract.reference,
            ocid=contract.ocid,
            title=contract.title,
            contract_type=TYPE_TITLES[contract.contract_type] if contract.contract_type else None,
            department=contract.department,
            description=contract.description,
            cpv_code=contract.cpv_code,
            cpv_label=contract.cpv_label,
            life=life_of(contract),
            review_on=contract.review_on,
            extension=contract.extension_terms,
            value=contract.contract_value,
            # A person who is a supplier is not named in open data.
            supplier="Individual" if supplier.is_individual else supplier.name,
            supplier_identifier=None if supplier.is_individual else supplier.identifier,
            size=supplier.size,
            vcse=supplier.is_vcse,
            process=contract.process,
            tender_address=address,
            other={
                name: said for name, said in reported.items() if name != "OtherSupplierID" or not supplier.is_individual
            },
        )
