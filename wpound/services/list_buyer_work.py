"""What waits for the people of a buyer: its officers, the evaluators of a tender, the managers of a contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from wpound.core.criteria import Kind
from wpound.core.method import Method
from wpound.core.roles import Role
from wpound.services.access import Person, Policy, organisation_of
from wpound.services.check_passphrase import count_due_checks
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.expect_reports import ExpectedReport, expect_reports
from wpound.services.reach_contract import contracts_of
from wpound.store.clarifications import Waiting, list_waiting
from wpound.store.models.returns import ReturnStatus
from wpound.store.models.tenders import TenderStage
from wpound.store.return_work import LineRow, list_answered, list_proposed, list_queried
from wpound.store.workload import (
    MarkingRow,
    ReturnRow,
    TenderRow,
    Whose,
    count_stages,
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
Row = TypeVar("Row")


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
class Few(Generic[Row]):
    """The first of the rows there are, and how many there are."""

    rows: Sequence[Row]
    count: int


@dataclass(frozen=True, slots=True)
class ReturnsWork:
    """The returns of the contracts a person looks after, today.

    Those to verify, lines with an answer to a query, lines that wait for the supplier's, corrections that somebody else
    proposed, and reports that are late.
    """

    today: date
    to_verify: Few[ReturnRow]
    answered: Few[LineRow]
    queried: Few[LineRow]
    proposed: Few[LineRow]
    overdue: Sequence[ExpectedReport]


@dataclass(frozen=True, slots=True)
class BuyerWork:
    """What a person of a buyer is to look at; None stands for what is not theirs to look at.

    ``passphrases`` are those of their opening keys that should be checked now.
    """

    stages: dict[TenderStage, int] | None
    to_open: Sequence[TenderRow] | None
    to_open_count: int
    passphrases: int
    marking: Sequence[Marking] | None
    own_marking: Sequence[Marking] | None
    questions: Sequence[Waiting] | None
    returns: ReturnsWork | None


def get_buyer_work(session: Session, person: Person, clock: Clock = database_clock) -> BuyerWork:
    """What waits for this person in the organisation they act for, by the roles they hold there."""
    organisation_id, now = organisation_of(person), clock(session)
    is_officer = person.meets(Policy.OFFICER)
    to_open, waiting = list_tenders_to_open(session, organisation_id=organisation_id, now=now, limit=FIRST_ROWS)
    return BuyerWork(
        stages=count_stages(session, organisation_id=organisation_id) if is_officer else None,
        to_open=to_open if is_officer else None,
        to_open_count=waiting,
        passphrases=count_due_checks(session, person, now) if is_officer else 0,
        marking=_marking(list_marking(session, organisation_id=organisation_id)) if is_officer else None,
        own_marking=_own_marking(session, person, organisation_id) if person.meets(Policy.EVALUATOR) else None,
        questions=list_waiting(session, organisation_id=organisation_id) if is_officer else None,
        returns=_returns_work(session, person, day_of(now)) if person.meets(Policy.CONTRACT_MANAGER) else None,
    )


def _returns_work(session: Session, person: Person, today: date) -> ReturnsWork:
    whose = looked_after(person)
    return ReturnsWork(
        today,
        Few(*list_buyer_returns(session, person, ReturnStatus.SUBMITTED, FIRST_ROWS)),
        Few(*list_answered(session, whose, limit=FIRST_ROWS)),
        Few(*list_queried(session, whose, limit=FIRST_ROWS)),
        Few(*list_proposed(session, whose, not_by=person.email, limit=FIRST_ROWS)),
        list_overdue(session, person, today),
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
    statuses = [status] if status else list(STATUS_TITLES)
    return list_return_rows(session, looked_after(person), statuses=statuses, limit=limit, offset=offset)


def list_overdue(session: Session, person: Person, today: date) -> list[ExpectedReport]:
    """The reports that are late under contracts this person looks after, the latest first."""
    return [one for one in expect_reports(session, looked_after(person), today) if one.due.is_overdue(today)]


def looked_after(person: Person) -> Whose:
    """The contracts a person of a buyer looks after."""
    return Whose(organisation_of(person), contract_ids=contracts_of(person))


def _own_marking(session: Session, person: Person, organisation_id: int) -> list[Marking]:
    named = [grant.tender_id for grant in person.current if grant.role is Role.EVALUATOR]
    tenders = None if None in named else [tender_id for tender_id in named if tender_id is not None]
    rows = list_marking(session, organisation_id=organisation_id, marked_by=person.email, tender_ids=tenders)
    return _marking(rows)


def _marking(rows: Sequence[MarkingRow]) -> list[Marking]:
    return [Marking(row.ocid, row.title, row.bids, row.marks, row.bids * _count_marked(row)) for row in rows]


def _count_marked(row: MarkingRow) -> int:
    """How many criteria people mark; what is computed from quantities and prices is marked by nobody."""
    leaves = Method.from_dict(row.method).tree.leaves
    return sum(leaf.criterion.kind is Kind.QUALITATIVE for leaf in leaves)
