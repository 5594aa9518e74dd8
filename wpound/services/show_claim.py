"""The lines of a return as either side sees them: what was promised and due, what is claimed, what belongs to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from wpound.core.claim_counting import WHOLE, count_amount, recorded
from wpound.core.delivery import ClaimState, Side
from wpound.core.money import format_number, round_half_up
from wpound.core.periods import format_day
from wpound.core.quantities import Quantity
from wpound.core.return_checks import ReturnWarning
from wpound.services.count_claim import NOTHING, LineRule, ReturnRules, due_in_period, promise_of, standing_for
from wpound.services.count_keys import Pseudonyms
from wpound.services.count_twice import CountedTwice
from wpound.services.keep_evidence import list_sent_evidence
from wpound.services.reach_contract import measure_title
from wpound.services.settled_dates import DUE_PLACES
from wpound.services.show_delivery import list_commitment_dates
from wpound.store.contracts import list_all_commitments
from wpound.store.evidence import list_evidence
from wpound.store.models.contracts import Commitment, Contract, ContractChange
from wpound.store.models.evidence import Evidence
from wpound.store.models.returns import (
    Claim,
    ClaimCorrection,
    ClaimEntry,
    ClaimMessage,
    ClaimVersion,
    CountedKey,
    ReturnStatus,
    SocialValueReturn,
)
from wpound.store.returns import (
    list_claim_messages,
    list_claim_versions,
    list_claims,
    list_corrections,
    list_entries,
    list_returns,
    list_stated,
)

Promise = tuple[str, int | None]
_STATUSES = {
    ClaimState.SUBMITTED: "With the buyer",
    ClaimState.QUERIED: "Query to answer",
    ClaimState.APPROVED: "Approved",
    ClaimState.REJECTED: "Rejected",
}
OfClaim = TypeVar("OfClaim", ClaimMessage, ClaimVersion, ClaimCorrection)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One person, event or asset with the working of its figure; ``reference`` is for the supplier's own page alone."""

    row: ClaimEntry
    reference: str | None
    working: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What a line says: as it stands, or, for the buyer while the supplier is answering, as it was sent last."""

    claimed: Decimal
    amount: Decimal | None
    share: Decimal
    narrative: str | None


@dataclass(frozen=True, slots=True)
class Before:
    """What quarters before this one say of the same promise: what stands (verified, else claimed), what was verified.

    ``last`` is what the quarter right before claimed, None where it has no return.
    """

    standing: Decimal = NOTHING
    verified: Decimal = NOTHING
    last: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a change of the contract put in the place of a promise: None where it took it out; and from which day."""

    quantity: Decimal | None
    effective_on: date


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One line of a return; quantities are in the unit of its promise.

    ``replaced`` is None while the promise stands; else what is due is that of what came in its place. ``due`` falls due
    in the quarter, ``due_to_date`` until its end. ``missing`` keeps the line from being sent, and ``twice`` are its
    entries that are counted elsewhere already; both are for the supplier while it may write.
    """

    claim: Claim
    commitment: Commitment
    rule: LineRule
    title: str
    figures: Figures
    due: Decimal
    due_to_date: Decimal
    before: Before
    files: Sequence[Evidence]
    messages: Sequence[ClaimMessage]
    versions: Sequence[ClaimVersion]
    corrections: Sequence[ClaimCorrection]
    entries: tuple[EntryLine, ...] = ()
    replaced: Replaced | None = None
    missing: str | None = None
    twice: tuple[CountedTwice, ...] = ()
    warnings: tuple[ReturnWarning, ...] = ()

    @property
    def claimed(self) -> Decimal:
        """What is claimed in this quarter."""
        return self.figures.claimed

    @property
    def narrative(self) -> str | None:
        """What was done, in words."""
        return self.figures.narrative

    @property
    def promised(self) -> Decimal:
        """What is promised now; of a promise that a change took out, what was."""
        now = self.replaced.quantity if self.replaced else None
        return self.commitment.quantity if now is None else now

    @property
    def change(self) -> str | None:
        """What a change of the contract did to the promise, in words; None where it stands as it was made."""
        if self.replaced is None:
            return None
        day = format_day(self.replaced.effective_on)
        if self.replaced.quantity is None:
            return f"taken out of the contract from {day}, so nothing is due"
        return f"replaced by {self.format(self.replaced.quantity)} from {day}"

    @property
    def status(self) -> str:
        """Where the line stands for its supplier, in words."""
        if self.claim.state is not ClaimState.DRAFT:
            return _STATUSES[self.claim.state]
        if self.twice:
            return "Counted twice"
        if not self.is_answered:
            return "To answer"
        return "Description missing" if self.missing else "Answered"

    @property
    def carried(self) -> Decimal:
        """What stands from the quarters before."""
        return self.before.standing

    @property
    def last_quarter(self) -> Decimal | None:
        """What the quarter before claimed; None where it has no return."""
        return self.before.last

    @property
    def total_after(self) -> Decimal:
        """What the promise comes to with this claim."""
        return self.carried + self.claimed

    @property
    def is_answered(self) -> bool:
        """Whether anything was entered; 0 is something."""
        return self.figures.amount is not None or bool(self.entries) or self.claim.state is not ClaimState.DRAFT

    @property
    def is_ready(self) -> bool:
        """Whether the line can be sent as it is."""
        return self.missing is None and not self.twice

    @property
    def open_correction(self) -> ClaimCorrection | None:
        """The correction nobody has decided yet."""
        return next((one for one in self.corrections if one.decided_by is None), None)

    @property
    def factor_source(self) -> str | None:
        """Which year's emission factors its entries are counted with; None where none of them uses any."""
        return self.rule.factor_set.title if any(one.row.factor for one in self.entries) else None

    @property
    def is_corrected(self) -> bool:
        """Whether another figure stands than the one its amount or entries came to."""
        return any(one.accepted for one in self.corrections)

    @property
    def correction(self) -> str | None:
        """What the entries or the amount beside a corrected figure come to, in words; None where none was corrected."""
        if not self.is_corrected:
            return None
        figure = f"The figure was corrected to {self.format(self.claimed)}."
        counted = recorded(sum((one.row.counted for one in self.entries), NOTHING))
        if not self.entries:
            counted = recorded(count_amount(self.figures.amount or NOTHING, self.figures.share))
        what = "Its entries still come to" if self.entries else "The amount entered still comes to"
        apart = self.format(abs(counted - self.claimed))
        if counted == self.claimed:
            return f"{figure} {what} that."
        return f"{figure} {what} {self.format(counted)}, {apart} {'more' if counted > self.claimed else 'less'}."

    @property
    def working(self) -> str | None:
        """How a plain amount comes to what is claimed; None where there is nothing to work out, or it was corrected."""
        if self.figures.amount is None or self.figures.share == WHOLE or self.is_corrected:
            return None
        share = format_number(self.figures.share)
        return f"{self.format(self.figures.amount)}, {share}% of it for this contract: {self.format(self.claimed)}"

    def format(self, amount: Decimal) -> str:
        """An amount of it as people read it: to four decimals, as what counts is kept."""
        return Quantity(recorded(amount), self.commitment.unit).format()


