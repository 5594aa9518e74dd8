"""The same questions for the bidder alone, while it can still think again: advice, which never stops a bid."""

from collections.abc import Mapping
from datetime import date
from decimal import localcontext

from wpound.core.bid_content import BidContent
from wpound.core.bids import Bid
from wpound.core.marking import EXACT
from wpound.core.method import Method
from wpound.core.money import Money
from wpound.core.plausibility.capacity import (
    ApprenticesAboveFte,
    CarbonAboveBaseline,
    ContractAboveTurnover,
    FteAboveHeadcount,
    LocalSpendAboveSupplyChain,
    ValueAboveBand,
)
from wpound.core.plausibility.rule import Case, Flag, Rule
from wpound.core.valuing import MeasureLike

# What can be asked of one bid by itself; the second part sets promises against the price.
WITHOUT_PRICE: tuple[Rule, ...] = (FteAboveHeadcount(), ApprenticesAboveFte(), CarbonAboveBaseline())
AGAINST_PRICE: tuple[Rule, ...] = (LocalSpendAboveSupplyChain(), ContractAboveTurnover(), ValueAboveBand())


def advise_bidder(
    method: Method, content: BidContent, measures: Mapping[str, MeasureLike], as_of: date
) -> tuple[Flag, ...]:
    """The questions the buyer would have about this bid by itself; what is not entered yet is not asked about.

    ``measures`` are those that can be promised, by code; a promise of any other is left out.
    """
    promised = tuple(one for one in content.commitments if one.measure in measures)
    bid = Bid(content.bidder, content.price or Money(0), commitments=promised, fte=content.fte, company=content.company)
    rules = WITHOUT_PRICE if content.price is None or content.price.pence <= 0 else WITHOUT_PRICE + AGAINST_PRICE
    with localcontext(EXACT):
        case = Case(method, [bid], measures, as_of)
        found = [finding for rule in rules for finding in rule.look(case)]
    return tuple(finding for finding in found if isinstance(finding, Flag))
