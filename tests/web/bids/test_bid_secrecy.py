"""Nothing of a bid is anywhere but in the browsers of its own organisation before two openers have acted."""

import logging
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from wpound.jobs import make_handlers
from wpound.services.access import Role
from wpound.services.run_job import run_job
from wpound.store.engine import reading
from wpound.store.models.audit import AuditEvent
from wpound.store.models.jobs import Job

CANARY = "kanarienvogel"
# Digits that stand nowhere else, in each way a number may be written.
PRICE, PRICES = "417,312.57", (b"417312.57", b"417,312.57", b"41731257")
NAME = f"{CANARY}-insurance.pdf"
EVERYWHERE = ("/buyer", "/buyer/tenders", "/admin", "/admin/jobs", "/tenders", "/tenders/ocds-test-1", "/account/jobs")


def sing(text: str) -> bytes:
    """The canary as bytes that are looked for without their case."""
    return text.encode().lower()


def fill(content: bytes, entries: dict[str, Any]) -> bytes:
    book, out = CalamineWorkbook.from_filelike(BytesIO(content)), BytesIO()
    saved = xlsxwriter.Workbook(out, {"in_memory": True})
    for name in book.sheet_names:
        sheet = saved.add_worksheet(name)
        for r, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False)):
            for c, value in enumerate(row):
                sheet.write(r, c, value)
        for place, value in entries.items():
            if place.startswith(f"{name}!"):
                sheet.write(place.partition("!")[2], value)
    saved.close()
    return out.getvalue()


def write_everything(alma: Any, bid: str, write: Callable[..., None]) -> None:
    """A canary in every field of every page, a file and a workbook; handed in, changed and handed in again."""
    words = {"plans": {"plan-local-jobs": f"{CANARY} plan"}, "answers/wages": {"answer": f"{CANARY} answer"}}
    write(alma, price={"price": PRICE}, **words)
    file = (BytesIO(b"%PDF-1.7 " + CANARY.encode() * 50), NAME)
    alma.post(f"{bid}/files", alma.fields(f"{bid}/files") | {"file": file}, content_type="multipart/form-data")
    alma.send(f"{bid}/submit", {"may_submit": "y"})
    sheet = fill(
        alma.raw(f"{bid}/workbook/filled.xlsx").get_data(),
        {"Statements!E5": f"{CANARY} from a sheet", "Price!E6": f"{CANARY} posts"},
    )
    book = {"file": (BytesIO(sheet), f"{CANARY}.xlsx")}
    alma.post(f"{bid}/workbook", alma.fields(f"{bid}/workbook") | book, content_type="multipart/form-data")
    # What is refused is told on the page and nowhere else.
    alma.send(f"{bid}/price", {"price": f"{CANARY} pounds"}, status=400)
    refused = alma.fields(f"{bid}/files") | {"file": (BytesIO(b"MZ" + CANARY.encode()), f"{CANARY}.exe")}
    sent = {"method": "POST", "data": refused, "content_type": "multipart/form-data"}
    assert alma.raw(f"{bid}/files", **sent).status_code == 400
    alma.send(f"{bid}/workbook/changes")
    alma.send(f"{bid}/submit", {"may_submit": "y"})


def deliver_mail(tendering: Any) -> None:
    settings = tendering.app.extensions["wpound"].settings
    with reading(tendering.engine) as session:
        jobs = [(job.id, job.attempt) for job in session.scalars(select(Job))]
    for job_id, attempt in jobs:
        run_job(tendering.engine, settings, make_handlers(settings), job_id, attempt)


def files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes().lower()


def test_nothing_of_a_bid_is_readable_before_opening(
    tendering: Any,
    act_as: Callable[..., Any],
    bid: str,
    write: Callable[..., None],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    alma = act_as("alma")
    write_everything(alma, bid, write)
    assert CANARY in alma.get(f"{bid}/review").text, "its own organisation reads it"
    deliver_mail(tendering)
    names = [name for name, _ in files_of(tmp_path)]
    assert {"wpound.sqlite", "wpound.sqlite-wal"} <= set(names), "the log of the database is looked into, too"
    assert any(name.startswith("mail/") for name in names) and any(name.startswith("files/") for name in names)
    for secret in (sing(CANARY), *PRICES):
        hits = [name for name, content in files_of(tmp_path) if secret in content or secret.decode() in name.lower()]
        assert hits == [], secret
    told = (caplog.text + "".join(capfd.readouterr())).lower()
    assert CANARY not in told and not any(price.decode() in told for price in PRICES)
    look_at_every_page(act_as)
    check_audit(tendering)


def look_at_every_page(act_as: Callable[..., Any]) -> None:
    """Neither content nor bidder, nor how many there are, on a page of anybody else's."""
    others = (act_as("ophelia"), act_as("otto", Role.ADMIN), act_as("otto", Role.EVALUATOR), act_as("bruno"))
    for browser in others:
        for address in EVERYWHERE:
            page = browser.raw(address).get_data(as_text=True).lower()
            assert CANARY not in page and "ash (example)" not in page and "417,312" not in page, address


def check_audit(tendering: Any) -> None:
    with reading(tendering.engine) as session:
        events = [one for one in session.scalars(select(AuditEvent)) if one.action.startswith("bid")]
    assert {"bid_draft.saved", "bid_draft.file_added", "bid.submitted", "bid.replaced"} <= {
        one.action for one in events
    }
    known = {"ocid", "lot", "version", "content_hash"}
    assert set().union(*(one.detail for one in events)) <= known


@pytest.mark.parametrize(
    "page",
    ["files/{file}", "submitted.json", "workbook/changes"],
)
def test_another_firm_finds_nothing_of_it(act_as, bid, write, page: str) -> None:
    alma, bruno = act_as("alma"), act_as("bruno")
    write(alma)
    alma.post(
        f"{bid}/files",
        alma.fields(f"{bid}/files") | {"file": (BytesIO(b"%PDF-1.7"), NAME)},
        content_type="multipart/form-data",
    )
    receipt = alma.send(f"{bid}/submit", {"may_submit": "y"}).heading
    link = alma.get(f"{bid}/files").links()[NAME]
    address = f"{bid}/{page}".replace("{file}", link.rpartition("/")[2])
    assert bruno.raw(address).status_code == 404
    assert bruno.raw(f"/supplier/receipts/{receipt}").status_code == 404
    assert "No receipts yet" in bruno.get("/supplier/receipts").text
    assert "Nobody has received this bid" in bruno.get(bid).text
    assert not bruno.fields(f"{bid}/price").get("price")


@pytest.mark.parametrize("role", [Role.OFFICER, Role.EVALUATOR, Role.ADMIN, Role.CONTRACT_MANAGER, Role.ANCHOR])
def test_nobody_but_a_supplier_reaches_any_page_of_a_bid(tendering, act_as, bid, role: Role) -> None:
    browser = act_as("otto", role)
    pages = ("", "/price", "/review", "/submit", "/files", "/workbook", "/workbook/filled.xlsx", "/submitted.json")
    assert {browser.raw(bid + page).status_code for page in pages} == {403}
    assert browser.raw("/supplier/receipts").status_code == 403


def test_a_tender_that_is_not_published_does_not_exist_for_suppliers(tendering, act_as, bid) -> None:
    assert act_as("alma").raw("/supplier/tenders/ocds-none/lots/1/bid").status_code == 404
    assert act_as("alma").raw(bid.replace("lots/1", "lots/2")).status_code == 404
