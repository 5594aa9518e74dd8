"""An evaluated tender and two officers who bring its award to any step."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from wpound.catalogue.loader import load_bank_holidays
from wpound.core.delivery import DueProfile
from wpound.core.due_dates import Settlement
from wpound.core.periods import Period
from wpound.services.award_contract import award_contract
from wpound.services.clock import fixed_clock
from wpound.services.evaluate_bids import evaluate_bids
from wpound.services.find_lot import FoundLot, find_lot
from wpound.services.hand_over import list_promised, settle_promise
from wpound.services.issue_summaries import issue_summaries
from wpound.services.notify_award import notify_award
from wpound.services.recommend_award import Recommendation, approve_award, get_award, recommend_award
from wpound.store.bids import list_bids
from wpound.store.models.awards import Award
from wpound.store.models.contracts import Contract
from wpound.store.models.tenders import Tender

FIRST, SECOND = "ophelia@example.org", "otto@example.org"
LIFE = Period(date(2026, 7, 1), date(2028, 6, 30))
# A Thursday: the standstill of the notice of the day after runs over the early May bank holiday.
ISSUED_AT = datetime(2026, 4, 23, 10, tzinfo=UTC)
NOTICED_ON, STANDSTILL_ENDS_ON = date(2026, 4, 24), date(2026, 5, 7)
AFTER_STANDSTILL = datetime(2026, 5, 8, 9, tzinfo=UTC)
SETTLED = Settlement(
    owner="Parks team", due_profile=DueProfile.EVEN, evidence="Payroll records", remedy="Action plan in 10 days"
)


@dataclass(frozen=True)
class Deciding:
    """An evaluated tender; each step starts where the one before ended."""

    buying: Any
    tender: Tender

    @property
    def session(self) -> Any:
        return self.buying.session

    @property
    def lot(self) -> Any:
        return self.buying.lot(self.tender)

    @property
    def found(self) -> FoundLot:
        return find_lot(self.session, self.tender, 1)

    @property
    def award(self) -> Award:
        return get_award(self.session, self.lot)

    def recommend(self, actor: str = FIRST, **changes: str) -> Award:
        plain = {
            "reason": "First by 11 marks.",
            "winner_address": "1 Park Lane",
            "winner_email": "bids@birch.example",
        }
        told = Recommendation(**(plain | changes))
        return recommend_award(
            self.session, self.lot, self.buying.catalogue, told, actor=actor, clock=fixed_clock(ISSUED_AT)
        )

    def approve(self, actor: str = SECOND, version: int | None = None) -> Award:
        shown = self.award.version if version is None else version
        catalogue, clock = self.buying.catalogue, fixed_clock(ISSUED_AT)
        return approve_award(self.session, self.lot, catalogue, version=shown, actor=actor, clock=clock)

    def issue(self, at: datetime = ISSUED_AT) -> list[str]:
        return issue_summaries(
            self.session,
            self.lot,
            self.buying.catalogue,
            base_url="https://example.org",
            actor=FIRST,
            clock=fixed_clock(at),
        )

    def notify(self, day: date = NOTICED_ON, at: datetime = AFTER_STANDSTILL) -> Award:
        holidays = load_bank_holidays()
        return notify_award(self.session, self.lot, day, holidays, actor=FIRST, clock=fixed_clock(at))

    def settle(self, measure: str, settlement: Settlement = SETTLED, version: int | None = None) -> None:
        one = next(one for one in list_promised(self.session, self.award) if one.promise.measure_code == measure)
        shown = one.version if version is None else version
        settle_promise(self.session, self.lot, one.promise.id, settlement, version=shown, actor=FIRST)

    def settle_all(self) -> None:
        for one in list_promised(self.session, self.award):
            self.settle(one.promise.measure_code)

    def enter(self, reference: str = "C-1", at: datetime = AFTER_STANDSTILL, life: Period = LIFE) -> Contract:
        return award_contract(
            self.session,
            self.lot,
            self.buying.catalogue,
            reference=reference,
            life=life,
            actor=FIRST,
            clock=fixed_clock(at),
        )

    def noticed(self) -> "Deciding":
        """Recommended, approved, summaries out, notice on record and every promise settled."""
        self.recommend()
        self.approve()
        self.issue()
        self.notify()
        self.settle_all()
        return self

    def bid(self, bidder: str) -> Any:
        return next(bid for bid in list_bids(self.session, lot_id=self.lot.id) if bid.bidder == bidder)

    def spoil_mark(self, bidder: str, mark: str) -> None:
        """Change an agreed mark as nobody can by any page."""
        self.bid(bidder).marks[0].mark = Decimal(mark)
        self.session.flush()


@pytest.fixture
def deciding(buying: Any) -> Deciding:
    """A tender whose bids are scored: Birch is first."""
    tender = buying.marked()
    evaluate_bids(buying.session, buying.lot(tender), buying.catalogue, actor=FIRST)
    return Deciding(buying, tender)
