"""A certificate from the officer who issues it to the stranger who verifies it, by keyboard and without scripts too."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from wpound.app import create_app
from wpound.catalogue.model import AnchorKind, Head
from wpound.config import Settings
from wpound.core.delivery import ClaimState, VerificationLevel
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.core.valuing import ValueKind
from wpound.services.access import Role
from wpound.services.change_roles import grant_role
from wpound.services.create_person import create_person
from wpound.store.base import add
from wpound.store.engine import upgrade, writing
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.models.suppliers import Supplier, SupplierSize

PASSWORD = "heron lantern quarry"
FIRM = "GB-COH-ZZ000001"
CHECKED_AT = datetime(2025, 7, 20, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    """The service with a council, a firm, their contract and one verified return."""
    folder = str(tmp_path_factory.mktemp("certificates"))
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": folder, "WPOUND_SECOND_FACTOR": "none"}))
    engine = app.extensions["wpound"].engine
    upgrade(engine)
    with writing(engine) as session:
        council = Organisation(key="council", name="Example council", anchor_kind=AnchorKind.COUNCIL, city_key="town")
        council.is_public_body = True
        firm = Organisation(key="firm", name="Joinery (Example) Ltd", identifier=FIRM, is_public_body=False)
        for body, role in ((council, Role.OFFICER), (firm, Role.SUPPLIER)):
            user = create_person(
                session, email=f"{role}@example.org", name=role.title(), password=PASSWORD, actor="test"
            )
            grant_role(session, user, add(session, body), role, actor="test")
        supplier = Supplier(
            name=firm.name, identifier=FIRM, size=SupplierSize.SMALL, source="test", seen_on=date(2025, 4, 1)
        )
        promise = Commitment(
            measure_code="local-jobs",
            head=Head.JOBS,
            quantity=Decimal(10),
            unit=Unit.FTE_YEAR,
            value_kind=ValueKind.NONE,
        )
        contract = Contract(reference="C-1", title="Park benches", contract_value=Money(100), commitments=[promise])
        contract.organisation_id, contract.supplier_id = council.id, add(session, supplier).id
        contract.start_on, contract.end_on = date(2025, 4, 1), date(2026, 3, 31)
        claim = Claim(commitment_id=add(session, contract).commitments[0].id, claimed=Decimal(2), verified=Decimal(2))
        claim.state = ClaimState.APPROVED
        claim.level, claim.verified_at, claim.verified_by = VerificationLevel.OFFICER_CHECKED, CHECKED_AT, "officer"
        submitted = SocialValueReturn(contract_id=contract.id, status=ReturnStatus.SUBMITTED, claims=[claim])
        submitted.period_start_on, submitted.period_end_on = date(2025, 4, 1), date(2025, 6, 30)
        submitted.due_on = date(2025, 7, 28)
        submitted.submitted_at, submitted.submitted_by = CHECKED_AT, "firm"
        add(session, submitted)
    with serve(app) as found:
        yield found
    engine.dispose()


@pytest.fixture
def sign_in(browser: Browser, place: str) -> Iterator[Callable[..., Page]]:
    contexts = []

    def enter(role: Role, *, scripts: bool = True) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        # A certificate takes its time on a busy machine.
        page.set_default_timeout(90_000)
        page.goto(f"{place}/account/sign-in")
        page.fill("input[name=email]", f"{role}@example.org")
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        return page

    yield enter
    for context in contexts:
        context.close()


def test_from_the_officer_to_the_stranger(
    sign_in: Callable[..., Page],
    browser: Browser,
    place: str,
    check: Callable[[Page], None],
    walk: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    page = sign_in(Role.OFFICER)
    page.get_by_role("navigation").get_by_role("link", name="Certificates").click()
    check(page)
    page.get_by_role("button", name="Issue a certificate").focus()
    page.keyboard.press("Enter")
    page.get_by_label("One contract").check()
    page.get_by_label("Contract", exact=True).select_option("Park benches (C-1)")
    for label in ("First quarter", "Last quarter"):
        page.get_by_label(label).select_option("2025-04-01")
    page.get_by_role("button", name="Show what it would say").click()
    expect(page.get_by_role("heading", name="What it would say")).to_be_visible()
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        check(page)
    walk(page)
    page.get_by_role("button", name="Issue the certificate").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Certificate C", timeout=90_000)
    serial = heading.inner_text().removeprefix("Certificate ")
    check(page)
    walk(page)

    firm = sign_in(Role.SUPPLIER)
    firm.goto(f"{place}/supplier/certificates/{serial}")
    check(firm)
    badge = firm.get_by_role("img", name=f"Badge of social value certificate {serial}")
    assert badge.evaluate("e => e.complete && e.naturalWidth") == 360
    with firm.expect_download() as download:
        firm.get_by_role("link", name="Certificate (PDF)").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)

    stranger = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False).new_page()
    stranger.goto(f"{place}/verify")
    stranger.get_by_label("Certificate file").set_input_files(file)
    stranger.get_by_role("button", name="Check the file").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This certificate is valid")

    page.get_by_label("Reason").fill("The payroll was another firm's.")
    page.get_by_role("button", name="Revoke the certificate").click()
    stranger.goto(f"{place}/verify/{serial}")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This certificate was revoked")
    expect(stranger.get_by_text("The payroll was another firm's.")).to_be_visible()
    stranger.context.close()
