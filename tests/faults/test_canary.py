"""Nobody sees a byte of a bid, nor that there is one, before two openers have opened it (test S6).

One bid holds a mark in every field and file; everybody then looks at every address, and every byte the service has
written anywhere is read.
"""

import zipfile
from typing import Any

import pytest
from sqlalchemy import func, select

from wpound.core.money import Money
from wpound.logs import get_logger
from wpound.services.open_bids import open_prices
from wpound.store.audit import append_event
from wpound.store.engine import reading, writing
from wpound.store.models.sealed_bids import BidReceipt
from wpound.store.models.tenders import Tender
from wpound.web.access import Policy, requires

SIGNED_OUT = "signed out"
# Everyone who is not of the firm whose bid is marked.
OTHERS = ("ophelia", "olga", "admin", "eva", "mona", "anna", "bruno", "outsider", SIGNED_OUT)
# Of them, who has no bid of their own.
NO_BIDDERS = tuple(who for who in OTHERS if who != "bruno")

# Flask-Security's own forms do so until it asks for WTForms 3.4.
pytestmark = [
    pytest.mark.proof,
    pytest.mark.filterwarnings("ignore:Passing SelectField choices as tuples:DeprecationWarning"),
]


def test_no_mark_is_anywhere_before_two_have_opened_the_bids(stage: Any) -> None:
    stage.enter_marked_bid()
    stage.deliver_mail()
    assert stage.kinds("alma") == {"word", "number", "price"}, "the walk does not come by the bid"
    assert stage.hits(*OTHERS) == {}
    assert stage.leaks() == []

    stage.close()
    stage.open("ophelia")
    assert stage.hits("alma", *OTHERS) == {}
    assert stage.leaks() == []


def test_pages_are_the_same_with_no_bid_and_with_three(stage: Any) -> None:
    """Neither how many bids there are nor who has made one; mails on their way are not counted for anybody."""

    def look() -> dict[str, dict[str, Any]]:
        return {who: stage.canary.without_time(stage.walk(who, receipt="R-none")) for who in NO_BIDDERS}

    before = look()
    stage.write_marked(1)
    stage.submit("alma")
    for who in ("bruno", "cora"):
        stage.write_plain(who)
        stage.submit(who)
    after = look()
    for who in NO_BIDDERS:
        assert [address for address in before[who] if before[who][address] != after[who][address]] == [], who


def test_after_the_opening_only_those_see_it_whose_work_it_is(stage: Any) -> None:
    """Two envelopes: prices stay closed until the marks for quality are locked, for officers and evaluators alike."""
    stage.write_marked(1)
    stage.attach("alma", "zqxwzqxw certificate.csv", b"what,how many\nzqxwzqxw,731773177\n")
    stage.submit("alma")
    stage.close()
    stage.open("ophelia")
    stage.open("otto")
    strangers = ("admin", "mona", "anna", "bruno", "outsider", SIGNED_OUT)
    assert stage.hits("eva", *strangers) == {}, "before any declaration"
    stage.seat()
    assert stage.hits("eva") == {}, "on the panel, but nothing declared"
    stage.declare()
    assert stage.kinds("eva") == {"word", "number"}
    assert "price" not in stage.kinds("ophelia")

    stage.lock()
    stage.open("ophelia", open_prices)
    assert "price" not in stage.kinds("ophelia") | stage.kinds("eva"), "after one opener only"
    stage.open("otto", open_prices)
    assert stage.hits(*strangers) == {}


def show(stage: Any) -> None:
    """A page that quotes a bid."""
    view = requires(Policy.PUBLIC)(lambda: "the price is 4,646,464.64")
    stage.app.add_url_rule("/planted", "planted", view)


def write_log(stage: Any) -> None:
    """A log line that does."""
    get_logger("planted").warning("sent", words="zqxwzqxw")


def leave_file(stage: Any) -> None:
    """An upload left in the folder of temporary files."""
    with zipfile.ZipFile(stage.temporary / "upload", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", "zqxwzqxw")


def keep_row(stage: Any) -> None:
    """A name in the audit trail."""
    with writing(stage.engine) as session:
        detail = {"file": "zqxwzqxw.csv"}
        append_event(session, actor="a", action="planted", object_kind="bid", object_id=1, detail=detail)


def keep_number(stage: Any) -> None:
    """A price in a column of whole numbers, which no search of bytes would find."""
    with writing(stage.engine) as session:
        session.scalars(select(Tender)).first().contract_value = Money(46_464_646_400)


def test_every_planted_leak_is_found(stage: Any) -> None:
    for plant in (show, write_log, leave_file, keep_row, keep_number):
        plant(stage)
    # The price stands in the place of the tender's value, which everybody is shown.
    assert set(stage.hits(SIGNED_OUT)[SIGNED_OUT]) == {"/planted", "/tenders"}
    rows = ["audit_events.detail", "tenders.contract_value"]
    assert sorted(stage.leaks()) == sorted(["wpound.sqlite-wal", "backup.sqlite", "upload", *rows, "log"])


def test_a_page_that_tells_how_many_have_bid_is_found(stage: Any) -> None:
    def number() -> str:
        with reading(stage.engine) as session:
            return str(session.scalar(select(func.count()).select_from(BidReceipt)))

    stage.app.add_url_rule("/planted", "planted", requires(Policy.PUBLIC)(number))
    before = stage.canary.without_time(stage.walk(SIGNED_OUT, receipt="R-none"))
    stage.write_plain("bruno")
    stage.submit("bruno")
    after = stage.canary.without_time(stage.walk(SIGNED_OUT, receipt="R-none"))
    assert [address for address in before if before[address] != after[address]] == ["/planted"]
