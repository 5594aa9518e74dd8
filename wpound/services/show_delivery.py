"""What contracts promised, what is due to date, what was claimed and what was verified."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue, Head
from wpound.core.due_dates import DueDate, list_due_dates
from wpound.core.money import Money, round_half_up
from wpound.core.progress import Progress, Standing, progress_of
from wpound.core.quantities import Quantity, Unit
from wpound.core.valuing import ValueKind
from wpound.services.access import Person, organisation_of
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.reach_contract import contracts_of, life_of, measure_title
from wpound.services.settled_dates import milestones_of, profile_of
from wpound.store.contracts import list_contracts
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.register import Delivered, list_delivered, list_reported

Key = tuple[int, str, int | None]
NOTHING = Decimal(0)
PRINTED_PLACES = 2


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One promise in force with its four figures in its unit; ``assumed_even`` where nobody settled when it is due."""

    commitment: Commitment
    title: str
    progress: Progress
    dates: tuple[DueDate, ...]
    assumed_even: bool

    @property
    def unit(self) -> Unit:
        """What it counts in."""
        return self.commitment.unit

    def format(self, amount: Decimal) -> str:
        """An amount of it as people read it, to two decimals."""
        return Quantity(round_half_up(amount, PRINTED_PLACES), self.unit).format()

    def pounds(self, amount: Decimal) -> Decimal | None:
        """An amount of it in pounds under the edition of the award; None where the measure has no money value."""
        return None if self.commitment.unit_value is None else amount * self.commitment.unit_value


@dataclass(frozen=True, slots=True)
class ValueTotal:
    """The four figures in pounds of the promises with a money value, each rounded once."""

    promised: Money
    due: Money
    claimed: Money
    verified: Money


@dataclass(frozen=True, slots=True)
class HeadTotal:
    """The promises of one head: how many stand where, and their pounds; the two kinds of value are never added up."""

    title: str
    lines: tuple[DeliveryLine, ...]
    values: Mapping[ValueKind, ValueTotal]

    @property
    def standings(self) -> dict[Standing, int]:
        """How many promises stand where; a standing that none has is left out."""
        found = [line.progress.standing for line in self.lines]
        return {standing: found.count(standing) for standing in Standing if standing in found}


@dataclass(frozen=True, slots=True)
class OutcomeTotal:
    """What serves one outcome of the plan across contracts; a promise that serves several stands under each."""

    key: str
    text: str
    head: HeadTotal
    contracts: int


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Everything promised to a buyer, by head and by outcome of its plan; ``late`` are the promises to look at."""

    contracts: int
    heads: tuple[HeadTotal, ...]
    outcomes: tuple[OutcomeTotal, ...]
    late: tuple[tuple[Contract, DeliveryLine], ...]


def show_delivery(
    session: Session, contract: Contract, catalogue: Catalogue, clock: Clock = database_clock
) -> tuple[DeliveryLine, ...]:
    """Every promise in force of a contract with where it stands today, in the order entered."""
    delivered = sum_delivered(list_delivered(session, [contract.id]))
    reported = list_reported(session, [contract.id]).get(contract.id)
    return tuple(_lines(contract, catalogue, delivered, reported, day_of(clock(session))))


def total_heads(lines: Sequence[DeliveryLine], catalogue: Catalogue) -> tuple[HeadTotal, ...]:
    """The lines by head, in the order of the heads."""
    heads = [head for head in Head if any(line.commitment.head is head for line in lines)]
    return tuple(
        total_lines(catalogue.plan.head_title(head), [line for line in lines if line.commitment.head is head])
        for head in heads
    )


def show_portfolio(session: Session, person: Person, catalogue: Catalogue, clock: Clock = database_clock) -> Portfolio:
    """All contracts this person looks after together; a fixed number of queries however many there are."""
    named, today = contracts_of(person), day_of(clock(session))
    organisation_id = organisation_of(person)
    contracts = list_contracts(session, organisation_id=organisation_id)
    contracts = [one for one in contracts if one.commitments and (named is None or one.id in named)]
    ids = [one.id for one in contracts]
    delivered, reported = sum_delivered(list_delivered(session, ids)), list_reported(session, ids)
    pairs = [
        (one, line) for one in contracts for line in _lines(one, catalogue, delivered, reported.get(one.id), today)
    ]
    late = tuple(pair for pair in pairs if pair[1].progress.standing is Standing.LATE)
    lines = [line for _, line in pairs]
    return Portfolio(len(contracts), total_heads(lines, catalogue), tuple(_outcomes(lines, catalogue)), late)


def sum_delivered(found: Iterable[Delivered]) -> dict[Key, tuple[Decimal, Decimal, Decimal]]:
    """Claimed, waiting to be checked, and verified, by contract, measure and year.

    A promise that a change replaced had the same measure and year, so what was claimed towards it counts on.
    """
    sums: dict[Key, tuple[Decimal, Decimal, Decimal]] = {}
    for contract_id, measure, year, claimed, verified in found:
        before = sums.get((contract_id, measure, year), (NOTHING, NOTHING, NOTHING))
        parts = (claimed, claimed if verified is None else NOTHING, verified or NOTHING)
        sums[contract_id, measure, year] = tuple(map(sum, zip(before, parts, strict=True)))  # type: ignore[assignment]
    return sums


def total_lines(title: str, lines: Sequence[DeliveryLine]) -> HeadTotal:
    """Several lines together; what has no money value counts in none of the pounds."""
    valued = [line for line in lines if line.commitment.unit_value is not None]
    by_kind = {kind: [line for line in valued if line.commitment.value_kind is kind] for kind in ValueKind}
    return HeadTotal(title, tuple(lines), {kind: _value(own) for kind, own in by_kind.items() if own})


def _value(lines: Sequence[DeliveryLine]) -> ValueTotal:
    def total(name: str) -> Money:
        amounts = (line.pounds(getattr(line.progress, name)) for line in lines)
        return Money.rounded(sum((pounds for pounds in amounts if pounds is not None), NOTHING))

    return ValueTotal(total("promised"), total("due"), total("claimed"), total("verified"))


def _lines(
    contract: Contract,
    catalogue: Catalogue,
    delivered: Mapping[Key, tuple[Decimal, Decimal, Decimal]],
    reported_until: date | None,
    today: date,
) -> Iterable[DeliveryLine]:
    for commitment in contract.commitments:
        dates = list_commitment_dates(contract, commitment)
        nothing = (NOTHING, NOTHING, NOTHING)
        sums = delivered.get((contract.id, commitment.measure_code, commitment.year), nothing)
        yield DeliveryLine(
            commitment,
            measure_title(catalogue, commitment.measure_code, commitment.year),
            progress_of(commitment.quantity, dates, today, reported_until, sums),
            dates,
            commitment.due_profile is None,
        )


def list_commitment_dates(contract: Contract, commitment: Commitment) -> tuple[DueDate, ...]:
    """When the parts of a promise are due: as settled at the hand-over, evenly where nothing was."""
    profile, milestones = profile_of(commitment), milestones_of(commitment)
    return list_due_dates(profile, commitment.quantity, life_of(contract), milestones, commitment.year)


def _outcomes(lines: Sequence[DeliveryLine], catalogue: Catalogue) -> Iterable[OutcomeTotal]:
    served = catalogue.plan.serves
    for key, text in catalogue.plan.texts().items():
        own = [line for line in lines if key in served.get(line.commitment.measure_code, ())]
        if own:
            contracts = {line.commitment.contract_id for line in own}
            yield OutcomeTotal(key, text, total_lines(text, own), len(contracts))
