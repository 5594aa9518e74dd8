"""Open the return of a contract and a quarter that is over: one draft with a line for every promise, made once."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.core.errors import NotFound, StateError
from wpound.core.periods import Period, format_day, quarter_of, quarters
from wpound.core.reporting import DAYS_TO_REPORT
from wpound.services.access import Person
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.reach_contract import find_suppliers_contract, life_of
from wpound.services.show_delivery import Key, sum_delivered
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.contracts import get_contract_of
from wpound.store.engine import lock
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.returns import Claim, SocialValueReturn
from wpound.store.register import list_delivered
from wpound.store.returns import find_return, get_return, list_contracts_without_return

ACTOR = "reporting"
NOTHING = Decimal(0)


def open_return(
    session: Session, person: Person, contract_id: int, period_start_on: date, *, clock: Clock = database_clock
) -> SocialValueReturn:
    """The return of the supplier's contract for the quarter that begins on a day, made where there is none yet.

    Raises NotFound for another's contract or a day that begins no quarter of it, StateError while the quarter runs and
    where nothing is promised.
    """
    find_suppliers_contract(session, person, contract_id)
    return open_quarter(session, contract_id, period_start_on, actor=person.email, clock=clock)


def open_quarter(
    session: Session, contract_id: int, period_start_on: date, *, actor: str, clock: Clock = database_clock
) -> SocialValueReturn:
    """The same for any contract. However often it is asked for, there is one: the contract is held meanwhile.

    Raises NotFound for a quarter the contract does not have, StateError before it is over or where nothing is promised.
    """
    lock(session, Contract, contract_id)
    contract = get_contract_of(session, contract_id)
    period = next((one for one in quarters(life_of(contract)) if one.start_on == period_start_on), None)
    if period is None:
        raise NotFound("The contract has no such quarter.")
    existing = find_return(session, contract_id=contract_id, period=period)
    if existing is not None:
        return existing
    if period.end_on >= day_of(clock(session)):
        raise StateError(f"This quarter ends on {format_day(period.end_on)}. Report it when it is over.")
    made = _open(session, contract, period, actor)
    if made is None:
        raise StateError("Nothing is promised for this quarter, so there is nothing to report.")
    return made


def list_to_open(session: Session, today: date) -> list[int]:
    """The contracts that ran in the quarter that ended last and have no return for it, by number.

    Quarters before it stay for their supplier to open: a contract may have been entered here years after it began.
    """
    return list_contracts_without_return(session, period=quarter_before(today))


def open_due_returns(session: Session, contract_ids: Iterable[int], today: date) -> int:
    """Open the returns of these contracts for the quarter that ended last; gives how many were made.

    None is made where there is one by now, or where nothing is promised for that quarter.
    """
    period, made = quarter_before(today), 0
    # All are held before the first is written, which holds the audit chain: whoever sends a return of one waits for it.
    held = [lock(session, Contract, contract_id).id for contract_id in sorted(contract_ids)]
    for contract_id in held:
        contract = get_contract_of(session, contract_id)
        if find_return(session, contract_id=contract_id, period=period) is None:
            made += _open(session, contract, period, ACTOR) is not None
    return made


def quarter_before(today: date) -> Period:
    """The quarter that ended last."""
    return quarter_of(quarter_of(today).start_on - timedelta(days=1))


def _open(session: Session, contract: Contract, period: Period, actor: str) -> SocialValueReturn | None:
    """None where nothing is promised for the quarter."""
    commitments = _to_report(session, contract, period)
    if not commitments:
        return None
    made = add(
        session,
        SocialValueReturn(
            contract_id=contract.id,
            period_start_on=period.start_on,
            period_end_on=period.end_on,
            due_on=period.end_on + timedelta(days=DAYS_TO_REPORT),
            claims=[Claim(commitment_id=one.id, claimed=NOTHING) for one in commitments],
        ),
    )
    append_event(
        session,
        actor=actor,
        action="return.opened",
        object_kind="return",
        object_id=made.id,
        detail={"contract": contract.reference, "period": period.format(), "lines": len(commitments)},
    )
    return get_return(session, made.id)


def _to_report(session: Session, contract: Contract, period: Period) -> list[Commitment]:
    """The promises a return has a line for, in the order entered.

    Those in force; of those for one year the ones of the quarter's year, and of years before while they are not
    delivered in full. One that a change replaced lives on in the one that came for it, of the same measure and year.
    """
    sums = sum_delivered(list_delivered(session, [contract.id]))
    return [one for one in contract.commitments if _is_open(one, period, sums)]


def _is_open(commitment: Commitment, period: Period, sums: dict[Key, tuple[Decimal, Decimal, Decimal]]) -> bool:
    if commitment.year is None or commitment.year == period.start_on.year:
        return True
    if commitment.year > period.start_on.year:
        return False
    delivered = sums.get((commitment.contract_id, commitment.measure_code, commitment.year))
    _, waiting, verified = delivered or (NOTHING, NOTHING, NOTHING)
    return verified + waiting < commitment.quantity
