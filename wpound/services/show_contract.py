"""A contract's page: its entry, what was delivered, what was changed, what was paid, and what is next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from wpound.catalogue.loader import load_thresholds
from wpound.catalogue.model import Catalogue
from wpound.core.contract_words import ContractType
from wpound.core.kpis import DueAssessment, KpiDuty, find_kpi_duty, next_assessment
from wpound.core.money import Money
from wpound.core.particulars import ContractKind, Particulars
from wpound.documents.calendar import CalendarDay
from wpound.services.access import Person
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.plan_delivery import plan_days
from wpound.services.reach_contract import catalogue_of, contracts_of, find_suppliers_contract, life_of, reach_contract
from wpound.services.show_delivery import DeliveryLine, HeadTotal, show_delivery, total_heads
from wpound.store.contract_payments import sum_payments
from wpound.store.contracts import (
    find_lot_of_contract,
    list_all_commitments,
    list_contract_changes,
    list_contract_suppliers,
)
from wpound.store.kpis import list_assessments, list_kpis
from wpound.store.models.contracts import Commitment, Contract, ContractChange
from wpound.store.models.kpis import Assessment, Kpi
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import ReturnStatus, SocialValueReturn
from wpound.store.models.suppliers import Supplier
from wpound.store.models.tenders import Lot, Tender
from wpound.store.register import RegisterFilter, RegisterRow, Standing, list_managers, list_register
from wpound.store.returns import list_returns
from wpound.store.workload import find_supplier_id

STANDING_TITLES = {
    Standing.RUNNING: "Running",
    Standing.TO_COME: "Not started yet",
    Standing.ENDED: "Ended",
}
TYPE_TITLES = {
    ContractType.SINGLE_AWARD: "Single award contract",
    ContractType.MULTIPLE_AWARD: "Multiple award contract",
    ContractType.FRAMEWORK: "Framework agreement",
    ContractType.DYNAMIC_PURCHASING: "Dynamic purchasing system",
    ContractType.GRANT: "Grant agreement",
    ContractType.OTHER: "Other",
}


@dataclass(frozen=True, slots=True)
class ContractPage:
    """Everything a contract's page shows.

    ``replaced`` are the commitments that changes took out, by change; ``returns`` those that were sent.
    """

    contract: Contract
    buyer: Organisation
    suppliers: Sequence[Supplier]
    tender: Tender | None
    lot: Lot | None
    lines: tuple[DeliveryLine, ...]
    heads: tuple[HeadTotal, ...]
    changes: Sequence[ContractChange]
    replaced: dict[int, list[Commitment]]
    kpis: Sequence[Kpi]
    duty: KpiDuty
    assessments: Sequence[Assessment]
    next_assessment: DueAssessment | None
    paid: Money | None
    returns: Sequence[SocialValueReturn]
    today: date

    @property
    def is_assessment_due(self) -> bool:
        """Whether the day of the next assessment has come."""
        return self.next_assessment is not None and self.next_assessment.is_due(self.today)

    @property
    def counting(self) -> list[Assessment]:
        """The assessments that count, the earliest first: of one and its corrections the last."""
        return list({one.period_start_on: one for one in reversed(self.assessments)}.values())

    @property
    def unsettled(self) -> int:
        """How many promises nobody has settled in full: owner, due dates, evidence and remedy."""
        rows = [line.commitment for line in self.lines]
        return sum(not (row.owner and row.due_profile and row.evidence and row.remedy) for row in rows)


def show_contract(
    session: Session, person: Person, contract_id: int, catalogue: Catalogue, clock: Clock = database_clock
) -> ContractPage:
    """The page of a contract for somebody of its buyer; raises NotFound for any other."""
    return gather_page(session, reach_contract(session, person, contract_id), catalogue, clock)


def gather_page(
    session: Session, contract: Contract, catalogue: Catalogue, clock: Clock = database_clock
) -> ContractPage:
    """Everything a contract's page shows, for somebody who may see it."""
    kept = catalogue_of(session, contract, catalogue)
    lines = show_delivery(session, contract, kept, clock)
    kpis = list_kpis(session, contract_id=contract.id)
    assessments = list_assessments(session, contract_id=contract.id)
    tender = session.get(Tender, contract.tender_id) if contract.tender_id else None
    replaced: dict[int, list[Commitment]] = {}
    for one in list_all_commitments(session, contract_id=contract.id):
        if one.ended_with_id is not None:
            replaced.setdefault(one.ended_with_id, []).append(one)
    return ContractPage(
        contract=contract,
        buyer=session.get_one(Organisation, contract.organisation_id),
        suppliers=list_contract_suppliers(session, [contract.id])[contract.id],
        tender=tender,
        lot=find_lot_of_contract(session, contract.id),
        lines=lines,
        heads=total_heads(lines, kept),
        changes=list_contract_changes(session, contract_id=contract.id),
        replaced=replaced,
        kpis=kpis,
        duty=find_duty(contract, tender, len(kpis)),
        assessments=assessments,
        next_assessment=next_assessment(life_of(contract), max((a.period_end_on for a in assessments), default=None)),
        paid=sum_payments(session, [contract.id]).get(contract.id),
        returns=[one for one in list_returns(session, contract_id=contract.id) if one.status is not ReturnStatus.DRAFT],
        today=day_of(clock(session)),
    )


def find_duty(contract: Contract, tender: Tender | None, kpis: int) -> KpiDuty:
    """The duty to set KPIs, by the contract's value and kind; of a tender here, by what that says."""
    particulars = Particulars.from_dict(tender.particulars) if tender else None
    kind: ContractKind | None = particulars.kind if particulars else contract.regime
    is_framework = particulars.is_framework if particulars else contract.contract_type is ContractType.FRAMEWORK
    return find_kpi_duty(contract.contract_value, kind, is_framework, contract.start_on, kpis, load_thresholds())


def list_buyer_register(
    session: Session, person: Person, wanted: RegisterFilter, limit: int, offset: int = 0
) -> tuple[list[RegisterRow], int]:
    """The contracts this person looks after that a list asks for: so many of them, and how many there are."""
    return list_register(
        session,
        wanted,
        organisation_id=person.organisation_id,
        contract_ids=contracts_of(person),
        limit=limit,
        offset=offset,
    )


def list_buyer_managers(session: Session, person: Person) -> list[str]:
    """Everyone named as a contract's manager in the organisation this person acts for."""
    return list_managers(session, organisation_id=person.organisation_id or 0)


def show_suppliers_contract(
    session: Session, person: Person, contract_id: int, catalogue: Catalogue, clock: Clock = database_clock
) -> ContractPage:
    """The page of a contract for its supplier; raises NotFound for any other."""
    return gather_page(session, find_suppliers_contract(session, person, contract_id), catalogue, clock)


def list_suppliers_contracts(
    session: Session, person: Person, wanted: RegisterFilter, limit: int, offset: int = 0
) -> tuple[list[RegisterRow], int]:
    """The contracts of the supplier this person acts for, newest start first; none where no register has it."""
    supplier_id = find_supplier_id(session, organisation_id=person.organisation_id or 0)
    if supplier_id is None:
        return [], 0
    return list_register(session, wanted, supplier_id=supplier_id, limit=limit, offset=offset)


def list_contract_days(session: Session, contract: Contract, catalogue: Catalogue) -> list[CalendarDay]:
    """The days on which promises of a contract fall due, for a calendar program; evenly where nobody settled them."""
    return plan_days(session, contract, catalogue_of(session, contract, catalogue))
