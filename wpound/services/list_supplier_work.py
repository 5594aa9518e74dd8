"""What waits for a supplier: tenders it can bid for, reports it owes, and what became of those it made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from wpound.services.access import Person, organisation_of
from wpound.services.answer_question import PutQuestion, list_put_questions
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.expect_reports import ExpectedReport, expect_reports
from wpound.store.models.returns import ReturnStatus
from wpound.store.return_work import LineRow, list_decided, list_queried
from wpound.store.sealed_bids import list_own_bids
from wpound.store.workload import (
    ReturnRow,
    TenderRow,
    Whose,
    find_supplier_id,
    list_open_tenders,
    list_return_rows,
)

FIRST_ROWS = 5
SENT = (ReturnStatus.SUBMITTED, ReturnStatus.VERIFIED)
# How long a supplier's start page tells of a correction that was decided.
CORRECTIONS_SHOWN = timedelta(days=30)
# What a return's status means to the supplier who made it.
STATUS_TITLES = {
    ReturnStatus.DRAFT: "Not sent yet",
    ReturnStatus.SUBMITTED: "With the buyer",
    ReturnStatus.VERIFIED: "Verified",
}


class OwnBid(StrEnum):
    """How far a supplier's own bid for a tender is, as its lists say it."""

    NONE = "Not started"
    DRAFT = "Draft, not submitted yet"
    SUBMITTED = "Submitted"
    TO_CONFIRM = "Confirm it again: the tender was changed"


@dataclass(frozen=True, slots=True)
class OpenTender:
    """A tender that takes bids, and how far the supplier's own is."""

    tender: TenderRow
    own_bid: OwnBid


@dataclass(frozen=True, slots=True)
class SupplierWork:
    """What a supplier is to look at; ``is_known`` is False where no register has the organisation as a supplier yet.

    ``questions`` are those about its bids that buyers still wait for; ``due`` are the returns to send and the next of
    each contract, ``queried`` the lines to answer for, ``made`` the returns sent, with what officers cut back in them,
    ``corrected`` the corrections decided of late.
    """

    is_known: bool
    today: date
    tenders: Sequence[OpenTender]
    tender_count: int
    questions: Sequence[PutQuestion]
    due: Sequence[ExpectedReport]
    queried: Sequence[LineRow]
    queried_count: int
    made: Sequence[ReturnRow]
    corrected: Sequence[LineRow]

    @property
    def to_send(self) -> int:
        """How many returns can be sent now."""
        return sum(report.due.is_open(self.today) for report in self.due)


def get_supplier_work(session: Session, person: Person, clock: Clock = database_clock) -> SupplierWork:
    """What waits for the supplier this person acts for."""
    tenders, count = list_tenders_for_supplier(session, person, FIRST_ROWS, clock=clock)
    now = clock(session)
    today, supplier_id = day_of(now), find_supplier_id(session, organisation_id=organisation_of(person))
    if supplier_id is None:
        return SupplierWork(False, today, tenders, count, (), (), (), 0, (), ())
    whose = Whose(supplier_id=supplier_id)
    queried, queries = list_queried(session, whose, limit=FIRST_ROWS)
    made, _ = list_return_rows(session, whose, statuses=SENT, limit=FIRST_ROWS)
    corrected, _ = list_decided(session, whose, since=now - CORRECTIONS_SHOWN, limit=FIRST_ROWS)
    questions = [question for question in list_put_questions(session, person, clock) if question.is_open]
    due = expect_reports(session, whose, today)
    return SupplierWork(True, today, tenders, count, questions, due, queried, queries, made, corrected)


def list_tenders_for_supplier(
    session: Session, person: Person, limit: int, offset: int = 0, *, clock: Clock = database_clock
) -> tuple[list[OpenTender], int]:
    """The tenders of every buyer that take bids now, the first to close first: so many, and how many there are."""
    rows, count = list_open_tenders(session, now=clock(session), limit=limit, offset=offset)
    supplier_id = find_supplier_id(session, organisation_id=organisation_of(person))
    confirmed, begun = list_own_bids(
        session,
        supplier_id=supplier_id,
        organisation_id=organisation_of(person),
        tender_ids=[row.tender_id for row in rows],
    )
    return [OpenTender(row, _own_bid(confirmed.get(row.tender_id), row.tender_id in begun)) for row in rows], count


def _own_bid(is_confirmed: bool | None, is_begun: bool) -> OwnBid:
    """``is_confirmed`` is None where no bid is in."""
    if is_confirmed is None:
        return OwnBid.DRAFT if is_begun else OwnBid.NONE
    return OwnBid.SUBMITTED if is_confirmed else OwnBid.TO_CONFIRM
