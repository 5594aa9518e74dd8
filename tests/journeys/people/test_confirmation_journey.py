"""An officer prints a link for a school, which answers on a small screen, by keyboard and without scripts."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from wpound.catalogue.model import Head
from wpound.core.delivery import ClaimState
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.core.valuing import ValueKind
from wpound.store.base import add
from wpound.store.engine import writing
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.store.organisations import get_organisation

DAY = date(2026, 4, 1)


@pytest.fixture
def path(app: Flask) -> str:
    """Where an officer asks about 60 hours of volunteering that a firm claims."""
    with writing(app.extensions["wpound"].engine) as session:
        firm = Supplier(name="Joinery (Example) Ltd", size=SupplierSize.UNKNOWN, source="test", seen_on=DAY)
        promise = Commitment(measure_code="volunteering-hours", head=Head.COMMUNITIES, quantity=Decimal(80))
        promise.unit, promise.value_kind = Unit.HOUR, ValueKind.NONE
        contract = Contract(reference="C-1", title="Parks and verges", contract_value=Money(100), commitments=[promise])
        contract.organisation_id = get_organisation(session, "council").id
        contract.supplier_id, contract.start_on, contract.end_on = add(session, firm).id, DAY, date(2029, 3, 31)
        add(session, contract)
        claim = Claim(commitment_id=promise.id, state=ClaimState.SUBMITTED, claimed=Decimal(60), amount=Decimal(60))
        about = {"contract_id": contract.id, "period_start_on": DAY, "period_end_on": date(2026, 6, 30)}
        sent = SocialValueReturn(**about, due_on=date(2026, 7, 28), status=ReturnStatus.SUBMITTED, claims=[claim])
        sent.submitted_at, sent.submitted_by = datetime.now(UTC), "sam@example.org"
        add(session, sent)
        return f"/buyer/returns/{sent.id}/claims/{claim.id}/confirmation"


def test_a_school_is_asked_and_answers(
    open_as: Callable[..., Page],
    browser: Browser,
    address: str,
    path: str,
    check: Callable[[Page], None],
    walk: Callable[[Page], None],
) -> None:
    officer = open_as("maximiliana", path)
    check(officer)
    officer.get_by_label("Who do you want to ask?").fill("Ashmore Park School")
    officer.get_by_role("button", name="Ask", exact=True).click()
    expect(officer.get_by_role("heading", name="For Ashmore Park School")).to_be_visible()
    check(officer)
    link = officer.locator(".app-code").inner_text()

    link = address + "/confirm/" + link.rpartition("/")[2]

    reader = browser.new_page(viewport={"width": 320, "height": 640})
    reader.goto(link)
    check(reader)
    walk(reader)
    school = browser.new_page(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    school.goto(link)
    school.get_by_label("Yes, but something was different").focus()
    school.keyboard.press("Space")
    school.keyboard.press("Tab")
    school.keyboard.type("42.5")
    school.keyboard.press("Enter")
    expect(school.get_by_role("link", name="Enter your role, like head teacher")).to_be_visible()
    school.get_by_label("What was different?").fill("They came for two days, not three.")
    school.get_by_label("Your role").fill("Head teacher")
    school.get_by_label("Your role").press("Enter")
    expect(school.get_by_role("heading", name="Thank you")).to_be_visible()

    reader.get_by_role("button", name="Send your answer").click()
    expect(reader.get_by_role("heading", name="This link cannot be used any more")).to_be_visible()
    check(reader)
    reader.goto(address + "/confirm/answered")
    check(reader)
    for page in (reader, school):
        page.context.close()

    officer.get_by_role("link", name="Back to who was asked").click()
    expect(officer.get_by_text("It happened, but differs")).to_be_visible()
    check(officer)
    walk(officer)
