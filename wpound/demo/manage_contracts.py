"""Looks after the demonstration's contracts as their managers would: details, settlements, KPIs and a change."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from wpound.catalogue.model import Catalogue
from wpound.core.contract_words import ChangeKind, ContractType
from wpound.core.delivery import DueProfile
from wpound.core.due_dates import Settlement
from wpound.core.money import Money
from wpound.core.particulars import ContractKind
from wpound.core.ratings import Better
from wpound.core.reproportion import Rule
from wpound.core.roles import Role
from wpound.demo.cast import OFFICER
from wpound.demo.words import load_data
from wpound.services.access import Grant, Person
from wpound.services.change_contract import NewTerms, change_contract
from wpound.services.edit_contract import ContractDetails, edit_details, settle_commitment
from wpound.services.set_kpis import PROMISE_KEPT, KpiTerms, set_kpi
from wpound.store.contracts import get_contract_of
from wpound.store.organisations import get_organisation

REMEDY = "An action plan within 10 working days (fictional demonstration data)."
DETAILS = ("department", "manager", "cpv_code", "cpv_label")


def manage_contract(session: Any, catalogue: Catalogue, contract_id: int, buyer: str) -> None:
    """Enter what the data say of how a buyer's contract is looked after; one they do not name stays as it is."""
    contract = get_contract_of(session, contract_id)
    said = _management().get(contract.reference)
    if said is None:
        return
    person = _manager(get_organisation(session, buyer))
    details = ContractDetails(
        contract_type=ContractType.SINGLE_AWARD,
        regime=ContractKind(said["regime"]),
        **{name: said[name] for name in DETAILS},
    )
    edit_details(session, person, contract.id, details, version=contract.version)
    for commitment in contract.commitments:
        profile = DueProfile(said.get("profiles", {}).get(commitment.measure_code, DueProfile.EVEN))
        evidence = catalogue.get_measure(commitment.measure_code).evidence[0]
        settlement = Settlement(said["manager"], profile, (), evidence, REMEDY)
        settle_commitment(session, person, contract.id, commitment.id, settlement, version=commitment.version)
    for kpi in said["kpis"]:
        set_kpi(session, person, contract.id, _kpi(kpi))
    if "change" in said:
        _change(session, person, catalogue, contract_id, said["change"])


@cache
def _management() -> Mapping[str, Any]:
    found: Mapping[str, Any] = load_data("contracts.toml")["management"]
    return found


def _manager(buyer: Any) -> Person:
    grant = Grant(buyer.id, buyer.key, buyer.name, Role.OFFICER, None, None)
    return Person(0, OFFICER, OFFICER, (grant,), buyer.id)


def _kpi(said: Mapping[str, str]) -> KpiTerms:
    measure = said.get("measure")
    return KpiTerms(
        title=said["title"],
        description=said.get("description", ""),
        target=Decimal(said["target"]),
        unit=PROMISE_KEPT if measure else said["unit"],
        better=Better(said.get("better", Better.HIGHER)),
        measure_code=measure,
    )


def _change(session: Any, person: Person, catalogue: Catalogue, contract_id: int, said: Mapping[str, Any]) -> None:
    """A variation of the value that the promises follow."""
    contract = get_contract_of(session, contract_id)
    new = NewTerms(
        kind=ChangeKind.VARIATION,
        reason=said["reason"],
        effective_on=said["effective_on"],
        value=Money.from_pounds(said["value"]),
        end_on=contract.end_on,
        rule=Rule.VALUE,
    )
    change_contract(session, person, contract_id, new, catalogue, version=contract.version)
