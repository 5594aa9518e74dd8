"""The same bids scored again with one thing changed at a time: a weighting, a value, a measure left out, a bidder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Any

from wpound.core.bids import Bid
from wpound.core.criteria import Criterion, Kind
from wpound.core.form import write_decimal
from wpound.core.marking import EXACT, mark_bids
from wpound.core.method import Method
from wpound.core.quantities import Unit
from wpound.core.scoring import score_tender
from wpound.core.standing import Standing, first_of, kendall_tau, levels, move_weighting, stated
from wpound.core.valuing import CatalogueLike, LimitsLike, MeasureLike, ReferenceLike, ValueKind, ValueLike
from wpound.core.weighting import WHOLE, lay_out

# Each weighting is moved by a quarter of itself: 40% becomes 30% and 50%.
SWING = Decimal("0.25")


class Change(StrEnum):
    """What was changed."""

    WEIGHTING = "weighting"
    VALUE_LOW = "value_low"
    VALUE_HIGH = "value_high"
    WITHOUT_MEASURE = "without_measure"
    WITHOUT_BIDDER = "without_bidder"


@dataclass(frozen=True, slots=True)
class Variation:
    """One change and the ranks it gives. ``subject`` is a criterion's code, a measure's code or a bidder.

    ``setting`` is the weighting tried, in percent of its level (or pounds); ``winners`` who is first, and ``expected``
    who would be if the change did not matter. ``tau`` compares the order with the official one, 1 where it is the same.
    """

    change: Change
    subject: str
    title: str
    ranks: Mapping[str, int]
    winners: tuple[str, ...]
    expected: tuple[str, ...]
    tau: Decimal | None
    setting: Decimal | None = None
    in_pounds: bool = False

    @property
    def changes_winner(self) -> bool:
        """Whether someone else is first, or no longer alone."""
        return self.winners != self.expected

    @property
    def changes_order(self) -> bool:
        """Whether any two bids stand the other way round or are newly level."""
        return self.changes_winner or (self.tau is not None and self.tau < 1)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, decimals as text."""
        return {
            "change": self.change.value,
            "subject": self.subject,
            "title": self.title,
            "setting": None if self.setting is None else write_decimal(self.setting),
            "ranks": dict(self.ranks),
            "winners": list(self.winners),
            "changes_winner": self.changes_winner,
            "changes_order": self.changes_order,
            "kendall_tau": None if self.tau is None else write_decimal(self.tau),
        }


def _vary(standing: Standing, change: Change, subject: str, title: str, ranks: Mapping[str, int]) -> Variation:
    before = {name: rank for name, rank in standing.ranks.items() if name != subject}
    tau = kendall_tau(before, ranks)
    return Variation(change, subject, title, ranks, first_of(ranks), first_of(before), tau)


def swing_weightings(standing: Standing) -> list[Variation]:
    """Each weighting down and up by a quarter of itself, the others of its level scaled in proportion.

    Marks and the bids in the running stay as they are: thresholds are not tested again.
    """
    found = []
    with localcontext(EXACT):
        for level in levels(standing.method.criteria):
            for criterion in level:
                for to in _swings(criterion):
                    tree = lay_out(standing.method.criteria, move_weighting(level, criterion.code, to))
                    ranks = standing.rank_under(tree)
                    varied = _vary(standing, Change.WEIGHTING, criterion.code, criterion.heading, ranks)
                    found.append(replace(varied, setting=to, in_pounds=criterion.worth is not None))
    return found


def _swings(criterion: Criterion) -> tuple[Decimal, ...]:
    now = stated(criterion)
    if not now or (criterion.worth is None and now == WHOLE):
        return ()
    up = now * (1 + SWING)
    return now * (1 - SWING), up if criterion.worth is not None else min(up, WHOLE)


def leave_measures_out(standing: Standing) -> list[Variation]:
    """Each measure gone from the criteria and from the value in pounds; what is left of a level is scaled up.

    A measure that is all there is to mark cannot be left out and is skipped.
    """
    codes = {leaf.criterion.measure for leaf in standing.method.tree.leaves if leaf.criterion.measure}
    if any(leaf.criterion.kind is Kind.SOCIAL_VALUE for leaf in standing.method.tree.leaves):
        codes |= {measure for measure, _ in standing.valuation.values}
    found = []
    with localcontext(EXACT):
        for code in sorted(codes):
            changed = _weightings_without(standing.method.criteria, code)
            tree = lay_out(standing.method.criteria, changed)
            if not tree.available:
                continue
            method = replace(standing.method, criteria=_without_thresholds(standing.method.criteria), threshold=None)
            bids = [_bid_without(bid, code) for bid in standing.bids]
            marked = mark_bids(method, bids, standing.valuation).marked
            ranks = standing.rank_under(tree, tuple(tuple(entry.compared_shares) for entry in marked))
            title = standing.valuation.measures[code].title
            found.append(_vary(standing, Change.WITHOUT_MEASURE, code, title, ranks))
    return found


