"""What is said about a tender while it is open, as its officers see it and as the supplier that asked does."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.core.errors import StateError
from wpound.services.access import Person, Policy, decide, organisation_of
from wpound.services.clock import Clock, database_clock
from wpound.services.reach_tender import get_published, reach_tender
from wpound.store.clarifications import get_change, get_clarification, list_asked_by, list_changes, list_clarifications
from wpound.store.models.clarifications import Clarification, TenderChange
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Tender
from wpound.store.public_tenders import PublicState, state_of


@dataclass(frozen=True, slots=True)
class Question:
    """A question, or the buyer's own explanation, with the name of the firm that asked (empty for none)."""

    clarification: Clarification
    asker: str

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has answered it yet."""
        return self.clarification.published_at is None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A tender with its questions, those that wait first, and its changes, the newest first."""

    tender: Tender
    is_open: bool
    questions: list[Question]
    changes: list[TenderChange]

    @property
    def waiting(self) -> list[Question]:
        """The questions without an answer, the longest waiting first."""
        return [question for question in self.questions if question.is_waiting]

    @property
    def published(self) -> list[Question]:
        """What everyone has read, the newest first."""
        read = [question for question in self.questions if not question.is_waiting]
        return sorted(read, key=lambda question: question.clarification.number or 0, reverse=True)

    @property
    def proposed(self) -> TenderChange | None:
        """The change that waits for a second officer."""
        return next((change for change in self.changes if change.agreed is None), None)


@dataclass(frozen=True, slots=True)
class OwnQuestions:
    """A published tender with what a supplier's organisation asked about it, the newest first."""

    tender: Tender
    is_open: bool
    asked: list[Clarification]


def read_dialogue(session: Session, person: Person, ocid: str, *, clock: Clock = database_clock) -> Dialogue:
    """What officers of the buyer see; raises NotFound for anybody else's tender."""
    tender = reach_tender(session, person, ocid, Policy.OFFICER)
    questions = [_named(session, found) for found in list_clarifications(session, tender_id=tender.id)]
    changes = list_changes(session, tender_id=tender.id)
    return Dialogue(tender, _is_open(session, tender, clock), questions, changes)


def read_question(
    session: Session, person: Person, ocid: str, clarification_id: int, *, clock: Clock = database_clock
) -> tuple[Dialogue, Question]:
    """One question of the tender that waits for an answer.

    Raises NotFound for any other tender's, StateError where it has its answer.
    """
    dialogue = read_dialogue(session, person, ocid, clock=clock)
    found = get_clarification(session, clarification_id, tender_id=dialogue.tender.id)
    if found.published_at is not None:
        raise StateError("This question has an answer, which everyone has read. Publish another explanation beside it.")
    return dialogue, _named(session, found)


def read_change(
    session: Session, person: Person, ocid: str, number: int, *, clock: Clock = database_clock
) -> tuple[Dialogue, TenderChange]:
    """One change of the tender; raises NotFound."""
    dialogue = read_dialogue(session, person, ocid, clock=clock)
    return dialogue, get_change(session, number, tender_id=dialogue.tender.id)


def read_own_questions(session: Session, person: Person, ocid: str, *, clock: Clock = database_clock) -> OwnQuestions:
    """What a supplier sees of its own questions; raises NotFound for a tender that was never published."""
    decide(Policy.SUPPLIER, person)
    tender = get_published(session, ocid)
    asked = list_asked_by(session, tender_id=tender.id, organisation_id=organisation_of(person))
    return OwnQuestions(tender, _is_open(session, tender, clock), asked)


def _is_open(session: Session, tender: Tender, clock: Clock) -> bool:
    return tender.method_hash is not None and state_of(tender, clock(session)) is PublicState.OPEN


def _named(session: Session, found: Clarification) -> Question:
    asker = session.get_one(Organisation, found.organisation_id).name if found.organisation_id else ""
    return Question(found, asker)
