"""How the lines of a return are counted: by the rule of their measure, in their quarter, from what stands in them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue, EmissionFactor, FactorSet, Limits, Measure
from wpound.core.claim_content import ClaimContent, NewEntry
from wpound.core.claim_counting import (
    Entry,
    EntryKind,
    allowed_entries,
    count_amount,
    count_claim,
    count_entry,
    entry_problems,
    explain_entry,
    needs_entries,
    recorded,
)
from wpound.core.counting import Counting
from wpound.core.errors import InputError
from wpound.core.money import round_half_up
from wpound.core.periods import Period
from wpound.services.keep_catalogue import keep_catalogue
from wpound.services.reach_contract import catalogue_of, edition_of, life_of
from wpound.services.settled_dates import DUE_PLACES, due_of
from wpound.services.tell_return import period_of
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.returns import ClaimEntry, SocialValueReturn

NOTHING = Decimal(0)


Countable = NewEntry | ClaimEntry


@dataclass(frozen=True, slots=True)
class LineRule:
    """How one line is counted; ``measure`` is None where no edition at hand has it, which is then counted as given."""

    measure: Measure | None
    period: Period
    factor_set: FactorSet

    @property
    def factors(self) -> Mapping[str, EmissionFactor]:
        """The emission factors by their keys."""
        return self.factor_set.factors

    @property
    def counting(self) -> Counting:
        """The way of counting."""
        return self.measure.counting if self.measure else Counting.GIVEN

    @property
    def limits(self) -> Limits:
        """What a claim is held to."""
        return self.measure.limits if self.measure else Limits()

    @property
    def kinds(self) -> tuple[EntryKind, ...]:
        """What can be counted one by one."""
        return allowed_entries(self.counting)

    @property
    def by_entries_only(self) -> bool:
        """Whether a plain amount above 0 is not enough."""
        return needs_entries(self.counting)

    def entry(self, row: Countable) -> Entry:
        """An entry as the rules see it, with the kilograms of its factor."""
        factor = self.factors.get(row.factor) if row.factor else None
        return Entry(
            kind=row.kind,
            first_on=row.first_on,
            last_on=row.last_on,
            started_on=row.started_on,
            hours=row.hours,
            attendees=row.attendees,
            amount=row.amount,
            factor_kg=factor.kg_co2e if factor else None,
            share=row.share,
        )

    def problems(self, row: Countable) -> Iterator[InputError]:
        """Everything that keeps an entry from being counted, by field."""
        for error in entry_problems(self.entry(row), self.counting, self.period, self.limits.first_months_only):
            yield InputError("factor", error.message) if error.field == "factor_kg" else error

    def count(self, row: Countable) -> Decimal:
        """What one entry comes to, unrounded."""
        return count_entry(self.entry(row), self.counting, self.period, self.limits.first_months_only)

    def count_all(self, rows: Iterable[Countable]) -> Decimal:
        """What all entries of a line come to, as it is kept."""
        entries = [self.entry(row) for row in rows]
        return recorded(count_claim(entries, self.counting, self.period, self.limits.first_months_only))

    def count_content(self, content: ClaimContent) -> Decimal:
        """What a line comes to with new content that was checked, as it is kept."""
        if content.entries:
            return self.count_all(content.entries)
        return recorded(count_amount(content.amount or NOTHING, content.share))

    def explain(self, row: Countable) -> str:
        """How an entry comes to what it counts, in one line."""
        return explain_entry(self.entry(row), self.counting, self.period, self.limits.first_months_only)


@dataclass(frozen=True, slots=True)
class ReturnRules:
    """How the lines of one return are counted."""

    catalogue: Catalogue
    period: Period
    factor_set: FactorSet

    def rule(self, measure_code: str) -> LineRule:
        """The rule of the lines of a measure."""
        return LineRule(self.catalogue.measures.get(measure_code), self.period, self.factor_set)


def rules_of(session: Session, contract: Contract, found: SocialValueReturn, catalogue: Catalogue) -> ReturnRules:
    """How a return is counted: by the edition its contract was entered under, and the emission factors of its time.

    Factors are published each year, and what was burnt this year does not emit what it did in the year of the award.
    They are those of the catalogue that was at work when the return first used one: none that comes later changes it.
    """
    factors = edition_of(session, found.factors_fingerprint, catalogue).factors
    return ReturnRules(catalogue_of(session, contract, catalogue), period_of(found), factors)


def pin_factors(session: Session, found: SocialValueReturn, catalogue: Catalogue) -> None:
    """Keep which emission factors a return, which the caller holds, is counted with from now on."""
    if found.factors_fingerprint is None:
        keep_catalogue(session, catalogue)
        found.factors_fingerprint = catalogue.fingerprint


def due_in_period(contract: Contract, commitment: Commitment, period: Period) -> Decimal:
    """What of a promise falls due in a period, to two decimals: of one that a change replaced, what came in its place.

    Nothing of one that a change took out.
    """
    standing = standing_for(contract, commitment)
    if standing is None:
        return NOTHING
    return round_half_up(due_of(standing, life_of(contract), period), DUE_PLACES)


def standing_for(contract: Contract, commitment: Commitment) -> Commitment | None:
    """The commitment itself, what came in its place where a change replaced it, or None where one took it out."""
    if commitment.ended_with_id is None:
        return commitment
    return next((one for one in contract.commitments if promise_of(one) == promise_of(commitment)), None)


def promise_of(commitment: Commitment) -> tuple[str, int | None]:
    """What stays the same when a change puts another commitment in the place of one."""
    return commitment.measure_code, commitment.year
