"""Every night the returns of the quarter that ended last are opened, once, whatever happens to the worker."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from wpound.catalogue.model import Head
from wpound.config import Settings
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.core.valuing import ValueKind
from wpound.services import open_returns as night
from wpound.services.open_return import open_due_returns
from wpound.services.run_job import run_job
from wpound.store.base import add
from wpound.store.engine import reading, writing
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.jobs import Job, JobKind, JobState
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import SocialValueReturn
from wpound.store.models.suppliers import Supplier, SupplierSize

HANDLERS = {JobKind.OPEN_RETURNS: night.open_returns}
LIVES = {
    "A": (date(2025, 4, 1), date(2027, 3, 31)),
    "B": (date(2026, 3, 31), date(2026, 12, 31)),
    "ended": (date(2024, 1, 1), date(2025, 12, 31)),
    "not begun": (date(2026, 4, 1), date(2026, 12, 31)),
}


@pytest.fixture
def contracts(engine: Engine) -> None:
    """Contracts of which two ran in the first quarter of 2026, and one that did but promises nothing."""
    with writing(engine) as session:
        council = add(session, Organisation(key="council", name="Example Council", is_public_body=True))
        seen = {"size": SupplierSize.SMALL, "source": "test", "seen_on": date(2026, 1, 1)}
        firm = add(session, Supplier(name="Green Ltd", identifier="GB-COH-01234567", **seen))
        for reference, life in LIVES.items():
            add(session, contract_of(council.id, firm.id, reference, life, [promise()]))
        add(session, contract_of(council.id, firm.id, "empty", LIVES["A"], []))


def contract_of(buyer: int, firm: int, reference: str, life: tuple[date, date], promises: list[Any]) -> Contract:
    return Contract(
        organisation_id=buyer,
        supplier_id=firm,
        reference=reference,
        title=reference,
        contract_value=Money(100),
        start_on=life[0],
        end_on=life[1],
        commitments=promises,
    )


def promise() -> Commitment:
    counted = {"quantity": Decimal(8), "unit": Unit.FTE_YEAR, "value_kind": ValueKind.NONE}
    return Commitment(measure_code="local-jobs", head=Head.JOBS, **counted)


def opened(engine: Engine) -> list[tuple[str, date, date]]:
    with reading(engine) as session:
        wanted = select(Contract.reference, SocialValueReturn.period_start_on, SocialValueReturn.due_on)
        return sorted(tuple(row) for row in session.execute(wanted.join(SocialValueReturn)))


def test_every_contract_that_ran_in_the_quarter_has_one_return_however_often_the_night_comes(
    engine: Engine, settings: Settings, queue: Callable[..., Job], look: Callable[..., Job], contracts: None
) -> None:
    for night_of in ("returns-2026-06-01", "returns-2026-06-02"):
        job = queue(night_of, JobKind.OPEN_RETURNS)
        run_job(engine, settings, HANDLERS, job.id, job.attempt)
        assert look(night_of).state is JobState.DONE
        due = (date(2026, 1, 1), date(2026, 4, 28))
        assert opened(engine) == [("A", *due), ("B", *due)]


def test_a_worker_that_dies_in_the_middle_leaves_whole_returns_and_the_next_goes_on(
    engine: Engine,
    settings: Settings,
    queue: Callable[..., Job],
    look: Callable[..., Job],
    contracts: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Killed(BaseException):
        """As a signal: nothing catches it."""

    def die_at_the_second(session: Session, contract_ids: Iterable[int], today: date) -> int:
        made = open_due_returns(session, contract_ids, today)
        if opened(engine):
            raise Killed
        return made

    job = queue("returns-2026-06-01", JobKind.OPEN_RETURNS)
    monkeypatch.setattr(night, "AT_ONCE", 1)
    with monkeypatch.context() as dying, pytest.raises(Killed):
        dying.setattr(night, "open_due_returns", die_at_the_second)
        run_job(engine, settings, HANDLERS, job.id, job.attempt)
    assert [reference for reference, *_ in opened(engine)] == ["A"]

    run_job(engine, settings, HANDLERS, job.id, job.attempt)

    assert look("returns-2026-06-01").state is JobState.DONE
    assert [reference for reference, *_ in opened(engine)] == ["A", "B"]
