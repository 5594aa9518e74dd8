"""Two buyers, a supplier of both and what each has to do; and a browser in which anybody is signed in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from wpound.catalogue.model import AnchorKind, Head
from wpound.core.delivery import ClaimState, VerificationLevel
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.core.valuing import ValueKind
from wpound.services.access import Grant, Person, Role
from wpound.store.base import add
from wpound.store.engine import upgrade, writing
from wpound.store.models.bids import Bid, BidMark, MarkKind
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.models.spend import Basis, FileStatus, SpendFile, SpendSource
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.store.models.tenders import Lot, Tender, TenderStage
from wpound.store.tenders import list_lots
from wpound.web import access

NOW = datetime.now(UTC)
METHOD: dict[str, Any] = {
    "title": "Grounds",
    "criteria": [
        {"code": "price", "kind": "price", "weighting": 60, "formula": "lowest_ratio"},
        {"code": "plan", "kind": "qualitative", "weighting": 30, "scale_max": "5"},
        {"code": "staff", "kind": "qualitative", "weighting": 10, "scale_max": "5"},
    ],
}


@dataclass
class Town:
    """The application with the numbers of what is in its database."""

    app: Flask
    ids: dict[str, int] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        return self.app.extensions["wpound"].engine  # type: ignore[no-any-return]

    def enter_tender(self, buyer: str, title: str, stage: TenderStage, closes_in_days: int = 9) -> int:
        with writing(self.engine) as session:
            return enter_tender(session, self.ids[buyer], title, stage, closes_in_days).id

    def enter_bid(self, tender_id: int, bidder: str, **marks: MarkKind) -> None:
        """A bid of a firm with marks such as ``plan=MarkKind.CONSENSUS``, given by the evaluator of these tests."""
        with writing(self.engine) as session:
            given = [
                BidMark(criterion=code, kind=kind, mark=Decimal(4), reason="Good.", marked_by="evaluator@example.org")
                for code, kind in marks.items()
            ]
            supplier = enter_supplier(session, bidder)
            bid = Bid(tender_id=tender_id, supplier_id=supplier.id, bidder=bidder, submitted_at=NOW, price=Money(100))
            bid.lot_id, bid.alias = list_lots(session, tender_id=tender_id)[0].id, bidder
            bid.passes, bid.content, bid.commitments, bid.marks = {}, {}, [], given
            add(session, bid)

    def enter_contract(self, buyer: str, reference: str, start_on: date) -> int:
        with writing(self.engine) as session:
            contract = Contract(
                organisation_id=self.ids[buyer],
                supplier_id=self.ids["joinery"],
                reference=reference,
                title=f"Contract {reference}",
                contract_value=Money(100),
                start_on=start_on,
                end_on=start_on + timedelta(days=5 * 365),
                commitments=[commitment()],
            )
            return add(session, contract).id

    def enter_return(self, contract_id: int, quarter: date, *, verified: str | None = None, sent: bool = True) -> int:
        """A return with one claim of 8.50; ``verified`` is what an officer found."""
        with writing(self.engine) as session:
            [promised] = session.query(Commitment).filter_by(contract_id=contract_id)
            return add(session, make_return(promised, quarter, verified, sent)).id

    def enter_file(self, organisation: str, name: str, **figures: Any) -> int:
        with writing(self.engine) as session:
            source = session.query(SpendSource).filter_by(organisation_id=self.ids[organisation]).one_or_none()
            source = source or add(
                session,
                SpendSource(organisation_id=self.ids[organisation], title="Payments", basis=Basis.NET),
            )
            plain = {"status": FileStatus.ACCEPTED, "sha256": name, "imported_by": "ada@example.org"}
            return add(session, SpendFile(source_id=source.id, file_name=name, **(plain | figures))).id


@pytest.fixture
def town(app: Flask) -> Town:
    """The town, with nothing to do in it yet."""
    found = Town(app)
    upgrade(found.engine)
    with writing(found.engine) as session:
        for key, kind in (("council", AnchorKind.COUNCIL), ("hospital", AnchorKind.HEALTH)):
            body = Organisation(
                key=key, name=f"Example {key}", anchor_kind=kind, city_key=app.extensions["wpound"].city.key
            )
            body.is_public_body = True
            found.ids[key] = add(session, body).id
        identifier = "GB-COH-ZZ000001"
        firm = Organisation(key="firm", name="Joinery (Example) Ltd", identifier=identifier, is_public_body=False)
        stranger = Organisation(key="stranger", name="New (Example) Ltd", is_public_body=False)
        found.ids |= {"firm": add(session, firm).id, "stranger": add(session, stranger).id}
        found.ids["joinery"] = enter_supplier(session, "Joinery (Example) Ltd", identifier).id
    return found


@pytest.fixture
def act_as(town: Town, monkeypatch: pytest.MonkeyPatch) -> Callable[..., FlaskClient]:
    """A browser in which somebody with these roles is signed in, for one organisation of the town."""

    def sign_in(organisation: str, *roles: Role, **about: int | None) -> FlaskClient:
        place = (town.ids[organisation], organisation, f"Example {organisation}")
        grants = tuple(Grant(*place, role, about.get("tender_id"), about.get("contract_id")) for role in roles)
        person = Person(1, "Ada Example", "evaluator@example.org", grants, place[0] if roles else None)
        monkeypatch.setattr(access, "_read_person", lambda: person)
        client = town.app.test_client()
        client.set_cookie(town.app.config["SESSION_COOKIE_NAME"], "anything")
        return client

    return sign_in


@pytest.fixture
def count_queries(town: Town, count_selects: Callable[..., int]) -> Callable[[Callable[[], Any]], int]:
    """How many questions reach the town's database while something is done."""
    return lambda act: count_selects(town.engine, act)


