"""A council's contract with a firm: three promises, two people of the firm, two officers, and a stranger each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue, City
from wpound.config import Settings
from wpound.core.bids import Commitment as Promise
from wpound.core.claim_content import ClaimContent, NewEntry
from wpound.core.claim_counting import EntryKind
from wpound.core.declarations import Declaration
from wpound.core.due_dates import Settlement
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.core.roles import Role
from wpound.services.access import Person, find_person
from wpound.services.change_roles import grant_role
from wpound.services.clock import Clock, fixed_clock
from wpound.services.edit_claim import edit_claim
from wpound.services.edit_contract import ContractDetails, add_commitment
from wpound.services.enrol_anchors import enrol_anchors
from wpound.services.enrol_firm import enrol_firm
from wpound.services.enter_contract import ContractTerms
from wpound.services.open_return import open_return
from wpound.services.register_contract import NamedSupplier, register_contract
from wpound.services.submit_return import submit_return
from wpound.store.base import add
from wpound.store.contracts import get_contract_of
from wpound.store.models.accounts import User
from wpound.store.models.contracts import Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, SocialValueReturn
from wpound.store.returns import get_claim, get_return

LIFE = Period(date(2026, 4, 1), date(2028, 3, 31))
QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30))
# When the quarter is over and its return not due yet.
NOW = datetime(2026, 7, 10, 9, tzinfo=UTC)
PROMISES = (
    Promise("local-jobs", Decimal(8)),
    Promise("volunteering-hours", Decimal(80)),
    Promise("carbon-fleet", Decimal(30), 2026),
)
NARRATIVE = "Work in the parks of the city; the baseline is 2025, scope 1, factors of 2025."


@dataclass
class Reporting:
    """A contract that is reported on; ``ann`` and ``ben`` are of its firm, ``olga`` and ``mia`` of its council.

    ``stranger`` is of another firm and ``hugo`` of another council.
    """

    session: Session
    settings: Settings
    catalogue: Catalogue
    buyer: Organisation
    people: dict[str, Person]
    contract_id: int
    clock: Clock

    def __getattr__(self, name: str) -> Person:
        people: dict[str, Person] = self.__dict__.get("people", {})
        if name not in people:
            raise AttributeError(name)
        return people[name]

    @property
    def contract(self) -> Contract:
        """The contract as it is now."""
        return get_contract_of(self.session, self.contract_id)

    def enter(
        self,
        reference: str,
        promises: Sequence[Promise] = PROMISES,
        firm: str = "Ash Grounds (Example) Ltd",
        number: str = "01234567",
    ) -> int:
        """Another contract of the council: its number."""
        terms = ContractTerms(reference, f"Work {reference}", Money.from_pounds("6000000"), LIFE)
        supplier = NamedSupplier(firm, company_number=number)
        made = register_contract(self.session, self.olga, supplier, terms, ContractDetails(), self.catalogue)
        for promise in promises:
            add_commitment(self.session, self.olga, made.id, promise, Settlement(), self.catalogue)
        return made.id

    def open(
        self, person: Person | None = None, contract_id: int | None = None, period: Period = QUARTER
    ) -> SocialValueReturn:
        """The return of a contract for a quarter."""
        number = contract_id or self.contract_id
        return open_return(self.session, person or self.ann, number, period.start_on, clock=self.clock)

    def claim(self, found: SocialValueReturn, measure: str) -> Claim:
        """The line of a measure as it is now."""
        codes = {one.id: one.measure_code for one in get_contract_of(self.session, found.contract_id).commitments}
        (number,) = [one.id for one in found.claims if codes[one.commitment_id] == measure]
        return get_claim(self.session, number)

    def write(self, found: SocialValueReturn, measure: str, person: Person | None = None, **content: Any) -> Claim:
        """Put content into a line: ``amount``, ``share``, ``narrative``, ``entries``."""
        claim = self.claim(found, measure)
        content.setdefault("narrative", NARRATIVE)
        return edit_claim(
            self.session,
            person or self.ann,
            found.id,
            claim.id,
            ClaimContent(**content),
            version=claim.version,
            catalogue=self.catalogue,
            settings=self.settings,
        )

    def fill(self, found: SocialValueReturn) -> SocialValueReturn:
        """Answer every line of the first contract: two people, 12 hours of volunteering, 2.5 tonnes."""
        self.write(found, "local-jobs", entries=(worker("P-1"), worker("P-2", hours="17.5")))
        self.write(found, "volunteering-hours", amount=Decimal(12))
        self.write(found, "carbon-fleet", amount=Decimal("2.5"))
        return get_return(self.session, found.id)

    def submit(self, found: SocialValueReturn, person: Person | None = None, **more: Any) -> SocialValueReturn:
        """Send a return with its declarations."""
        more.setdefault("declarations", list(Declaration))
        more.setdefault("version", get_return(self.session, found.id).version)
        more.setdefault("clock", self.clock)
        return submit_return(self.session, person or self.ann, found.id, catalogue=self.catalogue, **more)

    def send(self) -> SocialValueReturn:
        """The return of the first quarter, filled in and sent by Ann."""
        return self.submit(self.fill(self.open()))


def worker(reference: str, hours: str = "35", **more: Any) -> NewEntry:
    """A person by payroll number, with hours a week."""
    return NewEntry(EntryKind.PERSON, reference, hours=Decimal(hours), **more)


def event(reference: str, amount: str, share: str = "100") -> NewEntry:
    """An event with an amount of the measure, shared by several contracts or not."""
    return NewEntry(EntryKind.EVENT, reference, amount=Decimal(amount), share=Decimal(share))


@pytest.fixture
def arrange(city: City, catalogue: Catalogue, tmp_path: Path) -> Callable[[Session], Reporting]:
    """Makes a contract of the council with the firm of Ann and Ben, in a session."""

    def make(session: Session) -> Reporting:
        council, hospital, *_ = enrol_anchors(session, city, actor="test")
        firm = enrol_firm(session, name="Ash Grounds (Example) Ltd", identifier="GB-COH-01234567", actor="test")
        other = enrol_firm(session, name="Birch Care (Example) Ltd", identifier="GB-COH-07654321", actor="test")
        roles = {
            "olga": (council, Role.OFFICER),
            "mia": (council, Role.OFFICER),
            "hugo": (hospital, Role.OFFICER),
            "ann": (firm, Role.SUPPLIER),
            "ben": (firm, Role.SUPPLIER),
            "stranger": (other, Role.SUPPLIER),
        }
        people = {name: make_person(session, name, *held) for name, held in roles.items()}
        settings = Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path / "data")})
        made = Reporting(session, settings, catalogue, council, people, 0, fixed_clock(NOW))
        made.contract_id = made.enter("C-1")
        return made

    return make


@pytest.fixture
def reporting(session: Session, arrange: Callable[[Session], Reporting]) -> Reporting:
    """The same in the session of the test."""
    return arrange(session)


def make_person(session: Session, name: str, organisation: Organisation, role: Role) -> Person:
    """Somebody with one role."""
    keys = {"fs_uniquifier": token_hex(32), "fs_webauthn_user_handle": token_hex(32)}
    user = add(session, User(email=f"{name}@example.org", name=name.title(), **keys))
    grant_role(session, user, organisation, role, actor="test")
    person = find_person(session, user.id)
    assert person is not None
    return person
