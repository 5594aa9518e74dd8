"""What waits for the people of a buyer: its officers, the evaluators of a tender, the managers of a contract."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from wpound.core.criteria import Kind
from wpound.core.method import Method
from wpound.core.roles import Role
from wpound.services.access import Person, Policy, organisation_of
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.expect_reports import ExpectedReport, expect_reports
from wpound.store.models.returns import ReturnStatus
from wpound.store.models.tenders import TenderStage
from wpound.store.workload import (
    MarkingRow,
    ReturnRow,
    TenderRow,
    count_stages,
    list_contract_rows,
    list_marking,
    list_return_rows,
    list_tender_rows,
    list_tenders_to_open,
)

STAGE_TITLES = {
    TenderStage.DRAFT: "Draft",
    TenderStage.PUBLISHED: "Open for bids",
    TenderStage.CLOSED: "Closed, not opened",
    TenderStage.EVALUATION: "In evaluation",
    TenderStage.AWARDED: "Awarded",
    TenderStage.CANCELLED: "Cancelled",
}
# A return that its supplier has not sent yet is nothing a buyer sees.
STATUS_TITLES = {
    ReturnStatus.SUBMITTED: "To verify",
    ReturnStatus.VERIFIED: "Verified",
}
FIRST_ROWS = 5


@dataclass(frozen=True, slots=True)
class Marking:
    """How far the marking of a tender is; ``wanted`` is a mark for every bid and criterion that people mark."""

    ocid: str
    title: str
    bids: int
    marks: int
    wanted: int

    @property
    def missing(self) -> int:
        """The marks still to come."""
        return max(self.wanted - self.marks, 0)


@dataclass(frozen=True, slots=True)
class BuyerWork:
    """What a person of a buyer is to look at; None stands for what is not theirs to look at."""

    stages: dict[TenderStage, int] | None
    to_open: Sequence[TenderRow] | None
    to_open_count: int
    marking: Sequence[Marking] | None
    own_marking: Sequence[Marking] | None
    to_verify: Sequence[ReturnRow] | None
    to_verify_count: int
    overdue: Sequence[ExpectedReport] | None


def get_buyer_work(session: Session, person: Person, clock: Clock = database_clock) -> BuyerWork:
    """What waits for this person in the organisation they act for, by the roles they hold there."""
    organisation_id, now = organisation_of(person), clock(session)
    is_officer, manages = person.meets(Policy.OFFICER), person.meets(Policy.CONTRACT_MANAGER)
    to_verify, count = list_buyer_returns(session, person, ReturnStatus.SUBMITTED, FIRST_ROWS) if manages else (None, 0)
    to_open, waiting = list_tenders_to_open(session, organisation_id=organisation_id, now=now, limit=FIRST_ROWS)
    return BuyerWork(
        stages=count_stages(session, organisation_id=organisation_id) if is_officer else None,
        to_open=to_open if is_officer else None,
        to_open_count=waiting,
        marking=_marking(list_marking(session, organisation_id=organisation_id)) if is_officer else None,
        own_marking=_own_marking(session, person, organisation_id) if person.meets(Policy.EVALUATOR) else None,
        to_verify=to_verify,
        to_verify_count=count,
        overdue=list_overdue(session, person, now) if manages else None,
    )


def list_buyer_tenders(
    session: Session, person: Person, stage: TenderStage | None, limit: int, offset: int = 0
) -> tuple[list[TenderRow], int]:
    """The organisation's tenders, newest first: so many of them, and how many there are at that stage (None: all)."""
    return list_tender_rows(session, organisation_id=organisation_of(person), stage=stage, limit=limit, offset=offset)


def list_buyer_returns(
    session: Session, person: Person, status: ReturnStatus | None, limit: int, offset: int = 0
) -> tuple[list[ReturnRow], int]:
    """The returns this person looks after: so many of them, and how many there are of that status (None: all)."""
    return list_return_rows(
        session,
        organisation_id=organisation_of(person),
        contract_ids=_contracts_of(person),
        statuses=[status] if status else list(STATUS_TITLES),
        limit=limit,
        offset=offset,
    )


def list_overdue(session: Session, person: Person, now: datetime) -> list[ExpectedReport]:
    """The contracts this person looks after whose next report is late, the latest first."""
    contracts = list_contract_rows(session, organisation_id=organisation_of(person), contract_ids=_contracts_of(person))
    late = [report for report in expect_reports(contracts) if report.due.is_overdue(day_of(now))]
    return sorted(late, key=lambda report: (report.due.due_on, report.contract.reference))


def _contracts_of(person: Person) -> list[int] | None:
    """The contracts a person looks after, None for all of the organisation's."""
    if person.meets(Policy.OFFICER):
        return None
    return _named(grant.contract_id for grant in person.current if grant.role is Role.CONTRACT_MANAGER)


def _own_marking(session: Session, person: Person, organisation_id: int) -> list[Marking]:
    tenders = _named(grant.tender_id for grant in person.current if grant.role is Role.EVALUATOR)
    rows = list_marking(session, organisation_id=organisation_id, marked_by=person.email, tender_ids=tenders)
    return _marking(rows)


def _named(ids: Iterable[int | None]) -> list[int] | None:
    """The things roles are for, None where one of the roles is for everything."""
    found = list(ids)
    return None if None in found else [one for one in found if one is not None]


def _marking(rows: Sequence[MarkingRow]) -> list[Marking]:
    return [Marking(row.ocid, row.title, row.bids, row.marks, row.bids * _count_marked(row)) for row in rows]


def _count_marked(row: MarkingRow) -> int:
    """How many criteria people mark; what is computed from quantities and prices is marked by nobody."""
    leaves = Method.from_dict(row.method).tree.leaves
    return sum(leaf.criterion.kind is Kind.QUALITATIVE for leaf in leaves)
