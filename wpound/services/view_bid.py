"""A bid in the making as its own organisation sees it: what is done, what is missing, and what to think about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.config import Settings
from wpound.core.bid_content import BidContent
from wpound.core.bid_sheets import COMPANY as COMPANY_FACTS
from wpound.core.bid_sheets import OFFER, BidSheets
from wpound.core.bid_work import CHECKS, COMPANY, FILES, PLANS, PRICE, PROMISES, BidWork, answer_part, only_asked
from wpound.core.errors import InputError, InputErrors, StateError
from wpound.core.offer_score import OfferPreview, preview_offer
from wpound.core.plausibility.advice import advise_bidder
from wpound.core.plausibility.rule import Flag
from wpound.services.access import Person
from wpound.services.ask_for_bids import find_catalogue, make_sheets
from wpound.services.clock import Clock, database_clock
from wpound.services.close_tender import is_confirmed
from wpound.services.keep_bid_work import BidPlace, find_work, reach_lot, reach_tender_to_bid, version_of
from wpound.services.submit_bid import require_open, require_sound
from wpound.services.submit_draft import find_standing
from wpound.store.models.organisations import Organisation
from wpound.store.models.sealed_bids import BidDraft, BidReceipt
from wpound.store.models.tenders import Lot, Tender
from wpound.store.sealed_bids import find_draft


class TaskState(StrEnum):
    """How far a part of a bid is."""

    NOT_STARTED = "Not started"
    IN_PROGRESS = "In progress"
    COMPLETED = "Completed"
    CANNOT_START = "Cannot start yet"


@dataclass(frozen=True, slots=True)
class Task:
    """A part of a bid in the task list: its kind, the criterion of an answer, and what is still missing there."""

    part: str
    title: str
    state: TaskState
    criterion: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class BidView:
    """A bid as its organisation sees it.

    ``problems`` keep it from being handed in, each with the part it belongs to; ``closed_because`` says why nothing
    can be changed any more, None while the tender takes bids; ``standing`` is the receipt of the bid that is in.
    """

    place: BidPlace
    buyer: str
    sheets: BidSheets
    draft: BidDraft | None
    work: BidWork
    problems: tuple[tuple[str, str], ...]
    advice: tuple[Flag, ...]
    standing: BidReceipt | None
    closed_because: str | None
    left: timedelta

    @property
    def version(self) -> int:
        """The version people are shown."""
        return version_of(self.draft)

    @property
    def content(self) -> BidContent:
        """What is written so far."""
        return self.work.content

    @property
    def asked(self) -> BidContent:
        """What would be handed in: the same without what belongs to nothing that is asked."""
        return only_asked(self.sheets, self.work.content)

    @property
    def is_open(self) -> bool:
        """Whether the bid can still be changed."""
        return self.closed_because is None

    @property
    def must_confirm(self) -> bool:
        """Whether the tender was changed after the bid came in, so that it has to be confirmed to count."""
        return self.standing is not None and not is_confirmed(self.place.tender, self.standing)

    @property
    def reviewed_by(self) -> str | None:
        """The colleague who found the bid right as it is now, None where nobody has."""
        draft = self.draft
        return draft.reviewed_by if draft is not None and draft.reviewed_version == draft.version else None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What may keep the bid from winning without keeping it from being handed in."""
        return (*(flag.question for flag in self.advice), *_warnings(self))

    def tasks(self) -> list[Task]:
        """The parts of the bid in their order; what the tender does not ask is left out."""
        return list(_tasks(self))


def view_bid(
    session: Session,
    person: Person,
    ocid: str,
    lot: int,
    *,
    catalogue: Catalogue,
    settings: Settings,
    clock: Clock = database_clock,
) -> BidView:
    """The bid of the person's organisation for a lot; raises NotFound where there is no such tender for suppliers."""
    place = reach_lot(session, person, ocid, lot)
    used = find_catalogue(session, place.terms, catalogue)
    sheets = make_sheets(place.tender, place.lot, place.terms, used)
    draft, work = find_work(session, place, settings)
    now = clock(session)
    measures = {measure.code: used.get_measure(measure.code) for measure in sheets.measures}
    asked = only_asked(sheets, work.content)
    return BidView(
        place=place,
        buyer=session.get_one(Organisation, place.tender.organisation_id).name,
        sheets=sheets,
        draft=draft,
        work=work,
        problems=tuple(find_problems(place, sheets, asked, used)),
        advice=advise_bidder(place.terms.method, asked, measures, place.terms.as_of),
        standing=find_standing(session, place),
        closed_because=_why_closed(place, now),
        left=place.terms.deadline_at - now,
    )


def preview_marks(session: Session, view: BidView, catalogue: Catalogue) -> OfferPreview | tuple[str, ...]:
    """What the promises as saved would be marked, or what keeps them from being counted, in words."""
    terms = view.place.terms
    try:
        return preview_offer(terms.method, view.asked, find_catalogue(session, terms, catalogue), terms.as_of)
    except InputErrors as found:
        return tuple(_say(view.sheets, view.asked, error) for error in found.errors)


def find_problems(
    place: BidPlace, sheets: BidSheets, content: BidContent, catalogue: Catalogue
) -> Iterator[tuple[str, str]]:
    """Everything that keeps a content from being handed in: the part it belongs to, and the problem in words."""
    try:
        require_sound(place.terms, content, catalogue)
    except InputErrors as found:
        for error in found.errors:
            yield _part_of(error.field), _say(sheets, content, error)


