"""The bids that were ranked, and how they would stand under other weightings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from itertools import combinations

from wpound.core.bids import Bid
from wpound.core.checking import check_bids
from wpound.core.criteria import Criterion, Kind
from wpound.core.form import Problems
from wpound.core.marking import EXACT, mark_bids
from wpound.core.method import Method
from wpound.core.ranking import rank_bids
from wpound.core.scoring import score_tender
from wpound.core.totals import total_up
from wpound.core.valuing import CatalogueLike, Valuation
from wpound.core.weighting import WHOLE, Tree

NOTHING = Decimal(0)
Shares = tuple[tuple[Decimal, ...], ...]


@dataclass(frozen=True)
class Standing:
    """The ranked bids in rank order with their shares of every criterion's marks, and the official ranks."""

    method: Method
    bids: tuple[Bid, ...]
    shares: Shares
    ranks: Mapping[str, int]
    valuation: Valuation

    @property
    def winners(self) -> tuple[str, ...]:
        """Whoever is first: more than one where a tie survives the rules, none where no bid is left."""
        return first_of(self.ranks)

    def rank_under(self, tree: Tree, shares: Shares | None = None) -> dict[str, int]:
        """The ranks of the same bids under other weightings (and other shares); thresholds are not tested again."""
        rows = zip(self.bids, shares or self.shares, strict=True)
        totals = [total_up(self.method, tree, bid, own) for bid, own in rows]
        return rank_bids(self.method, [total.contender for total in totals if total is not None]).ranks


def find_standing(method: Method, bids: Sequence[Bid], catalogue: CatalogueLike, as_of: date) -> Standing:
    """Score the bids and keep what asking "what if" needs; raises :class:`InputErrors` as scoring does."""
    result = score_tender(method, bids, catalogue, as_of)
    ranks = {bid.bidder: bid.rank for bid in result.bids if bid.rank is not None}
    with localcontext(EXACT):
        valuation = check_bids(method, bids, catalogue, as_of, Problems())
        marked = {entry.bid.bidder: entry for entry in mark_bids(method, bids, valuation).running}
    return Standing(
        method,
        tuple(marked[name].bid for name in ranks),
        tuple(tuple(marked[name].compared_shares) for name in ranks),
        ranks,
        valuation,
    )


def first_of(ranks: Mapping[str, int]) -> tuple[str, ...]:
    """The names with the best rank there is."""
    best = min(ranks.values(), default=0)
    return tuple(sorted(name for name, rank in ranks.items() if rank == best))


def levels(criteria: Sequence[Criterion]) -> list[tuple[Criterion, ...]]:
    """Every level of the tree that shares out marks, from the top; pass or fail carries none and is left out."""
    found = [tuple(criterion for criterion in criteria if criterion.kind is not Kind.PASS_FAIL)]
    for criterion in criteria:
        if criterion.kind is Kind.GROUP:
            found += levels(criterion.criteria)
    return found


def stated(criterion: Criterion) -> Decimal:
    """What the method says a criterion weighs: percent of its level, or pounds in an award on value."""
    return Decimal(criterion.weighting) if criterion.worth is None else criterion.worth.pounds


def move_weighting(level: Sequence[Criterion], code: str, to: Decimal) -> dict[str, Decimal]:
    """One weighting moved and the others of its level scaled in proportion, so that they total 100 again.

    Pounds of an award on value stand each for itself: only the one is moved. Raises ``ValueError`` where the weighting
    is all of its level, so that there is nothing to scale.

    >>> level = [Criterion("a", Kind.QUALITATIVE, 40), Criterion("b", Kind.QUALITATIVE, 60)]
    >>> move_weighting(level, "a", Decimal(10))
    {'a': Decimal('10'), 'b': Decimal('90')}
    """
    moved = next(criterion for criterion in level if criterion.code == code)
    if moved.worth is not None:
        return {code: to}
    rest = WHOLE - moved.weighting
    if not rest:
        raise ValueError("the only weighting of a level cannot be moved")
    return {c.code: to if c is moved else c.weighting * (WHOLE - to) / rest for c in level}


def kendall_tau(first: Mapping[str, int], second: Mapping[str, int]) -> Decimal | None:
    """Kendall's tau-b of two rankings of the same names: 1 the same order, -1 the very opposite, to four decimals.

    None where it is not defined: fewer than two names, or everyone level in one of the two.

    >>> kendall_tau({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 3, "c": 2})
    Decimal('0.3333')
    """
    agreed, first_pairs, second_pairs = 0, 0, 0
    for one, other in combinations(first.keys() & second.keys(), 2):
        a, b = first[one] - first[other], second[one] - second[other]
        agreed += (a * b > 0) - (a * b < 0)
        first_pairs += a != 0
        second_pairs += b != 0
    if not first_pairs or not second_pairs:
        return None
    with localcontext(EXACT):
        return (agreed / Decimal(first_pairs * second_pairs).sqrt()).quantize(Decimal("0.0001"))
