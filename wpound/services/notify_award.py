"""Put the day of the award notice on record, from which the standstill is counted."""

from datetime import date

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, RuleError, StateError
from wpound.core.periods import format_day
from wpound.core.working_days import BankHolidays, standstill_ends_on
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.end_lot import require_running
from wpound.services.recommend_award import get_award
from wpound.store.audit import append_event
from wpound.store.engine import lock
from wpound.store.models.awards import Award
from wpound.store.models.tenders import Lot, Tender


def notify_award(
    session: Session,
    lot: Lot,
    noticed_on: date,
    holidays: BankHolidays,
    *,
    actor: str,
    clock: Clock = database_clock,
) -> Award:
    """Say on which day the contract award notice was published; the standstill runs from the day after.

    The law asks for the assessment summaries first (s.50) and for eight working days of standstill (s.51). Raises
    StateError before the summaries are out or where the day is on record, InputError for a day before them, for one
    that is still to come and where the bank holidays are not known.
    """
    tender = lock(session, Tender, lot.tender_id)
    award = get_award(session, lot)
    require_running(session, lot)
    if award.summaries_issued_at is None:
        raise StateError("The assessment summaries go out before the award notice.")
    if award.noticed_on is not None:
        raise StateError(f"The notice of {format_day(award.noticed_on)} is on record already.")
    _check_day(noticed_on, day_of(award.summaries_issued_at), day_of(clock(session)))
    ends_on = _end_standstill(noticed_on, holidays)
    award.noticed_on, award.standstill_ends_on = noticed_on, ends_on
    session.flush()
    append_event(
        session,
        actor=actor,
        action="award.noticed",
        object_kind="tender",
        object_id=tender.id,
        detail={
            "ocid": tender.ocid,
            "lot": lot.number,
            "noticed_on": noticed_on.isoformat(),
            "standstill_ends_on": ends_on.isoformat(),
        },
    )
    return award


def _check_day(noticed_on: date, first: date, today: date) -> None:
    """Raise InputError for a day before the summaries went out, or one that is still to come."""
    if noticed_on < first:
        said = f"The notice cannot be older than the summaries, which went out on {format_day(first)}."
        raise InputError("noticed_on", said)
    if noticed_on > today:
        raise InputError("noticed_on", "This day is still to come. Enter it once the notice is published.")


def _end_standstill(noticed_on: date, holidays: BankHolidays) -> date:
    try:
        return standstill_ends_on(noticed_on, holidays)
    except RuleError as error:
        raise InputError("noticed_on", error.message) from None
