"""The contract of an award: all of the winner's promises with what was settled for them, or nothing at all."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from wpound.core.delivery import DueProfile
from wpound.core.due_dates import DueDate, Settlement
from wpound.core.errors import InputErrors, NotFound, StaleEdit, StateError
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.core.quantities import Unit
from wpound.services import award_contract as module
from wpound.services.hand_over import get_promised
from wpound.services.plan_delivery import plan_delivery
from wpound.store.audit import list_events, verify_chain
from wpound.store.contracts import get_contract
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.tenders import TenderStage

SETTLED = Settlement("Parks team", DueProfile.EVEN, (), "Payroll records", "Action plan")


def count(session: Any, table: Any) -> int:
    return int(session.scalar(select(func.count()).select_from(table)))


def test_the_winners_promises_become_commitments_with_values_and_what_was_settled(deciding: Any) -> None:
    deciding.noticed().enter()
    deciding.session.expire_all()

    buying = deciding.buying
    contract = get_contract(buying.session, "C-1", organisation_id=buying.buyer.id)
    assert (contract.supplier_id, contract.contract_value) == (buying.firms["Birch"].id, Money(50_000_000))
    assert (contract.ocid, contract.catalogue_fingerprint) == ("ocds-test-1", buying.catalogue.fingerprint)
    jobs, carbon = contract.commitments
    assert (jobs.measure_code, jobs.quantity, jobs.unit) == ("local-jobs", Decimal(10), Unit.FTE_YEAR)
    assert jobs.unit_value == buying.catalogue.get_measure("local-jobs").value_on(date(2026, 4, 1)).value
    assert (jobs.owner, jobs.due_profile, jobs.evidence, jobs.remedy) == (
        "Parks team",
        DueProfile.EVEN,
        "Payroll records",
        "Action plan in 10 days",
    )
    in_2026 = buying.catalogue.get_measure("carbon-fleet").value_on(date(2026, 12, 31))
    assert (carbon.year, carbon.unit_value, carbon.value_reference) == (2026, in_2026.value, in_2026.reference.title)


def test_an_award_is_made_once_and_told_in_the_audit_trail(deciding: Any) -> None:
    contract = deciding.noticed().enter()

    assert deciding.tender.stage is TenderStage.AWARDED
    assert deciding.award.contract_id == contract.id
    last = list_events(deciding.session, object_kind="tender", object_id=deciding.tender.id)[-1]
    told = {"ocid": "ocds-test-1", "lot": 1, "bidder": "Birch", "evaluation": 1, "contract": "C-1"}
    assert (last.action, last.detail) == ("tender.awarded", told)
    assert verify_chain(deciding.session) == []
    with pytest.raises(StateError, match="awarded once"):
        deciding.enter("C-2")


@pytest.mark.parametrize("breaks_at", ["append_event", "settle_tender", "record_contract"])
def test_a_failure_on_the_way_leaves_no_contract_at_all(
    deciding: Any, monkeypatch: pytest.MonkeyPatch, breaks_at: str
) -> None:
    deciding.noticed()
    whole = getattr(module, breaks_at)

    def fail(*args: Any, **details: Any) -> None:
        whole(*args, **details)
        raise OSError("the disk is full")

    monkeypatch.setattr(module, breaks_at, fail)
    with pytest.raises(OSError, match="disk"):
        deciding.enter()
    monkeypatch.undo()
    deciding.session.expire_all()

    assert (count(deciding.session, Contract), count(deciding.session, Commitment)) == (0, 0)
    assert list_events(deciding.session, object_kind="contract", object_id=1) == []
    assert (deciding.tender.stage, deciding.award.contract_id) == (TenderStage.EVALUATION, None)
    assert deciding.enter().reference == "C-1"
    assert count(deciding.session, Commitment) == 2


@pytest.mark.parametrize(
    ("name", "title"),
    [("owner", "owner"), ("due_profile", "due dates"), ("evidence", "evidence"), ("remedy", "remedy")],
)
def test_without_any_one_of_the_four_there_is_no_contract(deciding: Any, name: str, title: str) -> None:
    deciding.noticed()
    deciding.settle("carbon-fleet", replace(SETTLED, **{name: None}))
    with pytest.raises(InputErrors, match=f"carbon-fleet 2026: settle the {title}") as refused:
        deciding.enter()
    assert len(refused.value.errors) == 1
    assert count(deciding.session, Contract) == 0

    deciding.settle("carbon-fleet", SETTLED)
    assert deciding.enter().reference == "C-1"


def test_milestones_add_up_to_the_promise_and_lie_in_the_contract(deciding: Any) -> None:
    deciding.noticed()
    short = replace(SETTLED, due_profile=DueProfile.MILESTONES, milestones=(DueDate(date(2027, 1, 31), Decimal(9)),))
    with pytest.raises(InputErrors, match="add up to 9, but 10 was promised"):
        deciding.settle("local-jobs", short)
    early = (DueDate(date(2026, 6, 30), Decimal(4)), DueDate(date(2027, 1, 31), Decimal(6)))
    deciding.settle("local-jobs", replace(short, milestones=early))
    with pytest.raises(InputErrors, match="30 June 2026 is outside the contract"):
        deciding.enter()

    whole = (DueDate(date(2026, 9, 30), Decimal("4.5")), DueDate(date(2027, 1, 31), Decimal("5.5")))
    deciding.settle("local-jobs", replace(short, milestones=whole))
    contract = deciding.enter()
    assert contract.commitments[0].milestones == [due.to_dict() for due in whole]
    _, days = plan_delivery(deciding.session, deciding.lot, deciding.buying.catalogue)
    assert [day.on for day in days if "Local jobs" in day.title or "local" in day.title.lower()][:2] == [
        date(2026, 9, 30),
        date(2027, 1, 31),
    ]


def test_a_year_that_the_contract_does_not_touch_has_no_due_day(deciding: Any) -> None:
    """The promise for 2026 stays in the contract that starts in 2027; nothing is made up for it."""
    deciding.noticed().enter(life=Period(date(2027, 1, 1), date(2028, 12, 31)))
    _, days = plan_delivery(deciding.session, deciding.lot, deciding.buying.catalogue)
    returns = [day.on for day in days if day.title.endswith("return due")]
    assert {day.on.year for day in days if day.on not in returns} == {2027, 2028}
    assert (len(returns), returns[0], returns[-1]) == (8, date(2027, 4, 28), date(2029, 1, 28))


def test_nobody_enters_a_contract_before_the_standstill_is_over(deciding: Any) -> None:
    deciding.noticed()
    for moment in (datetime(2026, 4, 27, tzinfo=UTC), datetime(2026, 5, 7, 22, 59, tzinfo=UTC)):
        with pytest.raises(StateError, match="end of 7 May 2026"):
            deciding.enter(at=moment)
    # Midnight in London, which is an hour ahead.
    assert deciding.enter(at=datetime(2026, 5, 7, 23, 0, tzinfo=UTC)).reference == "C-1"


def test_each_step_needs_the_one_before(deciding: Any) -> None:
    with pytest.raises(StateError, match="Nobody has recommended"):
        deciding.enter()
    deciding.recommend()
    with pytest.raises(StateError, match="starts when a second officer has approved"):
        deciding.settle("local-jobs")
    with pytest.raises(StateError, match="second officer"):
        deciding.issue()
    deciding.approve()
    with pytest.raises(StateError, match="go out before the award notice"):
        deciding.notify()
    deciding.settle_all()
    with pytest.raises(StateError, match="neither has begun"):
        deciding.enter()


def test_marks_changed_after_scoring_hold_the_contract_up(deciding: Any) -> None:
    deciding.noticed().spoil_mark("Birch", "0")
    with pytest.raises(StateError, match="marks were changed since"):
        deciding.enter()


def test_a_colleague_who_was_faster_is_not_written_over(deciding: Any) -> None:
    deciding.recommend()
    deciding.approve()
    deciding.settle("local-jobs")
    with pytest.raises(StaleEdit):
        deciding.settle("local-jobs", replace(SETTLED, owner="Somebody else"), version=0)
    with pytest.raises(NotFound):
        get_promised(deciding.session, deciding.award, 4711)


def test_what_is_settled_stands_once_there_is_a_contract(deciding: Any) -> None:
    deciding.noticed().enter()
    with pytest.raises(StateError, match="contract already"):
        deciding.settle("local-jobs")
