"""Three hundred suppliers click twice around the deadline, in two processes (test S7).

None is late, none is in twice, and whoever was given a receipt has that very bid in. What came in is judged by rules
that hold for any storm, so each is shown to go red on a storm in which it was broken.
"""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from wpound.core.bid_content import BidContent
from wpound.core.money import Money
from wpound.services.change_tender import Proposal, decide_change, propose_change
from wpound.services.clock import fixed_clock, format_deadline
from wpound.services.close_tender import close_tender
from wpound.services.open_bids import open_bids
from wpound.store.audit import verify_chain
from wpound.store.base import add
from wpound.store.engine import now_in, reading, writing
from wpound.store.models.clarifications import ChangeKind
from wpound.store.models.sealed_bids import BidReceipt, SealedBid
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.store.models.tenders import Tender

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


@dataclass(frozen=True)
class Receipt:
    """A receipt that was given, in the order they were given."""

    code: str
    supplier_id: int
    content_hash: str
    received_at: datetime


@dataclass
class Storm:
    """What suppliers were told, and what was in when it was over."""

    deadline: datetime
    told: list[dict[str, Any]]
    receipts: list[Receipt]
    sealed: list[tuple[int, str]] = field(default_factory=list)
    opened: dict[str, str] = field(default_factory=dict)

    @property
    def acknowledged(self) -> dict[str, tuple[int, str]]:
        """By the code of the receipt: whose bid it is for, and the hash of what was sent."""
        return {one["code"]: (one["supplier_id"], one["hash"]) for one in self.told if "code" in one}

    @property
    def refused(self) -> list[str]:
        return [one["refused"] for one in self.told if "refused" in one]


def find_faults(storm: Storm) -> list[str]:
    """Everything that must not be, in words; nothing for a storm that was weathered."""
    faults = [f"a click failed: {one['failed']}" for one in storm.told if "failed" in one]
    faults += [f"{one.code} came in late" for one in storm.receipts if one.received_at >= storm.deadline]
    moments = [one.received_at for one in storm.receipts]
    # Whoever reads the clock before waiting for the lock stamps a moment that is over by then.
    if moments != sorted(moments):
        faults.append("receipts were not given in the order of their moments")
    given = {one.code: (one.supplier_id, one.content_hash) for one in storm.receipts}
    if given != storm.acknowledged:
        faults.append("the receipts given are not those that were shown")
    counts = Counter(supplier_id for supplier_id, _ in storm.sealed)
    faults += [f"supplier {one} has {count} bids in" for one, count in counts.items() if count > 1]
    last = {one.supplier_id: one for one in storm.receipts}
    if dict(storm.sealed) != {supplier_id: one.code for supplier_id, one in last.items()}:
        faults.append("a bid stands by another receipt than its supplier's last")
    if storm.opened != {one.code: one.content_hash for one in last.values()}:
        faults.append("what was opened is not what was acknowledged")
    faults += [f"refused with {one!r}" for one in storm.refused if format_deadline(storm.deadline) not in one]
    return faults


