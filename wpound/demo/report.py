"""Fills in and sends the demonstration's returns as suppliers would, at the dates they did."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from wpound.catalogue.model import Catalogue, Measure
from wpound.config import Settings
from wpound.core.claim_content import ClaimContent
from wpound.core.declarations import Declaration
from wpound.core.roles import Role
from wpound.demo.cast import MANAGER
from wpound.demo.claims import NOTHING_DUE, draw_report, write_claim_content, write_evidence
from wpound.demo.contracts import DemoClaim, DemoContract, DemoReturn
from wpound.demo.load_tenders import clock_of
from wpound.services.access import Grant, Person
from wpound.services.check_file import check_file
from wpound.services.edit_claim import write_claim
from wpound.services.keep_evidence import add_evidence
from wpound.services.open_return import open_return
from wpound.services.reach_return import hold_own_return
from wpound.services.submit_return import submit_return
from wpound.services.tell_return import period_of
from wpound.store.returns import get_claim

SUBMITTER = "Reporting lead (example)"


@dataclass(frozen=True, slots=True)
class Desk:
    """What returns of one contract are made with: the supplier's person who sends them, the buyer's who checks them."""

    session: Any
    settings: Settings
    catalogue: Catalogue
    contract: DemoContract
    stored: Any
    supplier: Person
    verifier: Person

    def measure_of(self, claim: DemoClaim) -> Measure:
        """What a claim counts."""
        return self.contract.commitments[claim.commitment].measure

    def lines(self, found: Any, quarter: DemoReturn) -> Iterator[tuple[Any, DemoClaim | None]]:
        """Every line of a return with what the story says of it; None where nothing was due."""
        said = {self.stored.commitments[claim.commitment].id: claim for claim in quarter.claims}
        for line in list(found.claims):
            yield get_claim(self.session, line.id), said.get(line.commitment_id)


def open_desk(
    session: Any, settings: Settings, catalogue: Catalogue, contract: DemoContract, stored: Any, buyer: Any, firm: Any
) -> Desk:
    """The desk of a contract between the organisations of its buyer and its supplier."""
    address = f"reports@{contract.supplier.name.split()[0].lower()}.example"
    supplier = Person(0, SUBMITTER, address, (_grant(firm, Role.SUPPLIER),), firm.id)
    verifier = Person(0, MANAGER, MANAGER, (_grant(buyer, Role.CONTRACT_MANAGER),), buyer.id)
    return Desk(session, settings, catalogue, contract, stored, supplier, verifier)


def _grant(organisation: Any, role: Role) -> Grant:
    return Grant(organisation.id, organisation.key, organisation.name, role, None, None)


def send_return(desk: Desk, quarter: DemoReturn) -> Any:
    """A quarter's return, filled in and sent."""
    found = _open(desk, quarter.period.start_on, quarter.submitted_on)
    for line, claim in desk.lines(found, quarter):
        _fill(desk, found, line, claim)
    return submit_return(
        desk.session,
        desk.supplier,
        found.id,
        version=found.version,
        declarations=list(Declaration),
        catalogue=desk.catalogue,
        clock=clock_of(quarter.submitted_on),
    )


def begin_return(desk: Desk) -> Any:
    """The return after the last one: the people of one line are in, everything else is still to be entered."""
    last = desk.contract.returns[-1]
    opened_on = last.period.end_on + timedelta(days=1)
    found = _open(desk, opened_on, last.submitted_on + timedelta(days=91))
    for line, claim in desk.lines(found, last):
        if claim is not None and desk.measure_of(claim).code == "local-jobs":
            _fill(desk, found, line, claim)
    return found


def _open(desk: Desk, start_on: date, day: date) -> Any:
    found = open_return(desk.session, desk.supplier, desk.stored.id, start_on, clock=clock_of(day))
    return hold_own_return(desk.session, desk.supplier, found.id)[0]


def _fill(desk: Desk, found: Any, line: Any, claim: DemoClaim | None) -> None:
    if claim is None:
        _write(desk, found, line, ClaimContent(amount=Decimal(0), narrative=NOTHING_DUE))
        return
    measure, reference, period = desk.measure_of(claim), desk.contract.reference, period_of(found)
    content = write_claim_content(measure, claim.claimed, reference, period)
    _write(desk, found, line, content)
    if desk.contract.has_files and claim.claimed:
        _prove(desk, found, line, *write_evidence(content, measure, reference, period))
    if claim.has_report:
        _prove(desk, found, line, *draw_report())


def _write(desk: Desk, found: Any, line: Any, content: ClaimContent) -> None:
    about: Any = {"catalogue": desk.catalogue, "settings": desk.settings}
    write_claim(desk.session, found, desk.stored, line, content, by={desk.supplier.email}, **about)


def _prove(desk: Desk, found: Any, line: Any, name: str, content: bytes) -> None:
    add_evidence(
        desk.session,
        desk.supplier,
        found.id,
        line.id,
        check_file(desk.settings, name, content),
        description="What was counted (fictional demonstration data)",
        has_personal_data=False,
        settings=desk.settings,
    )
