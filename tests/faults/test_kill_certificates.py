"""A worker killed in the middle of a year's certificates: each contract gets one, and no number is skipped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text

from wpound.catalogue.model import Head
from wpound.config import Settings
from wpound.core.delivery import ClaimState, VerificationLevel
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.core.valuing import ValueKind
from wpound.services.queue_job import queue_job
from wpound.services.verify_certificate import Outcome, verify_by_file
from wpound.store.base import add
from wpound.store.engine import create_engine_for, reading, upgrade, writing
from wpound.store.file_folder import get_file_content
from wpound.store.models.certificates import Certificate
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.jobs import Job, JobKind, JobState
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.models.suppliers import Supplier, SupplierSize

CONTRACTS = 12
# The worker dies when so many certificates are there.
KILLED_AT = (2, 5, 9)
GIVEN_UP_AFTER = 180
BATCH = select(Job).where(Job.kind == JobKind.ISSUE_CERTIFICATES)
CHECKED_AT = datetime(2025, 7, 20, 9, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A council with contracts, each with a verified return, and a year of certificates asked for."""
    made = create_engine_for(f"sqlite:///{tmp_path / 'wpound.sqlite'}")
    upgrade(made)
    with writing(made) as session:
        council = add(session, Organisation(key="council", name="Example council", is_public_body=True))
        firm = add(
            session,
            Supplier(name="Joinery", size=SupplierSize.UNKNOWN, source="test", seen_on=date(2025, 4, 1)),
        )
        for number in range(CONTRACTS):
            contract = add(session, contract_of(council, firm, f"C-{number:02d}"))
            add(session, return_of(contract))
        arguments = {"organisation": council.id, "year": 2025, "actor": "officer@example.org"}
        queue_job(session, JobKind.ISSUE_CERTIFICATES, "certificates-2025", arguments)
    yield made
    made.dispose()


def contract_of(council: Organisation, firm: Supplier, reference: str) -> Contract:
    promise = Commitment(
        measure_code="local-jobs",
        head=Head.JOBS,
        quantity=Decimal(10),
        unit=Unit.FTE_YEAR,
        value_kind=ValueKind.NONE,
    )
    return Contract(
        organisation_id=council.id,
        supplier_id=firm.id,
        reference=reference,
        title=f"Work {reference}",
        contract_value=Money(100),
        start_on=date(2025, 4, 1),
        end_on=date(2026, 3, 31),
        commitments=[promise],
    )


def return_of(contract: Contract) -> SocialValueReturn:
    claim = Claim(
        commitment_id=contract.commitments[0].id,
        claimed=Decimal(2),
        state=ClaimState.APPROVED,
        verified=Decimal(2),
        level=VerificationLevel.OFFICER_CHECKED,
        verified_at=CHECKED_AT,
        verified_by="officer",
    )
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


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``wpound worker`` in a process of its own, gone at the end whatever happens."""
    environment = {**os.environ, "WPOUND_DATA_DIR": str(folder)}
    with (folder / "worker.log").open("ab") as log:
        command = [sys.executable, "-c", "from wpound.cli import main; main()", "worker"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def count(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(Certificate)) or 0


def wait_until(engine: Engine, process: subprocess.Popen[bytes], issued: int) -> None:
    end = time.monotonic() + GIVEN_UP_AFTER
    while count(engine) < issued:
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < end, f"{count(engine)} certificates are there"
        time.sleep(0.005)


def wait_for_end(engine: Engine) -> Job:
    end = time.monotonic() + GIVEN_UP_AFTER
    while True:
        with reading(engine) as session:
            job = session.scalars(BATCH).one()
        if job.state in (JobState.DONE, JobState.FAILED):
            return job
        assert time.monotonic() < end, job.state
        time.sleep(0.05)


def test_killed_again_and_again_every_contract_has_one_certificate_and_no_number_is_skipped(
    engine: Engine, tmp_path: Path
) -> None:
    for issued in KILLED_AT:
        with worker(tmp_path) as process:
            wait_until(engine, process, issued)
            process.send_signal(signal.SIGKILL)
            process.wait()
        with reading(engine) as session:
            job = session.scalars(BATCH).one()
        # Progress and certificate are one transaction: whoever looks sees as many as there are.
        assert (job.progress_done, job.progress_total) == (count(engine), CONTRACTS)
        assert issued <= count(engine) < CONTRACTS, "the kill came after the work"
    with worker(tmp_path):
        job = wait_for_end(engine)

    assert (job.state, job.progress_done) == (JobState.DONE, CONTRACTS)
    with reading(engine) as session:
        issued = list(session.scalars(select(Certificate).order_by(Certificate.number)))
        assert [one.number for one in issued] == list(range(1, CONTRACTS + 1))
        assert len({one.contract_id for one in issued}) == CONTRACTS
        settings = Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)})
        for one in issued[:: CONTRACTS - 1]:
            content = get_file_content(tmp_path / "files", one.pdf_sha256)
            assert verify_by_file(session, settings, content).outcome is Outcome.VALID
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
