"""What a plausibility rule is: it looks at the bids and asks questions. It never changes a mark.

A flag has two texts. The finding is for the officer and may name other bidders; the question is put to the bidder and
never tells one bidder anything about another's bid.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from wpound.core.bids import Bid, Commitment
from wpound.core.errors import Severity
from wpound.core.method import Method
from wpound.core.quantities import Unit
from wpound.core.valuing import MeasureLike

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Flag:
    """A question with a right of reply; ``measure`` is a code, empty where it is about more than one."""

    code: str
    title: str
    severity: Severity
    bidder: str
    measure: str
    finding: str
    basis: str
    question: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "code": self.code,
            "title": self.title,
            "severity": self.severity.value,
            "bidder": self.bidder,
            "measure": self.measure,
            "finding": self.finding,
            "basis": self.basis,
            "question": self.question,
        }


@dataclass(frozen=True, slots=True)
class NotJudged:
    """A rule that could not look at a bid because something is not known; that is neither a flag nor a clean bill."""

    code: str
    title: str
    bidder: str
    missing: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"code": self.code, "title": self.title, "bidder": self.bidder, "missing": self.missing}


@dataclass(frozen=True)
class Case:
    """What the rules look at: the bids under their method, with every measure promised."""

    method: Method
    bids: Sequence[Bid]
    measures: Mapping[str, MeasureLike]
    as_of: date

    def promised(self, bid: Bid, strand: str, unit: Unit) -> dict[str, list[Commitment]]:
        """A bid's promises of a strand that are counted in a unit, by measure."""
        found: dict[str, list[Commitment]] = {}
        for commitment in bid.commitments:
            measure = self.measures[commitment.measure]
            if measure.strand == strand and measure.unit is unit and commitment.quantity > NOTHING:
                found.setdefault(commitment.measure, []).append(commitment)
        return found

    def most_in_a_year(self, commitments: Sequence[Commitment]) -> Decimal | None:
        """The most promised for any one year; promises without a year are spread over the contract.

        None where they cannot be spread because the length of the contract is not known.
        """
        by_year: dict[int, Decimal] = {}
        undated = NOTHING
        for commitment in commitments:
            if commitment.year is None:
                undated += commitment.quantity
            else:
                by_year[commitment.year] = by_year.get(commitment.year, NOTHING) + commitment.quantity
        if undated:
            if not self.method.years:
                return None
            undated /= self.method.years
        return max(by_year.values(), default=NOTHING) + undated


class Rule(ABC):
    """One rule of the registry. ``basis`` says in a sentence why the question is fair, with its source if any.

    ``needs_price`` marks what can only be asked once prices are open.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    severity: ClassVar[Severity]
    basis: ClassVar[str]
    needs_price: ClassVar[bool] = False

    @abstractmethod
    def look(self, case: Case) -> Iterator[Flag | NotJudged]:
        """Every question the rule has about these bids, in the order of the bids."""

    def flag(self, bidder: str, finding: str, question: str, measure: str = "") -> Flag:
        """A question of this rule."""
        return Flag(self.code, self.title, self.severity, bidder, measure, finding, self.basis, question)

    def not_judged(self, bidder: str, missing: str) -> NotJudged:
        """This rule could not look at a bid."""
        return NotJudged(self.code, self.title, bidder, missing)
