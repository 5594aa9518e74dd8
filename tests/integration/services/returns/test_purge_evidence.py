"""What may be kept no longer goes: files and references, at their time, while rows, hashes and roots stay."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from wpound.core.errors import NotFound
from wpound.services import hand_on_jobs
from wpound.services import purge_evidence as purging
from wpound.services.check_file import check_file
from wpound.services.keep_evidence import add_evidence, evidence_root, open_own_evidence
from wpound.services.purge_evidence import purge_evidence
from wpound.services.queue_job import queue_job
from wpound.services.run_job import run_job
from wpound.store.audit import list_events, verify_chain
from wpound.store.engine import reading, writing
from wpound.store.models.contracts import Contract
from wpound.store.models.evidence import Evidence
from wpound.store.models.jobs import Job, JobKind, JobState
from wpound.store.models.returns import ClaimEntry
from wpound.store.waiting_files import put_waiting

PAYROLL, LEASE = b"number,hours\n1,35\n", b"vehicle,leased\n7,yes\n"
CALLED = {sha256(PAYROLL).hexdigest(): "payroll.csv", sha256(LEASE).hexdigest(): "lease.csv"}
# The contract ends on 31 March 2028; these are the first days on which each class may be kept no longer.
PERSONAL_ENDS, RECORD_ENDS = date(2031, 4, 1), date(2034, 4, 1)


@dataclass
class Archive:
    """A sent return of a contract in the database, with a file of either class, and one that another return has too."""

    engine: Engine
    reporting: Any
    return_id: int

    @property
    def folder(self) -> Path:
        folder: Path = self.reporting.settings.data_dir / "evidence"
        return folder

    @property
    def kept(self) -> int:
        """How many files lie in the folder."""
        return sum(path.is_file() for path in self.folder.rglob("*"))

    def purge(self, day: date, attempt: int = 1) -> Job:
        """Run the job of a day."""
        with writing(self.engine) as session:
            job = queue_job(session, JobKind.PURGE_EVIDENCE, f"purge-{day}", {"day": day.isoformat()})
        run_job(self.engine, self.reporting.settings, {job.kind: purge_evidence}, job.id, attempt)
        with reading(self.engine) as session:
            return session.get_one(Job, job.id)

    def look(self) -> tuple[dict[str, bool], set[bool], str]:
        """Whether each file is purged, whether references are there, and the root."""
        with reading(self.engine) as session:
            files = {CALLED[row.sha256]: row.purged_at is not None for row in session.scalars(select(Evidence))}
            references = {entry.sealed_reference is not None for entry in session.scalars(select(ClaimEntry))}
            claims = sorted(set(session.scalars(select(Evidence.claim_id))))
            return files, references, evidence_root(session, claims)


@pytest.fixture
def archive(engine: Engine, arrange: Callable[[Session], Any]) -> Archive:
    with writing(engine) as session:
        reporting = arrange(session)
        found = reporting.open()
        attach(session, reporting, found, "local-jobs", "payroll.csv", PAYROLL, has_personal_data=True)
        attach(session, reporting, found, "carbon-fleet", "lease.csv", LEASE)
        reporting.submit(reporting.fill(found))
    return Archive(engine, reporting, found.id)


def attach(
    session: Session,
    reporting: Any,
    found: Any,
    measure: str,
    name: str,
    content: bytes,
    has_personal_data: bool = False,
) -> None:
    add_evidence(
        session,
        reporting.ann,
        found.id,
        reporting.claim(found, measure).id,
        check_file(reporting.settings, name, content),
        description="What proves it",
        has_personal_data=has_personal_data,
        settings=reporting.settings,
    )


def test_each_class_goes_at_its_time_and_its_hash_stays(archive: Archive) -> None:
    before = archive.look()
    assert before[0] == {"payroll.csv": False, "lease.csv": False} and before[1] == {True}

    early = archive.purge(date(2031, 3, 31))
    assert (early.state, early.message) == (JobState.DONE, "Files purged: 0. Taken off the disk: 0.")
    assert archive.look() == before and archive.kept == 2

    job = archive.purge(PERSONAL_ENDS)
    assert (job.state, job.message) == (JobState.DONE, "Files purged: 1. Taken off the disk: 1.")
    files, references, root = archive.look()
    assert files == {"payroll.csv": True, "lease.csv": False} and archive.kept == 1
    assert references == {False} and root == before[2]

    archive.purge(RECORD_ENDS)
    assert archive.look() == ({"payroll.csv": True, "lease.csv": True}, {False}, root) and archive.kept == 0

    with reading(archive.engine) as session:
        events = list_events(session, object_kind="contract", object_id=archive.reporting.contract_id)
        purged = [event for event in events if event.action == "evidence.purged"]
        hashes = {CALLED[row.sha256]: row for row in session.scalars(select(Evidence))}
        assert verify_chain(session) == []
        payroll = hashes["payroll.csv"]
        # What was written about people goes with the file that shows them.
        assert {(row.name, row.description) for row in hashes.values()} == {
            ("erased", "erased"),
            ("lease.csv", "What proves it"),
        }
        with pytest.raises(NotFound, match="Its hash is still on record"):
            own = {"settings": archive.reporting.settings}
            open_own_evidence(session, archive.reporting.ann, archive.return_id, payroll.claim_id, payroll.id, **own)
    assert [(one.detail["class"], one.detail["files"], one.detail["references"]) for one in purged] == [
        ("personal", [hashes["payroll.csv"].sha256], 2),
        ("record", [hashes["lease.csv"].sha256], 0),
    ]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_run_that_dies_after_its_marks_is_made_up_for(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(purging, "sweep", lambda engine, folder: 1 / 0)
        died = archive.purge(RECORD_ENDS)
    assert died.state is JobState.QUEUED and archive.kept == 2
    assert all(archive.look()[0].values())

    again = archive.purge(RECORD_ENDS, attempt=2)

    assert (again.state, again.message) == (JobState.DONE, "Files purged: 0. Taken off the disk: 2.")
    assert archive.kept == 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_files_that_belong_to_nobody_are_swept_and_those_somebody_needs_are_not(archive: Archive) -> None:
    reporting = archive.reporting
    with writing(archive.engine) as session:
        reporting.session = session
        longer = reporting.enter("C-2")
        session.get_one(Contract, longer).end_on = date(2029, 3, 31)
        session.flush()
        attach(session, reporting, reporting.open(contract_id=longer), "carbon-fleet", "lease.csv", LEASE)
    [lease] = [path for path in archive.folder.rglob("*") if path.is_file() and path.read_bytes() == LEASE]
    (lease.parent / "tmp12345").write_bytes(b"half a fi")
    stray = archive.folder / "ab" / ("ab" * 32)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"its transaction was rolled back")

    archive.purge(RECORD_ENDS)

    assert [path for path in archive.folder.rglob("*") if path.is_file()] == [lease]
    archive.purge(date(2035, 4, 1))
    assert archive.kept == 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("ended_on", "end_on", "is_purged"), [("2026-12-31", None, True), (None, "2030-03-31", False)])
def test_the_end_that_counts_is_the_one_in_force(
    archive: Archive, ended_on: str | None, end_on: str | None, is_purged: bool
) -> None:
    with writing(archive.engine) as session:
        contract = session.get_one(Contract, archive.reporting.contract_id)
        contract.ended_on = date.fromisoformat(ended_on) if ended_on else None
        contract.end_on = date.fromisoformat(end_on) if end_on else contract.end_on

    archive.purge(date(2030, 1, 1) if is_purged else PERSONAL_ENDS)

    assert archive.look()[0]["payroll.csv"] is is_purged


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_worker_is_asked_once_a_night(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    for moment in ("2026-07-01 01:59", "2026-07-01 02:00", "2026-07-01 22:30", "2026-07-01 23:30", "2026-07-02 02:00"):
        now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        monkeypatch.setattr(hand_on_jobs, "now_in", lambda session, now=now: now)
        hand_on_jobs.queue_purge(engine)
        with reading(engine) as session:
            asked.append([job.arguments["day"] for job in session.scalars(select(Job).order_by(Job.id))])

    # In London it is an hour later: from 3 in the morning, once a day.
    first = ["2026-07-01"]
    assert asked == [[], first, first, first, [*first, "2026-07-02"]]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_workbooks_that_nobody_decided_about_for_a_day_go(archive: Archive) -> None:
    folder = archive.reporting.settings.data_dir / "waiting"
    put_waiting(folder, "return-1", b"sealed")
    put_waiting(folder, "return-2", b"sealed")
    os.utime(folder / "return-1", (0, 0))
    archive.purge(date(2031, 3, 31))
    assert [path.name for path in folder.iterdir()] == ["return-2"]
