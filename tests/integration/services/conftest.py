"""A city, its anchors and small made-up files, for services."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from secrets import token_hex

import pytest
from sqlalchemy.orm import Session

from wpound.catalogue.loader import load_catalogue, load_city
from wpound.catalogue.model import Catalogue, City
from wpound.core.delivery import ClaimState, Happening, VerificationLevel
from wpound.core.periods import Period
from wpound.core.roles import Role
from wpound.services.access import Grant, Person
from wpound.services.approve_line import Approval
from wpound.services.check_claim import approve_claim
from wpound.services.clock import Clock, day_of
from wpound.services.enrol_anchors import enrol_anchors
from wpound.services.import_spend import open_source
from wpound.store.base import add
from wpound.store.models.contracts import Contract
from wpound.store.models.evidence import Confirmation
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.models.spend import SpendSource

WriteSpend = Callable[..., Path]
# What was claimed towards a commitment, what of it holds (None: nobody has decided) and how that was checked.
Told = tuple[Decimal, Decimal | None, VerificationLevel]


@pytest.fixture(scope="session")
def city() -> City:
    """The default city."""
    return load_city("wolverhampton")


@pytest.fixture(scope="session")
def catalogue(city: City) -> Catalogue:
    """The catalogue under the city's plan."""
    return load_catalogue(city.plan)


@pytest.fixture
def anchors(session: Session, city: City) -> list[Organisation]:
    """The city's anchors, enrolled."""
    return enrol_anchors(session, city, actor="test")


@pytest.fixture
def source(session: Session, anchors: list[Organisation]) -> SpendSource:
    """The council's payments."""
    return open_source(session, anchors[0], "Payments")


@pytest.fixture
def write_spend(tmp_path: Path) -> WriteSpend:
    """Write a spend file of (day, supplier, amount[, postcode]) rows."""

    def write(rows: Sequence[tuple[str, ...]], name: str = "payments.csv") -> Path:
        lines = ["Payment Date,Supplier Name,Net Amount,Supplier Postcode"]
        lines += [",".join([*row, *[""] * (4 - len(row))]) for row in rows]
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    return write


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """Three invented suppliers: in the city, elsewhere with a branch in it, and a public body."""
    path = tmp_path / "register.csv"
    path.write_text(
        "supplier_name,company_number,public_body,registered_postcode,trading_postcode,source,date\n"
        "Example Ashgrove Joinery Ltd,ZZ000001,no,WV1 1AA,WV1 1AA,test register,2026-04-01\n"
        "Example Fellside Fleet Ltd,ZZ000002,no,M1 1AE,WV1 4AA,test register,2026-04-01\n"
        "Example Water Authority,,yes,B1 1AA,B1 1AA,test register,2026-04-01\n",
        "utf-8",
    )
    return path


@pytest.fixture(scope="session")
def report_return() -> Callable[..., SocialValueReturn]:
    """Enter a return as it was sent, told by commitment, and decide the lines that were."""
    return enter_return


def enter_return(
    session: Session, contract: Contract, period: Period, told: Mapping[int, Told], clock: Clock
) -> SocialValueReturn:
    sent = add(
        session,
        SocialValueReturn(
            contract_id=contract.id,
            period_start_on=period.start_on,
            period_end_on=period.end_on,
            due_on=period.end_on + timedelta(days=28),
            status=ReturnStatus.SUBMITTED,
            submitted_at=clock(session),
            submitted_by="firm@example.org",
            claims=[
                Claim(commitment_id=number, claimed=claimed, amount=claimed, state=ClaimState.SUBMITTED)
                for number, (claimed, _, _) in told.items()
            ],
        ),
    )
    grant = Grant(contract.organisation_id, "council", "Council", Role.OFFICER, None, None)
    officer = Person(0, "Officer", "officer@example.org", (grant,), contract.organisation_id)
    for claim in list(sent.claims):
        _, verified, level = told[claim.commitment_id]
        if verified is not None:
            if level is VerificationLevel.BENEFICIARY_CONFIRMED:
                confirm(session, claim, clock)
            found = Approval(verified, level, "As the files show.")
            about = {"version": claim.version, "base_url": "", "clock": clock}
            approve_claim(session, officer, sent.id, claim.id, found, **about)
    return sent


def confirm(session: Session, claim: Claim, clock: Clock) -> None:
    """What a school said of a claim: that it happened."""
    asked = Confirmation(
        claim_id=claim.id, token_sha256=token_hex(32), asked_of="School", question="?", asked_by="test"
    )
    asked.expires_on, asked.answer = day_of(clock(session)), Happening.HAPPENED
    asked.answered_by, asked.answered_at = "Head", clock(session)
    add(session, asked)
