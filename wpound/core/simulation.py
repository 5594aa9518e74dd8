"""A draft method tried out with four invented bids: who wins, by how much, what decides, and what is wrong with it.

Information for the officer: nothing here touches a real bid.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from wpound.core.bids import Bid
from wpound.core.criteria import Criterion, Formula, Kind
from wpound.core.dummy_bids import DummyKind, build_dummies
from wpound.core.errors import InputError, InputErrors
from wpound.core.form import write_decimal
from wpound.core.method import Method
from wpound.core.money import Money, divide, format_number
from wpound.core.quantities import Quantity
from wpound.core.results import BidResult, Caution, TenderResult
from wpound.core.scoring import score_tender
from wpound.core.standing import first_of
from wpound.core.trace import ScoreLine
from wpound.core.valuing import CatalogueLike

# Published warning level: one measure may carry 60% of a bidder's score, not more.
MOST_OF_A_SCORE = Decimal("0.60")
# A small firm that has less than a quarter of the marks for promises has no reason to promise anything.
LEAST_FOR_SMALL = Decimal("0.25")
# Prices of one contract seldom lie further from its estimate.
PRICE_SPAN = (Decimal("0.70"), Decimal("1.30"))
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Simulation:
    """What the dummy bids came to.

    ``margin`` is the winner's recorded score less the next one's (never negative), None with fewer than two ranked;
    ``decided_by`` the code of the criterion that brings most of the winner's lead, empty where nothing does.
    """

    bids: Mapping[DummyKind, Bid]
    result: TenderResult
    winners: tuple[str, ...]
    margin: Decimal | None
    decided_by: str
    warnings: tuple[Caution, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, decimals as text."""
        return {
            "bids": [bid.to_dict() for bid in self.bids.values()],
            "result": self.result.to_dict(),
            "winners": list(self.winners),
            "margin": None if self.margin is None else write_decimal(self.margin),
            "decided_by": self.decided_by,
            "warnings": [warning.to_dict() for warning in self.warnings],
        }


def simulate(method: Method, contract_value: Money | None, catalogue: CatalogueLike, as_of: date) -> Simulation:
    """Score the dummy bids under a whole method.

    Raises :class:`InputErrors` without a contract value, from which prices and promises are made, and as scoring does
    where the method itself cannot be used.
    """
    if contract_value is None or contract_value.pence <= 0:
        raise InputErrors([InputError("contract_value", "is missing; prices and promises are made up from it")])
    bids = build_dummies(method, contract_value, catalogue)
    result = score_tender(method, list(bids.values()), catalogue, as_of)
    ranked = [bid for bid in result.bids if bid.rank is not None]
    winners = first_of({bid.bidder: bid.rank for bid in ranked if bid.rank is not None})
    tried = _Tried(method, contract_value, catalogue, as_of, bids, result, winners)
    margin = _score(ranked[0]) - _score(ranked[1]) if len(ranked) > 1 else None
    return Simulation(
        bids=bids,
        result=result,
        winners=winners,
        margin=None if margin is None else abs(margin),
        decided_by=_decided_by(ranked),
        warnings=tuple(tried.warnings()),
    )


def dominant_measures(result: TenderResult) -> tuple[Caution, ...]:
    """A caution for each bid of which one measure carries more than 60% of the score; at 60% there is none.

    Pounds of social value are shared out over the measures they come from. An award on value has no marks to share.
    """
    return tuple(caution for bid in result.bids for caution in _dominant(bid))


def _dominant(bid: BidResult) -> Iterator[Caution]:
    if bid.score is None or not bid.points or any(line.in_pounds for line in bid.lines):
        return
    by_measure: dict[str, tuple[str, Decimal]] = {}
    for line in bid.lines:
        for code, title, marks in _marks_by_measure(line):
            by_measure[code] = (title, by_measure.get(code, ("", NOTHING))[1] + marks)
    for title, marks in by_measure.values():
        share = divide(marks, bid.points)
        if share > MOST_OF_A_SCORE:
            yield Caution(
                "one_measure_dominates",
                f"{title} carries {format_number(share * 100)}% of the score of {bid.bidder}; above "
                f"{format_number(MOST_OF_A_SCORE * 100)}% one promise is nearly all of a bid. Lower its weighting.",
            )


def _marks_by_measure(line: ScoreLine) -> Iterator[tuple[str, str, Decimal]]:
    """The marks of a line by the measures they come from: code, title and marks."""
    if not line.kind.is_promised or not line.contribution or not line.values_used:
        return
    if line.kind is Kind.QUANTITY:
        yield line.values_used[0].measure, line.values_used[0].title, line.contribution
        return
    whole = sum((used.amount for used in line.values_used if used.amount), NOTHING)
    for used in line.values_used:
        if used.amount:
            yield used.measure, used.title, divide(line.contribution * used.amount, whole)


