"""Remind people of what waits for them: once when it begins to wait, and of all of it on Mondays."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from wpound.config import Settings
from wpound.services.access import Person, Policy, find_person, organisation_of
from wpound.services.clock import LONDON, format_moment
from wpound.services.expect_reports import ExpectedReport, expect_reports
from wpound.services.list_buyer_work import list_buyer_returns
from wpound.services.queue_mail import queue_mail
from wpound.services.run_job import Work
from wpound.store.engine import reading
from wpound.store.models.outbox import MailKind
from wpound.store.models.returns import ReturnStatus
from wpound.store.reminders import list_people_with_roles, list_unwanted
from wpound.store.workload import ReturnRow, TenderRow, find_supplier_id, list_contract_rows, list_tenders_to_open

MONDAY = 0
# When people start work.
REMINDERS_AT = time(7)
# More do not fit into a mail that is read.
MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class Window:
    """Which reminders are due on a day: of what waits at ``until``, all that began to at ``since`` or later."""

    today: date
    since: datetime
    until: datetime

    def holds(self, began_at: datetime | None) -> bool:
        """Whether what began to wait then is told."""
        return began_at is not None and self.since <= began_at < self.until


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


def window_of(today: date) -> Window:
    """On Mondays everything that waits; on any other day what is new since the morning before."""
    until = datetime.combine(today, REMINDERS_AT, LONDON).astimezone(UTC)
    since = datetime.min.replace(tzinfo=UTC) if today.weekday() == MONDAY else until - timedelta(days=1)
    return Window(today, since, until)


def _list_reminders(session: Session, window: Window, settings: Settings) -> Iterator[Reminder]:
    links = {"sign_in": f"{settings.base_url}/", "choices": f"{settings.base_url}/account/reminders"}
    for user_id in list_people_with_roles(session):
        person, unwanted = find_person(session, user_id), list_unwanted(session, user_id=user_id)
        for acting in _in_each_organisation(person) if person else ():
            for kind, facts in _list_waiting(session, acting, window):
                if kind not in unwanted:
                    yield Reminder(acting.email, kind, facts | links | {"organisation": acting.organisation_name})


def _in_each_organisation(person: Person) -> list[Person]:
    """The person acting for each of their organisations in turn."""
    places = sorted({grant.organisation_id for grant in person.memberships})
    return [replace(person, organisation_id=organisation_id) for organisation_id in places]


def _list_waiting(session: Session, person: Person, window: Window) -> Iterator[tuple[MailKind, dict[str, Any]]]:
    """What waits for a person in the organisation they act for; nothing of what bids say is looked at."""
    organisation_id = organisation_of(person)
    if person.meets(Policy.OFFICER):
        tenders, _ = list_tenders_to_open(session, organisation_id=organisation_id, now=window.until, limit=MOST_ROWS)
        if told := [_tender(row) for row in tenders if window.holds(row.deadline_at)]:
            yield MailKind.BIDS_TO_OPEN, {"tenders": told}
    if person.meets(Policy.CONTRACT_MANAGER):
        returns, _ = list_buyer_returns(session, person, ReturnStatus.SUBMITTED, MOST_ROWS)
        if told := [_return(row) for row in returns if window.holds(row.submitted_at)]:
            yield MailKind.RETURN_TO_VERIFY, {"returns": told}
    if person.meets(Policy.SUPPLIER):
        supplier_id = find_supplier_id(session, organisation_id=organisation_id)
        contracts = [] if supplier_id is None else list_contract_rows(session, supplier_id=supplier_id)
        if told := [_report(report) for report in expect_reports(contracts) if _is_told(report, window)]:
            yield MailKind.RETURN_DUE, {"returns": told}


def _is_told(report: ExpectedReport, window: Window) -> bool:
    opens_on = report.due.period.end_on + timedelta(days=1)
    return report.due.is_open(window.today) and window.holds(datetime.combine(opens_on, time(), LONDON))


def _tender(row: TenderRow) -> dict[str, Any]:
    return {"title": row.title, "deadline": format_moment(row.deadline_at) if row.deadline_at else ""}


def _return(row: ReturnRow) -> dict[str, Any]:
    return {"contract": row.title, "period": row.period.format()}


def _report(report: ExpectedReport) -> dict[str, Any]:
    due = report.due
    return {"contract": report.contract.title, "period": due.period.format(), "due_on": due.due_on}