@pytest.fixture
def start() -> Iterator[Callable[[str], list[subprocess.Popen[str]]]]:
    """Start the processes on a database, ready for their orders."""
    started: list[subprocess.Popen[str]] = []

    def start_all(url: str) -> list[subprocess.Popen[str]]:
        child = Path(__file__).with_name("bid_in_a_storm.py")
        for _ in range(PROCESSES):
            words = [sys.executable, str(child), url, str(THREADS)]
            started.append(subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        for process in started:
            assert process.stdout is not None and process.stdout.readline() == "ready\n"
        return started

    yield start_all
    for process in started:
        process.kill()
        process.communicate()


@dataclass
class Exercise:
    """A published tender on one database, whose deadline comes soon by a shifted clock."""

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
        """Give every process one click of each supplier; the deadline is a moment away from now."""
        due = time.time() + BEFORE + 0.2
        self.shift = self.deadline - datetime.fromtimestamp(due, UTC)
        chance = random.Random(self.deadline.isoformat())
        moments = {
            supplier: due + (chance.uniform(-LAST_MOMENT, 0) if n % 3 == 0 else chance.uniform(-BEFORE, after))
            for n, supplier in enumerate(self.suppliers)
        }
        for number, process in enumerate(processes):
            clicks = [
                {"supplier_id": supplier, "content": self._bid(supplier, number), "at": at + number * DOUBLE_CLICK}
                for supplier, at in moments.items()
            ]
            orders = {"lot_id": self.lot_id, "shift": self.shift.total_seconds(), "early": early}
            orders["clicks"] = sorted(clicks, key=lambda click: click["at"])
            assert process.stdin is not None
            process.stdin.write(json.dumps(orders) + "\n")
            process.stdin.flush()

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

    def look(self, processes: list[subprocess.Popen[str]]) -> Storm:
        """Wait until all is over, close, and let two openers open everything."""
        told = [one for process in processes for one in json.loads(process.communicate()[0])]
        with writing(self.engine) as session:
            tender = session.get_one(Tender, self.tender.id)
            found = session.scalars(select(BidReceipt).order_by(BidReceipt.id))
            receipts = [Receipt(one.code, one.supplier_id, one.content_hash, one.received_at) for one in found]
            sealed = session.execute(select(SealedBid.supplier_id, BidReceipt.code).join(BidReceipt)).all()
            close_tender(session, tender, actor="officer", clock=fixed_clock(self.deadline))
            for name in OPENERS:
                bids = open_bids(session, tender, self.buying.opener(name), self.buying.catalogue)
            codes = {one.id: one.code for one in session.scalars(select(BidReceipt))}
            opened = {codes[bid.receipt_id or 0]: hash_of(bid) for bid in bids}
            assert verify_chain(session) == []
        return Storm(self.deadline, told, receipts, [(row[0], row[1]) for row in sealed], opened)


def hash_of(bid: Any) -> str:
    """The hash of a bid as it lies open."""
    return BidContent.from_dict(bid.content).content_hash


@pytest.fixture
def weather(
    arrange: Callable[..., Any], content_of: Callable[..., Any], start: Callable[..., Any]
) -> Callable[..., Storm]:
    """A storm on a database, around a deadline."""

    def raise_storm(engine: Engine, deadline: datetime, *, extended: bool = False, early: bool = False) -> Storm:
        exercise = Exercise(engine, arrange, content_of, deadline)
        exercise.publish()
        processes = start(engine.url.render_as_string(hide_password=False))
        after = AFTER + (EXTENSION.total_seconds() if extended else 0)
        exercise.let_go(processes, after=after, early=early)
        if extended:
            exercise.extend()
        return exercise.look(processes)

    return raise_storm


def require_weathered(storm: Storm) -> None:
    """Nothing is wrong, and there was something to go wrong: bids came in and were refused, some of them replaced."""
    assert find_faults(storm) == []
    assert len(storm.told) == SUPPLIERS * PROCESSES
    assert storm.refused
    assert len(storm.receipts) > len(storm.sealed) > 0


@pytest.mark.parametrize("night", NIGHTS)
def test_no_bid_is_late_or_in_twice_on_the_nights_clocks_change(
    weather: Callable[..., Storm], sqlite_engine: Engine, night: str
) -> None:
    require_weathered(weather(sqlite_engine, NIGHTS[night]))


def test_an_extension_agreed_in_the_middle_of_it_is_for_everyone(weather: Callable[..., Storm], engine: Engine) -> None:
    """Nobody is refused by the deadline that was, and bids come in between the two."""
    was = NOON - timedelta(milliseconds=500)
    storm = weather(engine, was, extended=True)
    require_weathered(storm)
    assert storm.deadline == was + EXTENSION
    assert any(one.received_at >= was for one in storm.receipts)


def test_a_clock_read_before_the_lock_is_found(weather: Callable[..., Storm], sqlite_engine: Engine) -> None:
    assert "receipts were not given in the order of their moments" in find_faults(
        weather(sqlite_engine, NOON, early=True)
    )


BEFORE_NOON = [Receipt(code, n, f"hash {n}", NOON - timedelta(seconds=9 - n)) for n, code in enumerate("ABC", start=1)]


def calm() -> Storm:
    """Three bids, each in once, and one refused."""
    told: list[dict[str, Any]] = [
        {"supplier_id": one.supplier_id, "hash": one.content_hash, "code": one.code} for one in BEFORE_NOON
    ]
    told.append({"supplier_id": 4, "hash": "hash 4", "refused": f"The deadline was {format_deadline(NOON)}."})
    sealed = [(one.supplier_id, one.code) for one in BEFORE_NOON]
    return Storm(NOON, told, list(BEFORE_NOON), sealed, {one.code: one.content_hash for one in BEFORE_NOON})


def stamp_late(storm: Storm) -> None:
    storm.receipts[2] = replace(storm.receipts[2], received_at=NOON)


def seal_twice(storm: Storm) -> None:
    storm.sealed.append(storm.sealed[0])


def lose_a_receipt(storm: Storm) -> None:
    del storm.receipts[1]


def keep_other_words(storm: Storm) -> None:
    storm.receipts[1] = replace(storm.receipts[1], content_hash="another")


def stand_by_none(storm: Storm) -> None:
    del storm.sealed[0]


def open_another(storm: Storm) -> None:
    storm.opened["A"] = "hash 2"


def refuse_without_a_word(storm: Storm) -> None:
    storm.told[3]["refused"] = "Too late."


def fail(storm: Storm) -> None:
    storm.told.append({"supplier_id": 5, "hash": "hash 5", "failed": "database is locked"})


@pytest.mark.parametrize(
    ("plant", "sign"),
    [
        (stamp_late, "C came in late"),
        (seal_twice, "supplier 1 has 2 bids in"),
        (lose_a_receipt, "not those that were shown"),
        (keep_other_words, "not those that were shown"),
        (stand_by_none, "another receipt than its supplier's last"),
        (open_another, "not what was acknowledged"),
        (refuse_without_a_word, "refused with 'Too late.'"),
        (fail, "a click failed: database is locked"),
    ],
)
def test_every_rule_finds_what_breaks_it(plant: Callable[[Storm], None], sign: str) -> None:
    storm = calm()
    assert find_faults(storm) == []
    plant(storm)
    assert any(fault.endswith(sign) for fault in find_faults(storm)), find_faults(storm)
