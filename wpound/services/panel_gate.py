"""Who may read the bids of a tender and who may mark them: decided by the seats of its panel, and nowhere else.

Bids are read by nobody before they are opened, by evaluators once they have declared their interests, and by the
officers who lead, who are not on the panel themselves (threat T3: nobody approves what they marked). Whoever belongs to
a bidder reads nothing and decides nothing.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.core.errors import StateError
from wpound.core.particulars import Particulars
from wpound.logs import get_logger
from wpound.services.access import Person, Policy, Target, decide
from wpound.store.models.accounts import User
from wpound.store.models.bids import Bid
from wpound.store.models.panel import PanelSeat
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.panel import find_seat, list_seats
from wpound.store.sealed_bids import has_bid_of

OPENED = frozenset({TenderStage.EVALUATION, TenderStage.AWARDED})

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may read the bids: an evaluator with their ``seat``, or an officer who leads and has none.

    Evaluators read no name where the tender hides names.
    """

    seat: PanelSeat | None
    hides_names: bool

    @property
    def leads(self) -> bool:
        """Whether this is an officer who leads the evaluation."""
        return self.seat is None

    def name_of(self, bid: Bid) -> str:
        """What the bid is called for this reader."""
        return bid.alias if self.hides_names else bid.bidder


def shows_prices(tender: Tender) -> bool:
    """Whether a price may be shown to anybody: not before the marks are locked, in one envelope as in two."""
    return tender.moderation_locked_at is not None


def require_opened(person: Person, tender: Tender) -> None:
    """Raise StateError, and log it, where the bids of a tender are still sealed."""
    if tender.stage not in OPENED:
        log.warning("read of bids refused", tender=tender.id, user=person.user_id, stage=tender.stage.value)
        raise StateError("The bids of this tender are not open, so there is nothing to see here yet.")


def require_reader(session: Session, person: Person, tender: Tender) -> Reader:
    """How this person may read the bids; raises StateError where they are sealed or no interests were declared yet."""
    require_opened(person, tender)
    require_no_own_bid(session, person, tender)
    seat = find_active_seat(session, person, tender)
    if seat is None:
        _require_not_left(session, person, tender)
        decide(Policy.OFFICER, person, Target(tender.organisation_id, tender_id=tender.id))
        return Reader(None, False)
    return _reader(person, tender, seat)


def require_marker(session: Session, person: Person, tender: Tender) -> Reader:
    """An evaluator of this tender who may read and mark; raises StateError for anybody else."""
    require_opened(person, tender)
    require_no_own_bid(session, person, tender)
    seat = find_active_seat(session, person, tender)
    if seat is None:
        raise StateError("You have no seat on the panel of this tender, so you do not mark its bids.")
    return _reader(person, tender, seat)


def require_lead(session: Session, person: Person, tender: Tender) -> None:
    """Raise unless an officer who does not mark this tender asks: AccessDenied, NotFound or StateError."""
    decide(Policy.OFFICER, person, Target(tender.organisation_id, tender_id=tender.id))
    require_no_own_bid(session, person, tender)
    if find_active_seat(session, person, tender) is not None:
        raise StateError("You are on the panel of this tender, so another officer leads its evaluation and award.")
    _require_not_left(session, person, tender)


def require_moderator(session: Session, person: Person, tender: Tender) -> Reader:
    """An officer who leads, or the chair of the panel; raises StateError for the others of it.

    Raises as :func:`require_reader` does too.
    """
    reader = require_reader(session, person, tender)
    if reader.seat is not None and not reader.seat.is_chair:
        raise StateError("Marks are agreed by the officer who leads the evaluation or by the chair of the panel.")
    return reader


def require_no_own_bid(session: Session, person: Person, tender: Tender) -> None:
    """Raise StateError, and log it, for somebody who belongs to a firm that has bid, whomever they act for now."""
    elsewhere = {grant.organisation_id for grant in person.memberships} - {tender.organisation_id}
    if elsewhere and has_bid_of(session, tender_id=tender.id, organisation_ids=elsewhere):
        log.warning("part in evaluation refused", tender=tender.id, user=person.user_id, why="belongs to a bidder")
        raise StateError("You belong to a firm that has bid for this tender, so you take no part in deciding on it.")


def took_part(session: Session, person: Person, tender: Tender) -> bool:
    """Whether a person is on the panel, or was after they had declared their interests and could read bids."""
    seat = find_seat(session, tender_id=tender.id, user_id=person.user_id)
    return seat is not None and (seat.removed_at is None or seat.declared_at is not None)


def find_active_seat(session: Session, person: Person, tender: Tender) -> PanelSeat | None:
    """The seat a person has on the panel now, or None."""
    seat = find_seat(session, tender_id=tender.id, user_id=person.user_id)
    return None if seat is None or seat.removed_at is not None else seat


def is_cleared(seat: PanelSeat) -> bool:
    """Whether an evaluator may read bids: interests declared, and none that an officer has not allowed."""
    return seat.removed_at is None and seat.has_interest is not None and (not seat.has_interest or bool(seat.allowed))


def list_open_sheets(session: Session, tender: Tender) -> list[tuple[PanelSeat, User]]:
    """Evaluators who still mark; whoever was kept out for an interest, or has left, does not."""
    return [pair for pair in _list_active(session, tender) if pair[0].finished_at is None]


def list_finished_sheets(session: Session, tender: Tender) -> list[tuple[PanelSeat, User]]:
    """Evaluators whose sheets are finished."""
    return [pair for pair in _list_active(session, tender) if pair[0].finished_at is not None]


def _require_not_left(session: Session, person: Person, tender: Tender) -> None:
    """Whoever could leave the panel, look at prices and others' marks, and come back would mark with both in view."""
    if took_part(session, person, tender):
        raise StateError("You were on the panel of this tender, so another officer leads its evaluation and award.")


def _reader(person: Person, tender: Tender, seat: PanelSeat) -> Reader:
    if not is_cleared(seat):
        log.warning("read of bids refused", tender=tender.id, user=person.user_id, stage="interests not cleared")
        if seat.has_interest is None:
            raise StateError("Declare your interests first. You read no bid before that.")
        if seat.allowed is None:
            raise StateError("You declared an interest. You read no bid until an officer has decided about it.")
        raise StateError("Because of the interest you declared, you take no part in this evaluation.")
    return Reader(seat, Particulars.from_dict(tender.particulars).hide_names)


def _list_active(session: Session, tender: Tender) -> list[tuple[PanelSeat, User]]:
    seats = list_seats(session, tender_id=tender.id)
    return [(seat, user) for seat, user in seats if seat.removed_at is None and seat.allowed is not False]
