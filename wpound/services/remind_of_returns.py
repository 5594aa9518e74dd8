"""What suppliers and buyers are reminded of about returns, by the ladder of ``core.reporting``."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.reporting import Step, list_steps, step_reached
from wpound.core.roles import Role
from wpound.services.access import Person
from wpound.services.expect_reports import ExpectedReport, expect_reports
from wpound.services.list_buyer_work import looked_after
from wpound.services.reach_contract import life_of, measure_title
from wpound.services.reminder_window import Wanted, Window
from wpound.services.settled_dates import due_of
from wpound.store.contracts import get_contract_of
from wpound.store.models.outbox import MailKind
from wpound.store.return_work import LineRow, list_answered, list_proposed, list_queried
from wpound.store.workload import Whose

# More do not fit into a mail that is read.
MOST_ROWS = 50
TO_SEND = (Step.OPENED, Step.WEEK_BEFORE, Step.DUE)
LATE = (Step.OVERDUE, Step.ESCALATED)

Waiting = Iterator[tuple[MailKind, dict[str, Any]]]


def remind_supplier(session: Session, supplier_id: int, wanted: Wanted) -> Waiting:
    """The returns a supplier is to send, those that are late, and the queries it is to answer."""
    whose = Whose(supplier_id=supplier_id)
    reports = expect_reports(session, whose, wanted.window.today)
    for kind, steps in ((MailKind.RETURN_DUE, TO_SEND), (MailKind.RETURN_OVERDUE, LATE)):
        if told := [_report(report, wanted) for report in _pick(reports, steps, wanted.window_for(kind))]:
            yield kind, {"returns": told[:MOST_ROWS]}
    if window := wanted.window_for(MailKind.QUERY_TO_ANSWER):
        queried, _ = list_queried(session, whose, limit=MOST_ROWS)
        if told := _group(row for row in queried if _asks(row, window)):
            yield MailKind.QUERY_TO_ANSWER, {"queries": told}


def remind_buyer(session: Session, person: Person, wanted: Wanted, catalogue: Callable[[], Catalogue]) -> Waiting:
    """What the people who look after contracts are told of returns that were sent, and of those that were not."""
    whose = looked_after(person)
    if window := wanted.window_for(MailKind.QUERY_ANSWERED):
        answered, _ = list_answered(session, whose, limit=MOST_ROWS)
        if told := _group(row for row in answered if window.holds(row.since)):
            yield MailKind.QUERY_ANSWERED, {"lines": told}
    if window := wanted.window_for(MailKind.CORRECTION_TO_DECIDE):
        proposed, _ = list_proposed(session, whose, not_by=person.email, limit=MOST_ROWS)
        if told := _group(row for row in proposed if window.holds(row.since)):
            yield MailKind.CORRECTION_TO_DECIDE, {"lines": told}
    reports = expect_reports(session, whose, wanted.window.today)
    if any(grant.role is Role.CONTRACT_MANAGER for grant in person.current):
        missing = _pick(reports, (Step.OVERDUE,), wanted.window_for(MailKind.RETURN_MISSING))
        if told := [_report(report, wanted) for report in missing]:
            yield MailKind.RETURN_MISSING, {"returns": told[:MOST_ROWS]}
    late = _pick(reports, (Step.ESCALATED,), wanted.window_for(MailKind.RETURN_ESCALATED))
    if told := [_escalated(session, report, wanted, catalogue) for report in late[:MOST_ROWS]]:
        yield MailKind.RETURN_ESCALATED, {"returns": told}


def _pick(reports: Sequence[ExpectedReport], steps: Sequence[Step], window: Window | None) -> list[ExpectedReport]:
    """The reports that have come to one of these steps of the ladder, where its day is to be told."""
    if window is None:
        return []
    return [report for report in reports if _is_at(report, steps, window)]


def _is_at(report: ExpectedReport, steps: Sequence[Step], window: Window) -> bool:
    step = step_reached(report.due, window.today)
    return step is not None and step in steps and window.holds_day(list_steps(report.due)[step])


def _report(report: ExpectedReport, wanted: Wanted) -> dict[str, Any]:
    due, today = report.due, wanted.window.today
    return {
        "contract": report.contract.title,
        "supplier": report.contract.supplier,
        "period": due.period.format(),
        "due_on": due.due_on,
        "is_last_day": due.due_on == today,
    }


def _escalated(
    session: Session, report: ExpectedReport, wanted: Wanted, catalogue: Callable[[], Catalogue]
) -> dict[str, Any]:
    """The same with the remedies agreed for what was due in the quarter, and where to note that one is asked for."""
    contract = get_contract_of(session, report.contract.contract_id)
    due = [one for one in contract.commitments if due_of(one, life_of(contract), report.due.period)]
    remedies = [(measure_title(catalogue(), one.measure_code), one.remedy) for one in due if one.remedy]
    return _report(report, wanted) | {"contract_id": contract.id, "remedies": remedies}


def _asks(row: LineRow, window: Window) -> bool:
    """Whether a query, mailed when it was asked, is told: on the last day for the answer, and once that is over."""
    days = [row.reply_by + timedelta(days=number) for number in (0, 1)] if row.reply_by else []
    return window.is_of_all or any(window.holds_day(day) for day in days)


def _group(rows: Iterable[LineRow]) -> list[dict[str, Any]]:
    """The lines by return, and by the day to reply where they have one: what they are about is for those signed in."""
    counted = Counter((row.title, row.period, row.reply_by) for row in rows)
    return [
        {"contract": title, "period": period.format(), "reply_by": reply_by, "lines": lines}
        for (title, period, reply_by), lines in counted.items()
    ]
