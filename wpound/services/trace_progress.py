"""How far a published tender is: for every step of it, whether it is done, to be done now, or not yet possible."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy.orm import Session

from wpound.core.errors import InputError
from wpound.services.access import Person, Policy
from wpound.services.end_lot import find_ending
from wpound.services.hold_opening import find_waiting
from wpound.services.lock_moderation import list_missing
from wpound.services.panel_gate import OPENED, find_active_seat, is_cleared, list_finished_sheets, list_open_sheets
from wpound.services.read_terms import checked_criteria
from wpound.store.awards import find_award
from wpound.store.clarifications import list_changes, list_clarifications
from wpound.store.evaluations import find_evaluation
from wpound.store.models.panel import PanelSeat
from wpound.store.models.tenders import Lot, Tender, TenderStage
from wpound.store.panel import list_seats
from wpound.store.questions import list_tender_questions


class Page(StrEnum):
    """A step of a published tender that has a page of its own."""

    CLARIFICATIONS = "clarifications"
    CHANGES = "changes"
    OPENING = "opening"
    PANEL = "panel"
    CHECKS = "checks"
    BID_QUESTIONS = "bid_questions"
    DECLARATION = "declaration"
    MARKING = "marking"
    MODERATION = "moderation"
    RESULT = "result"
    ROBUSTNESS = "robustness"
    AWARD = "award"
    HANDOVER = "handover"


class State(StrEnum):
    """Where a step stands, in the word people read."""

    DONE = "Done"
    TO_DO = "To do"
    NOT_YET = "Not yet"
    OPTIONAL = "Optional"
    ENDED = "Ended"


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of each step, those of a lot by its number (None: a step of the whole tender).

    ``leads`` says whether the person has a part in agreeing marks. A step without a state has none to show.
    """

    states: Mapping[tuple[Page, int | None], State] = field(default_factory=dict)
    leads: bool = True

    def state_of(self, page: str, lot: int | None = None) -> State | None:
        """The state of a step by the name of its page, None where it has none."""
        return next((state for (step, number), state in self.states.items() if (step, number) == (page, lot)), None)

    @property
    def is_approved(self) -> bool:
        """Whether a second officer has approved an award."""
        agreed = (State.TO_DO, State.DONE)
        return any(page is Page.HANDOVER and state in agreed for (page, _), state in self.states.items())

    @property
    def is_finished(self) -> bool:
        """Whether every lot has its contract, or ended without one."""
        lots = [number for page, number in self.states if page is Page.AWARD]
        return bool(lots) and all(
            self.state_of(Page.HANDOVER, lot) is State.DONE or self.state_of(Page.AWARD, lot) is State.ENDED
            for lot in lots
        )


def trace_progress(session: Session, person: Person, tender: Tender) -> Progress:
    """How far a tender is for this person, by its record alone; nothing of it tells of bids that are sealed."""
    if tender.stage in (TenderStage.DRAFT, TenderStage.CANCELLED):
        return Progress()
    seat = find_active_seat(session, person, tender)
    states: dict[tuple[Page, int | None], State] = {}
    for page, state in (*_dialogue(session, tender), *_evaluation(session, tender), *_own(tender, seat)):
        states[page, None] = state
    for lot in tender.lots:
        states |= {(page, lot.number): state for page, state in _result(session, tender, lot)}
    return Progress(states, (seat is None and person.meets(Policy.OFFICER)) or bool(seat and seat.is_chair))


Found = Iterator[tuple[Page, State]]


def _dialogue(session: Session, tender: Tender) -> Found:
    if tender.stage is not TenderStage.PUBLISHED:
        return
    if any(one.published_at is None for one in list_clarifications(session, tender_id=tender.id)):
        yield Page.CLARIFICATIONS, State.TO_DO
    if any(change.decided_at is None for change in list_changes(session, tender_id=tender.id)):
        yield Page.CHANGES, State.TO_DO


def _evaluation(session: Session, tender: Tender) -> Found:
    if tender.stage is TenderStage.PUBLISHED:
        yield Page.OPENING, State.NOT_YET
    else:
        yield Page.OPENING, State.TO_DO if find_waiting(session, tender) else State.DONE
    yield Page.PANEL, _panel(session, tender)
    if tender.stage not in OPENED:
        return
    missing = [] if tender.moderation_locked_at else list_missing(session, tender)
    checked = {criterion.code for criterion in checked_criteria(tender)}
    if checked:
        is_open = any(one.field.rpartition(": ")[2] in checked for one in missing)
        yield Page.CHECKS, State.TO_DO if is_open else State.DONE
    yield Page.BID_QUESTIONS, _questions(session, tender)
    yield Page.MODERATION, _moderation(session, tender, missing)


def _panel(session: Session, tender: Tender) -> State:
    seats = [seat for seat, _ in list_seats(session, tender_id=tender.id) if seat.removed_at is None]
    undecided = any(seat.has_interest and seat.allowed is None for seat in seats)
    return State.DONE if tender.moderation_locked_at or (seats and not undecided) else State.TO_DO


def _questions(session: Session, tender: Tender) -> State:
    asked = [question for question, _ in list_tender_questions(session, tender_id=tender.id)]
    if any(question.conclusion is None for question in asked):
        return State.TO_DO
    return State.DONE if asked or tender.moderation_locked_at else State.OPTIONAL


def _moderation(session: Session, tender: Tender, missing: list[InputError]) -> State:
    if tender.moderation_locked_at:
        return State.DONE
    has_begun = list_finished_sheets(session, tender) and not list_open_sheets(session, tender)
    return State.TO_DO if has_begun or not missing else State.NOT_YET


def _own(tender: Tender, seat: PanelSeat | None) -> Found:
    """What an evaluator has to do: declare, then mark."""
    if seat is None or tender.stage not in OPENED:
        return
    yield Page.DECLARATION, State.TO_DO if seat.has_interest is None else State.DONE
    if tender.moderation_locked_at or seat.finished_at:
        yield Page.MARKING, State.DONE
    else:
        yield Page.MARKING, State.TO_DO if is_cleared(seat) else State.NOT_YET


def _result(session: Session, tender: Tender, lot: Lot) -> Found:
    if tender.stage not in OPENED:
        return
    if find_ending(session, lot) is not None:
        yield Page.AWARD, State.ENDED
        return
    evaluation, award = find_evaluation(session, lot_id=lot.id), find_award(session, lot_id=lot.id)
    can_score = tender.moderation_locked_at is not None and find_waiting(session, tender) is None
    yield Page.RESULT, State.DONE if evaluation else State.TO_DO if can_score else State.NOT_YET
    yield Page.ROBUSTNESS, State.OPTIONAL if evaluation else State.NOT_YET
    noticed = award is not None and award.noticed_on is not None
    yield Page.AWARD, State.DONE if noticed else State.TO_DO if evaluation else State.NOT_YET
    if award is None or award.approved_by is None:
        yield Page.HANDOVER, State.NOT_YET
    else:
        yield Page.HANDOVER, State.DONE if award.contract_id is not None else State.TO_DO
