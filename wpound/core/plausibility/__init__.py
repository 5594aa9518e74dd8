"""Questions to bidders about promises that seem too good: a registry of rules, each with its basis.

A flag is a question with a right of reply and never a change of marks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import localcontext
from typing import Any

from wpound.core.bids import Bid
from wpound.core.checking import check_bids
from wpound.core.form import Problems
from wpound.core.marking import EXACT
from wpound.core.method import Method
from wpound.core.plausibility.capacity import (
    ApprenticesAboveFte,
    CarbonAboveBaseline,
    ContractAboveTurnover,
    FteAboveHeadcount,
    LocalSpendAboveSupplyChain,
    ValueAboveBand,
)
from wpound.core.plausibility.comparison import OutlierAmongBids, SameNumbers, UsedTwice
from wpound.core.plausibility.rule import Case, Flag, NotJudged, Rule
from wpound.core.valuing import CatalogueLike

__all__ = ["RULES", "Flag", "NotJudged", "Plausibility", "Rule", "check_plausibility"]

RULES: tuple[Rule, ...] = (
    FteAboveHeadcount(),
    ApprenticesAboveFte(),
    LocalSpendAboveSupplyChain(),
    CarbonAboveBaseline(),
    ContractAboveTurnover(),
    ValueAboveBand(),
    OutlierAmongBids(),
    SameNumbers(),
    UsedTwice(),
)


@dataclass(frozen=True, slots=True)
class Plausibility:
    """Every question, and every rule that could not look at a bid because something is not known."""

    title: str
    flags: tuple[Flag, ...]
    not_judged: tuple[NotJudged, ...]

    def to_dict(self) -> dict[str, Any]:
        """The stable JSON of ``wpound tender plausibility --json``."""
        return {
            "title": self.title,
            "flags": [flag.to_dict() for flag in self.flags],
            "not_judged": [unknown.to_dict() for unknown in self.not_judged],
        }


def check_plausibility(
    method: Method, bids: Sequence[Bid], catalogue: CatalogueLike, as_of: date, rules: Sequence[Rule] = RULES
) -> Plausibility:
    """Put every rule to the bids; questions come by bidder in the order of the bids, then in the order of the rules.

    Raises :class:`InputErrors` as scoring does where the bids cannot be scored.
    """
    with localcontext(EXACT):
        problems = Problems()
        check_bids(method, bids, catalogue, as_of, problems)
        problems.raise_if_any()
        measures = {c.measure: catalogue.get_measure(c.measure) for bid in bids for c in bid.commitments}
        found = [finding for rule in rules for finding in rule.look(Case(method, bids, measures, as_of))]
    order = {bid.bidder: place for place, bid in enumerate(bids)}
    found.sort(key=lambda finding: order[finding.bidder])
    return Plausibility(
        method.title,
        tuple(finding for finding in found if isinstance(finding, Flag)),
        tuple(dict.fromkeys(finding for finding in found if isinstance(finding, NotJudged))),
    )
