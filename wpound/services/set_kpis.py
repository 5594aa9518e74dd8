"""KPIs of a contract: what they are, and from which shares of a target each rating is given."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, InputErrors
from wpound.core.form import write_decimal
from wpound.core.ratings import Better, RatingThresholds
from wpound.services.access import Person
from wpound.services.reach_contract import hold_contract
from wpound.store.audit import append_event
from wpound.store.base import add, require_version
from wpound.store.kpis import get_kpi, list_kpis
from wpound.store.models.contracts import Contract
from wpound.store.models.kpis import Kpi

PROMISE_KEPT = "per cent of what was due"


@dataclass(frozen=True, slots=True)
class KpiTerms:
    """What a KPI measures and its target in its unit; ``measure_code`` where it is the share of a promise kept."""

    title: str
    description: str
    target: Decimal
    unit: str
    better: Better = Better.HIGHER
    measure_code: str | None = None


def set_kpi(
    session: Session, person: Person, contract_id: int, terms: KpiTerms, *, kpi_id: int | None = None, version: int = 0
) -> Kpi:
    """Add a KPI to a contract, or change one; ratings given before stay as they are, with the target they had.

    Raises InputErrors for one that cannot be, StaleEdit where a colleague was faster.
    """
    contract = hold_contract(session, person, contract_id)
    _check(contract, terms)
    if kpi_id is None:
        kpi = Kpi(contract_id=contract.id, number=len(list_kpis(session, contract_id=contract.id)) + 1)
    else:
        kpi = get_kpi(session, kpi_id, contract_id=contract.id)
        require_version(kpi, version)
    kpi.title, kpi.description, kpi.target = terms.title, terms.description, terms.target
    kpi.unit, kpi.better, kpi.measure_code = terms.unit, terms.better, terms.measure_code
    add(session, kpi)
    detail = {"number": str(kpi.number), "title": kpi.title, "target": write_decimal(kpi.target), "unit": kpi.unit}
    _audit(session, person, contract, "kpi.set", detail)
    return kpi


def set_thresholds(
    session: Session, person: Person, contract_id: int, thresholds: RatingThresholds, *, version: int
) -> None:
    """Say from which share of a target each rating is given in this contract; assessments made keep theirs."""
    contract = hold_contract(session, person, contract_id, version)
    contract.thresholds = thresholds.to_dict()
    session.flush()
    _audit(session, person, contract, "kpi.thresholds", thresholds.to_dict())


def _check(contract: Contract, terms: KpiTerms) -> None:
    errors = []
    if terms.target <= 0:
        errors.append(InputError("target", "The target must be more than 0."))
    if terms.measure_code and terms.measure_code not in {one.measure_code for one in contract.commitments}:
        errors.append(InputError("measure_code", "The contract has no such promise."))
    if errors:
        raise InputErrors(errors)


def _audit(session: Session, person: Person, contract: Contract, action: str, detail: dict[str, str]) -> None:
    told = {"reference": contract.reference, **detail}
    append_event(session, actor=person.email, action=action, object_kind="contract", object_id=contract.id, detail=told)
