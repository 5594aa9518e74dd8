"""What waits for whom reads the same on both databases."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from wpound.catalogue.model import Head, ValueKind
from wpound.core.delivery import ClaimState, VerificationLevel
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.store.base import add
from wpound.store.models.contracts import Commitment, Contract, ContractPartner
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.workload import (
    Whose,
    count_stages,
    find_supplier_id,
    list_contract_rows,
    list_file_rows,
    list_marking,
    list_open_tenders,
    list_return_rows,
    list_tender_rows,
    list_tenders_to_open,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SENT = (ReturnStatus.SUBMITTED, ReturnStatus.VERIFIED)


@pytest.fixture
def buyer(session: Session) -> int:
    """A buyer with two tenders and a contract on which two quarters were reported."""
    council = add(session, Organisation(key="council", name="Example council", is_public_body=True))
    firm = Supplier(name="Ash", identifier="GB-COH-1", size=SupplierSize.UNKNOWN, source="test", seen_on=NOW.date())
    add(session, firm)
    add(session, Organisation(key="ash", name="Ash", identifier="GB-COH-1", is_public_body=False))
    for title, days in (("Open", 3), ("Over", -3)):
        tender = Tender(organisation_id=council.id, ocid=f"ocds-{title}", title=title, lots=[])
        tender.stage, tender.method, tender.method_hash = TenderStage.PUBLISHED, {"title": title}, "a"
        tender.catalogue_fingerprint, tender.as_of = "b", date(2026, 4, 1)
        tender.deadline_at, tender.contract_value = NOW + timedelta(days=days), Money(100)
        add(session, tender)
    contract = Contract(
        organisation_id=council.id,
        supplier_id=firm.id,
        reference="R1",
        title="Repairs",
        contract_value=Money(100),
        start_on=date(2025, 4, 1),
        end_on=date(2027, 3, 31),
        commitments=[
            Commitment(
                measure_code="local-jobs",
                head=Head.JOBS,
                quantity=Decimal(10),
                unit=Unit.FTE_YEAR,
                value_kind=ValueKind.NONE,
            )
        ],
    )
    add(session, contract)
    for month, verified in ((4, Decimal("8.5")), (7, None)):
        add(session, report(contract, month, verified))
    return council.id


def report(contract: Contract, month: int, verified: Decimal | None) -> SocialValueReturn:
    at = datetime(2025, month + 3, 20, tzinfo=UTC)
    promised, level = contract.commitments[0], VerificationLevel.THIRD_PARTY
    claim = Claim(commitment_id=promised.id, claimed=Decimal("8.50"), level=level, state=ClaimState.SUBMITTED)
    if verified is not None:
        claim.state = ClaimState.APPROVED
        claim.verified, claim.verified_at, claim.verified_by = verified, at, "officer"
    return SocialValueReturn(
        contract_id=contract.id,
        period_start_on=date(2025, month, 1),
        period_end_on=date(2025, month + 2, 30),
        due_on=date(2025, month + 3, 28),
        status=ReturnStatus.SUBMITTED,
        submitted_at=at,
        submitted_by="firm",
        claims=[claim],
    )


def test_tenders_are_listed_counted_and_told_apart_by_deadline(session: Session, buyer: int) -> None:
    assert count_stages(session, organisation_id=buyer) == {TenderStage.PUBLISHED: 2}
    rows, count = list_tender_rows(session, organisation_id=buyer, limit=1, offset=1)
    assert ([row.title for row in rows], count) == (["Open"], 2)
    assert rows[0].deadline_at == NOW + timedelta(days=3) and rows[0].contract_value == Money(100)
    assert list_tender_rows(session, organisation_id=buyer, stage=TenderStage.DRAFT, limit=9) == ([], 0)
    assert [row.title for row in list_open_tenders(session, now=NOW, limit=9)[0]] == ["Open"]
    waiting, count = list_tenders_to_open(session, organisation_id=buyer, now=NOW, limit=9)
    assert ([row.title for row in waiting], count) == (["Over"], 1)
    assert list_marking(session, organisation_id=buyer) == []


def test_returns_say_how_far_their_claims_are_checked(session: Session, buyer: int) -> None:
    rows, count = list_return_rows(session, Whose(buyer), statuses=SENT, limit=9)
    assert count == 2
    assert [(row.period.start_on.month, row.claims, row.checked, row.reduced) for row in rows] == [
        (7, 1, 0, 0),
        (4, 1, 1, 0),
    ]
    oldest, _ = list_return_rows(session, Whose(buyer), statuses=[ReturnStatus.SUBMITTED], limit=1)
    assert oldest[0].period.start_on.month == 4


def test_a_contract_says_until_when_it_was_reported_to_buyer_and_supplier_alike(session: Session, buyer: int) -> None:
    supplier_id = find_supplier_id(session, organisation_id=buyer + 1)
    [row] = list_contract_rows(session, Whose(buyer))
    assert row.reported_until == date(2025, 9, 30)
    assert list_contract_rows(session, Whose(supplier_id=supplier_id)) == [row]
    assert list_contract_rows(session, Whose(buyer, contract_ids=[])) == []
    assert list_contract_rows(session, Whose(buyer + 1)) == []


def test_a_look_up_that_is_nobodys_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="say whose"):
        list_contract_rows(session, Whose())


def test_nobody_has_files_that_were_not_imported(session: Session, buyer: int) -> None:
    assert list_file_rows(session, organisation_id=buyer, limit=9) == ([], 0)
    assert find_supplier_id(session, organisation_id=buyer) is None


def test_a_contract_of_several_suppliers_is_each_of_theirs(session: Session, buyer: int) -> None:
    contract = session.scalars(select(Contract)).one()
    partner = add(session, Supplier(name="Partner", size=SupplierSize.SMALL, source="test", seen_on=date(2025, 4, 1)))
    stranger = add(session, Supplier(name="Other", size=SupplierSize.SMALL, source="test", seen_on=date(2025, 4, 1)))
    add(session, ContractPartner(contract_id=contract.id, supplier_id=partner.id))
    found = [
        [row.contract_id for row in list_contract_rows(session, Whose(supplier_id=one))]
        for one in (contract.supplier_id, partner.id, stranger.id)
    ]
    assert found == [[contract.id], [contract.id], []]