def _bid_without(bid: Bid, measure: str) -> Bid:
    return replace(bid, commitments=tuple(c for c in bid.commitments if c.measure != measure))


def _without_thresholds(criteria: Sequence[Criterion]) -> tuple[Criterion, ...]:
    return tuple(replace(c, threshold=None, criteria=_without_thresholds(c.criteria)) for c in criteria)


def _weightings_without(criteria: Sequence[Criterion], measure: str) -> dict[str, Decimal]:
    """Weightings with nothing on the leaves of a measure, or on groups of nothing else, and the rest scaled up."""
    found: dict[str, Decimal] = {}
    kept = []
    for criterion in criteria:
        if _is_only(criterion, measure):
            found[criterion.code] = Decimal(0)
        else:
            kept.append(criterion)
            found |= _weightings_without(criterion.criteria, measure)
    total = sum(criterion.weighting for criterion in kept)
    if total not in (0, WHOLE):
        found |= {c.code: c.weighting * WHOLE / total for c in kept if c.worth is None}
    return found


def _is_only(criterion: Criterion, measure: str) -> bool:
    if criterion.kind is Kind.GROUP:
        return all(_is_only(child, measure) for child in criterion.criteria)
    return criterion.kind is Kind.QUANTITY and criterion.measure == measure


def leave_bidders_out(
    standing: Standing, bids: Sequence[Bid], catalogue: CatalogueLike, as_of: date
) -> list[Variation]:
    """The whole tender scored again without each bidder in turn, excluded ones too: the check for the ranking paradox.

    A bid whose absence changes who is first among the others has decided between them. Nothing with two bids.
    """
    found = []
    for bid in sorted(bids, key=lambda bid: bid.bidder):
        others = [other for other in bids if other is not bid]
        if len(others) > 1:
            ranks = _ranks(standing.method, others, catalogue, as_of)
            found.append(_vary(standing, Change.WITHOUT_BIDDER, bid.bidder, bid.bidder, ranks))
    return found


def vary_values(
    standing: Standing, bids: Sequence[Bid], catalogue: CatalogueLike, as_of: date
) -> tuple[list[Variation], tuple[str, ...]]:
    """The whole tender scored again with each value at its source's low and high end.

    Also gives the titles of the measures counted in pounds whose source states no range: for these nothing is tried,
    because a range nobody published would be made up.
    """
    found, without_range = [], []
    for code in sorted({measure for measure, _ in standing.valuation.values}):
        measure = standing.valuation.measures[code]
        values = [value for (other, _), value in standing.valuation.values.items() if other == code]
        if any(value.low is None or value.high is None for value in values):
            without_range.append(measure.title)
            continue
        for change in (Change.VALUE_LOW, Change.VALUE_HIGH):
            ranks = _ranks(standing.method, bids, CatalogueAtEnd(catalogue, code, change), as_of)
            found.append(_vary(standing, change, code, measure.title, ranks))
    return found, tuple(without_range)


def _ranks(method: Method, bids: Sequence[Bid], catalogue: CatalogueLike, as_of: date) -> dict[str, int]:
    result = score_tender(method, bids, catalogue, as_of)
    return {bid.bidder: bid.rank for bid in result.bids if bid.rank is not None}


@dataclass(frozen=True, slots=True)
class CatalogueAtEnd:
    """A catalogue in which one measure has the low or high end of every value."""

    catalogue: CatalogueLike
    code: str
    end: Change

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the catalogue this stands in for; nothing scored with it is ever stored."""
        return self.catalogue.fingerprint

    def get_measure(self, code: str) -> MeasureLike:
        """The measure, and the one in question with its values changed."""
        measure = self.catalogue.get_measure(code)
        return MeasureAtEnd(measure, self.end) if code == self.code else measure


@dataclass(frozen=True, slots=True)
class MeasureAtEnd:
    """A measure with the low or high end of every value in place of the value itself."""

    measure: MeasureLike
    end: Change

    @property
    def code(self) -> str:
        return self.measure.code

    @property
    def title(self) -> str:
        return self.measure.title

    @property
    def unit(self) -> Unit:
        return self.measure.unit

    @property
    def limits(self) -> LimitsLike:
        return self.measure.limits

    @property
    def strand(self) -> str:
        return self.measure.strand

    @property
    def value_kind(self) -> ValueKind:
        return self.measure.value_kind

    def value_on(self, day: date) -> ValueLike:
        """The value at its end, where the source states one."""
        value = self.measure.value_on(day)
        end = value.low if self.end is Change.VALUE_LOW else value.high
        return ValueAtEnd(value.value if end is None else end, value.low, value.high, value.valid_from, value.reference)


@dataclass(frozen=True, slots=True)
class ValueAtEnd:
    """Pounds per unit, changed."""

    value: Decimal
    low: Decimal | None
    high: Decimal | None
    valid_from: date
    reference: ReferenceLike
