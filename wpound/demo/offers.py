"""What the fictional bidders of the demonstration put into their bids beside the figures."""

from hashlib import sha256

from wpound.core.bid_content import BidContent
from wpound.core.bids import Bid
from wpound.core.criteria import Criterion, Kind
from wpound.core.method import Method
from wpound.demo.words import load_data

MIDDLE = 3


def write_content(method: Method, bid: Bid) -> BidContent:
    """A whole bid: the figures, an answer to every question and a plan for every promise.

    The salt is no secret, so that the demonstration is the same every time.
    """
    words = load_data("bids.toml")
    asked = [leaf.criterion for leaf in method.tree.leaves if leaf.criterion.kind is Kind.QUALITATIVE]
    return BidContent.from_bid(
        bid,
        sha256(f"{method.title} {bid.bidder}".encode()).hexdigest(),
        answers={one.code: _answer(words["answers"], one, bid) for one in asked},
        plans={promise.measure: words["plan"] for promise in bid.commitments if promise.quantity},
    )


def _answer(texts: list[str], criterion: Criterion, bid: Bid) -> str:
    mark = bid.marks.get(criterion.code)
    share = MIDDLE if mark is None else int(mark * (len(texts) - 1) / (criterion.scale_max or mark or 1))
    return texts[share].format(title=criterion.heading.lower())