def _score(bid: BidResult) -> Decimal:
    return NOTHING if bid.score is None else bid.score


def _decided_by(ranked: Sequence[BidResult]) -> str:
    """The criterion that brings most of the first bid's lead over the second, in unrounded marks."""
    if len(ranked) < 2:
        return ""
    leads = [
        ((first.contribution or NOTHING) - (second.contribution or NOTHING), first.criterion)
        for first, second in zip(ranked[0].lines, ranked[1].lines, strict=True)
    ]
    if any(line.in_pounds for line in ranked[0].lines):  # an award on value: the fewer pounds the better
        leads = [(-lead, criterion) for lead, criterion in leads]
    lead, criterion = max(leads, key=lambda entry: entry[0])
    return criterion if lead > 0 else ""


@dataclass(frozen=True, slots=True)
class _Tried:
    """The dummy bids and what they came to, to be questioned."""

    method: Method
    contract_value: Money
    catalogue: CatalogueLike
    as_of: date
    bids: Mapping[DummyKind, Bid]
    result: TenderResult
    winners: tuple[str, ...]

    def warnings(self) -> Iterator[Caution]:
        yield from self._price()
        yield from dominant_measures(self.result)
        yield from self._small_firms()
        for leaf in self.method.tree.leaves:
            yield from self._target(leaf.criterion)

    def _price(self) -> Iterator[Caution]:
        rivals = [bid.bidder for bid in self.result.bids if bid.rank is not None and bid.bidder not in self.winners]
        if len(self.winners) != 1 or not rivals or any(map(self._wins_on_price, rivals)):
            return
        low, high = (format_number(share * 100) for share in PRICE_SPAN)
        yield Caution(
            "price_irrelevant",
            f"{self.winners[0]} wins whatever the prices: even at {high}% of the contract value no rival at {low}% "
            "of it can pass. Raise the weighting of the price, or say why it need not decide.",
        )

    def _wins_on_price(self, rival: str) -> bool:
        """Whether someone else is first when this rival is as cheap and the winner as dear as prices plausibly get."""
        low, high = (self.contract_value.times(share) for share in PRICE_SPAN)
        priced = {rival: low, self.winners[0]: high}
        bids = [replace(bid, price=priced.get(bid.bidder, bid.price)) for bid in self.bids.values()]
        again = score_tender(self.method, bids, self.catalogue, self.as_of)
        return first_of({bid.bidder: bid.rank for bid in again.bids if bid.rank is not None}) != self.winners

    def _small_firms(self) -> Iterator[Caution]:
        small = next(bid for bid in self.result.bids if bid.bidder == DummyKind.SMALL_LOCAL.label)
        if small.excluded_because is not None:
            yield Caution(
                "small_firms_excluded",
                f"A small local firm would be excluded ({small.excluded_because}). Lower the threshold.",
            )
            return
        scored_by_any = {line.criterion for bid in self.result.bids for line in bid.lines if line.contribution}
        lines = [line for line in small.lines if line.kind.is_promised and line.criterion in scored_by_any]
        available = sum((line.available for line in lines), NOTHING)
        scored = abs(sum((line.contribution or NOTHING for line in lines), NOTHING))
        if available and scored < available * LEAST_FOR_SMALL:
            yield Caution(
                "small_firms_cannot_score",
                f"A small local firm gets {format_number(scored)} of the {format_number(available)} marks for "
                "promises. Set quantities against £100,000 of price or posts, or lower targets and floors.",
            )

    def _target(self, criterion: Criterion) -> Iterator[Caution]:
        if criterion.kind is not Kind.QUANTITY or criterion.formula is not Formula.TARGET or criterion.target is None:
            return
        unit = self.catalogue.get_measure(criterion.measure).unit
        figures = [
            figure.amount
            for bid in self.result.bids
            for line in bid.lines
            if line.criterion == criterion.code and isinstance(figure := line.inputs["figure"], Quantity)
        ]
        best = max(figures, default=NOTHING)
        if best < criterion.target:
            best_words, target = Quantity(best, unit).format(), Quantity(criterion.target, unit).format()
            yield Caution(
                "target_out_of_reach",
                f"The target of {criterion.heading} is {target}; the most any dummy bid can promise on a contract of "
                f"{self.contract_value.format()} counts as {best_words}. Lower the target.",
            )
