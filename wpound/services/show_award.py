"""What an officer reads of an award: who is to win, which steps are done, and what comes next."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from wpound.core.errors import StateError
from wpound.services.access import Person
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.end_lot import find_ending
from wpound.services.find_lot import FoundLot
from wpound.services.hand_over import Promised, list_promised
from wpound.services.recommend_award import require_second_officer
from wpound.services.redact_reasons import list_redactable
from wpound.store.awards import find_award, list_redactions
from wpound.store.bids import list_bids
from wpound.store.evaluations import find_evaluation
from wpound.store.models.awards import Award, Redaction
from wpound.store.models.bids import Bid
from wpound.store.models.contracts import Contract
from wpound.store.models.evaluations import Evaluation


@dataclass(frozen=True, slots=True)
class AwardPage:
    """Where the award of a lot stands.

    ``leader`` is whom the latest evaluation ranks first alone, None before one or where several share the rank.
    ``cannot_approve`` says why the person who looks may not be the second officer, empty where they may.
    """

    found: FoundLot
    evaluation: Evaluation | None
    leader: Bid | None
    award: Award | None
    winner: Bid | None
    bids: tuple[Bid, ...]
    redactions: tuple[Redaction, ...]
    redactable: dict[str, str]
    promised: tuple[Promised, ...]
    contract: Contract | None
    ending: str | None
    cannot_approve: str
    today: date

    @property
    def unsettled(self) -> int:
        """How many promises still miss one of the four things of the hand-over."""
        return sum(bool(one.missing) for one in self.promised)

    @property
    def takes_notice(self) -> bool:
        """Whether the day of the award notice is what is entered next."""
        is_issued = self.award is not None and self.award.summaries_issued_at is not None
        return is_issued and self.noticed_on is None and self.ending is None

    @property
    def noticed_on(self) -> date | None:
        """The day of the award notice, None before it is on record."""
        return self.award.noticed_on if self.award else None

    @property
    def is_standstill_over(self) -> bool:
        """Whether the last day of standstill lies in the past."""
        ends_on = self.award.standstill_ends_on if self.award else None
        return ends_on is not None and self.today > ends_on


def show_award(session: Session, found: FoundLot, person: Person, clock: Clock = database_clock) -> AwardPage:
    """Where the award of a lot stands, for a person who may look at it; changes nothing."""
    award = find_award(session, lot_id=found.lot.id)
    evaluation = find_evaluation(session, lot_id=found.lot.id)
    bids = list_bids(session, lot_id=found.lot.id) if evaluation else []
    by_id = {bid.id: bid for bid in bids}
    first = [bid.bid_id for bid in evaluation.bids if bid.rank == 1] if evaluation else []
    return AwardPage(
        found=found,
        evaluation=evaluation,
        leader=by_id[first[0]] if len(first) == 1 else None,
        award=award,
        winner=by_id[award.bid_id] if award else None,
        bids=tuple(by_id[one.bid_id] for one in evaluation.bids) if evaluation else (),
        redactions=tuple(list_redactions(session, award_id=award.id)) if award else (),
        redactable=list_redactable(found.tender) if award else {},
        promised=tuple(list_promised(session, award)) if award else (),
        contract=session.get(Contract, award.contract_id) if award and award.contract_id else None,
        ending=find_ending(session, found.lot),
        cannot_approve=_cannot_approve(session, found, award, person),
        today=day_of(clock(session)),
    )


def _cannot_approve(session: Session, found: FoundLot, award: Award | None, person: Person) -> str:
    if award is None or award.approved_by is not None:
        return ""
    try:
        require_second_officer(session, found.tender, award, person.email)
    except StateError as error:
        return error.message
    return ""
