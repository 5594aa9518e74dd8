"""Questions to a bidder about its bid: from a plausibility rule or in the officer's own words, with a right of reply.

A question never changes a mark. Its reply, or its silence, is what the officer draws a conclusion from, in words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.errors import InputError, StaleEdit, StateError
from wpound.core.particulars import Particulars
from wpound.core.plausibility import Flag, NotJudged
from wpound.core.working_days import BankHolidays, add_working_days
from wpound.services.access import Person, Policy
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.panel_gate import require_lead, require_opened
from wpound.services.question_bids import check_lot_plausibility, has_prices
from wpound.services.queue_mail import queue_mail
from wpound.services.reach_tender import hold_tender, reach_tender
from wpound.services.read_bids import catalogue_of, get_bid
from wpound.store.audit import append_event
from wpound.store.awards import list_people_of
from wpound.store.base import add
from wpound.store.bids import list_bids
from wpound.store.models.bids import Bid
from wpound.store.models.panel import BidQuestion
from wpound.store.models.tenders import Lot, Tender, TenderStage
from wpound.store.questions import get_question, list_tender_questions, next_question_number
from wpound.store.tenders import list_lots

LONGEST_QUESTION = 3000
LONGEST_CONCLUSION = 3000


@dataclass(frozen=True, slots=True)
class FlagRow:
    """What a rule asks about a bid, and whether that was put to the bidder."""

    flag: Flag
    bid_id: int
    lot: Lot
    is_asked: bool


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question with the name of its bidder."""

    question: BidQuestion
    bid_id: int
    bidder: str

    def is_open(self, today: date) -> bool:
        """Whether the bidder can still reply."""
        return self.question.reply is None and today <= self.question.reply_by_on


@dataclass(frozen=True, slots=True)
class Questions:
    """Everything asked of the bids of a tender; ``waits_for_prices`` where some rules cannot look yet."""

    tender: Tender
    today: date
    flags: Sequence[FlagRow]
    not_judged: Sequence[NotJudged]
    waits_for_prices: bool
    is_divided: bool
    bids: Sequence[tuple[int, str]]
    asked: Sequence[QuestionRow]


def get_questions(
    session: Session, person: Person, ocid: str, catalogue: Catalogue, clock: Clock = database_clock
) -> Questions:
    """The flags and the questions as the officer who leads sees them; raises StateError while bids are sealed."""
    tender = reach_tender(session, person, ocid, Policy.OFFICER)
    require_opened(person, tender)
    require_lead(session, person, tender)
    asked = list_tender_questions(session, tender_id=tender.id)
    lots = list_lots(session, tender_id=tender.id)
    flags, bids = list[FlagRow](), list[Bid]()
    unknown = list[NotJudged]()
    catalogue = catalogue_of(session, tender, catalogue)
    for lot in lots:
        of_lot = list_bids(session, lot_id=lot.id)
        found = check_lot_plausibility(session, tender, lot, catalogue)
        flags += [_flag_row(flag, lot, of_lot, asked) for flag in found.flags]
        unknown += found.not_judged
        bids += of_lot
    return Questions(
        tender=tender,
        today=day_of(clock(session)),
        flags=flags,
        not_judged=unknown,
        waits_for_prices=not has_prices(tender, bids),
        is_divided=len(lots) > 1,
        bids=[(bid.id, bid.bidder) for bid in bids],
        asked=[QuestionRow(question, bid.id, bid.bidder) for question, bid in asked],
    )


def get_bidder(session: Session, person: Person, ocid: str, bid_id: int) -> tuple[Tender, Bid]:
    """The bid a question is to be about, for the officer who leads; raises NotFound for one of another tender."""
    tender = reach_tender(session, person, ocid, Policy.OFFICER)
    bid = get_bid(session, tender, bid_id)
    require_opened(person, tender)
    require_lead(session, person, tender)
    return tender, bid


def get_asked(
    session: Session, person: Person, ocid: str, question_id: int, clock: Clock = database_clock
) -> tuple[Tender, QuestionRow, date]:
    """One question for the officer who leads, and today; raises NotFound for one of another tender."""
    tender = reach_tender(session, person, ocid, Policy.OFFICER)
    question, bid = get_question(session, question_id, tender_id=tender.id)
    require_lead(session, person, tender)
    return tender, QuestionRow(question, bid.id, bid.bidder), day_of(clock(session))


