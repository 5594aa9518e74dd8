"""What a person may certify: the contracts they look after, their suppliers, or all of the organisation's work."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from wpound.core.delivery import CertificateScope
from wpound.core.errors import AccessDenied, InputError, NotFound
from wpound.core.periods import Period, financial_year, financial_year_of, quarters
from wpound.services.access import Person, Policy, Target, decide, organisation_of
from wpound.services.clock import day_of
from wpound.services.gather_delivery import CoveredWork, cover_anchor, cover_contract, cover_supplier
from wpound.store.certified_work import name_suppliers
from wpound.store.contracts import list_contracts
from wpound.store.engine import now_in
from wpound.store.models.contracts import Contract
from wpound.store.models.organisations import Organisation

YEARS_BACK = 5


@dataclass(frozen=True, slots=True)
class WorkChoices:
    """What a form offers: labels by number of the contract or supplier, quarters by first day, years by first year.

    ``scopes`` are the ones that the person's role covers; no year is offered to who looks after single contracts.
    """

    scopes: tuple[CertificateScope, ...]
    contracts: dict[str, str]
    suppliers: dict[str, str]
    quarters: tuple[Period, ...]
    years: tuple[int, ...]


def list_work(session: Session, person: Person) -> WorkChoices:
    """The choices of a person: whoever looks after single contracts can certify those and nothing wider."""
    organisation_id = organisation_of(person)
    contracts = [one for one in list_contracts(session, organisation_id=organisation_id) if _is_theirs(person, one)]
    everything = _covers(person, Target(organisation_id))
    suppliers = name_suppliers(session, {one.supplier_id for one in contracts}) if everything else {}
    this_year = financial_year_of(day_of(now_in(session)))
    past = Period(financial_year(this_year - YEARS_BACK).start_on, day_of(now_in(session)))
    return WorkChoices(
        scopes=tuple(CertificateScope) if everything else (CertificateScope.CONTRACT,),
        contracts={str(one.id): f"{one.title} ({one.reference})" for one in contracts},
        suppliers={str(number): name for number, name in sorted(suppliers.items(), key=lambda pair: pair[1])},
        quarters=tuple(quarter for quarter in reversed(quarters(past)) if quarter.end_on < past.end_on),
        years=tuple(range(this_year - 1, this_year - 1 - YEARS_BACK, -1)) if everything else (),
    )


def cover_work(
    session: Session, person: Person, scope: CertificateScope, contract_id: int | None, supplier_id: int | None
) -> CoveredWork:
    """The work a person asks to certify; raises NotFound where it is not theirs, InputError where none is named."""
    organisation_id = organisation_of(person)
    if scope is CertificateScope.CONTRACT:
        if contract_id is None:
            raise InputError("contract", "Select the contract")
        contract = session.get(Contract, contract_id)
        if contract is None:
            raise NotFound("There is no such contract.")
        decide(Policy.CONTRACT_MANAGER, person, Target(contract.organisation_id, contract_id=contract.id))
        return cover_contract(session, contract)
    decide(Policy.CONTRACT_MANAGER, person, Target(organisation_id))
    issuer = session.get_one(Organisation, organisation_id)
    if scope is CertificateScope.ANCHOR:
        return cover_anchor(session, issuer)
    if supplier_id is None:
        raise InputError("supplier", "Select the supplier")
    return cover_supplier(session, issuer, supplier_id)


def span_quarters(first: date, last: date) -> Period:
    """The period from the first day of one quarter to the last day of another; raises InputError (``last``)."""
    if last < first:
        raise InputError("last", "The last quarter must not be before the first")
    return Period(first, quarters(Period(last, last))[0].end_on)


def _is_theirs(person: Person, contract: Contract) -> bool:
    return _covers(person, Target(contract.organisation_id, contract_id=contract.id))


def _covers(person: Person, target: Target) -> bool:
    try:
        decide(Policy.CONTRACT_MANAGER, person, target)
    except (AccessDenied, NotFound):
        return False
    return True
