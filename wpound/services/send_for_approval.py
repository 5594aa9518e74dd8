"""Send a draft to a second officer, who alone can publish it."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, InputErrors, StateError
from wpound.core.method import Method
from wpound.core.particulars import Particulars
from wpound.core.valuing import CatalogueLike
from wpound.services.check_offer import check_method
from wpound.services.clock import Clock, database_clock, format_deadline
from wpound.store.audit import append_event
from wpound.store.engine import lock
from wpound.store.models.tenders import Tender, TenderStage


def send_for_approval(
    session: Session,
    tender: Tender,
    catalogue: CatalogueLike,
    *,
    deadline_at: datetime,
    as_of: date,
    actor: str,
    clock: Clock = database_clock,
) -> Tender:
    """Say that a draft is ready, with its deadline and the day whose values count.

    Raises StateError where the tender is no draft, or is with a second officer already, and InputErrors with
    everything that keeps it from being published.
    """
    tender = lock(session, Tender, tender.id)
    require_draft(tender)
    if tender.sent_for_approval_by is not None:
        raise StateError(f"{tender.sent_for_approval_by} has sent this draft for approval already.")
    now = clock(session)
    check_deadline(deadline_at, now)
    require_complete(tender, catalogue, as_of)
    tender.deadline_at, tender.as_of = deadline_at, as_of
    tender.sent_for_approval_by, tender.sent_for_approval_at = actor, now
    append_event(
        session,
        actor=actor,
        action="tender.sent_for_approval",
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": tender.ocid, "deadline_at": deadline_at.isoformat(), "as_of": as_of.isoformat()},
    )
    return tender


def take_back(session: Session, tender: Tender, *, reason: str, actor: str) -> Tender:
    """Let a draft be worked on again, with the reason: its officer took it back, or the second did not approve.

    Raises StateError where it is with nobody, InputError without a reason.
    """
    tender = lock(session, Tender, tender.id)
    require_draft(tender)
    if tender.sent_for_approval_by is None:
        raise StateError("This draft is not with a second officer, so it can be worked on as it is.")
    if not reason.strip():
        raise InputError("reason", "Say what is to be changed.")
    tender.sent_for_approval_by = tender.sent_for_approval_at = None
    append_event(
        session,
        actor=actor,
        action="tender.taken_back",
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": tender.ocid, "reason": reason.strip()},
    )
    return tender


def require_draft(tender: Tender) -> None:
    """Raise StateError unless the tender is a draft."""
    if tender.stage is not TenderStage.DRAFT:
        raise StateError(f"Only a draft can be published; this tender is at the stage '{tender.stage.value}'.")


def require_complete(tender: Tender, catalogue: CatalogueLike, as_of: date) -> tuple[Method, Particulars]:
    """The method and the particulars of a draft; raises InputErrors with everything that is missing or wrong."""
    method, particulars = Method.from_dict(tender.method or {}), Particulars.from_dict(tender.particulars)
    check_method(method, catalogue, as_of)
    problems = list(particulars.problems_before_publication())
    problems += [
        InputError(f"warning_reasons.{warning.code}", f"{warning.message} Say in writing why you go on.")
        for warning in particulars.unanswered_warnings(method)
    ]
    if problems:
        raise InputErrors(problems)
    return method, particulars


def check_deadline(deadline_at: datetime, now: datetime) -> None:
    """Raise InputError for a deadline without a time zone, or one that is not ahead of the clock."""
    if deadline_at.tzinfo is None:
        raise InputError("deadline_at", "Say in which time zone the deadline is.")
    if deadline_at <= now:
        raise InputError(
            "deadline_at",
            f"The deadline, {format_deadline(deadline_at)}, has passed already. Set one that is still to come.",
        )