def enter_supplier(session: Session, name: str, identifier: str | None = None) -> Supplier:
    firm = Supplier(
        name=name, identifier=identifier, size=SupplierSize.UNKNOWN, source="test", seen_on=date(2026, 4, 1)
    )
    return add(session, firm)


def enter_tender(session: Session, buyer_id: int, title: str, stage: TenderStage, closes_in_days: int) -> Tender:
    lot = Lot(number=1, title=title)
    tender = Tender(organisation_id=buyer_id, ocid=f"ocds-{title}", title=title, stage=stage, lots=[lot])
    if stage is not TenderStage.DRAFT:
        tender.method, tender.method_hash, tender.catalogue_fingerprint = METHOD, "a", "b"
        tender.as_of, tender.deadline_at = date(2026, 4, 1), NOW + timedelta(days=closes_in_days)
    return add(session, tender)


def commitment() -> Commitment:
    return Commitment(
        measure_code="local-jobs",
        head=Head.JOBS,
        quantity=Decimal(10),
        unit=Unit.FTE_YEAR,
        value_kind=ValueKind.NONE,
    )


def make_return(promised: Commitment, quarter: date, verified: str | None, sent: bool) -> SocialValueReturn:
    moment = datetime.combine(quarter, datetime.min.time(), UTC) + timedelta(days=100)
    checked = {"verified": Decimal(verified), "verified_at": moment, "verified_by": "o"} if verified else {}
    level = VerificationLevel.OFFICER_CHECKED if verified else VerificationLevel.DOCUMENTED
    last = date(quarter.year, quarter.month + 2, 31 if quarter.month in (1, 10) else 30)
    state = ClaimState.APPROVED if verified else ClaimState.SUBMITTED if sent else ClaimState.DRAFT
    made = SocialValueReturn(
        contract_id=promised.contract_id,
        period_start_on=quarter,
        period_end_on=last,
        due_on=last + timedelta(days=28),
        status=ReturnStatus.SUBMITTED if sent else ReturnStatus.DRAFT,
        claims=[Claim(commitment_id=promised.id, claimed=Decimal("8.50"), level=level, state=state, **checked)],
    )
    if sent:
        made.submitted_at, made.submitted_by = moment, "firm"
    return made
