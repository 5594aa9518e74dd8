"""The pages people start their work from, full of long names, for everyone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from wpound.catalogue.model import Head, ValueKind
from wpound.core.delivery import ClaimState, VerificationLevel
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.store.base import add
from wpound.store.engine import writing
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.models.spend import Basis, FileStatus, SpendFile, SpendSource
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.store.models.tenders import Tender, TenderStage

NOW = datetime.now(UTC)
FIRM = "The Wednesfield and Bilston Cooperative Society for Groundskeeping, Landscaping and Arboriculture (Example) Ltd"
TITLE = "Grounds maintenance of parks, verges and the cemeteries of the borough, with the planting of street trees"
PAGES = {
    "asha": ("/admin", "/admin/jobs", "/admin/jobs?state=failed"),
    "maximiliana": ("/buyer", "/buyer/tenders", "/buyer/tenders?stage=awarded", "/buyer/returns"),
    "bela": ("/buyer", "/anchor", "/anchor/files", "/account/reminders", "/account/jobs"),
    "sam": ("/supplier", "/supplier/tenders"),
}


@pytest.fixture
def full(app: Flask) -> None:
    """A contract with reports sent, begun and overdue, tenders open and closed, and a refused spend file."""
    with writing(app.extensions["wpound"].engine) as session:
        council = session.scalars(select(Organisation).filter_by(key="council")).one()
        enter_contract(session, council)
        for number, days in enumerate((9, 2, -1)):
            tender = Tender(organisation_id=council.id, ocid=f"ocds-{'long' * 9}-{number}", title=TITLE, lots=[])
            tender.stage, tender.as_of, tender.deadline_at = TenderStage.PUBLISHED, date(2026, 4, 1), NOW
            tender.deadline_at += timedelta(days=days)
            tender.method, tender.method_hash, tender.catalogue_fingerprint = {"title": TITLE, "criteria": []}, "a", "b"
            add(session, tender)
        source = add(session, SpendSource(organisation_id=council.id, title="Payments over £500", basis=Basis.NET))
        name = f"payments_to_suppliers_{'over_five_hundred_pounds_' * 4}2025.csv"
        file = SpendFile(source_id=source.id, file_name=name, sha256="a", imported_by="bela@example.org")
        file.status, file.refused_because = FileStatus.REFUSED, "The heading row was not found in the first 20 rows."
        add(session, file)


def enter_contract(session: Session, council: Organisation) -> None:
    firm = Supplier(name=FIRM, identifier="GB-COH-ZZ000001", size=SupplierSize.UNKNOWN, source="test")
    firm.seen_on = date(2024, 4, 1)
    contract = Contract(organisation_id=council.id, supplier_id=add(session, firm).id, reference="C" * 30, title=TITLE)
    contract.contract_value, contract.start_on, contract.end_on = Money(100), date(2024, 4, 1), date(2099, 3, 31)
    promised = Commitment(measure_code="local-jobs", head=Head.JOBS, quantity=Decimal(10), unit=Unit.FTE_YEAR)
    promised.value_kind = ValueKind.NONE
    contract.commitments = [promised]
    add(session, contract)
    for first, last, status in (
        (date(2024, 4, 1), date(2024, 6, 30), ReturnStatus.SUBMITTED),
        (date(2024, 7, 1), date(2024, 9, 30), ReturnStatus.DRAFT),
    ):
        made = SocialValueReturn(contract_id=contract.id, period_start_on=first, period_end_on=last, status=status)
        made.due_on = last + timedelta(days=28)
        made.claims = [Claim(commitment_id=promised.id, claimed=Decimal("8.50"), level=VerificationLevel.DOCUMENTED)]
        if status is ReturnStatus.SUBMITTED:
            made.submitted_at, made.submitted_by = NOW, "sam@example.org"
            made.claims[0].state = ClaimState.SUBMITTED
        add(session, made)


@pytest.mark.usefixtures("full")
def test_pages_full_of_long_names_are_for_everyone(open_as, check_both, walk) -> None:
    for name, paths in PAGES.items():
        page = open_as(name, paths[0])
        root = page.url.removesuffix(paths[0])
        for path in paths:
            assert page.goto(root + path).status == 200
            check_both(page)
            walk(page)


@pytest.mark.usefixtures("full")
def test_the_buyer_and_the_supplier_see_the_same_report_overdue(open_as) -> None:
    expect(open_as("maximiliana", "/buyer").get_by_text(FIRM).first).to_be_visible()
    expect(open_as("sam", "/supplier").get_by_text("Overdue").first).to_be_visible()
