"""A return as its supplier and its buyer see it, and the list of a supplier's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.config import Settings
from wpound.core.delivery import ClaimState, Side
from wpound.core.periods import Period
from wpound.core.reporting import all_reports
from wpound.services.access import Person, Policy, decide, organisation_of
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.count_claim import ReturnRules, rules_of
from wpound.services.count_keys import Pseudonyms, open_pseudonyms
from wpound.services.count_twice import CountedTwice, find_twice
from wpound.services.edit_claim import OPEN_STATES
from wpound.services.expect_reports import ExpectedReport, expect_reports
from wpound.services.reach_return import find_claim, reach_own_return, reach_return
from wpound.services.show_claim import ClaimLine, gather_lines
from wpound.services.submit_return import find_missing
from wpound.services.warn_of_return import warn_of_return
from wpound.store.contracts import list_contract_suppliers
from wpound.store.models.contracts import Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import ReturnStatus, SocialValueReturn
from wpound.store.models.suppliers import Supplier
from wpound.store.returns import list_periods
from wpound.store.workload import (
    ReturnRow,
    Whose,
    find_supplier_id,
    list_contract_ids,
    list_contract_rows,
    list_return_rows,
)

SENT = (ReturnStatus.SUBMITTED, ReturnStatus.VERIFIED)


@dataclass(frozen=True, slots=True)
class ReturnPage:
    """Everything a page about a return shows."""

    found: SocialValueReturn
    contract: Contract
    buyer: Organisation
    suppliers: Sequence[Supplier]
    rules: ReturnRules
    lines: tuple[ClaimLine, ...]
    today: date

    @property
    def period(self) -> Period:
        """The quarter it is about."""
        return self.rules.period

    @property
    def is_draft(self) -> bool:
        """Whether it was not sent yet."""
        return self.found.status is ReturnStatus.DRAFT

    @property
    def is_overdue(self) -> bool:
        """Whether it should have been sent by now."""
        return self.is_draft and self.today > self.found.due_on

    @property
    def is_ready(self) -> bool:
        """Whether it can be sent as it is."""
        return all(line.is_ready for line in self.lines)

    @property
    def queried(self) -> tuple[ClaimLine, ...]:
        """The lines that wait for the supplier's answer."""
        return tuple(line for line in self.lines if line.claim.state is ClaimState.QUERIED)

    @property
    def warning_count(self) -> int:
        """How many warnings its lines have."""
        return sum(len(line.warnings) for line in self.lines)

    def line(self, claim_id: int) -> ClaimLine:
        """One line."""
        return next(line for line in self.lines if line.claim.id == claim_id)


@dataclass(frozen=True, slots=True)
class OwnReturns:
    """A supplier's returns: those it owes or has begun, and a page of those it sent.

    ``earlier`` are quarters before those that nobody has reported: a contract may be entered years after it began.
    """

    is_known: bool
    today: date
    to_send: Sequence[ExpectedReport]
    earlier: Sequence[ExpectedReport]
    sent: Sequence[ReturnRow]
    sent_count: int


def show_own_return(
    session: Session, person: Person, return_id: int, catalogue: Catalogue, *, clock: Clock = database_clock
) -> ReturnPage:
    """The supplier's return; raises NotFound for any other."""
    found, contract = reach_own_return(session, person, return_id)
    return gather_return(session, person, found, contract, catalogue, Side.SUPPLIER, clock=clock)


def show_own_claim(
    session: Session,
    person: Person,
    return_id: int,
    claim_id: int,
    catalogue: Catalogue,
    settings: Settings,
    *,
    clock: Clock = database_clock,
) -> ReturnPage:
    """The same with the references of what one of its lines counts; raises NotFound for any other."""
    found, contract = reach_own_return(session, person, return_id)
    find_claim(session, found, claim_id)
    reading = {claim_id: open_pseudonyms(settings)}
    return gather_return(session, person, found, contract, catalogue, Side.SUPPLIER, pseudonyms=reading, clock=clock)


