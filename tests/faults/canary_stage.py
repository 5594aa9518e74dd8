"""The service with one bid that holds a mark in every field and file, and everybody who looks at it (test S6)."""

import logging
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from wpound.app import create_app
from wpound.config import Settings
from wpound.core.roles import Role
from wpound.logs import start_logs
from wpound.mail.mailer import open_mailer
from wpound.mail.message import Message
from wpound.services import submit_bid
from wpound.services.access import Person, find_person
from wpound.services.change_roles import grant_role
from wpound.services.close_tender import close_tender
from wpound.services.declare_interest import declare_interest
from wpound.services.enrol_firm import enrol_firm
from wpound.services.moderate_marks import close_sheets
from wpound.services.open_bids import open_bids
from wpound.services.seat_panel import seat_evaluator
from wpound.store.engine import reading, upgrade, writing
from wpound.store.models.accounts import User
from wpound.store.models.outbox import OutgoingMail
from wpound.store.models.sealed_bids import BidReceipt
from wpound.store.models.tenders import Tender
from wpound.store.tenders import get_tender

OCID = "ocds-test-1"
BID = f"/supplier/tenders/{OCID}/lots/1/bid"
FIRMS = {"ash": "Ash (Example) Ltd", "birch": "Birch (Example) Ltd", "cedar": "Cedar (Example) Ltd"}
OPENERS = ("ophelia", "otto")
EXTENSIONS = ("csv", "xlsx", "json", "pdf")


def marked(version: int) -> dict[str, dict[str, str]]:
    """What is entered into the pages of the bid: a mark in every field, other ones in every version."""
    word, number = f"zqxwzqxw{version}", f"{version}.731773177"
    return {
        "company": {
            "headcount": f"{version}731773",
            "turnover": f"{version},731,773,177.00",
            "baseline_tco2e": number,
            "supply_chain_share": f"{version}.731773177",
        },
        "price": {"price": f"{version}4,646,464.64", "fte": number},
        "checks": {"check-insurance": "yes"},
        "promises": {"promise-local-jobs": number, "promise-carbon-fleet-in-2026": number},
        "plans": {"plan-local-jobs": f"Posts {word}.", "plan-carbon-fleet": f"Vans {word}."},
        "answers/plan": {"answer": f"Our plan is {word}."},
    }


def plain(name: str) -> dict[str, dict[str, str]]:
    """A bid without marks."""
    pages = marked(1)
    pages["company"] = {"headcount": "40"}
    pages["price"] = {"price": "450,000", "fte": "12"}
    pages["promises"] = {"promise-local-jobs": "8"}
    pages["plans"] = {"plan-local-jobs": "Two posts a quarter."}
    pages["answers/plan"] = {"answer": f"What {name} would do."}
    return pages


