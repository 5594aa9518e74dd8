"""Enter a contract in the register by form: its supplier, its terms and its details; promises are added after it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.errors import InputError, InputErrors
from wpound.core.supplier_size import SupplierSize
from wpound.ingest.suppliers.identifiers import charity_identifier, company_identifier
from wpound.ingest.suppliers.names import normalise_name
from wpound.services.access import Person, Policy, decide, organisation_of
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.edit_contract import ContractDetails, write_details
from wpound.services.enter_contract import ContractTerms, enter_contract
from wpound.services.keep_catalogue import keep_catalogue
from wpound.store.base import add
from wpound.store.models.contracts import Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.suppliers import Supplier
from wpound.store.suppliers import find_supplier, list_suppliers

BY_FORM = "contracts register"


@dataclass(frozen=True, slots=True)
class NamedSupplier:
    """A supplier as a person names it, numbers as they were written, or as a file does, with its ``identifier``."""

    name: str
    company_number: str | None = None
    charity_number: str | None = None
    identifier: str | None = None


def register_contract(
    session: Session,
    person: Person,
    supplier: NamedSupplier,
    terms: ContractTerms,
    details: ContractDetails,
    catalogue: Catalogue,
    clock: Clock = database_clock,
) -> Contract:
    """Enter a contract that came from no tender here; raises InputErrors with everything that is wrong."""
    decide(Policy.OFFICER, person)
    buyer = session.get_one(Organisation, organisation_of(person))
    known = SupplierFinder(session, BY_FORM, clock).find(supplier)
    contract = enter_contract(session, buyer, known, terms, [], catalogue, actor=person.email)
    write_details(contract, details)
    keep_catalogue(session, catalogue)
    session.flush()
    return contract


class SupplierFinder:
    """Finds suppliers by their numbers, those without by their name, and enters those that nobody has met."""

    def __init__(self, session: Session, source: str, clock: Clock = database_clock) -> None:
        self._session, self._source = session, source
        self._seen_on = day_of(clock(session))
        self._by_name: dict[str, Supplier] | None = None

    def find(self, named: NamedSupplier) -> Supplier:
        """The supplier of that number or name, entered where there is none; raises InputErrors for no number at all."""
        identifier = identify_supplier(named)
        found = find_supplier(self._session, identifier) if identifier else self._find_name(named.name)
        if found is None:
            found = self._enter(named.name, identifier)
        if self._by_name is not None:
            self._by_name.setdefault(name_key(named.name), found)
        return found

    def _find_name(self, name: str) -> Supplier | None:
        if self._by_name is None:
            self._by_name = {}
            for supplier in list_suppliers(self._session):
                self._by_name.setdefault(name_key(supplier.name), supplier)
        return self._by_name.get(name_key(name))

    def _enter(self, name: str, identifier: str | None) -> Supplier:
        return add(
            self._session,
            Supplier(
                name=name.strip(),
                identifier=identifier,
                size=SupplierSize.UNKNOWN,
                source=self._source,
                seen_on=self._seen_on,
            ),
        )


def identify_supplier(named: NamedSupplier) -> str | None:
    """The scheme-prefixed number of a supplier, its company number first; raises InputErrors for one that is none."""
    if named.identifier:
        return named.identifier
    errors = []
    if named.company_number and company_identifier(named.company_number) is None:
        errors.append(InputError("company_number", f"{named.company_number} is no company number."))
    if named.charity_number and charity_identifier(named.charity_number) is None:
        errors.append(InputError("charity_number", f"{named.charity_number} is no charity number."))
    if errors:
        raise InputErrors(errors)
    company, charity = named.company_number or "", named.charity_number or ""
    return company_identifier(company) or charity_identifier(charity)


def name_key(name: str) -> str:
    """A name without what different spellings of it differ in."""
    return normalise_name(name).core
