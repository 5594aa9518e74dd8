"""What has to hold after any storm around a deadline, whoever raised it: see the two tests of storms."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.bid_content import BidContent
from wpound.services.clock import fixed_clock, format_deadline
from wpound.services.close_tender import close_tender
from wpound.services.open_bids import Opener, open_bids
from wpound.store.audit import verify_chain
from wpound.store.models.sealed_bids import BidReceipt, SealedBid
from wpound.store.models.tenders import Tender


@dataclass(frozen=True)
class Receipt:
    """A receipt that was given, in the order they were given."""

    code: str
    supplier_id: int
    content_hash: str
    received_at: datetime


@dataclass
class Storm:
    """What suppliers were told, and what was in when it was over."""

    deadline: datetime
    told: list[dict[str, Any]]
    receipts: list[Receipt]
    sealed: list[tuple[int, str]] = field(default_factory=list)
    opened: dict[str, str] = field(default_factory=dict)

    @property
    def acknowledged(self) -> dict[str, tuple[int, str]]:
        """By the code of the receipt: whose bid it is for, and the hash of what was sent."""
        return {one["code"]: (one["supplier_id"], one["hash"]) for one in self.told if "code" in one}

    @property
    def refused(self) -> list[str]:
        return [one["refused"] for one in self.told if "refused" in one]


def find_faults(storm: Storm) -> list[str]:
    """Everything that must not be, in words; nothing for a storm that was weathered."""
    faults = [f"a click failed: {one['failed']}" for one in storm.told if "failed" in one]
    faults += [f"{one.code} came in late" for one in storm.receipts if one.received_at >= storm.deadline]
    moments = [one.received_at for one in storm.receipts]
    # Whoever reads the clock before waiting for the lock stamps a moment that is over by then.
    if moments != sorted(moments):
        faults.append("receipts were not given in the order of their moments")
    given = {one.code: (one.supplier_id, one.content_hash) for one in storm.receipts}
    if given != storm.acknowledged:
        faults.append("the receipts given are not those that were shown")
    counts = Counter(supplier_id for supplier_id, _ in storm.sealed)
    faults += [f"supplier {one} has {count} bids in" for one, count in counts.items() if count > 1]
    last = {one.supplier_id: one for one in storm.receipts}
    if dict(storm.sealed) != {supplier_id: one.code for supplier_id, one in last.items()}:
        faults.append("a bid stands by another receipt than its supplier's last")
    if storm.opened != {one.code: one.content_hash for one in last.values()}:
        faults.append("what was opened is not what was acknowledged")
    faults += [f"refused with {one!r}" for one in storm.refused if format_deadline(storm.deadline) not in one]
    return faults


def look(
    session: Session, tender: Tender, told: list[dict[str, Any]], openers: Sequence[Opener], catalogue: Catalogue
) -> Storm:
    """Close the tender at its deadline, let two openers open everything, and say what was in."""
    deadline = tender.deadline_at
    assert deadline is not None
    found = list(session.scalars(select(BidReceipt).order_by(BidReceipt.id)))
    receipts = [Receipt(one.code, one.supplier_id, one.content_hash, one.received_at) for one in found]
    sealed = session.execute(select(SealedBid.supplier_id, BidReceipt.code).join(BidReceipt)).all()
    close_tender(session, tender, actor="officer", clock=fixed_clock(deadline))
    for opener in openers:
        bids = open_bids(session, tender, opener, catalogue)
    codes = {one.id: one.code for one in found}
    opened = {codes[bid.receipt_id or 0]: BidContent.from_dict(bid.content).content_hash for bid in bids}
    assert verify_chain(session) == []
    return Storm(deadline, told, receipts, [(row[0], row[1]) for row in sealed], opened)
