"""Which reminders a person gets."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.core.roles import Role
from wpound.services.access import ROLES, Person, Policy
from wpound.store.models.outbox import MailKind
from wpound.store.reminders import list_unwanted, set_choices

__all__ = ["REMINDERS", "MailKind", "ReminderChoice", "choose_reminders", "list_reminder_choices"]

# Whom a kind of reminder is for, and what it says; the sending is in ``send_reminders``.
REMINDERS: Mapping[MailKind, tuple[frozenset[Role], str]] = {
    MailKind.BIDS_TO_OPEN: (ROLES[Policy.OFFICER], "The deadline of a tender has passed and you can open its bids"),
    MailKind.RETURN_TO_VERIFY: (ROLES[Policy.CONTRACT_MANAGER], "A supplier has sent a return to verify"),
    MailKind.QUERY_ANSWERED: (ROLES[Policy.CONTRACT_MANAGER], "A supplier has answered a query about a return"),
    MailKind.CORRECTION_TO_DECIDE: (ROLES[Policy.CONTRACT_MANAGER], "A correction of a return waits for a decision"),
    MailKind.RETURN_MISSING: (frozenset({Role.CONTRACT_MANAGER}), "A return on a contract you look after is late"),
    MailKind.RETURN_ESCALATED: (ROLES[Policy.CONTRACT_MANAGER], "A return is 2 weeks late"),
    MailKind.RETURN_DUE: (ROLES[Policy.SUPPLIER], "A return on one of your contracts is due"),
    MailKind.RETURN_OVERDUE: (ROLES[Policy.SUPPLIER], "A return on one of your contracts is late"),
    MailKind.QUERY_TO_ANSWER: (ROLES[Policy.SUPPLIER], "A query about one of your returns is to be answered"),
}


@dataclass(frozen=True, slots=True)
class ReminderChoice:
    """A reminder a person's roles bring, in any of their organisations, and whether they want it."""

    kind: MailKind
    title: str
    wanted: bool


def list_reminder_choices(session: Session, person: Person) -> list[ReminderChoice]:
    """The reminders there are for a person; a kind they never chose about is sent."""
    held = {grant.role for grant in person.memberships}
    unwanted = list_unwanted(session, user_id=person.user_id)
    return [
        ReminderChoice(kind, title, kind not in unwanted) for kind, (roles, title) in REMINDERS.items() if held & roles
    ]


def choose_reminders(session: Session, person: Person, wanted: Collection[MailKind]) -> None:
    """Send a person those of their reminders that are wanted, and no others of them."""
    offered = [choice.kind for choice in list_reminder_choices(session, person)]
    set_choices(session, user_id=person.user_id, choices=[(kind, kind in wanted) for kind in offered])
