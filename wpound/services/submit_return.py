"""Take in what a supplier reports for a contract and a period."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from wpound.core.delivery import ClaimState, VerificationLevel
from wpound.core.errors import InputError, InputErrors
from wpound.core.periods import Period, format_day
from wpound.core.quantities import Quantity
from wpound.core.reporting import DAYS_TO_REPORT
from wpound.services.clock import Clock, database_clock, day_of
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.contracts import get_contract
from wpound.store.engine import lock
from wpound.store.models.contracts import Contract
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.returns import list_returns

# What a supplier can say of its own claim; anything stronger is for those who check it.
OWN_LEVELS = (VerificationLevel.SELF_DECLARED, VerificationLevel.DOCUMENTED)


@dataclass(frozen=True, slots=True)
class NewClaim:
    """What was delivered towards one commitment in the period; 0 says that nothing was, which is not "not reported"."""

    commitment_id: int
    claimed: Quantity
    level: VerificationLevel = VerificationLevel.SELF_DECLARED
    evidence: str | None = None


def submit_return(
    session: Session,
    contract: Contract,
    period: Period,
    claims: Sequence[NewClaim],
    *,
    actor: str,
    clock: Clock = database_clock,
) -> SocialValueReturn:
    """Store a return of a period that is over: one for each contract and period, and no day in two of them.

    Raises InputErrors with everything that is wrong; fields are ``period`` and ``claims[0].claimed`` and so on.
    """
    held = lock(session, Contract, contract.id)
    contract = get_contract(session, held.reference, organisation_id=held.organisation_id)
    now = clock(session)
    errors = [*_period_problems(session, contract, period, day_of(now)), *_claim_problems(contract, claims)]
    if errors:
        raise InputErrors(errors)
    submitted = add(
        session,
        SocialValueReturn(
            contract_id=contract.id,
            period_start_on=period.start_on,
            period_end_on=period.end_on,
            due_on=period.end_on + timedelta(days=DAYS_TO_REPORT),
            status=ReturnStatus.SUBMITTED,
            submitted_at=now,
            submitted_by=actor,
            claims=[_claim(claim) for claim in claims],
        ),
    )
    append_event(
        session,
        actor=actor,
        action="return.submitted",
        object_kind="return",
        object_id=submitted.id,
        detail={"contract": contract.reference, "period": period.format(), "claims": len(claims)},
    )
    return submitted


def _period_problems(session: Session, contract: Contract, period: Period, today: date) -> Iterator[InputError]:
    if period.end_on >= today:
        yield InputError("period", f"It ends on {format_day(period.end_on)}. Report it when it is over.")
    if period.end_on < contract.start_on or period.start_on > contract.end_on:
        life = Period(contract.start_on, contract.end_on).format()
        yield InputError("period", f"It lies outside the contract, which runs from {life}.")
    for other in list_returns(session, contract_id=contract.id):
        if other.period_start_on <= period.end_on and period.start_on <= other.period_end_on:
            told = Period(other.period_start_on, other.period_end_on).format()
            yield InputError("period", f"There is already a return for {told}; the same days cannot be reported twice.")


def _claim_problems(contract: Contract, claims: Sequence[NewClaim]) -> Iterator[InputError]:
    commitments = {commitment.id: commitment for commitment in contract.commitments}
    if not claims:
        yield InputError("claims", "Report on at least one commitment; where nothing was delivered, claim 0.")
    seen: set[int] = set()
    for i, claim in enumerate(claims):
        place, commitment = f"claims[{i}]", commitments.get(claim.commitment_id)
        if commitment is None:
            yield InputError(f"{place}.commitment", "This is no commitment of the contract.")
        elif claim.claimed.unit is not commitment.unit:
            wrong = f"This commitment is counted in {commitment.unit.label}, not in {claim.claimed.unit.label}."
            yield InputError(f"{place}.claimed", wrong)
        if claim.commitment_id in seen:
            yield InputError(f"{place}.commitment", "This commitment is claimed twice. Add the two claims up.")
        seen.add(claim.commitment_id)
        if claim.claimed.amount < 0:
            yield InputError(f"{place}.claimed", "A claim is not less than 0.")
        yield from _level_problems(claim, place)


def _level_problems(claim: NewClaim, place: str) -> Iterator[InputError]:
    if claim.level not in OWN_LEVELS:
        yield InputError(f"{place}.level", "Only those who check a claim can say that it was checked.")
    if claim.level is VerificationLevel.DOCUMENTED and not (claim.evidence or "").strip():
        yield InputError(f"{place}.evidence", "Name the documents that support this claim.")


def _claim(claim: NewClaim) -> Claim:
    return Claim(
        commitment_id=claim.commitment_id,
        state=ClaimState.SUBMITTED,
        amount=claim.claimed.amount,
        claimed=claim.claimed.amount,
        level=claim.level,
        narrative=claim.evidence,
    )
