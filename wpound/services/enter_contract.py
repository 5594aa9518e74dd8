"""Enter a contract with what its supplier promised, each promise with the value it had at the award."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue, Measure, MeasureValue
from wpound.core.bids import Bid as Offer
from wpound.core.bids import Commitment as Promise
from wpound.core.due_dates import Settlement
from wpound.core.errors import InputError, InputErrors, MeasureNotInForce
from wpound.core.method import Method
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.core.valuing import ValueKind, valued_on
from wpound.services.check_offer import check_offer
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.contracts import find_contract
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.suppliers import Supplier


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What a contract is called, what it is worth and the days it runs."""

    reference: str
    title: str
    value: Money
    life: Period


def enter_contract(
    session: Session,
    buyer: Organisation,
    supplier: Supplier,
    terms: ContractTerms,
    promises: Sequence[Promise],
    catalogue: Catalogue,
    *,
    actor: str,
) -> Contract:
    """Enter a contract that came from no tender here; promises without a year are valued on the day it starts.

    Raises InputErrors with everything that is wrong with the terms and the promises.
    """
    contract = Contract(organisation_id=buyer.id, supplier_id=supplier.id)
    return record_contract(session, contract, terms, promises, catalogue, as_of=terms.life.start_on, actor=actor)


def record_contract(
    session: Session,
    contract: Contract,
    terms: ContractTerms,
    promises: Sequence[Promise],
    catalogue: Catalogue,
    *,
    as_of: date,
    actor: str,
    settled: Mapping[tuple[str, int | None], Settlement] | None = None,
) -> Contract:
    """Put in a contract that says whose it is, with its terms, its commitments and the catalogue that values them.

    ``settled`` is what a hand-over agreed for promises, by measure and year.
    """
    _check(session, contract, terms)
    check_offer(Method(terms.title, ()), Offer("", terms.value, commitments=tuple(promises)), catalogue, as_of)
    contract.reference, contract.title, contract.contract_value = terms.reference, terms.title, terms.value
    contract.start_on, contract.end_on = terms.life.start_on, terms.life.end_on
    contract.catalogue_fingerprint = catalogue.fingerprint
    contract.commitments = [
        make_commitment(promise, catalogue, as_of, (settled or {}).get((promise.measure, promise.year), Settlement()))
        for promise in promises
    ]
    add(session, contract)
    append_event(
        session,
        actor=actor,
        action="contract.entered",
        object_kind="contract",
        object_id=contract.id,
        detail={
            "reference": terms.reference,
            "value": str(terms.value.pounds),
            "commitments": len(promises),
            "catalogue_fingerprint": catalogue.fingerprint,
        },
    )
    return contract


def _check(session: Session, contract: Contract, terms: ContractTerms) -> None:
    errors = list(_problems(terms))
    if find_contract(session, terms.reference, organisation_id=contract.organisation_id) is not None:
        errors.append(InputError("reference", f"There is already a contract {terms.reference}. Use another reference."))
    if errors:
        raise InputErrors(errors)


def _problems(terms: ContractTerms) -> Iterator[InputError]:
    if not terms.reference.strip():
        yield InputError("reference", "Give the contract a reference.")
    if not terms.title.strip():
        yield InputError("title", "Give the contract a title.")
    if terms.value.pence <= 0:
        yield InputError("value", "The value of a contract is more than £0.00.")


def make_commitment(promise: Promise, catalogue: Catalogue, as_of: date, settled: Settlement) -> Commitment:
    """A promise as a commitment, with its value and what was settled for it."""
    measure = catalogue.get_measure(promise.measure)
    value = find_value(measure, promise.year, as_of)
    return Commitment(
        measure_code=measure.code,
        head=measure.head,
        year=promise.year,
        quantity=promise.quantity,
        unit=measure.unit,
        value_kind=measure.value_kind,
        unit_value=value.value if value else None,
        value_reference=value.reference.title if value else None,
        owner=settled.owner,
        due_profile=settled.due_profile,
        milestones=[due.to_dict() for due in settled.milestones] or None,
        evidence=settled.evidence,
        remedy=settled.remedy,
    )


def find_value(measure: Measure, year: int | None, as_of: date) -> MeasureValue | None:
    """The pounds of one unit in the year of delivery; None where it is counted in its own unit only, which is not 0."""
    if measure.value_kind is ValueKind.NONE:
        return None
    try:
        return measure.value_on(valued_on(year, as_of))
    except MeasureNotInForce:
        return None
