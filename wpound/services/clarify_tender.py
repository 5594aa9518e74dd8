"""Questions about an open tender, and answers that everyone reads at the same moment."""

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, InputErrors, StateError
from wpound.core.roles import Role
from wpound.services.access import Person, Policy, decide, organisation_of
from wpound.services.clock import Clock, database_clock
from wpound.services.queue_mail import queue_mail
from wpound.services.submit_bid import require_open
from wpound.services.tell_bidders import follow_tender, tell_bidders
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.clarifications import get_clarification, next_clarification
from wpound.store.engine import lock
from wpound.store.memberships import list_holders
from wpound.store.models.clarifications import Clarification
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Tender

# What firms leave out of their names as often as not.
LEGAL_FORM = re.compile(r",?\s+(ltd|limited|llp|plc|cic|c\.i\.c\.)\.?$", re.IGNORECASE)
LONGEST_QUESTION = 2000
LONGEST_ANSWER = 5000


@dataclass(frozen=True, slots=True)
class Answer:
    """What everyone will read: the question in words that do not give the asker away, and the answer."""

    question: str
    answer: str


def ask_clarification(
    session: Session,
    tender: Tender,
    person: Person,
    question: str,
    *,
    base_url: str,
    clock: Clock = database_clock,
) -> Clarification:
    """Take in a supplier's question and tell the buyer's officers that one waits; only on their page stands who asked.

    Whoever asks follows the tender from then on, so as to be told of the answer.
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
    follow_tender(session, tender, person)
    address = f"{base_url}/buyer/tenders/{tender.ocid}/clarifications"
    for officer in list_holders(session, organisation_id=tender.organisation_id, role=Role.OFFICER):
        facts = {"title": tender.title, "ocid": tender.ocid, "address": address}
        queue_mail(session, officer.email, "question_waiting", facts)
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

    Raises StateError where the tender takes no bids or the question was answered, InputErrors for empty words and for
    words that name the asker.
    """
    tender = lock(session, Tender, tender.id)
    now = clock(session)
    require_open(tender, now)
    found = (
        Clarification(tender_id=tender.id, asked_at=now)
        if clarification_id is None
        else get_clarification(session, clarification_id, tender_id=tender.id)
    )
    if found.published_at is not None:
        raise StateError("This question has an answer, which everyone has read. Publish another explanation beside it.")
    _check(answer, _names_of_asker(session, found))
    found.number = next_clarification(session, tender_id=tender.id)
    found.question, found.answer = answer.question.strip(), answer.answer.strip()
    found.answered_by, found.published_at = actor, now
    add(session, found)
    _record(session, tender, found, "clarification.published", actor)
    tell_bidders(session, tender, "clarification", base_url, number=found.number)
    return found


def _names_of_asker(session: Session, found: Clarification) -> list[str]:
    """What would tell everyone who asked: the firm's name, without its legal form, its number and the address."""
    if found.organisation_id is None:
        return []
    firm = session.get_one(Organisation, found.organisation_id)
    number = (firm.identifier or "").rpartition("-")[2]
    return [name for name in (LEGAL_FORM.sub("", firm.name).strip(), number, found.asked_by) if name]


def _check(answer: Answer, names: list[str]) -> None:
    limits = {
        "question": (answer.question, LONGEST_QUESTION, "Write the question as everyone will read it"),
        "answer": (answer.answer, LONGEST_ANSWER, "Write the answer"),
    }
    problems = [
        InputError(field, f"{wanted}, in at most {limit:,} characters.")
        for field, (text, limit, wanted) in limits.items()
        if not 0 < len(text.strip()) <= limit
    ]
    problems += [
        InputError(field, f'"{name}" would tell everyone who asked. Write it without.')
        for field, (text, _, _) in limits.items()
        for name in names
        if _holds(text, name)
    ]
    if problems:
        raise InputErrors(problems)


def _holds(text: str, name: str) -> bool:
    """Whether a name stands in a text; one that is a single word only as it is written, as it may be any word."""
    how = re.NOFLAG if name.isalpha() else re.IGNORECASE
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, how) is not None


def _record(session: Session, tender: Tender, found: Clarification, action: str, actor: str) -> None:
    append_event(
        session,
        actor=actor,
        action=action,
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": tender.ocid, "clarification": found.id, "number": found.number},
    )