def _why_closed(place: BidPlace, now: datetime) -> str | None:
    try:
        require_open(place.tender, now)
    except StateError as error:
        return error.message
    return None


_PARTS = {"price": PRICE, "fte": PRICE, "passes": CHECKS, "commitments": PROMISES, "plans": PLANS, "company": COMPANY}


def _part_of(field: str) -> str:
    head, _, code = field.removeprefix("bids[0].").partition(".")
    return answer_part(code) if head == "answers" else _PARTS.get(head.partition("[")[0], PRICE)


def _say(sheets: BidSheets, content: BidContent, error: InputError) -> str:
    """A problem as a sentence that names what it is about."""
    name = _name_of(sheets, content, error.field.removeprefix("bids[0]."))
    if error.message.startswith(name):
        return f"{error.message}."
    joint = "" if error.message.partition(" ")[0] in ("is", "has", "must", "needs", "belongs") else ":"
    return f"{name}{joint} {error.message}."


def _name_of(sheets: BidSheets, content: BidContent, field: str) -> str:
    head, _, code = field.partition(".")
    criteria = {criterion.code: criterion.heading for criterion in (*sheets.questions, *sheets.checks)}
    measures = {measure.code: measure.title for measure in sheets.measures}
    if head.startswith("commitments["):
        promise = content.commitments[int(head.removeprefix("commitments[").removesuffix("]"))]
        year = "" if promise.year is None else f" in {promise.year}"
        return f"{measures.get(promise.measure, promise.measure)}{year}"
    facts = {fact.code: fact.title.removesuffix(", in pounds") for fact in (*OFFER, *COMPANY_FACTS)}
    return (criteria | measures).get(code) or facts.get(head, head.capitalize())


def _tasks(view: BidView) -> Iterator[Task]:
    sheets, by_part = view.sheets, _by_part(view.problems)
    parts = [
        (COMPANY, "About your company", True),
        (PRICE, "Price", True),
        (CHECKS, "Pass or fail questions", bool(sheets.checks)),
        (PROMISES, "What you promise", bool(sheets.measures)),
        (PLANS, "How you will deliver it", bool(sheets.measures)),
    ]
    for part, title, is_asked in parts:
        if is_asked:
            yield Task(part, title, _state(view, part, by_part), missing=by_part.get(part, ()))
    for question in sheets.questions:
        part = answer_part(question.code)
        missing = by_part.get(part, ())
        yield Task("answer", question.heading, _state(view, part, by_part), question.code, missing)
    state = TaskState.COMPLETED if view.content.files else TaskState.NOT_STARTED
    yield Task(FILES, "Files", state)


def _state(view: BidView, part: str, by_part: Mapping[str, Sequence[str]]) -> TaskState:
    if part == PLANS and not view.asked.commitments:
        return TaskState.COMPLETED if view.work.saved.get(PROMISES) else TaskState.CANNOT_START
    is_written = bool(view.work.saved.get(part))
    if by_part.get(part):
        return TaskState.IN_PROGRESS if is_written else TaskState.NOT_STARTED
    return TaskState.COMPLETED if is_written else TaskState.NOT_STARTED


def _by_part(problems: Sequence[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for part, words in problems:
        found[part] = (*found.get(part, ()), words)
    return found


def _warnings(view: BidView) -> Iterator[str]:
    content, sheets = view.asked, view.sheets
    for check in sheets.checks:
        if content.passes.get(check.code) is False:
            yield f"You answer No to {check.heading}. A bid that does not pass is not marked."
    for measure in sheets.measures:
        cap = sheets.cap_of(measure.code)
        promised = sum(one.quantity for one in content.commitments if one.measure == measure.code)
        if cap is not None and promised > cap:
            yield f"{measure.title}: you promise more than is counted. What is above the cap earns no marks."
    if sheets.measures and not content.commitments:
        yield "You promise nothing, so there are no marks for promises."
    if content.company.headcount is None and content.commitments:
        yield "You do not say how many people you employ, so the buyer cannot see that the promises can be kept."


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot that can be bid for, and how far the own bid for it is, in words."""

    lot: Lot
    state: str


@dataclass(frozen=True, slots=True)
class LotsView:
    """A tender as a supplier sees it before choosing a lot."""

    tender: Tender
    buyer: str
    closed_because: str | None
    left: timedelta
    lots: tuple[LotRow, ...]


def view_lots(session: Session, person: Person, ocid: str, clock: Clock = database_clock) -> LotsView:
    """The lots of a tender with the own bid for each; raises NotFound where there is no such tender for suppliers."""
    tender = reach_tender_to_bid(session, person, ocid)
    places = [reach_lot(session, person, ocid, lot.number) for lot in tender.lots]
    now = clock(session)
    return LotsView(
        tender=tender,
        buyer=session.get_one(Organisation, tender.organisation_id).name,
        closed_because=_why_closed(places[0], now),
        left=places[0].terms.deadline_at - now,
        lots=tuple(LotRow(place.lot, _lot_state(session, place)) for place in places),
    )


def _lot_state(session: Session, place: BidPlace) -> str:
    standing = find_standing(session, place)
    if standing is not None:
        return "Submitted" if is_confirmed(place.tender, standing) else "Confirm it again"
    draft = find_draft(session, lot_id=place.lot.id, organisation_id=place.organisation.id)
    return "Not started" if draft is None else "Draft"
