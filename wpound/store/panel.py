"""Who marks a tender: its seats, each with the person who holds it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from wpound.core.errors import NotFound
from wpound.store.models.accounts import User
from wpound.store.models.panel import PanelSeat


def list_seats(session: Session, *, tender_id: int) -> list[tuple[PanelSeat, User]]:
    """Every seat there was on a panel with its person, by name; those given up are among them."""
    wanted = select(PanelSeat, User).join(User, User.id == PanelSeat.user_id).where(PanelSeat.tender_id == tender_id)
    return [(seat, user) for seat, user in session.execute(wanted.order_by(User.name, User.id))]


def get_seat(session: Session, seat_id: int, *, tender_id: int) -> tuple[PanelSeat, User]:
    """A seat of a tender's panel with its person; raises NotFound for one of another tender."""
    for seat, user in list_seats(session, tender_id=tender_id):
        if seat.id == seat_id:
            return seat, user
    raise NotFound("There is no such seat on the panel of this tender.")


def find_seat(session: Session, *, tender_id: int, user_id: int) -> PanelSeat | None:
    """The seat a person has or had on a tender's panel, or None."""
    wanted = select(PanelSeat).where(PanelSeat.tender_id == tender_id, PanelSeat.user_id == user_id)
    return session.scalar(wanted)
