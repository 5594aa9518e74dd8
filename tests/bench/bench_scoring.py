"""Scoring a whole tender exactly, against numpy doing the same sums in whole numbers of 64 bits.

The tender has a price, a number of measures (half against a target, half against the best offer) and social value in
pounds over all of them. Numpy is handed finished tables and gives totals, rounded, and ranks; the core is handed bids
and also checks every one of them, warns, and can explain every mark. Nothing but the method's hash is remembered from
the round before. Seconds are of the processor, the median of interleaved rounds, so that a busy machine changes little.
"""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from wpound.core.bids import Bid, Commitment
from wpound.core.criteria import Criterion, Formula, Kind
from wpound.core.method import Method
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.core.scoring import TenderResult, score_tender

AS_OF = date(2026, 6, 1)
SHARE = 10**9
TARGET = 800_00
PRICE, SOCIAL_VALUE = 40, 10


@dataclass(frozen=True)
class Reference:
    title: str = "Made up"
    url: str = "https://town.example/values"


@dataclass(frozen=True)
class Value:
    value: Decimal
    valid_from: date = date(2020, 1, 1)
    reference: Reference = Reference()
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class Measure:
    code: str
    title: str
    worth: Value
    unit: Unit = Unit.HOUR
    value_kind: str = "additional"
    strand: str = "community"

    def value_on(self, day: date) -> Value:
        return self.worth


@dataclass(frozen=True)
class MadeUpCatalogue:
    measures: dict[str, Measure]
    fingerprint: str = "0" * 64

    def get_measure(self, code: str) -> Measure:
        return self.measures[code]


@dataclass(frozen=True)
class Case:
    """One tender as the core reads it and as tables of whole numbers: pence, hundredths, whole percents of a group."""

    method: Method
    bids: list[Bid]
    catalogue: MadeUpCatalogue
    prices: Any
    offers: Any
    values: Any
    weightings: Any

    def score(self) -> TenderResult:
        """As the core does it."""
        return score_tender(self.method, self.bids, self.catalogue, AS_OF)

    def score_in_tables(self) -> Any:
        """The same sums as numpy does them: shares, contributions, totals rounded half up, ranks."""
        best = self.offers.max(axis=0)
        against = np.where(np.arange(len(best)) % 2 == 0, TARGET, best)
        shares = np.minimum(SHARE, (self.offers * SHARE * 2 + against) // (against * 2))
        points = (shares * self.weightings).sum(axis=1) * (100 - PRICE - SOCIAL_VALUE)
        pounds = (self.offers * self.values).sum(axis=1)
        points += PRICE * 100 * ((self.prices.min() * SHARE * 2 + self.prices) // (self.prices * 2))
        points += SOCIAL_VALUE * 100 * ((pounds * 1000 * 2 + pounds.max()) // (pounds.max() * 2) * (SHARE // 1000))
        scores = (points + SHARE // 2) // SHARE
        return scores, np.argsort(-scores, kind="stable")


def make(bids: int, measures: int) -> Case:
    """A seeded tender of that size."""
    chance = random.Random(f"{bids} x {measures}")
    codes = [f"measure-{i}" for i in range(measures)]
    weightings = [100 // measures + (i < 100 % measures) for i in range(measures)]
    values = [chance.randrange(100, 5000) for _ in codes]
    offers = [[chance.randrange(0, 1000_00) for _ in codes] for _ in range(bids)]
    prices = [chance.randrange(100_000_00, 900_000_00) for _ in range(bids)]
    kinds = [
        {"formula": Formula.TARGET, "target": Decimal(TARGET).scaleb(-2)}
        if i % 2 == 0
        else {"formula": Formula.PROPORTIONAL}
        for i in range(measures)
    ]
    leaves = tuple(
        Criterion(code, Kind.QUANTITY, weighting, measure=code, **kind)
        for code, weighting, kind in zip(codes, weightings, kinds, strict=True)
    )
    criteria = (
        Criterion("price", Kind.PRICE, PRICE, formula=Formula.LOWEST_RATIO),
        Criterion("offers", Kind.GROUP, 100 - PRICE - SOCIAL_VALUE, criteria=leaves),
        Criterion("value", Kind.SOCIAL_VALUE, SOCIAL_VALUE, formula=Formula.PROPORTIONAL),
    )
    made = [
        Bid(
            f"Bidder {number}",
            Money(price),
            commitments=tuple(
                Commitment(code, Decimal(offer).scaleb(-2)) for code, offer in zip(codes, row, strict=True)
            ),
        )
        for number, (price, row) in enumerate(zip(prices, offers, strict=True))
    ]
    known = {
        code: Measure(code, code.capitalize(), Value(Decimal(value).scaleb(-2)))
        for code, value in zip(codes, values, strict=True)
    }
    tables = (np.array(table, dtype=np.int64) for table in (prices, offers, values, weightings))
    return Case(Method("Made up", criteria), made, MadeUpCatalogue(known), *tables)


def time_together(ways: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """The median processor seconds of each way, in interleaved rounds after one to warm up."""
    seconds: list[list[float]] = [[] for _ in ways]
    for turn in range(rounds + 1):
        for way, found in zip(ways, seconds, strict=True):
            started = time.process_time()
            way()
            if turn:
                found.append(time.process_time() - started)
    return [statistics.median(found) for found in seconds]


def tell(result: TenderResult) -> int:
    """Build every line of a result."""
    return sum(len(bid.lines) + len(bid.groups) for bid in result.bids)


def run() -> list[dict[str, Any]]:
    """Both sizes, and for the usual one also with the account of every mark."""
    found = []
    for bids, measures, rounds, goal in ((10, 50, 100, "about 1 ms"), (1000, 100, 7, "at most 150")):
        case = make(bids, measures)
        agree(case)
        plain, scored = time_together([case.score_in_tables, case.score], rounds)
        row = {"yardstick": f"numpy int64, the same sums, {plain * 1000:.3f} ms"}
        size = f"score {bids:,} bids x {measures} measures"
        found.append(row | {"title": f"{size}, {scored * 1000:.2f} ms", "ratio": scored / plain, "goal": goal})
        if bids == 10:
            [told] = time_together([lambda case=case: tell(case.score())], rounds)
            found.append(row | {"title": f"{size}, every line built, {told * 1000:.2f} ms", "ratio": told / plain})
    return found


def agree(case: Case) -> None:
    """Both ways put the same bid first with the same score to the penny of a mark."""
    scores, order = case.score_in_tables()
    first = case.score().bids[0]
    same = first.bidder == f"Bidder {order[0]}" and abs(first.score * 100 - int(scores[order[0]])) <= 1
    assert same, f"{first.bidder} at {first.score}, and in tables {order[0]} at {scores[order[0]]}"
