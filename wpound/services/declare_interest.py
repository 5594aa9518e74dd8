"""Evaluators declare their interests before they read a word of any bid; an officer decides about those declared."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, StaleEdit, StateError
from wpound.services.access import Person, Policy
from wpound.services.clock import Clock, database_clock
from wpound.services.panel_gate import OPENED, find_active_seat, require_lead, require_opened
from wpound.services.reach_tender import hold_tender, reach_tender
from wpound.store.audit import append_event
from wpound.store.bids import list_tender_bids
from wpound.store.models.panel import PanelSeat
from wpound.store.models.tenders import Tender
from wpound.store.panel import get_seat

LONGEST_STATEMENT = 2000


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an evaluator is asked: the names of all bidders in order of the alphabet, tied to no bid."""

    tender: Tender
    bidders: list[str]
    seat: PanelSeat


def get_declaration(session: Session, person: Person, ocid: str) -> Declaration:
    """The declaration of this evaluator; raises StateError before the opening and for whoever has no seat."""
    tender = reach_tender(session, person, ocid, Policy.EVALUATOR)
    require_opened(person, tender)
    return Declaration(tender, list_bidders(session, tender), _own_seat(session, person, tender))


def has_to_declare(session: Session, person: Person, ocid: str) -> bool:
    """Whether an evaluator has a seat, the bids are open and nothing was declared yet."""
    tender = reach_tender(session, person, ocid, Policy.EVALUATOR)
    seat = find_active_seat(session, person, tender)
    return tender.stage in OPENED and seat is not None and seat.declared_at is None


def list_bidders(session: Session, tender: Tender) -> list[str]:
    """The names of those who bid, once each, in order of the alphabet."""
    return sorted({bid.bidder for bid in list_tender_bids(session, tender_id=tender.id)}, key=str.casefold)


def declare_interest(
    session: Session,
    person: Person,
    ocid: str,
    *,
    has_interest: bool,
    statement: str | None,
    clock: Clock = database_clock,
) -> PanelSeat:
    """Declare, once, whether there is an interest in any bidder, and which.

    Raises InputError for an interest without words, StateError where it was declared already, before the opening and
    for whoever has no seat.
    """
    tender = hold_tender(session, person, ocid, Policy.EVALUATOR)
    require_opened(person, tender)
    seat = _own_seat(session, person, tender)
    if seat.declared_at is not None:
        raise StateError("You declared your interests already. If something has changed, tell the officer who leads.")
    said = (statement or "").strip()
    if has_interest and not said:
        raise InputError("statement", "Say which bidder it is about and what the interest is")
    seat.declared_at, seat.has_interest, seat.statement = clock(session), has_interest, said or None
    _record(session, tender, seat, person, "interest.declared", {"has_interest": has_interest})
    return seat


def decide_interest(
    session: Session, person: Person, ocid: str, seat_id: int, *, allowed: bool, because: str, version: int
) -> PanelSeat:
    """Let an evaluator with an interest go on, with what is done about it, or keep them out, with the reason.

    Raises StateError where nothing was declared to decide about, StaleEdit where the seat changed meanwhile,
    InputError without a reason.
    """
    tender = hold_tender(session, person, ocid, Policy.OFFICER)
    seat, _ = get_seat(session, seat_id, tender_id=tender.id)
    require_lead(session, person, tender)
    if seat.version != version:
        raise StaleEdit
    if not seat.has_interest:
        raise StateError("This evaluator has declared no interest, so there is nothing to decide.")
    if tender.moderation_locked_at is not None:
        raise StateError("The marks of this tender are locked, so its panel does not change any more.")
    if not because.strip():
        raise InputError("because", "Say why, and what is done so that the interest does no harm")
    seat.allowed, seat.decided_by, seat.decided_because = allowed, person.email, because.strip()
    _record(session, tender, seat, person, "interest.decided", {"allowed": allowed, "because": because.strip()})
    return seat


def _own_seat(session: Session, person: Person, tender: Tender) -> PanelSeat:
    seat = find_active_seat(session, person, tender)
    if seat is None:
        raise StateError("You have no seat on the panel of this tender, so there is nothing to declare.")
    return seat


def _record(
    session: Session, tender: Tender, seat: PanelSeat, person: Person, action: str, detail: dict[str, object]
) -> None:
    session.flush()
    append_event(
        session,
        actor=person.email,
        action=action,
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": tender.ocid, "seat": seat.id, **detail},
    )
