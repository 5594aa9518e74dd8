"""A year's certificates of two buyers, by one worker process and by two, in the same run on one SQLite file.

Each buyer's year is a job of its own, as serial numbers of one buyer follow one another; a worker does its jobs one by
one. What a worker reads once is read before the clock starts.
"""

import multiprocessing
import statistics
import tempfile
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from wpound.catalogue.model import Head
from wpound.config import Settings
from wpound.core.delivery import ClaimState, VerificationLevel
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.core.valuing import ValueKind
from wpound.services.issue_batch import issue_batch
from wpound.services.queue_job import queue_job
from wpound.services.run_job import run_job
from wpound.store.base import add
from wpound.store.engine import create_engine_for, reading, upgrade, writing
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.jobs import Job, JobKind, JobState
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.models.suppliers import Supplier, SupplierSize

BUYERS, CERTIFICATES, ROUNDS = 2, 10, 3
CHECKED_AT = datetime(2025, 7, 20, 9, tzinfo=UTC)
CONTEXT = multiprocessing.get_context("spawn")


def fill(folder: Path) -> list[int]:
    """A database with two buyers whose contracts have verified returns, and a third to warm up with: their jobs."""
    engine = create_engine_for(f"sqlite:///{folder / 'wpound.sqlite'}")
    upgrade(engine)
    with writing(engine) as session:
        firm = add(session, Supplier(name="Firm", size=SupplierSize.UNKNOWN, source="bench", seen_on=date(2025, 4, 1)))
        jobs = [
            enter_buyer(session, firm.id, f"buyer-{number}", CERTIFICATES if number < BUYERS else 1)
            for number in range(2 * BUYERS)
        ]
    engine.dispose()
    return jobs


def enter_buyer(session: Any, supplier_id: int, key: str, contracts: int) -> int:
    """A buyer with so many contracts, and the job that certifies them."""
    buyer = add(session, Organisation(key=key, name=f"Council of {key}", is_public_body=True))
    for number in range(contracts):
        contract = add(session, contract_of(buyer.id, supplier_id, f"{key}-{number:02}"))
        add(session, return_of(contract))
    arguments = {"organisation": buyer.id, "year": 2025, "actor": "officer@example.org"}
    return queue_job(session, JobKind.ISSUE_CERTIFICATES, f"certificates-{key}", arguments).id


def contract_of(buyer_id: int, supplier_id: int, reference: str) -> Contract:
    """A contract of a year with one promise."""
    promise = Commitment(measure_code="local-jobs", head=Head.JOBS, quantity=Decimal(10), unit=Unit.FTE_YEAR)
    promise.value_kind = ValueKind.NONE
    return Contract(
        organisation_id=buyer_id,
        supplier_id=supplier_id,
        reference=reference,
        title=f"Work {reference}",
        contract_value=Money(100),
        start_on=date(2025, 4, 1),
        end_on=date(2026, 3, 31),
        commitments=[promise],
    )


def return_of(contract: Contract) -> SocialValueReturn:
    """A return with a line that was approved."""
    claim = Claim(commitment_id=contract.commitments[0].id, claimed=Decimal(2), verified=Decimal(2))
    claim.state, claim.level = ClaimState.APPROVED, VerificationLevel.OFFICER_CHECKED
    claim.verified_at, claim.verified_by = CHECKED_AT, "officer"
    return SocialValueReturn(
        contract_id=contract.id,
        period_start_on=date(2025, 4, 1),
        period_end_on=date(2025, 6, 30),
        due_on=date(2025, 7, 28),
        status=ReturnStatus.SUBMITTED,
        submitted_at=CHECKED_AT,
        submitted_by="firm",
        claims=[claim],
    )


def work(folder: Path, warm_up: int, jobs: list[int], starting: Any, ending: Any) -> None:
    """What a worker does: one job before the clock starts, then its own."""
    engine = create_engine_for(f"sqlite:///{folder / 'wpound.sqlite'}")
    settings = Settings.from_environment({"WPOUND_DATA_DIR": str(folder)})
    handlers = {JobKind.ISSUE_CERTIFICATES: issue_batch}
    run_job(engine, settings, handlers, warm_up, 1)
    starting.wait()
    for number in jobs:
        run_job(engine, settings, handlers, number, 1)
    ending.wait()
    engine.dispose()


def issue(workers: int) -> float:
    """The seconds so many workers take for all buyers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jobs = fill(folder)
        starting, ending = (CONTEXT.Barrier(workers + 1) for _ in range(2))
        processes: list[SpawnProcess] = []
        for number in range(workers):
            own = jobs[number:BUYERS:workers]
            processes.append(CONTEXT.Process(target=work, args=(folder, jobs[BUYERS + number], own, starting, ending)))
            processes[-1].start()
        starting.wait()
        started = time.perf_counter()
        ending.wait()
        seconds = time.perf_counter() - started
        for process in processes:
            process.join()
        require_done(folder, jobs[:BUYERS])
    return seconds


def require_done(folder: Path, jobs: list[int]) -> None:
    """Stop where a year was not certified: what did not happen is not fast."""
    engine = create_engine_for(f"sqlite:///{folder / 'wpound.sqlite'}")
    with reading(engine) as session:
        found = [session.get_one(Job, number) for number in jobs]
        unfinished = [job.message for job in found if (job.state, job.progress_done) != (JobState.DONE, CERTIFICATES)]
    engine.dispose()
    if unfinished:
        raise RuntimeError(f"a year was not certified: {unfinished}")


def run() -> dict[str, Any]:
    """The median of interleaved rounds: how many times as much two workers do in a second."""
    one, two = [], []
    for _ in range(ROUNDS):
        one.append(issue(1))
        two.append(issue(2))
    alone, together = statistics.median(one), statistics.median(two)
    return {
        "title": f"{BUYERS * CERTIFICATES} certificates by two workers, {together * 1000:.0f} ms",
        "yardstick": f"one worker, {alone * 1000:.0f} ms",
        "ratio": alone / together,
        "goal": "at least 1.9 on two free cores",
    }
