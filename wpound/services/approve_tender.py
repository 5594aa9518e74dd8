"""Two officers publish a tender: one sends it for approval, another approves what was shown, or sends it back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.errors import StateError
from wpound.services.access import Person, Policy, is_same_person
from wpound.services.clock import Clock, database_clock
from wpound.services.edit_tender import hold_draft
from wpound.services.keep_opening_key import list_possible_openers
from wpound.services.publish_tender import publish_tender
from wpound.services.reach_tender import hold_tender, reach_tender
from wpound.services.send_for_approval import send_for_approval, take_back
from wpound.store.base import require_version
from wpound.store.models.tenders import Tender


@dataclass(frozen=True, slots=True)
class PossibleOpener:
    """An officer who could open the bids."""

    user_id: int
    name: str
    email: str


def ask_approval(
    session: Session,
    person: Person,
    ocid: str,
    version: int,
    catalogue: Catalogue,
    *,
    deadline_at: datetime,
    as_of: date,
    clock: Clock = database_clock,
) -> Tender:
    """Send a draft to a second officer; raises NotFound, StaleEdit, and as :func:`send_for_approval` does."""
    tender = hold_draft(session, person, ocid, version)
    return send_for_approval(
        session, tender, catalogue, deadline_at=deadline_at, as_of=as_of, actor=person.email, clock=clock
    )


def send_back(session: Session, person: Person, ocid: str, version: int, *, reason: str) -> Tender:
    """Let a draft be worked on again: its officer takes it back, or the second does not approve.

    Raises NotFound, StaleEdit, and as :func:`take_back` does.
    """
    tender = hold_tender(session, person, ocid, Policy.OFFICER)
    require_version(tender, version)
    return take_back(session, tender, reason=reason, actor=person.email)


def approve_tender(
    session: Session,
    person: Person,
    ocid: str,
    version: int,
    catalogue: Catalogue,
    *,
    opener_ids: Collection[int],
    clock: Clock = database_clock,
) -> Tender:
    """Approve and publish the version that was shown, and no other.

    Raises NotFound, StaleEdit, and as :func:`publish_tender` does.
    """
    tender = hold_tender(session, person, ocid, Policy.OFFICER)
    require_version(tender, version)
    return publish_tender(session, tender, catalogue, opener_ids=opener_ids, actor=person.email, clock=clock)


def list_openers_to_choose(session: Session, person: Person, ocid: str) -> list[PossibleOpener]:
    """The officers who have an opening key, by name; raises NotFound for another organisation's tender."""
    tender = reach_tender(session, person, ocid, Policy.OFFICER)
    found = list_possible_openers(session, organisation_id=tender.organisation_id)
    return [PossibleOpener(user.id, user.name, user.email) for user, _ in found]


def require_approver(tender: Tender, person: Person) -> None:
    """Raise StateError unless the draft waits for approval by this person, who is not the one who sent it."""
    if tender.sent_for_approval_by is None or tender.approved_by is not None:
        raise StateError("This tender is not waiting for approval.")
    if is_same_person(tender.sent_for_approval_by, person.email):
        raise StateError("A tender is approved by another officer than the one who sent it for approval.")
