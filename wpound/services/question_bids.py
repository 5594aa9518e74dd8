"""Which promises of the opened bids need a question to their bidder."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.core.bid_content import BidContent
from wpound.core.bids import Bid as Offer
from wpound.core.money import Money
from wpound.core.plausibility import RULES, Plausibility, check_plausibility
from wpound.core.valuing import CatalogueLike
from wpound.services.panel_gate import shows_prices
from wpound.services.read_terms import marked_criteria, read_terms
from wpound.store.bids import list_bids
from wpound.store.models.bids import Bid
from wpound.store.models.tenders import Lot, Tender


def check_lot_plausibility(session: Session, tender: Tender, lot: Lot, catalogue: CatalogueLike) -> Plausibility:
    """The questions to those who bid for a lot, whether their bids are marked yet or not.

    While no price may be shown, the rules that need one are left out. Where nobody bid there is nothing to ask.
    """
    terms, bids = read_terms(tender), list_bids(session, lot_id=lot.id)
    if not bids:
        return Plausibility(terms.method.title, (), ())
    method = replace(terms.method, contract_value=lot.contract_value or terms.method.contract_value)
    full = {criterion.code: criterion.scale_max or Decimal(0) for criterion in marked_criteria(tender)}
    rules = [rule for rule in RULES if has_prices(tender, bids) or not rule.needs_price]
    return check_plausibility(method, [_offer(bid, full) for bid in bids], catalogue, terms.as_of, rules)


def has_prices(tender: Tender, bids: Iterable[Bid]) -> bool:
    """Whether every bid has a price that may be shown: what a rule finds says the price it was found at."""
    return shows_prices(tender) and all(bid.price is not None for bid in bids)


def _offer(bid: Bid, marks: Mapping[str, Decimal]) -> Offer:
    """An opened bid with what its bidder says of itself; marks and a sealed price are stood in for, as no rule asks."""
    content = BidContent.from_dict(bid.content)
    return Offer(
        bidder=bid.bidder,
        price=bid.price or Money(1),
        marks=marks,
        passes=bid.passes,
        commitments=content.commitments,
        fte=bid.fte,
        company=content.company,
    )
