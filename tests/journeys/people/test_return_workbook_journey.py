"""A firm writes its return in a workbook: downloads it, sees what it changes, takes it over, and sends the return."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from runpy import run_path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from wpound.catalogue.model import Head
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.core.valuing import ValueKind
from wpound.store.base import add
from wpound.store.engine import writing
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, SocialValueReturn
from wpound.store.models.suppliers import Supplier, SupplierSize

edit = run_path(str(Path(__file__).parents[2] / "edit_workbook.py"))["edit_workbook"]
JOBS = "1. Local people in work"
FILLED = {
    "Claims!M5": "Two gardeners from the city.",
    "People!B5": JOBS,
    "People!C5": "P-0012",
    "People!D5": 17.5,
    "People!B6": JOBS,
    "People!C6": "P-0013",
    "People!D6": 35,
    "People!F6": date(2026, 5, 1),
    "Claims!K6": "a few",
    "Claims!M6": "Three days in the parks.",
}


@pytest.fixture
def address(app: Flask, address: str) -> str:
    """Where the service answers, with a return of Sam's firm: jobs and volunteering."""
    with writing(app.extensions["wpound"].engine) as session:
        council = session.query(Organisation).filter_by(key="council").one()
        firm = Supplier(name="Joinery (Example) Ltd", identifier="GB-COH-ZZ000001", size=SupplierSize.UNKNOWN)
        firm.source, firm.seen_on = "test", date(2026, 4, 1)
        about = {"organisation_id": council.id, "supplier_id": add(session, firm).id, "title": "Parks and verges"}
        made = Contract(**about, reference="C-2026-1", contract_value=Money(100))
        made.start_on, made.end_on = date(2026, 4, 1), date(2028, 3, 31)
        made.commitments = [
            Commitment(measure_code=code, head=Head.JOBS, quantity=Decimal(8), unit=unit, value_kind=ValueKind.NONE)
            for code, unit in (("local-jobs", Unit.FTE_YEAR), ("volunteering-hours", Unit.HOUR))
        ]
        add(session, made)
        days = {"period_start_on": date(2026, 4, 1), "period_end_on": date(2026, 6, 30), "due_on": date(2026, 7, 28)}
        claims = [Claim(commitment_id=one.id, claimed=Decimal(0)) for one in made.commitments]
        add(session, SocialValueReturn(contract_id=made.id, claims=claims, **days))
    return address


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def send(page: Page, name: str, content: bytes) -> None:
    """Upload a workbook on the page that takes one."""
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.get_by_label("The workbook you filled in").set_input_files([file])
    press(page, "Upload and see what it changes")


def test_a_return_written_in_a_workbook(
    open_as: Callable[..., Page], check: Callable[[Page], None], walk: Callable[[Page], None]
) -> None:
    page = open_as("sam", "/supplier/returns/1", 320)
    page.get_by_role("link", name="Fill in the return in a workbook").click()
    check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Workbook filled in with your return so far").click()
    given = Path(download.value.path()).read_bytes()
    send(page, "notes.xlsx", b"not a workbook")
    expect(page.get_by_role("link", name="not a whole XLSX workbook")).to_be_visible()
    check(page)

    send(page, "return.xlsx", edit(given, FILLED))
    expect(page.get_by_role("heading", name="What the workbook changes")).to_be_visible()
    expect(page.get_by_text("This is 'a few', which is no number.")).to_be_visible()
    check(page)
    walk(page)
    press(page, "Take over the line")
    expect(page.get_by_text("1 line was taken over. Nothing is sent yet.")).to_be_visible()

    page.get_by_role("link", name="Fill in the return in a workbook").click()
    send(page, "return.xlsx", edit(given, FILLED | {"Claims!K6": 22.5}))
    expect(page.get_by_role("heading", name="To put right")).to_be_hidden()
    press(page, "Take over the line")
    page.get_by_role("button", name="Go on to declare and send").click()
    expect(page.get_by_text("22.5 hours").first).to_be_visible()
    for box in page.get_by_role("checkbox").all():
        box.check()
    press(page, "Send the return")
    expect(page.get_by_role("heading", name="Return sent")).to_be_visible()
    page.goto(page.url.removesuffix("/sent") + "/workbook")
    expect(page.get_by_text("nothing can be uploaded")).to_be_visible()
    check(page)
