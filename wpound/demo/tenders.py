"""Six fictional tenders at different stages, in the file form of a tender, with invented firms as bidders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from wpound.catalogue.model import Anchor, AnchorKind, City
from wpound.core.periods import Period
from wpound.core.places import Ring
from wpound.demo.suppliers import DemoSupplier
from wpound.demo.words import load_data

TENDER_FILES = ("grounds", "repairs", "cleaning", "trees", "catering", "networks")


@dataclass(frozen=True)
class DemoTender:
    """A tender and its bids; ``form`` is what ``wpound tender score`` reads, but for marks while bids are sealed.

    Dates are None where that has not happened; a tender with ``open_days`` is published when the demonstration is
    loaded and stays open so long, whatever the day; ``life`` is how long the contract of an awarded tender runs.
    """

    key: str
    stage: str
    buyer: Anchor
    form: dict[str, Any]
    particulars: dict[str, Any]
    bidders: Sequence[DemoSupplier]
    published_on: date | None = None
    deadline_on: date | None = None
    open_days: int | None = None
    life: Period | None = None

    @property
    def method_form(self) -> dict[str, Any]:
        """The file form of the method alone, without the day and the bids."""
        return {key: value for key, value in self.form.items() if key not in ("as_of", "bids")}

    @property
    def is_marked(self) -> bool:
        """Whether its bids have marks, so that it can be scored."""
        return all("marks" in bid for bid in self.form["bids"])


class FirmPicker:
    """Hands out firms of a trade and a ring, none of them twice."""

    def __init__(self, chance: Random, suppliers: Sequence[DemoSupplier]) -> None:
        able = [firm for firm in suppliers if firm.in_register and firm.form in ("company", "plc")]
        self._left = chance.sample(able, len(able))

    def pick(self, trade: str, ring: Ring, noun: str = "") -> DemoSupplier:
        """A firm of the trade nobody has been given yet: of the ring if there is one, with the noun in its name."""
        able = [firm for firm in self._left if firm.trade.key == trade]
        firm = max(able, key=lambda firm: (firm.ring is ring, noun in firm.name))
        self._left.remove(firm)
        return firm


def make_tenders(city: City, firms: FirmPicker) -> list[DemoTender]:
    """The six tenders, bought by anchors of the city, with bidders from its suppliers."""
    return [_make_tender(load_data(f"tenders/{name}.toml"), city, firms) for name in TENDER_FILES]


def buyer_of(city: City, kind: str) -> Anchor:
    """The first anchor of a kind; a city without one lets its first anchor buy."""
    return next((anchor for anchor in city.anchors if anchor.kind is AnchorKind(kind)), city.anchors[0])


def _make_tender(data: dict[str, Any], city: City, firms: FirmPicker) -> DemoTender:
    form, rings, trade = data.pop("tender"), data.pop("rings"), data.pop("trade")
    bidders = [firms.pick(trade, Ring(ring)) for ring in rings]
    for bid, firm in zip(form["bids"], bidders, strict=True):
        bid["bidder"] = firm.name
    if "life" in data:
        data["life"] = Period(*data["life"])
    return DemoTender(buyer=buyer_of(city, data.pop("buyer")), form=form, bidders=bidders, **data)
