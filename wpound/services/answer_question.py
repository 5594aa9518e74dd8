"""A bidder's right of reply: the questions put to a supplier about its bids, and its one reply to each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, NotFound, StateError
from wpound.services.access import Person, Policy, decide, organisation_of
from wpound.services.ask_bidder import record_question
from wpound.services.clock import Clock, database_clock, day_of
from wpound.store.engine import lock
from wpound.store.models.panel import BidQuestion
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.questions import get_supplier_question, list_supplier_questions
from wpound.store.workload import find_supplier_id

LONGEST_REPLY = 5000


@dataclass(frozen=True, slots=True)
class PutQuestion:
    """A question as its bidder sees it: never who asked, nor which rule or other bid is behind it."""

    question_id: int
    ocid: str
    title: str
    number: int
    question: str
    reply_by_on: date
    reply: str | None
    is_open: bool


def list_put_questions(session: Session, person: Person, clock: Clock = database_clock) -> list[PutQuestion]:
    """Every question to the supplier this person acts for, the newest first."""
    decide(Policy.SUPPLIER, person)
    supplier_id = find_supplier_id(session, organisation_id=organisation_of(person))
    if supplier_id is None:
        return []
    today = day_of(clock(session))
    found: Sequence[tuple[BidQuestion, object, Tender]] = list_supplier_questions(session, supplier_id=supplier_id)
    return [_put(question, tender, today) for question, _, tender in found]


def get_put_question(session: Session, person: Person, question_id: int, clock: Clock = database_clock) -> PutQuestion:
    """One of them; raises NotFound for a question to another supplier."""
    question, _, tender = get_supplier_question(session, question_id, supplier_id=_supplier_of(session, person))
    return _put(question, tender, day_of(clock(session)))


def reply_to_question(
    session: Session, person: Person, question_id: int, *, reply: str, clock: Clock = database_clock
) -> BidQuestion:
    """Reply, once, until the end of the day the bidder was given.

    Raises NotFound for a question to another supplier, StateError after the day or where a colleague has replied,
    InputError without words.
    """
    supplier_id = _supplier_of(session, person)
    _, _, tender = get_supplier_question(session, question_id, supplier_id=supplier_id)
    tender = lock(session, Tender, tender.id)
    question = lock(session, BidQuestion, question_id)
    now = clock(session)
    if question.reply is not None:
        raise StateError("Your company has replied to this question already.")
    if not _put(question, tender, day_of(now)).is_open:
        raise StateError("The time to reply has passed, or the tender is not being evaluated any more.")
    if not 0 < len(reply.strip()) <= LONGEST_REPLY:
        raise InputError("reply", f"Write your reply, in at most {LONGEST_REPLY:,} characters")
    question.reply, question.replied_by, question.replied_at = reply.strip(), person.email, now
    record_question(session, tender, question, person, "bid.question_answered", {"reply": question.reply})
    return question


def _supplier_of(session: Session, person: Person) -> int:
    decide(Policy.SUPPLIER, person)
    supplier_id = find_supplier_id(session, organisation_id=organisation_of(person))
    if supplier_id is None:
        raise NotFound("There is no such question to you.")
    return supplier_id


def _put(question: BidQuestion, tender: Tender, today: date) -> PutQuestion:
    is_open = (
        question.reply is None
        and question.conclusion is None
        and today <= question.reply_by_on
        and tender.stage is TenderStage.EVALUATION
    )
    return PutQuestion(
        question_id=question.id,
        ocid=tender.ocid,
        title=tender.title,
        number=question.number,
        question=question.question,
        reply_by_on=question.reply_by_on,
        reply=question.reply,
        is_open=is_open,
    )
