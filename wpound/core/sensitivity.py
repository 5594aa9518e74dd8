"""Thousands of sets of weightings, drawn by chance from a given seed: in how many is each bid first?

Nothing here is money or a mark: what is shown are shares of draws. They are the same on every machine. The generator
is numpy's ``Generator`` over ``PCG64``; the weightings drawn are held to millionths and the shares of marks to
billionths, as whole numbers in doubles, so that every product and sum is exact whatever order a machine adds in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wpound.core.marking import EXACT
from wpound.core.method import AwardMethod
from wpound.core.money import divide
from wpound.core.standing import NOTHING, Standing

GENERATOR = "numpy Generator, PCG64"
# The spread of the draws near the published weightings: one of 40% then lies between 29% and 51% two times in three.
CONCENTRATION = 20
WEIGHTING_PARTS = 10**6
SHARE_DIGITS = 9
Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Draws:
    """How often each bid took each place; ``placed`` counts draws by bidder, first place first.

    ``near`` says whether the weightings were drawn near the published ones, or with no regard to them. Bids that are
    level in a draw keep their official order.
    """

    near: bool
    draws: int
    seed: int
    placed: Mapping[str, tuple[int, ...]]

    def won(self, bidder: str) -> Decimal:
        """The share of draws in which a bid is first."""
        return divide(self.placed[bidder][0], self.draws)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: draws by bidder and place."""
        return {
            "weightings": "near the published ones" if self.near else "any",
            "draws": self.draws,
            "seed": self.seed,
            "generator": GENERATOR,
            "placed": {bidder: list(places) for bidder, places in self.placed.items()},
        }


def draw_weightings(standing: Standing, draws: int, seed: int, near: bool) -> Draws:
    """Draw sets of weightings of all marked criteria from a Dirichlet distribution and rank the bids under each.

    Near the published weightings each has its own as the mean; otherwise every set of weightings is equally likely.
    ``draws`` is at least 1 and ``seed`` not negative. The total an award on value shares out stays the same.
    """
    weightings, merits, start = _tables(standing)
    alpha = weightings * CONCENTRATION if near else np.ones_like(weightings)
    generator = np.random.Generator(np.random.PCG64([seed, near]))
    drawn = generator.dirichlet(alpha, size=draws)
    drawn *= WEIGHTING_PARTS
    np.rint(drawn, out=drawn)
    totals = drawn @ merits + start
    order = np.argsort(-totals, axis=1, kind="stable")
    counts = [np.bincount(column, minlength=len(standing.bids)) for column in order.T]
    placed = {bid.bidder: tuple(int(count[i]) for count in counts) for i, bid in enumerate(standing.bids)}
    return Draws(near, draws, seed, placed)


def _tables(standing: Standing) -> tuple[Table, Table, Table]:
    """Published weightings as shares of the whole, what a leaf brings each bid (a row a leaf), and each bid's start."""
    method = standing.method
    marks = method.tree.marks
    carried = [i for i, available in enumerate(marks) if available]
    with localcontext(EXACT):
        prices = [bid.price.pounds for bid in standing.bids]
        scales, starts = [Decimal(1)] * len(prices), [NOTHING] * len(prices)
        if method.award is AwardMethod.PRICE_PER_QUALITY_POINT:
            scales = [min(prices) / price for price in prices]
        elif method.award is AwardMethod.AWARD_ON_VALUE:
            starts = [(max(prices) - price) / method.tree.available for price in prices]
        # One digit less for each the starts have before the point keeps every sum below 2 ** 53.
        before_point = int(max(starts))
        digits = SHARE_DIGITS - (len(str(before_point)) if before_point else 0)
        rows = zip(standing.shares, scales, strict=True)
        merits = _whole([[shares[i] * scale for i in carried] for shares, scale in rows], digits)
        start = _whole([starts], digits)[0] * WEIGHTING_PARTS
        weightings = [str(marks[i] / method.tree.available) for i in carried]
    return np.array(weightings, dtype=np.float64), merits.T.copy(), start


def _whole(rows: Sequence[Sequence[Decimal]], digits: int) -> Table:
    """Decimals as whole numbers of their last digit, in doubles."""
    return np.array([[int(number.scaleb(digits).to_integral_value()) for number in row] for row in rows], np.float64)
