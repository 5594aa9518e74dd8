"""Scoring a whole tender: bids in, ranks and every line that made them out.

Exactness: each share of marks is kept to 20 decimals, and from there on there is only multiplication and addition, so
the contributions add up exactly to the score before rounding. The recorded score is that sum rounded once, by the
places and mode of the method, and it alone decides the ranking.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from wpound.core.bids import Bid, Commitment
from wpound.core.cautions import method_warnings, result_warnings
from wpound.core.checking import check_bids
from wpound.core.criteria import Formula, Kind
from wpound.core.figures import Figure
from wpound.core.form import Problems
from wpound.core.marking import SHARE_PLACES, Comparison, Marked, Marking, mark_bids
from wpound.core.method import AwardMethod, Method
from wpound.core.money import Money, round_half_up
from wpound.core.quantities import Quantity
from wpound.core.ranking import Contender, rank_bids, tie_keys
from wpound.core.results import BidResult, Caution, GroupTotal, TenderResult, Tie
from wpound.core.trace import Input, ScoreLine, ValueUsed, explain
from wpound.core.valuing import CatalogueLike, MeasureLike, ReferenceLike, ValueLike
from wpound.core.weighting import Leaf

__all__ = [
    "Bid",
    "BidResult",
    "CatalogueLike",
    "Caution",
    "Commitment",
    "GroupTotal",
    "MeasureLike",
    "ReferenceLike",
    "ScoreLine",
    "TenderResult",
    "Tie",
    "ValueLike",
    "ValueUsed",
    "explain",
    "method_warnings",
    "score_tender",
]

# Wide enough that no product of a 20-decimal share and its weightings is ever cut off.
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
NOTHING = Decimal(0)
NOT_COMPARED = "the bid was excluded before it could be compared with the others"


def score_tender(method: Method, bids: Sequence[Bid], catalogue: CatalogueLike, as_of: date) -> TenderResult:
    """Mark, rank and explain every bid. Pure: the same arguments always give the same result, in any order of bids.

    Commitments with a year take the value in force on 31 December of that year, others the one on ``as_of``.
    Raises :class:`InputErrors` with every problem and its place when the bids cannot be scored.
    """
    with localcontext(EXACT):
        problems = Problems()
        valuation = check_bids(method, bids, catalogue, as_of, problems)
        problems.raise_if_any()
        marking = mark_bids(method, bids, valuation)
        return _result(method, marking, catalogue.fingerprint, as_of)


def _result(method: Method, marking: Marking, fingerprint: str, as_of: date) -> TenderResult:
    results, contenders = {}, []
    for entry in marking.marked:
        lines = _lines(method, marking, entry)
        result = _outcome(method, entry, lines)
        results[result.bidder] = result
        if result.score is not None:
            keys = tie_keys(method, entry.bid.price.pounds, lines)
            contenders.append(Contender(result.bidder, result.score, keys))
    ranking = rank_bids(method, contenders)
    ranked = [replace(results[bidder], rank=rank) for bidder, rank in ranking.ranks.items()]
    excluded = sorted((r for r in results.values() if r.score is None), key=lambda result: result.bidder)
    return TenderResult(
        title=method.title,
        award=method.award,
        method_hash=method.method_hash,
        catalogue_fingerprint=fingerprint,
        as_of=as_of,
        bids=(*ranked, *excluded),
        ties=ranking.ties,
        warnings=(*method_warnings(method), *result_warnings(marking), *ranking.broken),
    )


def _outcome(method: Method, entry: Marked, lines: Sequence[ScoreLine]) -> BidResult:
    """A bid's result, still without its rank."""
    price = entry.bid.price.pounds
    shown = (_price_line(entry.bid.price), *lines) if method.award is AwardMethod.AWARD_ON_VALUE else tuple(lines)
    points = sum((line.contribution for line in shown if line.contribution is not None), NOTHING)
    reasons = list(entry.reasons_out)
    if method.award is AwardMethod.PRICE_PER_QUALITY_POINT and not points and not reasons:
        reasons.append("it has no quality points, so a price for each point cannot be worked out")
    if reasons:
        return BidResult(entry.bid.bidder, None, None, None, None, "; ".join(reasons), shown)
    is_ratio = method.award is AwardMethod.PRICE_PER_QUALITY_POINT
    unrounded = round_half_up(price / points, SHARE_PLACES) if is_ratio else points
    score = method.rounding.apply(unrounded)
    return BidResult(entry.bid.bidder, None, score, unrounded, points, None, shown, _group_totals(method, lines))


def _price_line(price: Money) -> ScoreLine:
    """The price an award on value starts from; every other line takes pounds off it."""
    method = AwardMethod.AWARD_ON_VALUE.value
    return ScoreLine("price", "Price", Kind.PRICE, method, {"price": price}, (), None, 0, NOTHING, price.pounds)


def _group_totals(method: Method, lines: Sequence[ScoreLine]) -> tuple[GroupTotal, ...]:
    found = []
    for group in method.tree.groups:
        within = lines[group.first : group.last]
        total = sum((line.contribution for line in within if line.contribution is not None), NOTHING)
        share = round_half_up(abs(total) / group.available, SHARE_PLACES)
        criterion = group.criterion
        found.append(GroupTotal(criterion.code, criterion.heading, criterion.weighting, group.available, total, share))
    return tuple(found)


def _lines(method: Method, marking: Marking, entry: Marked) -> tuple[ScoreLine, ...]:
    in_pounds = method.award is AwardMethod.AWARD_ON_VALUE
    found = []
    for i, leaf in enumerate(marking.tree.leaves):
        figure, share, criterion = entry.figures[i], entry.shares[i], leaf.criterion
        compared, note = _compared(leaf, figure, share, marking.comparison, i)
        contribution = None if share is None else share * leaf.available
        found.append(
            ScoreLine(
                criterion=criterion.code,
                title=criterion.heading,
                kind=criterion.kind,
                formula=criterion.formula.value if criterion.formula else "",
                inputs=figure.inputs | compared,
                values_used=figure.values_used,
                share=share,
                weighting=criterion.weighting,
                available=leaf.available,
                contribution=-contribution if in_pounds and contribution else contribution,
                note="; ".join(part for part in (figure.note, note) if part),
                reason=entry.bid.reasons.get(criterion.code, ""),
                in_pounds=in_pounds,
            )
        )
    return tuple(found)


def _compared(
    leaf: Leaf, figure: Figure, share: Decimal | None, comparison: Comparison | None, i: int
) -> tuple[dict[str, Input], str]:
    """What a relative formula compared the figure with, and a note where comparing says nothing."""
    criterion = leaf.criterion
    if not criterion.is_relative:
        return {}, ""
    if share is None or comparison is None:
        return {}, NOT_COMPARED
    if criterion.kind is Kind.PRICE:
        prices = comparison.prices
        note = "no other price is different, so it has full marks" if prices.all_equal else ""
        if criterion.formula is Formula.DEVIATION_FROM_MEAN:
            return {"mean": prices.mean}, note
        ends: dict[str, Input] = {"lowest": Money.rounded(prices.lowest)}
        if criterion.formula is Formula.MIN_MAX:
            ends["highest"] = Money.rounded(prices.highest)
        return ends, note
    best = comparison.bests[i]
    own = figure.inputs["figure"]
    note = "" if best else "the best offer is 0, so no bid has marks for it"
    return {"best": Quantity(best, own.unit) if isinstance(own, Quantity) else best}, note
