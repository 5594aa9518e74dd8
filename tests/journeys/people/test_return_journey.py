"""A firm fills in its return, sends it, and answers what the buyer asks, by keyboard and on a phone."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from wpound.catalogue.model import Head
from wpound.core.delivery import ClaimState, Side
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.core.valuing import ValueKind
from wpound.store.base import add
from wpound.store.engine import writing
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import ClaimMessage, MessageKind
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.store.returns import get_claim

Open = Callable[..., Page]
TITLE = "Grounds maintenance of parks, verges and the cemeteries of the borough"


@pytest.fixture
def contract(app: Flask) -> int:
    """A contract of the council with Sam's firm: jobs and volunteering."""
    with writing(app.extensions["wpound"].engine) as session:
        council = session.query(Organisation).filter_by(key="council").one()
        firm = Supplier(name="Joinery (Example) Ltd", identifier="GB-COH-ZZ000001", size=SupplierSize.UNKNOWN)
        firm.source, firm.seen_on = "test", date(2026, 4, 1)
        about = {"organisation_id": council.id, "supplier_id": add(session, firm).id, "title": TITLE}
        made = Contract(**about, reference="C-2026-1", contract_value=Money(100))
        made.start_on, made.end_on = date(2026, 4, 1), date(2028, 3, 31)
        made.commitments = [
            Commitment(measure_code=code, head=Head.JOBS, quantity=Decimal(8), unit=unit, value_kind=ValueKind.NONE)
            for code, unit in (("local-jobs", Unit.FTE_YEAR), ("volunteering-hours", Unit.HOUR))
        ]
        return add(session, made).id


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def test_a_return_from_its_first_row_to_the_answer(
    app: Flask, contract: int, open_as: Open, check: Callable[[Page], None], walk: Callable[[Page], None]
) -> None:
    page = open_as("sam", "/supplier/returns", 320)
    check(page)
    page.get_by_text("Report an earlier quarter").click()
    page.get_by_role("button", name="1 April 2026 to 30 June 2026").click()
    expect(page.get_by_role("heading", name="Return for 1 April 2026 to 30 June 2026")).to_be_visible()
    check(page)

    page.get_by_role("link", name="Local people in work").first.click()
    page.get_by_label("Payroll number").nth(0).fill("Ada Lovelace")
    page.get_by_label("Hours a week").nth(0).fill("17.5")
    press(page, "Save")
    expect(page.get_by_role("link", name="Person 1: This looks like a name.")).to_be_visible()
    check(page)
    page.get_by_label("Payroll number").nth(0).fill("P-0012")
    page.get_by_label("What was done, for whom and where").fill("A gardener from the city.")
    press(page, "Save")
    expect(page.get_by_text("Saved. This line comes to 0.125 FTE-years.")).to_be_visible()
    expect(page.get_by_text("0.5 of a full-time post for 91 of 91 days of the quarter: 0.125")).to_be_visible()
    check(page)
    walk(page)

    page.get_by_role("link", name="Back to the return").click()
    page.get_by_role("link", name="Staff volunteering hours").first.click()
    page.get_by_label("Amount", exact=True).first.fill("0")
    press(page, "Save")
    page.get_by_role("link", name="Back to the return").click()
    expect(page.get_by_text("Nothing is claimed, though something is due this quarter. Say why.")).to_be_visible()
    page.get_by_role("link", name="Staff volunteering hours").first.click()
    page.get_by_label("What was done, for whom and where").fill("The project starts in July.")
    press(page, "Save")
    page.get_by_role("link", name="Back to the return").click()
    page.get_by_role("button", name="Go on to declare and send").click()
    check(page)
    for box in page.get_by_role("checkbox").all():
        box.check()
    press(page, "Send the return")
    expect(page.get_by_role("heading", name="Return sent")).to_be_visible()
    check(page)
    page.get_by_role("link", name="See the return").click()
    check(page)

    page.get_by_role("link", name="Staff volunteering hours").first.click()
    expect(page.get_by_text("History of this line")).to_be_visible()
    check(page)
    query(app, int(page.url.rsplit("/", 1)[1].split("#")[0]))
    page.reload()
    expect(page.get_by_role("heading", name="The buyer asks")).to_be_visible()
    check(page)
    page.get_by_label("Your answer").fill("The school was closed.")
    press(page, "Send the answer")
    expect(page.get_by_text("Your answer and this line were sent to the buyer.")).to_be_visible()
    check(page)


def query(app: Flask, claim_id: int) -> None:
    """The buyer asks about a line."""
    with writing(app.extensions["wpound"].engine) as session:
        claim = get_claim(session, claim_id)
        claim.state, claim.reason, claim.reply_by = ClaimState.QUERIED, "Why did it not start?", date(2099, 7, 31)
        about = {"side": Side.BUYER, "kind": MessageKind.QUERY, "written_by": "olga@council.example"}
        add(session, ClaimMessage(claim_id=claim_id, text=claim.reason, reply_by=claim.reply_by, **about))
