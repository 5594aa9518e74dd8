"""Rules that look at bids side by side. Their questions never tell a bidder anything about another's bid."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import combinations
from statistics import median

from wpound.core.bids import Bid
from wpound.core.errors import Severity
from wpound.core.figures import promised_by_measure
from wpound.core.form import write_list
from wpound.core.money import divide, format_number
from wpound.core.plausibility.rule import NOTHING, Case, Flag, NotJudged, Rule

LEAST_OFFERS = 4
# 0.6745 makes the median deviation comparable with a standard deviation; above 3.5 an offer is called an outlier.
SCALE, OUTLIER_ABOVE = Decimal("0.6745"), Decimal("3.5")
LEAST_SAME = 3


class OutlierAmongBids(Rule):
    """A promise far above the other bids, by the median and the median deviation from it."""

    code = "outlier_among_bids"
    title = "Far above the other offers"
    severity = Severity.WARNING
    basis = (
        "The modified z-score, 0.6745 x (offer - median) / median absolute deviation, is above 3.5 (Iglewicz and "
        "Hoaglin 1993). It is asked where at least four bids promise something."
    )

    def look(self, case: Case) -> Iterator[Flag | NotJudged]:
        offers: dict[str, dict[str, Decimal]] = {}
        for bid in case.bids:
            for code, quantity in promised_by_measure(bid).items():
                if quantity > NOTHING:
                    offers.setdefault(code, {})[bid.bidder] = quantity
        for code, by_bidder in sorted(offers.items()):
            if len(by_bidder) >= LEAST_OFFERS:
                yield from self._about(case, code, by_bidder)

    def _about(self, case: Case, code: str, by_bidder: Mapping[str, Decimal]) -> Iterator[Flag]:
        middle = median(by_bidder.values())
        spread = median(abs(offer - middle) for offer in by_bidder.values())
        if not spread:
            return
        measure = case.measures[code]
        for bidder, offer in by_bidder.items():
            score = divide(SCALE * (offer - middle), spread)
            if score > OUTLIER_ABOVE:
                facts = f"{format_number(offer)} {measure.unit.label} under {measure.title}"
                compared = f"the middle offer is {format_number(middle)} (modified z-score {format_number(score)})"
                finding = f"{bidder} promises {facts}; {compared}."
                question = (
                    f"You promise {facts}, which is unusually high for this tender. How was the figure worked out?"
                )
                yield self.flag(bidder, finding, question, code)


class SameNumbers(Rule):
    """Two bids that promise the very same quantities."""

    code = "same_numbers"
    title = "The same numbers in two bids"
    severity = Severity.WARNING
    basis = (
        f"At least {LEAST_SAME} quantities, and half of all that one of the two bids promises, are the very same. "
        "Numbers reached independently seldom are."
    )

    def look(self, case: Case) -> Iterator[Flag | NotJudged]:
        for one, other in combinations(case.bids, 2):
            first, second = _quantities(one), _quantities(other)
            same = first & second
            if len(same) < LEAST_SAME or 2 * len(same) < min(len(first), len(second)):
                continue
            titles = ", ".join(sorted({case.measures[code].title for code, _, _ in same}))
            for bid, twin in ((one, other), (other, one)):
                finding = f"{bid.bidder} and {twin.bidder} promise the same {len(same)} quantities: {titles}."
                question = (
                    f"Your quantities under {titles} are the same as in another bid. Who prepared them, and did anyone "
                    "outside your company see or share them?"
                )
                yield self.flag(bid.bidder, finding, question)


def _quantities(bid: Bid) -> set[tuple[str, int | None, Decimal]]:
    return {(c.measure, c.year, c.quantity) for c in bid.commitments if c.quantity > NOTHING}


class UsedTwice(Rule):
    """The same person or the same evidence file behind two promises."""

    code = "used_twice"
    title = "One person or file behind two promises"
    severity = Severity.WARNING
    basis = (
        "A person counts once, and besides in at most one group at a disadvantage; a file is evidence of one promise; "
        "neither should stand in two bids."
    )

    def look(self, case: Case) -> Iterator[Flag | NotJudged]:
        for kind in ("person", "file"):
            for key, uses in sorted(_uses(case, kind).items()):
                if len({bidder for bidder, _ in uses}) > 1 or not _may_stand_together(case, kind, uses):
                    yield from self._about(case, kind, key, uses)

    def _about(self, case: Case, kind: str, key: str, uses: Mapping[tuple[str, str], None]) -> Iterator[Flag]:
        places = write_list([f"{case.measures[code].title} ({bidder})" for bidder, code in uses])
        finding = f"The {kind} {key!r} stands behind {places}."
        bidders = dict.fromkeys(bidder for bidder, _ in uses)
        for bidder in bidders:
            own = write_list([case.measures[code].title for name, code in uses if name == bidder])
            elsewhere = " and also in another bid" if len(bidders) > 1 else ""
            question = f"The {kind} {key!r} stands behind {own}{elsewhere}. Which promise does it belong to?"
            yield self.flag(bidder, finding, question)


def _may_stand_together(case: Case, kind: str, uses: Mapping[tuple[str, str], None]) -> bool:
    """Whether one bid may name a person or file for all these measures."""
    groups = sum(case.measures[code].limits.disadvantaged_group for _, code in uses)
    return len(uses) == 1 or (kind == "person" and groups == 1 and len(uses) == 2)


def _uses(case: Case, kind: str) -> dict[str, dict[tuple[str, str], None]]:
    """Every bidder and measure a person or file stands behind, by its key, in the order met."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for bid in case.bids:
        for commitment in bid.commitments:
            for key in commitment.people if kind == "person" else commitment.evidence:
                found.setdefault(key, {})[bid.bidder, commitment.measure] = None
    return found
