"""Returns: claimed once, in the commitment's unit, and checked line by line by somebody else."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from wpound.core.bids import Commitment as Promise
from wpound.core.delivery import VerificationLevel as Level
from wpound.core.errors import InputErrors, StateError
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.core.quantities import Quantity, Unit
from wpound.services.clock import fixed_clock
from wpound.services.enter_contract import ContractTerms, enter_contract
from wpound.services.submit_return import NewClaim, submit_return
from wpound.services.verify_return import Finding, verify_return
from wpound.store.audit import list_events
from wpound.store.models.contracts import Contract
from wpound.store.models.returns import ReturnStatus, SocialValueReturn
from wpound.store.returns import list_returns, list_verified

QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30))
NEXT = Period(date(2026, 7, 1), date(2026, 9, 30))
LATER = fixed_clock(datetime(2026, 10, 20, 9, tzinfo=UTC))
CHECKED = Level.OFFICER_CHECKED


@pytest.fixture
def contract(buying: Any) -> Contract:
    """A contract with two commitments: 10 FTE-years and 20 tonnes."""
    terms = ContractTerms("C-1", "Grounds", Money(48_000_000), Period(date(2026, 4, 1), date(2028, 3, 31)))
    promises = [Promise("local-jobs", Decimal(10)), Promise("carbon-fleet", Decimal(20), 2026)]
    firm = buying.firms["Ash"]
    return enter_contract(buying.session, buying.buyer, firm, terms, promises, buying.catalogue, actor="officer")


def jobs(contract: Contract, amount: str = "1.25", unit: Unit = Unit.FTE_YEAR, **settings: Any) -> NewClaim:
    return NewClaim(contract.commitments[0].id, Quantity(Decimal(amount), unit), **settings)


def carbon(contract: Contract, amount: str = "2.5") -> NewClaim:
    return NewClaim(contract.commitments[1].id, Quantity(Decimal(amount), Unit.TCO2E))


def submit(buying: Any, contract: Contract, *claims: NewClaim, period: Period = QUARTER, clock: Any = LATER) -> Any:
    return submit_return(buying.session, contract, period, claims, actor="ash@firm.example", clock=clock)


def verify(buying: Any, submitted: SocialValueReturn, actor: str = "officer", **findings: Any) -> SocialValueReturn:
    found = {submitted.claims[int(place[1:])].id: Finding(Decimal(n), level) for place, (n, level) in findings.items()}
    return verify_return(buying.session, submitted, found, actor=actor, clock=LATER)


def refused(error: Any) -> set[str]:
    return {one.field for one in error.value.errors}


def test_a_return_keeps_what_was_claimed_and_verifies_nothing(buying: Any, contract: Contract) -> None:
    documented = jobs(contract, level=Level.DOCUMENTED, evidence="Payroll, June")
    submit(buying, contract, documented, carbon(contract, "0"))
    buying.session.expire_all()

    (stored,) = list_returns(buying.session, contract_id=contract.id)
    assert (stored.status, stored.submitted_by) == (ReturnStatus.SUBMITTED, "ash@firm.example")
    assert [(c.claimed, c.level, c.verified) for c in stored.claims] == [
        (Decimal("1.25"), "documented", None),
        (Decimal(0), "self_declared", None),
    ]
    assert list_verified(buying.session, organisation_ids=[buying.buyer.id], period=QUARTER) == {buying.buyer.id: []}


@pytest.mark.parametrize("period", [QUARTER, Period(date(2026, 6, 30), date(2026, 7, 31))])
def test_no_day_is_reported_twice(buying: Any, contract: Contract, period: Period) -> None:
    submit(buying, contract, jobs(contract))

    with pytest.raises(InputErrors, match="already a return for 1 April 2026 to 30 June 2026"):
        submit(buying, contract, jobs(contract), period=period)

    submit(buying, contract, jobs(contract), period=NEXT)
    assert len(list_returns(buying.session, contract_id=contract.id)) == 2


def test_a_period_is_over_and_inside_the_contract(buying: Any, contract: Contract) -> None:
    with pytest.raises(InputErrors, match="Report it when it is over"):
        submit(buying, contract, jobs(contract), clock=fixed_clock(datetime(2026, 6, 30, 22, tzinfo=UTC)))
    with pytest.raises(InputErrors, match="outside the contract"):
        submit(buying, contract, jobs(contract), period=Period(date(2026, 1, 1), date(2026, 3, 31)))
    # Half past eleven in the evening of 30 June in UTC is 1 July in London.
    assert submit(buying, contract, jobs(contract), clock=fixed_clock(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)))


def test_claims_that_cannot_be_are_refused_all_at_once(buying: Any, contract: Contract) -> None:
    unknown = NewClaim(999_999, Quantity(Decimal(1), Unit.WEEK))
    claims = [
        jobs(contract, unit=Unit.WEEK),
        jobs(contract),
        carbon(contract, "-1"),
        unknown,
    ]
    with pytest.raises(InputErrors) as error:
        submit(buying, contract, *claims)

    wrong = {"claims[0].claimed", "claims[1].commitment", "claims[2].claimed", "claims[3].commitment"}
    assert refused(error) == wrong
    assert list_returns(buying.session, contract_id=contract.id) == []


def test_a_commitment_of_another_contract_is_unknown_here(buying: Any, contract: Contract) -> None:
    terms = ContractTerms("C-2", "Cleaning", Money(1), Period(date(2026, 4, 1), date(2028, 3, 31)))
    promises = [Promise("local-jobs", Decimal(1))]
    args = (buying.firms["Birch"], terms, promises, buying.catalogue)
    other = enter_contract(buying.session, buying.buyer, *args, actor="officer")

    with pytest.raises(InputErrors, match="no commitment of the contract"):
        submit(buying, contract, jobs(other))


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"level": Level.OFFICER_CHECKED, "evidence": "Payroll"}, "claims[0].level"),
        ({"level": Level.DOCUMENTED}, "claims[0].evidence"),
    ],
)
def test_a_supplier_does_not_verify_itself(
    buying: Any, contract: Contract, settings: dict[str, Any], field: str
) -> None:
    with pytest.raises(InputErrors) as error:
        submit(buying, contract, jobs(contract, **settings))

    assert refused(error) == {field}


def test_an_empty_return_is_not_a_report_of_nothing(buying: Any, contract: Contract) -> None:
    with pytest.raises(InputErrors, match="claim 0"):
        submit(buying, contract)


def test_a_return_is_verified_once_every_line_is(buying: Any, contract: Contract) -> None:
    submitted = submit(buying, contract, jobs(contract), carbon(contract))

    checked = verify(buying, submitted, c0=("1", CHECKED))
    assert (checked.status, checked.verified_by) == (ReturnStatus.SUBMITTED, None)
    done = verify(buying, checked, "second", c1=("2.5", Level.THIRD_PARTY))

    assert (done.status, done.verified_by) == (ReturnStatus.VERIFIED, "second")
    assert [(c.verified, c.level, c.verified_by) for c in done.claims] == [
        (Decimal(1), "officer_checked", "officer"),
        (Decimal("2.5"), "third_party", "second"),
    ]
    found = list_verified(buying.session, organisation_ids=[buying.buyer.id], period=QUARTER)
    assert found == {buying.buyer.id: [("local-jobs", Decimal(1)), ("carbon-fleet", Decimal("2.5"))]}
    events = list_events(buying.session, object_kind="return", object_id=done.id)
    assert [event.action for event in events] == ["return.submitted", "return.checked", "return.verified"]
    with pytest.raises(StateError, match="'verified'"):
        verify(buying, done, "third", c1=("1", CHECKED))


@pytest.mark.parametrize("verified", ["1.26", "-0.01"])
def test_no_more_is_verified_than_was_claimed(buying: Any, contract: Contract, verified: str) -> None:
    submitted = submit(buying, contract, jobs(contract), carbon(contract))

    with pytest.raises(InputErrors, match=r"between 0 and what was claimed, 1\.25"):
        verify(buying, submitted, c0=(verified, CHECKED), c1=("1", CHECKED))

    (stored,) = list_returns(buying.session, contract_id=contract.id)
    assert [claim.verified for claim in stored.claims] == [None, None]


@pytest.mark.parametrize("level", [Level.SELF_DECLARED, Level.DOCUMENTED])
def test_what_nobody_checked_is_not_verified(buying: Any, contract: Contract, level: Level) -> None:
    submitted = submit(buying, contract, jobs(contract))

    with pytest.raises(InputErrors, match="Say who checked"):
        verify(buying, submitted, c0=("1", level))


@pytest.mark.parametrize("actor", ["ash@firm.example", " Ash@Firm.Example"])
def test_nobody_verifies_their_own_return(buying: Any, contract: Contract, actor: str) -> None:
    submitted = submit(buying, contract, jobs(contract))

    with pytest.raises(StateError, match="another person"):
        verify(buying, submitted, actor, c0=("1", CHECKED))


def test_findings_are_on_claims_of_the_return_and_made_once(buying: Any, contract: Contract) -> None:
    submitted = submit(buying, contract, jobs(contract), carbon(contract))
    verify(buying, submitted, c0=("1", CHECKED))

    with pytest.raises(InputErrors, match="verified already"):
        verify(buying, submitted, c0=("1.25", CHECKED))
    with pytest.raises(InputErrors, match="no such claim"):
        verify_return(buying.session, submitted, {999_999: Finding(Decimal(1), CHECKED)}, actor="officer", clock=LATER)
    with pytest.raises(InputErrors, match="at least one claim"):
        verify(buying, submitted)