def gather_lines(
    session: Session,
    found: SocialValueReturn,
    contract: Contract,
    rules: ReturnRules,
    side: Side,
    pseudonyms: Mapping[int, Pseudonyms] | None = None,
) -> tuple[ClaimLine, ...]:
    """The lines of a return for a side of it, without warnings; ``pseudonyms`` read the references of those claims.

    A fixed number of queries, however many lines, entries and quarters before there are.
    """
    claims = list_claims(session, return_id=found.id)
    ids = [claim.id for claim in claims]
    commitments = {one.id: one for one in list_all_commitments(session, contract_id=contract.id)}
    before, entries = _sum_before(session, found, commitments), list_entries(session, claim_ids=ids)
    files = list_sent_evidence(session, claims) if side is Side.BUYER else list_evidence(session, claim_ids=ids)
    messages = _by_claim(list_claim_messages(session, claim_ids=ids))
    versions = _by_claim(list_claim_versions(session, claim_ids=ids))
    corrections = _by_claim(list_corrections(session, claim_ids=ids))
    lines = []
    for claim in claims:
        commitment = commitments[claim.commitment_id]
        line = ClaimLine(
            claim=claim,
            commitment=commitment,
            rule=rules.rule(commitment.measure_code),
            title=measure_title(rules.catalogue, commitment.measure_code, commitment.year),
            figures=_as_it_is(claim),
            due=due_in_period(contract, commitment, rules.period),
            due_to_date=_due_to_date(contract, commitment, rules),
            before=before.get(promise_of(commitment), Before()),
            files=files.get(claim.id, []),
            messages=messages.get(claim.id, []),
            versions=versions.get(claim.id, []),
            corrections=corrections.get(claim.id, []),
            replaced=_replaced(session, contract, commitment),
        )
        lines.append(_complete(line, side, entries.get(claim.id, []), (pseudonyms or {}).get(claim.id)))
    return tuple(lines)


