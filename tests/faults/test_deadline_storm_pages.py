"""The same storm on the page where bids are handed in, before the service as it really runs: two workers (test S7)."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from wpound.config import Settings
from wpound.core.money import Money
from wpound.core.roles import Role
from wpound.services.access import find_person
from wpound.services.change_roles import grant_role
from wpound.services.enrol_firm import enrol_firm
from wpound.services.keep_bid_work import hold_lot, keeping_work
from wpound.store.engine import create_engine_for, reading, upgrade, writing
from wpound.store.models.outbox import OutgoingMail
from wpound.store.models.suppliers import Supplier
from wpound.store.models.tenders import Tender

pytestmark = pytest.mark.proof

SUPPLIERS, CLIENTS = 300, 16
SECRET = "the same for every worker of the test"
EXAMPLE = "ocds-test-1"
GIVEN_UP_AFTER = 60
# Clicks begin this long before the deadline.
BEFORE = 3.0
OPENERS = ("ophelia", "otto")


@dataclass
class Firm:
    """Who clicks: their cookie, their number in the register, and the hash of what is written."""

    cookie: str
    identifier: str
    content_hash: str
    version: int


@dataclass
class Council:
    """A tender that takes bids, and three hundred firms that have written theirs."""

    folder: Path
    world: Any
    arrange: Callable[[Session], Any]
    content_of: Callable[..., Any]
    firms: list[Firm] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.environment = {"WPOUND_DATA_DIR": str(self.folder), "WPOUND_SECRET_KEY": SECRET}
        self.settings = Settings.from_environment(self.environment)
        self.engine: Engine = create_engine_for(self.settings.database_url)
        upgrade(self.engine)
        with writing(self.engine) as session:
            self.buying = self.arrange(session)
            tender = self.buying.draft()
            self.tender = self.buying.publish(tender, deadline_at=datetime.now(UTC) + timedelta(days=1))
            self.firms = [self._enter(session, number) for number in range(SUPPLIERS)]

    def _enter(self, session: Session, number: int) -> Firm:
        identifier = f"GB-COH-ZY{number:06}"
        organisation = enrol_firm(session, name=f"Firm {number}", identifier=identifier, actor="test")
        user = self.world.enter_user(session, f"firm {number}")
        grant_role(session, user, organisation, Role.SUPPLIER, actor="test")
        person = find_person(session, user.id)
        assert person is not None
        place, now = hold_lot(session, person, EXAMPLE, 1, clock=lambda session: datetime.now(UTC))
        price = Money(40_000_000 + number)
        with keeping_work(session, place, self.settings, actor=person.email, now=now, action="saved") as keeping:
            keeping.save("price", self.content_of("Ash", bidder=f"Firm {number}", price=price))
        content = keeping.work.content
        version = keeping.draft.version if keeping.draft else 1
        return Firm(self.world.sign_in(session, user), identifier, content.content_hash, version)

    def close_in(self, seconds: float) -> None:
        """Let the deadline be so many seconds away from now."""
        with writing(self.engine) as session:
            session.get_one(Tender, self.tender.id).deadline_at = datetime.now(UTC) + timedelta(seconds=seconds)

    def look(self, rules: Any, told: list[dict[str, Any]]) -> Any:
        """Say of whom the receipts are, and open everything."""
        openers = [self.buying.opener(name) for name in OPENERS]
        with writing(self.engine) as session:
            ids = {firm.identifier: firm.id for firm in session.scalars(select(Supplier))}
            known = [one | {"supplier_id": ids.get(one["firm"])} for one in told]
            tender = session.get_one(Tender, self.tender.id)
            return rules.look(session, tender, known, openers, self.buying.catalogue)


@pytest.fixture
def council(
    tmp_path: Path, world_rules: Any, arrange: Callable[[Session], Any], content_of: Callable[..., Any]
) -> Iterator[Council]:
    made = Council(tmp_path, world_rules, arrange, content_of)
    yield made
    made.engine.dispose()


@pytest.fixture
def port(council: Council) -> Iterator[int]:
    """The service with two workers, as it is run for real."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number: int = taken.getsockname()[1]
    bind = ["-b", f"127.0.0.1:{number}"]
    words = [sys.executable, "-m", "gunicorn", "-c", "python:wpound.gunicorn", *bind, "wpound.app:create_app()"]
    with (council.folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(words, env=os.environ | council.environment, stdout=log, stderr=log)
        try:
            wait(process, number)
            yield number
        finally:
            process.terminate()
            process.wait(30)


def wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Until both workers have answered."""
    end = time.monotonic() + GIVEN_UP_AFTER
    while True:
        assert process.poll() is None and time.monotonic() < end, "the service does not answer"
        try:
            with ThreadPoolExecutor(CLIENTS) as pool:
                if set(pool.map(lambda _: ask(port, "GET", "/ready").status, range(CLIENTS))) == {200}:
                    return
        except OSError:
            time.sleep(0.1)


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str


def ask(port: int, method: str, path: str, cookie: str = "", body: str | None = None) -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=GIVEN_UP_AFTER)
    headers = {"Cookie": f"wpound={cookie}"} if cookie else {}
    headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        text = unescape(response.read().decode())
        return Answer(response.status, response.getheader("Location") or "", text)
    finally:
        connection.close()


def click(port: int, token: str, firm: Firm) -> dict[str, Any]:
    """Hand in what is written, and say what one was told."""
    form = {"csrf_token": token, "version": str(firm.version), "may_submit": "y", "acknowledged": "y"}
    answer = ask(port, "POST", f"/supplier/tenders/{EXAMPLE}/lots/1/bid/submit", firm.cookie, urlencode(form))
    told = {"firm": firm.identifier, "hash": firm.content_hash}
    receipt = re.search(r"/supplier/receipts/(R-[\w-]+)$", answer.location)
    if answer.status == 303 and receipt is not None:
        return told | {"code": receipt[1]}
    if answer.status == 400 and (said := re.search(r"The deadline for bids[^<]*", answer.text)):
        return told | {"refused": said[0]}
    return told | {"failed": f"{answer.status} {answer.location} {answer.text[-2000:]}"}


def test_every_firm_clicks_twice_on_submit(council: Council, port: int, storm_rules: Any, world_rules: Any) -> None:
    """Of two clicks the second leads to the receipt of the first, and every receipt is mailed."""
    token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(world_rules.RAW_TOKEN)
    clicks = [firm for firm in council.firms for _ in range(2)]
    council.close_in(BEFORE)
    with ThreadPoolExecutor(CLIENTS) as pool:
        told = list(pool.map(lambda firm: click(port, str(token), firm), clicks))

    storm = council.look(storm_rules, told)
    assert storm_rules.find_faults(storm) == []
    assert storm.receipts and storm.refused
    assert len(storm.receipts) == len(storm.sealed)
    with reading(council.engine) as session:
        mailed = select(func.count()).where(OutgoingMail.template == "bid_receipt")
        assert session.scalar(mailed) == len(storm.receipts)
