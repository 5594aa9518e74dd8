"""Background work: what is queued, and by whom it is run.

Whoever wants work done writes a row of ``jobs`` in its own transaction (``services.queue_job``). A worker hands these
rows on to DBOS under an id made from the row, so that handing on twice runs once. DBOS takes note of what runs where,
limits how much runs at once, and after a crash starts again what this worker had begun. ``services.run_job`` sees to it
that a job has its effect once, however often it is begun.
"""

import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from dbos import DBOS, DBOSConfig, SetWorkflowID

from wpound.config import Settings
from wpound.core.errors import StateError
from wpound.logs import get_logger
from wpound.mail.mailer import open_mailer
from wpound.services.close_due_tenders import close_due_tender, queue_closings
from wpound.services.deliver_mail import deliver_mail
from wpound.services.hand_on_jobs import (
    list_due,
    note_handed_on,
    queue_openings,
    queue_purge,
    queue_reminders,
    take_back_forgotten,
)
from wpound.services.issue_batch import issue_batch
from wpound.services.open_returns import open_returns
from wpound.services.purge_evidence import purge_evidence
from wpound.services.run_job import Handler, run_job
from wpound.services.send_reminders import send_reminders
from wpound.store.engine import create_engine_for, make_private
from wpound.store.models.jobs import JobKind

# Raised by hand when the workflow below changes its steps: DBOS starts again only work of its own version.
VERSION = "1"
SQLITE = "sqlite:///"
QUEUE = "jobs"
AT_ONCE = 4
LOOK_EVERY_SECONDS = 1
# How often DBOS fills free places: with short jobs, this and AT_ONCE give the most that is done in a second.
POLL_SECONDS = 0.25
STOP_WITHIN_SECONDS = 10
# A job that brought the worker down so often is left alone until it counts as forgotten.
MOST_RECOVERIES = 10

log = get_logger(__name__)


class Worker:
    """Runs background work in threads of this process, one worker a process.

    The name tells workers of one machine apart: after a crash, the worker of the same name goes on with what it had
    begun, so two at once may not have the same.
    """

    def __init__(self, settings: Settings, name: str) -> None:
        self.name = f"{socket.gethostname()}-{name}"
        self._settings = settings
        self._handlers = make_handlers(settings)
        self._engine = create_engine_for(settings.database_url)
        self._workflow: Callable[[int, int], None] = self._run
        self._stopping = threading.Event()
        self._watching = threading.Thread(target=self._watch, name="jobs", daemon=True)
        self._held = ExitStack()

    def start(self) -> None:
        """Start working; raises StateError where a worker of this name runs on this machine already."""
        self._held.enter_context(only_one(self._settings.data_dir / f"worker-{self.name}.lock"))
        DBOS(config=_configuration(self._settings.jobs_url, self.name))
        self._workflow = DBOS.workflow(name="run_job", max_recovery_attempts=MOST_RECOVERIES)(partial(self._run))
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=POLL_SECONDS)
        self._watching.start()

    def stop(self) -> None:
        """Take up nothing more and wait a little for what runs; what is not finished by then is begun again later."""
        self._stopping.set()
        self._watching.join()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=STOP_WITHIN_SECONDS)
        self._engine.dispose()
        self._held.close()

    def _run(self, job_id: int, attempt: int) -> None:
        DBOS.run_step({"name": "run"}, run_job, self._engine, self._settings, self._handlers, job_id, attempt)

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_SECONDS):
            try:
                self._hand_on()
            except Exception:
                # The database may be away for a moment; what is due waits in it.
                log.exception("looking for jobs failed")

    def _hand_on(self) -> None:
        queue_openings(self._engine)
        queue_reminders(self._engine)
        queue_purge(self._engine)
        queue_closings(self._engine)
        take_back_forgotten(self._engine)
        due = list_due(self._engine)
        for job_id, attempt in due:
            with SetWorkflowID(f"job-{job_id}-{attempt}"):
                DBOS.enqueue_workflow(QUEUE, self._workflow, job_id, attempt)
        if due:
            # Noted after it was handed on: what a crash leaves unnoted is handed on again, under the same id.
            note_handed_on(self._engine, due)


def make_handlers(settings: Settings) -> Mapping[JobKind, Handler]:
    """How each kind of job is done; raises InputError where the settings for mail cannot be used."""
    return {
        JobKind.DELIVER_MAIL: partial(deliver_mail, mailer=open_mailer(settings)),
        JobKind.SEND_REMINDERS: send_reminders,
        JobKind.CLOSE_TENDER: close_due_tender,
        JobKind.ISSUE_CERTIFICATES: issue_batch,
        JobKind.PURGE_EVIDENCE: purge_evidence,
        JobKind.OPEN_RETURNS: open_returns,
    }


def _configuration(jobs_url: str, name: str) -> DBOSConfig:
    """What DBOS is told; the file of its notes is readable by its owner only."""
    if jobs_url.startswith(SQLITE):
        make_private(Path(jobs_url.removeprefix(SQLITE)))
    return {
        "name": "wpound",
        "system_database_url": jobs_url,
        "application_version": VERSION,
        "executor_id": name,
        "log_level": "WARNING",
    }


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold a file that one process at a time can hold, until the end or the death of the process.

    Raises StateError where another holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StateError(
                    "A worker of this name runs on this machine already. Stop it first, or run another under a --name."
                ) from None
        yield
