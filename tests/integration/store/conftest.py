"""A small world to put rows into."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from wpound.core.delivery import CertificateScope
from wpound.core.money import Money
from wpound.core.places import UNPLACED, Placement, Ring
from wpound.store import rollups, spend
from wpound.store.base import add
from wpound.store.models.bids import Bid
from wpound.store.models.certificates import Certificate
from wpound.store.models.contracts import Contract
from wpound.store.models.evaluations import Evaluation, EvaluationBid, ScoreLine
from wpound.store.models.league import LeagueSnapshot
from wpound.store.models.organisations import Organisation
from wpound.store.models.spend import Basis, SpendFile, SpendSource
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.store.models.tenders import Lot, Tender
from wpound.store.suppliers import PayeeKey, add_payees
from wpound.store.tenders import list_lots

RULE = "city"
NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
HASH = "a" * 64
CITY = Placement(Ring.CITY, Ring.CITY, Ring.CITY)
AWAY = Placement(Ring.UK, Ring.UK, Ring.UK)


@pytest.fixture(scope="session")
def make() -> "type[World]":
    """Makers of rows that others need before them."""
    return World


class World:
    """Each maker puts in one valid row; keyword arguments replace its values."""

    @staticmethod
    def organisation(session: Session, key: str = "council", **values: Any) -> Organisation:
        plain = {"name": key.title(), "is_public_body": True, "anchor_kind": "council", "city_key": "town"}
        return add(session, Organisation(key=key, **(plain | values)))

    @staticmethod
    def supplier(session: Session, name: str = "Example Joinery", **values: Any) -> Supplier:
        plain = {"size": SupplierSize.UNKNOWN, "source": "register", "seen_on": date(2026, 1, 1)}
        return add(session, Supplier(name=name, **(plain | values)))

    @staticmethod
    def source(session: Session, organisation: Organisation, title: str = "Spend over £500") -> SpendSource:
        return add(session, SpendSource(organisation_id=organisation.id, title=title, basis=Basis.NET))

    @staticmethod
    def spend_file(
        session: Session,
        source: SpendSource,
        payments: list[tuple[str, date | None, int]],
        sha256: str = HASH,
        places: Callable[[str], Placement] = lambda name: UNPLACED,
    ) -> SpendFile:
        """A file of (payee, day, pence) brought in, with every payee placed under the rule."""
        payees = add_payees(
            session, [PayeeKey(name) for name, _, _ in payments], organisation_id=source.organisation_id
        )
        placements = {payees[PayeeKey(name)]: places(name) for name, _, _ in payments}
        rollups.set_placements(session, RULE, placements)
        file = spend.begin_file(
            session, source_id=source.id, file_name="spend.csv", sha256=sha256, imported_by="finance"
        )
        lines = [
            spend.NewLine(
                "", number, payees[PayeeKey(name)], day, pence, None, None, None, None, None, f"{name},{pence}"
            )
            for number, (name, day, pence) in enumerate(payments, start=2)
        ]
        spend.insert_lines(session, file, lines)
        figures = {
            "content_hash": sha256,
            "row_count": len(lines),
            "loaded_rows": len(lines),
            "total": Money(sum(pence for _, _, pence in payments)),
        }
        return spend.accept_file(session, file, figures, with_warnings=False)

    @staticmethod
    def tender(session: Session, organisation: Organisation, **values: Any) -> Tender:
        plain = {"ocid": "ocds-test-1", "title": "Grounds maintenance"}
        tender = add(session, Tender(organisation_id=organisation.id, **(plain | values)))
        add(session, Lot(tender_id=tender.id, number=1, title=tender.title))
        return tender

    @staticmethod
    def bid(session: Session, tender: Tender, supplier: Supplier, **values: Any) -> Bid:
        plain = {
            "lot_id": list_lots(session, tender_id=tender.id)[0].id,
            "bidder": supplier.name,
            "alias": f"Bidder {supplier.id}",
            "submitted_at": NOON,
            "price": Money(45_000_000),
        }
        return add(session, Bid(tender_id=tender.id, supplier_id=supplier.id, **(plain | values)))

    @staticmethod
    def evaluation(session: Session, bid: Bid, **values: Any) -> Evaluation:
        plain = {
            "number": 1,
            "created_by": "officer",
            "as_of": date(2026, 4, 1),
            "engine_version": "1",
            "method_hash": HASH,
            "catalogue_fingerprint": HASH,
            "result": {"bids": []},
            "result_hash": HASH,
        }
        line = ScoreLine(
            position=1,
            criterion="price",
            title="Price",
            share=Decimal("0.95"),
            weighting=40,
            available=Decimal(40),
            contribution=Decimal("38.00"),
            formula="lowest_ratio",
            inputs={"price": "450000.00"},
            explanation="The lowest price over this price.",
        )
        ranked = EvaluationBid(
            bid_id=bid.id, position=1, rank=1, score=Decimal("38.00"), points=Decimal(38), lines=[line]
        )
        return add(session, Evaluation(tender_id=bid.tender_id, lot_id=bid.lot_id, bids=[ranked], **(plain | values)))

    @staticmethod
    def contract(session: Session, organisation: Organisation, supplier: Supplier, **values: Any) -> Contract:
        plain = {
            "reference": "C1",
            "title": "Grounds",
            "contract_value": Money(48_000_000),
            "start_on": date(2026, 4, 1),
            "end_on": date(2028, 3, 31),
        }
        return add(session, Contract(organisation_id=organisation.id, supplier_id=supplier.id, **(plain | values)))

    @staticmethod
    def certificate(session: Session, organisation: Organisation, supplier: Supplier, **values: Any) -> Certificate:
        plain = {
            "year": 2026,
            "number": 1,
            "serial": "SV-2026-0001",
            "period_start_on": date(2025, 4, 1),
            "period_end_on": date(2026, 3, 31),
            "issued_on": date(2026, 5, 1),
            "expires_on": date(2027, 4, 30),
            "scope": CertificateScope.SUPPLIER,
            "facts": {"serial": "SV-2026-0001"},
            "facts_sha256": HASH,
            "pdf_sha256": HASH,
            "audit_head": HASH,
        }
        return add(session, Certificate(organisation_id=organisation.id, supplier_id=supplier.id, **(plain | values)))

    @staticmethod
    def snapshot(session: Session, **values: Any) -> LeagueSnapshot:
        plain = {
            "city_key": "town",
            "rule_key": RULE,
            "definition": "In the city",
            "period_start_on": date(2025, 4, 1),
            "period_end_on": date(2026, 3, 31),
            "seed": "wpound",
            "draws": 500,
            "coverage_floor": Decimal("0.6"),
            "economy_weighting": 34,
            "jobs_weighting": 33,
            "climate_weighting": 33,
            "spend_fingerprint": HASH,
            "notes": [],
            "created_by": "officer",
        }
        return add(session, LeagueSnapshot(**(plain | values)))
