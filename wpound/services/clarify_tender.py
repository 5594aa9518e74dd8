"""Questions about an open tender, and answers that everyone reads at the same moment."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, InputErrors, StateError
from wpound.services.access import Person, Policy, decide, organisation_of
from wpound.services.clock import Clock, database_clock
from wpound.services.submit_bid import require_open
from wpound.services.tell_bidders import tell_bidders
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.clarifications import get_clarification, next_clarification
from wpound.store.engine import lock
from wpound.store.models.clarifications import Clarification
from wpound.store.models.tenders import Tender

LONGEST_QUESTION = 2000
LONGEST_ANSWER = 5000


@dataclass(frozen=True, slots=True)
class Answer:
    """What everyone will read: the question in words that do not give the asker away, and the answer."""

    question: str
    answer: str


def ask_clarification(
    session: Session, tender: Tender, person: Person, question: str, *, clock: Clock = database_clock
) -> Clarification:
    """Take in a supplier's question; nobody but the buyer sees who asked.

    Raises StateError where the tender takes no bids, InputError for a question that is empty or too long.
    """
    decide(Policy.SUPPLIER, person)
    tender = lock(session, Tender, tender.id)
    now = clock(session)
    require_open(tender, now)
    asked = question.strip()
    if not 0 < len(asked) <= LONGEST_QUESTION:
        raise InputError("question", f"Write your question in at most {LONGEST_QUESTION:,} characters.")
    found = add(
        session,
        Clarification(
            tender_id=tender.id,
            organisation_id=organisation_of(person),
            asked=asked,
            asked_by=person.email,
            asked_at=now,
        ),
    )
    _record(session, tender, found, "clarification.asked", person.email)
    return found


def publish_answer(
    session: Session,
    tender: Tender,
    answer: Answer,
    *,
    actor: str,
    base_url: str,
    clarification_id: int | None = None,
    clock: Clock = database_clock,
) -> Clarification:
    """Publish an answer to all, to a supplier's question or (without one) of the buyer's own accord.

    Raises StateError where the tender takes no bids or the question was answered, InputErrors for empty words.
    """
    tender = lock(session, Tender, tender.id)
    now = clock(session)
    require_open(tender, now)
    _check(answer)
    found = (
        Clarification(tender_id=tender.id, asked_at=now)
        if clarification_id is None
        else get_clarification(session, clarification_id, tender_id=tender.id)
    )
    if found.published_at is not None:
        raise StateError("This question has an answer, which everyone has read. Publish another explanation beside it.")
    found.number = next_clarification(session, tender_id=tender.id)
    found.question, found.answer = answer.question.strip(), answer.answer.strip()
    found.answered_by, found.published_at = actor, now
    add(session, found)
    _record(session, tender, found, "clarification.published", actor)
    tell_bidders(session, tender, "clarification", base_url, number=found.number)
    return found


def _check(answer: Answer) -> None:
    limits = {
        "question": (answer.question, LONGEST_QUESTION, "Write the question as everyone will read it"),
        "answer": (answer.answer, LONGEST_ANSWER, "Write the answer"),
    }
    problems = [
        InputError(field, f"{wanted}, in at most {limit:,} characters.")
        for field, (text, limit, wanted) in limits.items()
        if not 0 < len(text.strip()) <= limit
    ]
    if problems:
        raise InputErrors(problems)


def _record(session: Session, tender: Tender, found: Clarification, action: str, actor: str) -> None:
    append_event(
        session,
        actor=actor,
        action=action,
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": tender.ocid, "clarification": found.id, "number": found.number},
    )
