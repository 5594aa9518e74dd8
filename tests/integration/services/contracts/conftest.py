"""A council with an officer, a firm and a contract whose promises are due over three years."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from secrets import token_hex

import pytest
from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.bids import Commitment as Promise
from wpound.core.delivery import VerificationLevel
from wpound.core.due_dates import Settlement
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.core.roles import Role
from wpound.services.access import Person, find_person
from wpound.services.change_roles import grant_role
from wpound.services.clock import fixed_clock
from wpound.services.edit_contract import ContractDetails, add_commitment
from wpound.services.enter_contract import ContractTerms
from wpound.services.register_contract import NamedSupplier, register_contract
from wpound.store.base import add
from wpound.store.contracts import get_contract_of
from wpound.store.models.accounts import User
from wpound.store.models.contracts import Contract
from wpound.store.models.organisations import Organisation

LIFE = Period(date(2025, 4, 1), date(2028, 3, 31))
FIRM = NamedSupplier("Ash Grounds (Example) Ltd", company_number="01234567")
PROMISES = (
    Promise("local-jobs", Decimal(12)),
    Promise("carbon-fleet", Decimal(30), 2026),
    Promise("carbon-fleet", Decimal(40), 2027),
)


@dataclass
class Managing:
    """The officer's view of one contract."""

    session: Session
    buyer: Organisation
    officer: Person
    stranger: Person
    catalogue: Catalogue
    report: Callable[..., object]
    contract_id: int = 0

    @property
    def contract(self) -> Contract:
        """The contract as it is now."""
        return get_contract_of(self.session, self.contract_id)

    def enter(
        self, reference: str, pounds: str = "6000000", supplier: NamedSupplier = FIRM, life: Period = LIFE
    ) -> int:
        """A contract without promises."""
        terms = ContractTerms(reference, f"Work {reference}", Money.from_pounds("6000000"), life)
        return register_contract(self.session, self.officer, supplier, terms, ContractDetails(), self.catalogue).id

    def deliver(self, quarter: Period, claims: Sequence[tuple[str, str, str | None]]) -> None:
        """A return of (measure, claimed, verified), checked where verified is given."""
        contract = self.contract
        rows = {one.measure_code: one.id for one in contract.commitments}
        told = {
            rows[code]: (Decimal(claimed), verified and Decimal(str(verified)), VerificationLevel.OFFICER_CHECKED)
            for code, claimed, verified in claims
        }
        clock = fixed_clock(datetime(quarter.end_on.year + 1, 1, 31, tzinfo=UTC))
        self.report(self.session, contract, quarter, told, clock)


@pytest.fixture
def managing(
    session: Session, anchors: list[Organisation], catalogue: Catalogue, report_return: Callable[..., object]
) -> Managing:
    """A contract of the council with a firm; the stranger is an officer of another anchor."""
    people = []
    for name, organisation in (("olga", anchors[0]), ("hugo", anchors[1])):
        keys = {"fs_uniquifier": token_hex(32), "fs_webauthn_user_handle": token_hex(32)}
        user = add(session, User(email=f"{name}@example.org", name=name.title(), **keys))
        grant_role(session, user, organisation, Role.OFFICER, actor="test")
        person = find_person(session, user.id)
        assert person is not None
        people.append(person)
    made = Managing(session, anchors[0], people[0], people[1], catalogue, report_return)
    made.contract_id = made.enter("C-1")
    for promise in PROMISES:
        add_commitment(session, made.officer, made.contract_id, promise, Settlement(), catalogue)
    return made
