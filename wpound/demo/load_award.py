"""Awards a tender of the demonstration, step by step, at the dates its steps were taken."""

from datetime import date, datetime, time, timedelta
from typing import Any

from wpound.catalogue.loader import load_bank_holidays
from wpound.catalogue.model import Catalogue
from wpound.core.delivery import DueProfile
from wpound.core.due_dates import Settlement
from wpound.core.periods import Period
from wpound.demo.cast import APPROVER, OFFICER
from wpound.demo.suppliers import DemoSupplier, address_at, email_of
from wpound.services.award_contract import award_contract
from wpound.services.clock import LONDON, Clock, fixed_clock
from wpound.services.hand_over import list_promised, settle_promise
from wpound.services.issue_summaries import issue_summaries
from wpound.services.notify_award import notify_award
from wpound.services.recommend_award import Recommendation, approve_award, recommend_award

REASON = "Ranked first by the published method, with the strongest plan and promises that can be checked."
OWNER = "Contract manager (example)"
REMEDY = "A plan to catch up within a month; what is still missing at the end of the year is paid as a service credit."
# Days after the deadline.
RECOMMENDED, APPROVED, NOTICED, ENTERED = 21, 23, 24, 45


def award(
    session: Any, catalogue: Catalogue, stored: Any, lot: Any, winner: DemoSupplier, reference: str, life: Period
) -> Any:
    """Recommend, approve, tell the bidders, wait for the end of standstill, hand over and enter the contract."""
    deadline_on = stored.deadline_at.astimezone(LONDON).date()
    address = address_at(winner.invoice_postcode)
    recommendation = Recommendation(REASON, address, email_of(winner.name))
    made = recommend_award(
        session, lot, catalogue, recommendation, actor=OFFICER, clock=_clock(deadline_on, RECOMMENDED)
    )
    approved = _clock(deadline_on, APPROVED)
    approve_award(session, lot, catalogue, version=made.version, actor=APPROVER, clock=approved)
    issue_summaries(session, lot, catalogue, base_url="", actor=OFFICER, clock=approved)
    noticed_on = deadline_on + timedelta(days=NOTICED)
    notify_award(session, lot, noticed_on, load_bank_holidays(), actor=OFFICER, clock=_clock(deadline_on, NOTICED))
    for promised in list_promised(session, made):
        proof = catalogue.get_measure(promised.promise.measure_code).evidence[0]
        settlement = Settlement(OWNER, DueProfile.EVEN, (), proof, REMEDY)
        settle_promise(session, lot, promised.promise.id, settlement, version=promised.version, actor=OFFICER)
    entered = _clock(deadline_on, ENTERED)
    return award_contract(session, lot, catalogue, reference=reference, life=life, actor=OFFICER, clock=entered)


def _clock(deadline_on: date, days: int) -> Clock:
    return fixed_clock(datetime.combine(deadline_on + timedelta(days=days), time(12, tzinfo=LONDON)))