def show_buyers_return(
    session: Session, person: Person, return_id: int, catalogue: Catalogue, *, clock: Clock = database_clock
) -> ReturnPage:
    """A return that was sent to the buyer, under a contract this person looks after; raises NotFound for any other."""
    found, contract = reach_return(session, person, return_id)
    return gather_return(session, person, found, contract, catalogue, Side.BUYER, clock=clock)


def gather_return(
    session: Session,
    person: Person,
    found: SocialValueReturn,
    contract: Contract,
    catalogue: Catalogue,
    side: Side,
    *,
    pseudonyms: Mapping[int, Pseudonyms] | None = None,
    clock: Clock = database_clock,
) -> ReturnPage:
    """Everything a page about a return shows, for a person of that side who may see it."""
    rules = rules_of(session, contract, found, catalogue)
    lines = gather_lines(session, found, contract, rules, side, pseudonyms)
    warnings = warn_of_return(session, found, contract, lines, catalogue, side, _seen(session, person, side))
    twice = _find_twice(session, lines, catalogue) if side is Side.SUPPLIER else {}
    return ReturnPage(
        found=found,
        contract=contract,
        buyer=session.get_one(Organisation, contract.organisation_id),
        suppliers=list_contract_suppliers(session, [contract.id])[contract.id],
        rules=rules,
        lines=tuple(
            replace(
                line,
                missing=_missing(line, contract, rules, side),
                twice=tuple(twice.get(line.claim.id, ())),
                warnings=tuple(warnings.get(line.claim.id, ())),
            )
            for line in lines
        ),
        today=day_of(clock(session)),
    )


def list_own_returns(
    session: Session, person: Person, limit: int, offset: int = 0, *, clock: Clock = database_clock
) -> OwnReturns:
    """The returns this person's firm owes, has begun, or sent (so many of them, the newest first)."""
    decide(Policy.SUPPLIER, person)
    today = day_of(clock(session))
    supplier_id = find_supplier_id(session, organisation_id=organisation_of(person))
    if supplier_id is None:
        return OwnReturns(False, today, (), (), (), 0)
    whose = Whose(supplier_id=supplier_id)
    sent, count = list_return_rows(session, whose, statuses=SENT, limit=limit, offset=offset)
    to_send = expect_reports(session, whose, today)
    return OwnReturns(True, today, to_send, _list_earlier(session, whose, to_send, today), sent, count)


def _list_earlier(
    session: Session, whose: Whose, to_send: Sequence[ExpectedReport], today: date
) -> list[ExpectedReport]:
    contracts = list_contract_rows(session, whose)
    known = list_periods(session, contract_ids=[one.contract_id for one in contracts])
    listed = {(one.contract.contract_id, one.due.period) for one in to_send}
    return [
        ExpectedReport(contract, report, None)
        for contract in contracts
        for report in all_reports(contract.life)
        if report.is_open(today)
        and report.period not in known.get(contract.contract_id, ())
        and (contract.contract_id, report.period) not in listed
    ]


def _seen(session: Session, person: Person, side: Side) -> set[int] | None:
    """The contracts whose figures may show in warnings: all for the buyer, who is to find out, else one's own."""
    if side is Side.BUYER:
        return None
    supplier_id = find_supplier_id(session, organisation_id=organisation_of(person))
    return set() if supplier_id is None else list_contract_ids(session, Whose(supplier_id=supplier_id))


def _missing(line: ClaimLine, contract: Contract, rules: ReturnRules, side: Side) -> str | None:
    if side is Side.BUYER or line.claim.state not in OPEN_STATES:
        return None
    return find_missing(line.claim, line.commitment, contract, rules)


def _find_twice(session: Session, lines: Sequence[ClaimLine], catalogue: Catalogue) -> dict[int, list[CountedTwice]]:
    """What would be refused if the open lines were sent now."""
    open_lines = [line.claim.id for line in lines if line.claim.state in OPEN_STATES]
    found: dict[int, list[CountedTwice]] = {}
    for one in find_twice(session, open_lines, catalogue) if open_lines else ():
        found.setdefault(one.claim_id, []).append(one)
    return found
