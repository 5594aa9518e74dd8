"""Remind people of what waits for them: once when it begins to wait, and of all of it on Mondays."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.config import Settings
from wpound.services.access import Person, Policy, find_person, organisation_of
from wpound.services.clock import format_moment
from wpound.services.list_buyer_work import list_buyer_returns
from wpound.services.open_catalogue import open_catalogue
from wpound.services.queue_mail import queue_mail
from wpound.services.remind_of_returns import MOST_ROWS, Waiting, remind_buyer, remind_supplier
from wpound.services.reminder_window import Wanted, Window, window_of
from wpound.services.run_job import Work
from wpound.store.engine import reading
from wpound.store.models.outbox import MailKind
from wpound.store.models.returns import ReturnStatus
from wpound.store.reminders import list_people_with_roles, list_unwanted
from wpound.store.workload import ReturnRow, TenderRow, find_supplier_id, list_tenders_to_open


@dataclass(frozen=True, slots=True)
class Reminder:
    """One mail to write; its template has the name of its kind."""

    to: str
    kind: MailKind
    facts: dict[str, Any]


def send_reminders(work: Work) -> None:
    """Write the reminders of the day the job names; the mails and the end of the job are one transaction."""
    window = window_of(date.fromisoformat(work.arguments["day"]))
    with reading(work.engine) as session:
        reminders = list(_list_reminders(session, window, work.settings))
    with work.completing(f"{len(reminders)} reminders written.") as session:
        for reminder in reminders:
            queue_mail(session, reminder.to, reminder.kind.value, reminder.facts, kind=reminder.kind)


def _list_reminders(session: Session, window: Window, settings: Settings) -> Iterator[Reminder]:
    base = settings.base_url
    links = {"base_url": base, "sign_in": f"{base}/", "choices": f"{base}/account/reminders"}
    # Measures have names in a few mails only.
    catalogue = cache(lambda: open_catalogue(settings))
    for user_id in list_people_with_roles(session):
        person, wanted = find_person(session, user_id), Wanted(window, list_unwanted(session, user_id=user_id))
        for acting in _in_each_organisation(person) if person else ():
            for kind, facts in _list_waiting(session, acting, wanted, catalogue):
                yield Reminder(acting.email, kind, facts | links | {"organisation": acting.organisation_name})


def _in_each_organisation(person: Person) -> list[Person]:
    """The person acting for each of their organisations in turn."""
    places = sorted({grant.organisation_id for grant in person.memberships})
    return [replace(person, organisation_id=organisation_id) for organisation_id in places]


def _list_waiting(session: Session, person: Person, wanted: Wanted, catalogue: Callable[[], Catalogue]) -> Waiting:
    """What waits for a person in the organisation they act for; nothing of what bids say is looked at."""
    if person.meets(Policy.OFFICER) and (window := wanted.window_for(MailKind.BIDS_TO_OPEN)):
        organisation_id = organisation_of(person)
        tenders, _ = list_tenders_to_open(session, organisation_id=organisation_id, now=window.until, limit=MOST_ROWS)
        if told := [_tender(row) for row in tenders if window.holds(row.deadline_at)]:
            yield MailKind.BIDS_TO_OPEN, {"tenders": told}
    if person.meets(Policy.CONTRACT_MANAGER):
        if window := wanted.window_for(MailKind.RETURN_TO_VERIFY):
            returns, _ = list_buyer_returns(session, person, ReturnStatus.SUBMITTED, MOST_ROWS)
            if told := [_return(row) for row in returns if window.holds(row.submitted_at)]:
                yield MailKind.RETURN_TO_VERIFY, {"returns": told}
        yield from remind_buyer(session, person, wanted, catalogue)
    if person.meets(Policy.SUPPLIER):
        supplier_id = find_supplier_id(session, organisation_id=organisation_of(person))
        if supplier_id is not None:
            yield from remind_supplier(session, supplier_id, wanted)


def _tender(row: TenderRow) -> dict[str, Any]:
    return {"title": row.title, "deadline": format_moment(row.deadline_at) if row.deadline_at else ""}


def _return(row: ReturnRow) -> dict[str, Any]:
    return {"contract": row.title, "period": row.period.format()}