def ask_bidder(
    session: Session,
    person: Person,
    ocid: str,
    bid_id: int,
    *,
    question: str,
    rule: str | None,
    holidays: BankHolidays,
    base_url: str,
    clock: Clock = database_clock,
) -> tuple[BidQuestion, int]:
    """Put a question to a bidder by mail, with as many working days to reply as the tender gives.

    Gives the question and how many people were written to. Raises InputError without words, StateError outside
    evaluation, RuleError where the bank holidays are not known.
    """
    tender = hold_tender(session, person, ocid, Policy.OFFICER)
    bid = get_bid(session, tender, bid_id)
    require_opened(person, tender)
    require_lead(session, person, tender)
    if tender.stage is not TenderStage.EVALUATION:
        raise StateError("Questions to bidders are asked during evaluation.")
    if not 0 < len(question.strip()) <= LONGEST_QUESTION:
        raise InputError("question", f"Write the question, in at most {LONGEST_QUESTION:,} characters")
    now, days = clock(session), Particulars.from_dict(tender.particulars).reply_days
    asked = BidQuestion(
        bid_id=bid.id,
        number=next_question_number(session, bid_id=bid.id),
        rule=rule,
        question=question.strip(),
        asked_by=person.email,
        asked_at=now,
        reply_by_on=add_working_days(day_of(now), days, holidays),
    )
    told = _tell(session, tender, bid, add(session, asked), person, base_url)
    detail = {"number": asked.number, "rule": rule, "question": asked.question, "told": told}
    record_question(session, tender, asked, person, "bid.questioned", detail)
    return asked, told


def _tell(session: Session, tender: Tender, bid: Bid, asked: BidQuestion, person: Person, base_url: str) -> int:
    """Write a mail to each of the bidder's people: that there is a question, and not what it says."""
    facts = {
        "title": tender.title,
        "ocid": tender.ocid,
        "reply_by": asked.reply_by_on,
        "address": f"{base_url}/supplier/questions/{asked.id}",
    }
    people = list_people_of(session, supplier_id=bid.supplier_id)
    for address in people:
        queue_mail(session, address, "bid_question", facts, asked_by_id=person.user_id)
    return len(people)


def conclude_question(
    session: Session,
    person: Person,
    ocid: str,
    question_id: int,
    *,
    conclusion: str,
    version: int,
    clock: Clock = database_clock,
) -> BidQuestion:
    """Say, once, what follows from a reply, or from there being none when the day to reply has passed.

    Raises StateError while the bidder can still reply and where it was concluded before, StaleEdit where the reply
    came in meanwhile, InputError without words.
    """
    tender = hold_tender(session, person, ocid, Policy.OFFICER)
    question, _ = get_question(session, question_id, tender_id=tender.id)
    require_lead(session, person, tender)
    if question.conclusion is not None:
        raise StateError("This question has its conclusion already.")
    if question.version != version:
        raise StaleEdit
    if question.reply is None and day_of(clock(session)) <= question.reply_by_on:
        raise StateError("The bidder can still reply, so it is too early for a conclusion.")
    if not 0 < len(conclusion.strip()) <= LONGEST_CONCLUSION:
        raise InputError("conclusion", f"Say what follows, in at most {LONGEST_CONCLUSION:,} characters")
    question.conclusion, question.concluded_by = conclusion.strip(), person.email
    record_question(session, tender, question, person, "bid.question_concluded", {"conclusion": question.conclusion})
    return question


def record_question(
    session: Session, tender: Tender, question: BidQuestion, person: Person, action: str, detail: Mapping[str, object]
) -> None:
    """Tell the audit trail what was done about a question."""
    session.flush()
    append_event(
        session,
        actor=person.email,
        action=action,
        object_kind="bid",
        object_id=question.bid_id,
        detail={"ocid": tender.ocid, "question_id": question.id, **detail},
    )


def _flag_row(flag: Flag, lot: Lot, bids: Sequence[Bid], asked: Sequence[tuple[BidQuestion, Bid]]) -> FlagRow:
    bid = next(bid for bid in bids if bid.bidder == flag.bidder)
    is_asked = any(one.rule == flag.code and about.id == bid.id for one, about in asked)
    return FlagRow(flag, bid.id, lot, is_asked)