@dataclass
class Stage:
    """The service with a tender that takes bids in two envelopes, and everybody's cookie."""

    app: Flask
    folder: Path
    temporary: Path
    log: StringIO
    canary: ModuleType
    world: ModuleType
    buying: Any
    cookies: dict[str, str] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        return self.app.extensions["wpound"].engine  # type: ignore[no-any-return]

    @property
    def database(self) -> Path:
        return self.folder / "wpound.sqlite"

    def enter(self, session: Any) -> None:
        """One person of every role, and three firms."""
        buyer = self.buying.buyer
        _, contract = self.world.enter_things(session, buyer)
        about = {"eva": {"tender_id": get_tender(session, OCID).id}, "mona": {"contract_id": contract.id}}
        firms = {
            key: enrol_firm(session, name=name, identifier=f"GB-COH-ZY00000{n}", actor="test")
            for n, (key, name) in enumerate(FIRMS.items(), start=1)
        }
        roles = (
            ("admin", buyer, Role.ADMIN),
            ("eva", buyer, Role.EVALUATOR),
            ("mona", buyer, Role.CONTRACT_MANAGER),
            ("anna", buyer, Role.ANCHOR),
            ("alma", firms["ash"], Role.SUPPLIER),
            ("bruno", firms["birch"], Role.SUPPLIER),
            ("cora", firms["cedar"], Role.SUPPLIER),
            ("outsider", None, None),
        )
        for name, organisation, role in roles:
            user = self.world.enter_user(session, name)
            if role is not None:
                grant_role(session, user, organisation, role, actor="test", **about.get(name, {}))
            self.users[name] = user.id
            self.cookies[name] = self.world.sign_in(session, user)
        for name, user in self.buying.officers.items():
            self.users[name], self.cookies[name] = user.id, self.world.sign_in(session, user)

    def person(self, session: Any, name: str) -> Person:
        found = find_person(session, self.users[name])
        assert found is not None
        return found

    # What is done on the pages.

    def client(self, who: str) -> Any:
        return self.canary.Walk(self.app, {}, self.cookies).client(who)

    def post(self, who: str, address: str, entries: dict[str, Any], status: int = 303, shown: str = "") -> Any:
        """Send the form of a page, filled in."""
        client = self.client(who)
        page = client.get(shown or address).get_data(as_text=True)
        hidden = dict(re.findall(r'<input[^>]*name="(csrf_token|version)"[^>]*value="([^"]*)"', page))
        response = client.post(address, data=hidden | entries)
        assert response.status_code == status, (address, response.status_code, re.sub(r"<[^>]+>", " ", response.text))
        return response

    def write(self, who: str, pages: dict[str, dict[str, str]]) -> None:
        for page, entries in pages.items():
            self.post(who, f"{BID}/{page}", entries)

    def write_marked(self, version: int) -> None:
        """The bid in which everything holds a mark."""
        self.write("alma", marked(version))

    def write_plain(self, who: str) -> None:
        """A bid without marks."""
        self.write(who, plain(who))

    def submit(self, who: str, status: int = 303) -> None:
        self.post(who, f"{BID}/submit", {"may_submit": "y", "acknowledged": "y"}, status)

    def attach(self, who: str, name: str, content: bytes, status: int = 303) -> None:
        self.post(who, f"{BID}/files", {"file": (BytesIO(content), name)}, status)

    def enter_marked_bid(self) -> None:
        """Draft it, hand it in, replace it, change it once more and leave a workbook waiting; some of it goes wrong."""
        self.write_marked(1)
        self.attach("alma", "zqxwzqxw certificate.csv", b"what,how many\nzqxwzqxw,731773177\n")
        self.submit("alma")
        self.write_marked(2)
        self.submit("alma")
        self.write_marked(3)
        filled = self.client("alma").get(f"{BID}/workbook/filled.xlsx").get_data()
        self.post("alma", f"{BID}/workbook", {"file": (BytesIO(filled), "zqxwzqxw.xlsx")})
        self.provoke()

    def provoke(self) -> None:
        """Everything that can go wrong with what a bidder sends, with marks in it."""
        self.attach("alma", "zqxwzqxw.exe", b"MZ zqxwzqxw", 400)
        self.post("alma", f"{BID}/workbook", {"file": (BytesIO(b"PK zqxwzqxw"), "zqxwzqxw.xlsx")}, 400)
        self.post("alma", f"{BID}/price", {"price": "zqxwzqxw", "fte": "731773177e9"}, 400)
        self.post("alma", f"{BID}/price", {"price": "464,646,464", "version": "1"}, 409)
        self.client("alma").post(f"{BID}/price", data={"price": "zqxwzqxw"})
        self.post("bruno", f"{BID}/answers/nothing", {"answer": "zqxwzqxw"}, 404, shown=f"{BID}/price")
        with pytest.MonkeyPatch.context() as patch:

            def crash(*bid: Any, **about: Any) -> None:
                raise RuntimeError(f"zqxwzqxw 731773177 464646464 {bid}")

            patch.setattr(submit_bid, "_seal", crash)
            self.submit("alma", 500)

    # What is done by services.

    def close(self) -> None:
        with writing(self.engine) as session:
            tender = get_tender(session, OCID)
            session.get_one(Tender, tender.id).deadline_at = datetime.now(UTC) - timedelta(seconds=1)
            session.flush()
            close_tender(session, tender, actor="officer")

    def open(self, who: str, act: Callable[..., Any] = open_bids) -> None:
        with writing(self.engine) as session:
            arguments = (self.buying.catalogue,) if act is open_bids else ()
            act(session, get_tender(session, OCID), self.buying.opener(who), *arguments)

    def seat(self) -> None:
        with writing(self.engine) as session:
            seat_evaluator(session, self.person(session, "ophelia"), OCID, self.users["eva"], is_chair=True)

    def declare(self) -> None:
        with writing(self.engine) as session:
            declare_interest(session, self.person(session, "eva"), OCID, has_interest=False, statement="")

    def lock(self) -> None:
        """Agree on every mark and lock them."""
        with writing(self.engine) as session:
            close_sheets(session, self.person(session, "ophelia"), OCID, reason="The chair has seen enough.")
            buying, tender = replace(self.buying, session=session), get_tender(session, OCID)
            for bid in buying.bids(tender):
                buying.mark(bid, "4")
            buying.lock(tender)

    def deliver_mail(self) -> None:
        """Send everything that waits into the folder of mail, leaving the text where it is."""
        mailer = open_mailer(self.app.extensions["wpound"].settings)
        with reading(self.engine) as session:
            mails = list(session.scalars(select(OutgoingMail)))
        for mail in mails:
            mailer.deliver(Message(mail.recipient, mail.subject, mail.body or "", mail.job_key))

    # What is looked at.

    def walk(self, who: str, receipt: str = "") -> dict[str, tuple[int, bytes]]:
        """Every address, with the numbers of the marked bid where they need some, or that of another receipt."""
        with writing(self.engine) as session:
            if who in self.users:
                self.cookies[who] = self.world.sign_in(session, session.get_one(User, self.users[who]))
            codes = list(session.scalars(select(BidReceipt.code).order_by(BidReceipt.id).limit(1)))
        values = {name: [value] for name, value in self.world.PUBLIC.items()}
        values |= {"ocid": [OCID], "published": [OCID], "criterion": ["plan"], "extension": EXTENSIONS}
        values |= {
            "receipt": [receipt or (codes or ["R-none"])[0]],
            "file_id": [1, 2],
            "bid_id": [1, 2],
            "user_id": [self.users["alma"]],
        }
        seen: dict[str, tuple[int, bytes]] = self.canary.Walk(self.app, values, self.cookies).look(who)
        assert not [address for address, (status, _) in seen.items() if status >= 500]
        return seen

    def hits(self, *people: str) -> dict[str, dict[str, set[str]]]:
        """Where each of them sees a mark."""
        found = {who: self.canary.find_on_pages(self.walk(who)) for who in people}
        return {who: pages for who, pages in found.items() if pages}

    def kinds(self, who: str) -> set[str]:
        """Which kinds of marks a person sees somewhere."""
        return set().union(*self.hits(who).get(who, {}).values())

    def leaks(self) -> list[str]:
        """Where a mark lies in what was written to disk, or to the log."""
        with closing(sqlite3.connect(self.database)) as connection:
            connection.execute("VACUUM INTO ?", (str(self.temporary / "backup.sqlite"),))
        assert self.database.with_name("wpound.sqlite-wal").stat().st_size, "the log of writes is empty"
        found = [*self.canary.find_in_files(self.folder), *self.canary.find_in_files(self.temporary)]
        found += self.canary.find_in_rows(self.database)
        (self.temporary / "backup.sqlite").unlink()
        assert "request" in self.log.getvalue()
        return found + ["log"] * bool(self.canary.marks_in(self.log.getvalue().encode()))


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """Everything that is logged, by whoever logs it, as the service writes it."""
    written, root = StringIO(), logging.getLogger()
    kept, level = list(root.handlers), root.level
    for handler in kept:
        root.removeHandler(handler)
    monkeypatch.setattr(sys, "stderr", written)
    start_logs()
    yield written
    for handler in list(root.handlers):
        root.removeHandler(handler)
    for handler in kept:
        root.addHandler(handler)
    root.setLevel(level)


@pytest.fixture
def stage(
    tmp_path: Path,
    log: StringIO,
    monkeypatch: pytest.MonkeyPatch,
    canary_rules: ModuleType,
    world_rules: ModuleType,
    tender_rules: ModuleType,
    arrange: Callable[..., Any],
) -> Iterator[Stage]:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    settings = Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path / "data")})
    app = create_app(settings)
    engine = app.extensions["wpound"].engine
    upgrade(engine)
    with writing(engine) as session:
        buying = arrange(session)
        about = replace(tender_rules.PARTICULARS, two_envelopes=True)
        deadline = datetime.now(UTC) + timedelta(days=9, hours=1)
        buying.publish(buying.draft(ocid=OCID, particulars=about), deadline_at=deadline)
        made = Stage(app, tmp_path / "data", temporary, log, canary_rules, world_rules, buying)
        made.enter(session)
    yield made
    engine.dispose()
