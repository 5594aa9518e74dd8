"""Three hundred suppliers click twice around the deadline, in two processes (test S7).

None is late, none is in twice, and whoever was given a receipt has that very bid in.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from wpound.core.money import Money
from wpound.services.change_tender import Proposal, decide_change, propose_change
from wpound.store.base import add
from wpound.store.engine import now_in, reading, writing
from wpound.store.models.clarifications import ChangeKind
from wpound.store.models.sealed_bids import BidReceipt
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.store.models.tenders import Tender

pytestmark = pytest.mark.proof

SUPPLIERS, PROCESSES, THREADS = 300, 2, 8
# The storm begins before the deadline and goes on after it; every third supplier clicks in the last tenth of a second.
BEFORE, AFTER, LAST_MOMENT = 1.2, 0.4, 0.1
DOUBLE_CLICK = 0.08
NOON = datetime(2026, 6, 1, 11, tzinfo=UTC)
# In October half past one comes twice; in March it is two o'clock in the moment after 00:59:59.
NIGHTS = {
    "half past one in summer time": datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    "half past one an hour later": datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    "when clocks go forward": datetime(2027, 3, 28, 1, tzinfo=UTC),
}
EXTENSION = timedelta(seconds=1)
OPENERS = ("ophelia", "otto")


@pytest.fixture
def start() -> Iterator[Callable[[str], list[subprocess.Popen[str]]]]:
    """Start the processes on a database."""
    started: list[subprocess.Popen[str]] = []

    def start_all(url: str) -> list[subprocess.Popen[str]]:
        child = Path(__file__).with_name("bid_in_a_storm.py")
        for _ in range(PROCESSES):
            words = [sys.executable, str(child), url, str(THREADS)]
            started.append(subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        return started

    yield start_all
    for process in started:
        process.kill()
        process.communicate()


def write(process: subprocess.Popen[str], words: dict[str, Any]) -> None:
    """Tell a process something."""
    assert process.stdin is not None
    process.stdin.write(json.dumps(words) + "\n")
    process.stdin.flush()


def moment(number: int, after: float, chance: random.Random) -> float:
    """When a supplier clicks, in seconds from the deadline."""
    return chance.uniform(-LAST_MOMENT, 0) if number % 3 == 0 else chance.uniform(-BEFORE, after)


@dataclass
class Exercise:
    """A published tender on one database, whose deadline comes soon by a shifted clock."""

    rules: Any
    engine: Engine
    arrange: Callable[[Session], Any]
    content_of: Callable[..., Any]
    deadline: datetime
    shift: timedelta = timedelta(0)

    def publish(self) -> None:
        """Publish, and enter everyone who will bid."""
        with writing(self.engine) as session:
            self.buying = self.arrange(session)
            self.tender = self.buying.publish(self.buying.draft(), deadline_at=self.deadline)
            self.lot_id = self.buying.lot(self.tender).id
            self.suppliers = [self._enter(session, number).id for number in range(SUPPLIERS)]

    @staticmethod
    def _enter(session: Session, number: int) -> Supplier:
        name = f"Firm {number}"
        about = {"size": SupplierSize.SMALL, "source": "test", "seen_on": NOON.date()}
        return add(session, Supplier(name=name, identifier=f"GB-COH-ZY{number:06}", **about))

    def let_go(self, processes: list[subprocess.Popen[str]], *, after: float, early: bool) -> None:
        """Give every process one click of each supplier, and then the deadline, a moment away from now."""
        chance = random.Random(self.deadline.isoformat())
        moments = {supplier: moment(number, after, chance) for number, supplier in enumerate(self.suppliers)}
        for number, process in enumerate(processes):
            clicks = [
                {"supplier_id": supplier, "content": self._bid(supplier, number), "at": at + number * DOUBLE_CLICK}
                for supplier, at in moments.items()
            ]
            clicks.sort(key=lambda click: click["at"])
            write(process, {"lot_id": self.lot_id, "early": early, "clicks": clicks})
        for process in processes:
            assert process.stdout is not None and process.stdout.readline() == "ready\n"
        due = time.time() + BEFORE
        self.shift = self.deadline - datetime.fromtimestamp(due, UTC)
        for process in processes:
            write(process, {"due": due, "shift": self.shift.total_seconds()})

    def _bid(self, supplier: int, click: int) -> dict[str, Any]:
        """No two bids are the same, not even of one supplier."""
        content: dict[str, Any] = self.content_of(
            "Ash", bidder=f"Firm {supplier}", price=Money(40_000_000 + 10 * supplier + click)
        ).to_dict()
        return content

    def clock(self, session: Session) -> datetime:
        return now_in(session) + self.shift

    def extend(self) -> None:
        """Agree, as a second officer and with the storm on, that the deadline is later."""
        words = Proposal(ChangeKind.EXTENSION, "There is more time.", "Asked for.", self.deadline + EXTENSION)
        with writing(self.engine) as session:
            tender = session.get_one(Tender, self.tender.id)
            propose_change(session, tender, words, actor="officer", clock=self.clock)
        while self._count() < 5:
            time.sleep(0.01)
        with writing(self.engine) as session:
            tender = session.get_one(Tender, self.tender.id)
            about = {"actor": "second", "base_url": "", "clock": self.clock}
            decide_change(session, tender, 1, agreed=True, **about)
        self.deadline += EXTENSION

    def _count(self) -> int:
        with reading(self.engine) as session:
            return session.scalar(select(func.count()).select_from(BidReceipt)) or 0

    def look(self, processes: list[subprocess.Popen[str]]) -> Any:
        """Wait until all is over, close, and let two openers open everything."""
        openers = [self.buying.opener(name) for name in OPENERS]
        told = [one for process in processes for one in json.loads(process.communicate()[0])]
        with writing(self.engine) as session:
            tender = session.get_one(Tender, self.tender.id)
            return self.rules.look(session, tender, told, openers, self.buying.catalogue)


@pytest.fixture
def weather(
    storm_rules: Any, arrange: Callable[..., Any], content_of: Callable[..., Any], start: Callable[..., Any]
) -> Callable[..., Any]:
    """A storm on a database, around a deadline."""

    def raise_storm(engine: Engine, deadline: datetime, *, extended: bool = False, early: bool = False) -> Any:
        exercise = Exercise(storm_rules, engine, arrange, content_of, deadline)
        exercise.publish()
        processes = start(engine.url.render_as_string(hide_password=False))
        after = AFTER + (EXTENSION.total_seconds() if extended else 0)
        exercise.let_go(processes, after=after, early=early)
        if extended:
            exercise.extend()
        return exercise.look(processes)

    return raise_storm


@pytest.fixture
def require_weathered(storm_rules: Any) -> Callable[[Any], None]:
    """Nothing is wrong, and there was something to go wrong: bids came in and were refused, some of them replaced."""

    def require(storm: Any) -> None:
        assert storm_rules.find_faults(storm) == []
        assert len(storm.told) == SUPPLIERS * PROCESSES
        assert storm.receipts and storm.refused

    return require


@pytest.mark.parametrize("night", NIGHTS)
def test_no_bid_is_late_or_in_twice_on_the_nights_clocks_change(
    weather: Callable[..., Any], require_weathered: Callable[[Any], None], sqlite_engine: Engine, night: str
) -> None:
    require_weathered(weather(sqlite_engine, NIGHTS[night]))


def test_an_extension_agreed_in_the_middle_of_it_is_for_everyone(
    weather: Callable[..., Any], require_weathered: Callable[[Any], None], engine: Engine
) -> None:
    """Nobody is refused by the deadline that was, and bids come in between the two."""
    was = NOON - timedelta(milliseconds=500)
    storm = weather(engine, was, extended=True)
    require_weathered(storm)
    assert storm.deadline == was + EXTENSION
    assert any(one.received_at >= was for one in storm.receipts)


def test_a_clock_read_before_the_lock_is_found(
    storm_rules: Any, weather: Callable[..., Any], sqlite_engine: Engine
) -> None:
    faults = storm_rules.find_faults(weather(sqlite_engine, NOON, early=True))
    assert "receipts were not given in the order of their moments" in faults
