"""Scoring a whole tender: bids in, ranks and every line that made them out.

Exactness: each share of marks is kept to 20 decimals, and from there on there is only multiplication and addition, so
the contributions add up exactly to the score before rounding. The recorded score is that sum rounded once, by the
places and mode of the method, and it alone decides the ranking.
"""

from collections.abc import Sequence
from datetime import date
from decimal import localcontext

from wpound.core.accounts import BidAccount
from wpound.core.bids import Bid
from wpound.core.cautions import method_warnings, result_warnings
from wpound.core.checking import check_bids
from wpound.core.form import Problems
from wpound.core.marking import EXACT, Marked, mark_bids
from wpound.core.method import Method
from wpound.core.ranking import rank_bids
from wpound.core.results import BidResult, TenderResult
from wpound.core.totals import Total, total_up
from wpound.core.valuing import CatalogueLike

NO_POINTS = "it has no quality points, so a price for each point cannot be worked out"


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
        totals = {
            entry.bid.bidder: total_up(method, method.tree, entry.bid, entry.compared_shares)
            for entry in marking.running
        }
        ranking = rank_bids(method, [total.contender for total in totals.values() if total is not None])
        results = {
            entry.bid.bidder: _result(
                entry,
                totals.get(entry.bid.bidder),
                ranking.ranks.get(entry.bid.bidder),
                BidAccount(method, valuation, marking.comparison, entry),
            )
            for entry in marking.marked
        }
        excluded = sorted(results.keys() - ranking.ranks.keys())
        return TenderResult(
            title=method.title,
            award=method.award,
            method_hash=method.method_hash,
            catalogue_fingerprint=catalogue.fingerprint,
            as_of=as_of,
            bids=tuple(results[bidder] for bidder in (*ranking.ranks, *excluded)),
            ties=ranking.ties,
            warnings=(*method_warnings(method), *result_warnings(marking), *ranking.broken),
        )


def _result(entry: Marked, total: Total | None, rank: int | None, account: BidAccount) -> BidResult:
    if total is None:
        why = "; ".join(entry.reasons_out) or NO_POINTS
        return BidResult(entry.bid.bidder, None, None, None, None, why, account)
    return BidResult(entry.bid.bidder, rank, total.contender.score, total.unrounded, total.points, None, account)