def _complete(
    line: ClaimLine, side: Side, rows: Iterable[tuple[ClaimEntry, CountedKey]], pseudonyms: Pseudonyms | None
) -> ClaimLine:
    """A line with what it counts; for the buyer, one that is being answered is as it was sent last, without that."""
    if side is Side.BUYER and line.claim.state is ClaimState.QUERIED:
        return replace(line, figures=_sent_last(line.versions[-1]))
    return replace(line, entries=tuple(_entry_line(line.rule, row, key, pseudonyms) for row, key in rows))


def _by_claim(rows: Iterable[OfClaim]) -> dict[int, list[OfClaim]]:
    found: dict[int, list[OfClaim]] = {}
    for row in rows:
        found.setdefault(row.claim_id, []).append(row)
    return found


def _sum_before(
    session: Session, found: SocialValueReturn, commitments: Mapping[int, Commitment]
) -> dict[Promise, Before]:
    """What returns of quarters before say, by promise; those not sent say nothing."""
    returns = list_returns(session, contract_id=found.contract_id)
    stated = list_stated(session, [claim for one in returns for claim in one.claims])
    sums: dict[Promise, Before] = {}
    for one in returns:
        if one.status is ReturnStatus.DRAFT or one.period_end_on >= found.period_start_on:
            continue
        is_last = (found.period_start_on - one.period_end_on).days == 1
        for claim in one.claims:
            key, claimed = promise_of(commitments[claim.commitment_id]), stated[claim.id]
            sum_ = sums.get(key, Before())
            stands = claimed if claim.verified is None else claim.verified
            last = (sum_.last or NOTHING) + claimed if is_last else sum_.last
            sums[key] = Before(sum_.standing + stands, sum_.verified + (claim.verified or NOTHING), last)
    return sums


def _as_it_is(claim: Claim) -> Figures:
    return Figures(claim.claimed, claim.amount, claim.share, claim.narrative)


def _sent_last(version: ClaimVersion) -> Figures:
    content: Mapping[str, Any] = version.content
    amount = None if content["amount"] is None else Decimal(content["amount"])
    return Figures(version.claimed, amount, Decimal(content["share"]), content["narrative"])


def _due_to_date(contract: Contract, commitment: Commitment, rules: ReturnRules) -> Decimal:
    standing = standing_for(contract, commitment)
    dates = list_commitment_dates(contract, standing) if standing else ()
    due = sum((part.quantity for part in dates if part.due_on <= rules.period.end_on), NOTHING)
    return round_half_up(due, DUE_PLACES)


def _replaced(session: Session, contract: Contract, commitment: Commitment) -> Replaced | None:
    if commitment.ended_with_id is None:
        return None
    standing = standing_for(contract, commitment)
    came_with = standing.came_with_id if standing else None
    day = session.get_one(ContractChange, came_with or commitment.ended_with_id).effective_on
    return Replaced(standing.quantity if standing else None, day)


def _entry_line(rule: LineRule, row: ClaimEntry, key: CountedKey, pseudonyms: Pseudonyms | None) -> EntryLine:
    reference = pseudonyms.read(row.sealed_reference, row.claim_id, key.key) if pseudonyms else None
    return EntryLine(row, reference, _explain(rule, row))


def _explain(rule: LineRule, row: ClaimEntry) -> str:
    """The working, or the bare figure where a measure or factor that was changed since would come to another."""
    try:
        if rule.count(row) == row.counted:
            return rule.explain(row)
    except ValueError:
        pass
    return f"{format_number(row.counted, 4)}, as it was counted when it was entered"
