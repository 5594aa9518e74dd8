"""Seat the evaluators of a tender, and see how far each is; their marks are not shown here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, StateError
from wpound.core.roles import Role
from wpound.services.access import Person, Policy, is_same_person
from wpound.services.change_roles import grant_role, remove_role
from wpound.services.clock import Clock, database_clock
from wpound.services.panel_gate import OPENED, is_cleared, require_lead
from wpound.services.reach_tender import hold_tender, reach_tender
from wpound.services.read_bids import list_failed
from wpound.services.read_terms import marked_criteria
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.bids import list_tender_bids
from wpound.store.marks import list_own_marks
from wpound.store.memberships import list_members, list_memberships
from wpound.store.models.accounts import User
from wpound.store.models.organisations import Organisation
from wpound.store.models.panel import PanelSeat
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.panel import find_seat, get_seat, list_seats

FEWEST_EVALUATORS = 3


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A seat with its person, whether they may read bids, and how many of the marks wanted are complete."""

    seat: PanelSeat
    name: str
    email: str
    is_cleared: bool
    done: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel of a tender; ``candidates`` are colleagues who could be seated, name by number."""

    tender: Tender
    seats: Sequence[SeatRow]
    candidates: Mapping[int, str]
    is_opened: bool

    @property
    def is_small(self) -> bool:
        """Whether fewer than three evaluators mark, which guidance on evaluation advises against."""
        active = [row for row in self.seats if row.seat.removed_at is None and row.seat.allowed is not False]
        return len(active) < FEWEST_EVALUATORS


def get_panel(session: Session, person: Person, ocid: str) -> Panel:
    """The panel as the officer who leads sees it; no mark and no number of bids before the opening is in it."""
    tender = reach_tender(session, person, ocid, Policy.OFFICER)
    require_lead(session, person, tender)
    seats = list_seats(session, tender_id=tender.id)
    done, wanted = count_marks(session, tender, [user.email for _, user in seats])
    rows = [
        SeatRow(seat, user.name, user.email, is_cleared(seat), done.get(user.email, 0), wanted) for seat, user in seats
    ]
    return Panel(tender, rows, _candidates(session, tender, seats), tender.stage in OPENED)


def count_marks(session: Session, tender: Tender, emails: Sequence[str]) -> tuple[dict[str, int], int]:
    """How many complete marks each of these people has, and how many one sheet wants; nothing before the opening."""
    if tender.stage not in OPENED:
        return {}, 0
    bids, codes = list_tender_bids(session, tender_id=tender.id), {one.code for one in marked_criteria(tender)}
    marked = {bid.id for bid in bids} - list_failed(session, bids).keys()
    done: dict[str, int] = {}
    for mark in list_own_marks(session, tender_id=tender.id, marked_by=emails):
        if mark.bid_id in marked and mark.criterion in codes and mark.mark is not None and mark.reason:
            done[mark.marked_by] = done.get(mark.marked_by, 0) + 1
    return done, len(marked) * len(codes)


def seat_evaluator(session: Session, person: Person, ocid: str, user_id: int, *, is_chair: bool = False) -> PanelSeat:
    """Give a colleague a seat, and with it the role of an evaluator of this tender.

    Raises InputError for whoever cannot be seated, StateError where the marks are locked and as ``grant_role`` does.
    """
    tender = hold_tender(session, person, ocid, Policy.OFFICER)
    require_lead(session, person, tender)
    _require_changeable(tender)
    seats = list_seats(session, tender_id=tender.id)
    if user_id not in _candidates(session, tender, seats):
        raise InputError(
            "user",
            "Choose a colleague who is not on the panel and did not approve this tender. Officers are seated before "
            "the bids are opened, as they can read who bid afterwards",
        )
    if is_chair and any(seat.is_chair and seat.removed_at is None for seat, _ in seats):
        raise InputError("is_chair", "The panel has a chair already")
    user = session.get_one(User, user_id)
    if not _is_evaluator(session, user, tender):
        organisation = session.get_one(Organisation, tender.organisation_id)
        grant_role(session, user, organisation, Role.EVALUATOR, actor=person.email, tender_id=tender.id)
    seat = find_seat(session, tender_id=tender.id, user_id=user.id)
    if seat is None:
        seat = add(session, PanelSeat(tender_id=tender.id, user_id=user.id, seated_by=person.email, is_chair=is_chair))
    else:
        seat.removed_at, seat.is_chair, seat.seated_by = None, is_chair, person.email
    _record(session, tender, person, "panel.seated", {"person": user.email, "is_chair": is_chair})
    return seat


def get_seat_row(session: Session, person: Person, ocid: str, seat_id: int) -> tuple[Tender, SeatRow]:
    """One seat for the officer who leads; raises NotFound for any other."""
    tender = reach_tender(session, person, ocid, Policy.OFFICER)
    get_seat(session, seat_id, tender_id=tender.id)
    row = next(row for row in get_panel(session, person, ocid).seats if row.seat.id == seat_id)
    return tender, row


def leave_panel(
    session: Session, person: Person, ocid: str, seat_id: int, *, reason: str, clock: Clock = database_clock
) -> PanelSeat:
    """Take an evaluator off the panel, and their role with it; what they marked is kept and counts no more.

    Raises InputError without a reason, StateError where they have left already or the marks are locked.
    """
    tender = hold_tender(session, person, ocid, Policy.OFFICER)
    seat, user = get_seat(session, seat_id, tender_id=tender.id)
    require_lead(session, person, tender)
    _require_changeable(tender)
    if seat.removed_at is not None:
        raise StateError("This evaluator has left the panel already.")
    if not reason.strip():
        raise InputError("reason", "Say why this evaluator leaves the panel")
    seat.removed_at, seat.is_chair = clock(session), False
    organisation = session.get_one(Organisation, tender.organisation_id)
    for membership in list_memberships(session, user_id=user.id):
        if membership.role is Role.EVALUATOR and membership.tender_id == tender.id:
            remove_role(session, membership, organisation, actor=person.email)
    _record(session, tender, person, "panel.left", {"person": user.email, "reason": reason.strip()})
    return seat


def _candidates(session: Session, tender: Tender, seats: Sequence[tuple[PanelSeat, User]]) -> dict[int, str]:
    """Colleagues with a role in buying who are not seated and did not approve the tender for publication.

    Once bids are open no officer is among them: as one who could lead they may have read prices and names.
    """
    closed = {Role.ADMIN, Role.OFFICER} if tender.stage in OPENED else {Role.ADMIN}
    seated = {user.id for seat, user in seats if seat.removed_at is None}
    held: dict[int, set[Role]] = {}
    names: dict[int, str] = {}
    for member in list_members(session, organisation_id=tender.organisation_id):
        user = member.membership.user
        if member.membership.removed_at is None and user.active and not is_same_person(tender.approved_by, user.email):
            held.setdefault(user.id, set()).add(member.membership.role)
            names[user.id] = f"{user.name} ({user.email})"
    return {key: names[key] for key, roles in held.items() if not roles & closed and key not in seated}


def _is_evaluator(session: Session, user: User, tender: Tender) -> bool:
    held = list_memberships(session, user_id=user.id)
    return any(one.role is Role.EVALUATOR and one.tender_id == tender.id for one in held)


def _require_changeable(tender: Tender) -> None:
    if tender.stage in (TenderStage.DRAFT, TenderStage.AWARDED, TenderStage.CANCELLED):
        raise StateError(f"A panel is seated from publication on; this tender is at the stage '{tender.stage.value}'.")
    if tender.moderation_locked_at is not None:
        raise StateError("The marks of this tender are locked, so its panel does not change any more.")


def _record(session: Session, tender: Tender, person: Person, action: str, detail: dict[str, object]) -> None:
    session.flush()
    append_event(
        session,
        actor=person.email,
        action=action,
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": tender.ocid, **detail},
    )
