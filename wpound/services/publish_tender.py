"""Publish a tender: from here on its method, its catalogue and its day do not change."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, StateError
from wpound.core.method import Method
from wpound.core.valuing import CatalogueLike
from wpound.services.check_offer import check_method
from wpound.services.clock import Clock, database_clock, format_moment
from wpound.store.audit import append_event
from wpound.store.engine import lock
from wpound.store.models.tenders import Tender, TenderStage


def publish_tender(
    session: Session,
    tender: Tender,
    catalogue: CatalogueLike,
    *,
    deadline_at: datetime,
    as_of: date,
    actor: str,
    clock: Clock = database_clock,
) -> Tender:
    """Freeze the method with its hash, the catalogue's fingerprint and the day whose values count; open for bids.

    Raises StateError where the tender is no draft, InputError for a deadline that is not ahead of the clock, and
    InputErrors where the catalogue cannot count what the method asks for.
    """
    tender = lock(session, Tender, tender.id)
    if tender.stage is not TenderStage.DRAFT:
        raise StateError(f"Only a draft can be published; this tender is at the stage '{tender.stage.value}'.")
    _check_deadline(deadline_at, clock(session))
    method = Method.from_dict(tender.method or {})
    check_method(method, catalogue, as_of)
    tender.stage = TenderStage.PUBLISHED
    tender.method, tender.method_hash = method.to_dict(), method.method_hash
    tender.catalogue_fingerprint, tender.as_of, tender.deadline_at = catalogue.fingerprint, as_of, deadline_at
    append_event(
        session,
        actor=actor,
        action="tender.published",
        object_kind="tender",
        object_id=tender.id,
        detail={
            "ocid": tender.ocid,
            "deadline_at": deadline_at.isoformat(),
            "as_of": as_of.isoformat(),
            "method_hash": method.method_hash,
            "catalogue_fingerprint": catalogue.fingerprint,
        },
    )
    return tender


def _check_deadline(deadline_at: datetime, now: datetime) -> None:
    if deadline_at.tzinfo is None:
        raise InputError("deadline_at", "Say in which time zone the deadline is.")
    if deadline_at <= now:
        raise InputError(
            "deadline_at",
            f"The deadline, {format_moment(deadline_at)}, has passed already. Set one that is still to come.",
        )
