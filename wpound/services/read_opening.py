"""What the opening page and the opening record show: who may open, who has, and whether each bid is what came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from wpound.core.bid_content import BidContent, Envelope
from wpound.core.money import Money
from wpound.core.particulars import Particulars
from wpound.services.access import Person, Policy
from wpound.services.clock import Clock, database_clock
from wpound.services.close_tender import is_confirmed
from wpound.services.hold_opening import find_waiting
from wpound.services.panel_gate import require_no_own_bid, require_opened, shows_prices, took_part
from wpound.services.reach_tender import reach_tender
from wpound.store.bids import list_tender_bids
from wpound.store.models.bids import Bid
from wpound.store.models.sealed_bids import BidReceipt
from wpound.store.models.tenders import Lot, Tender, TenderStage
from wpound.store.sealed_bids import list_sealed_bids
from wpound.store.seals import list_acts, list_checked, list_openers


@dataclass(frozen=True, slots=True)
class Act:
    """One person's part in opening an envelope."""

    envelope: Envelope
    number: int
    name: str
    acted_at: datetime


@dataclass(frozen=True, slots=True)
class OpenerRow:
    """A person who may open the bids, and whether they have done their part on the envelope that waits.

    ``known_at`` is when their passphrase was last known to open their key.
    """

    name: str
    is_self: bool
    has_acted: bool
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening as officers see it; before the second act nothing in it tells who bid or how many did."""

    tender: Tender
    is_past: bool
    two_envelopes: bool
    waiting: Envelope | None
    openers: Sequence[OpenerRow]
    acts: Sequence[Act]

    @property
    def can_close(self) -> bool:
        """Whether the tender is still to be closed."""
        return self.tender.stage is TenderStage.PUBLISHED and self.is_past

    @property
    def can_act(self) -> bool:
        """Whether this person's passphrase is what is waited for."""
        return self.waiting is not None and any(row.is_self and not row.has_acted for row in self.openers)


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A bid that came in: ``matches`` is None while its price is sealed, as the receipt's hash covers the price.

    ``name`` and ``price`` are None where they are not for this reader. ``is_opened`` is False for a bid that was not
    confirmed after the last change of the tender.
    """

    lot: Lot
    name: str | None
    code: str
    received_at: datetime
    content_hash: str
    is_opened: bool
    matches: bool | None
    price: Money | None


@dataclass(frozen=True, slots=True)
class OpeningRecord:
    """The record of the opening, bids in the order in which they came in."""

    tender: Tender
    shows_prices: bool
    is_divided: bool
    acts: Sequence[Act]
    rows: Sequence[RecordRow]


def get_opening(session: Session, person: Person, ocid: str, clock: Clock = database_clock) -> Opening:
    """How far the opening of a tender is; raises NotFound for one of another organisation."""
    tender = reach_tender(session, person, ocid, Policy.OFFICER)
    openers, acts = list_openers(session, tender_id=tender.id), list_acts(session, tender_id=tender.id)
    waiting = find_waiting(session, tender)
    known = list_checked(session, tender_id=tender.id)
    done = {act.user_id for act in acts if act.envelope is waiting}
    return Opening(
        tender=tender,
        is_past=tender.deadline_at is not None and clock(session) >= tender.deadline_at,
        two_envelopes=Particulars.from_dict(tender.particulars).two_envelopes,
        waiting=waiting,
        openers=[
            OpenerRow(user.name, user.id == person.user_id, user.id in done, known[user.id]) for user, _ in openers
        ],
        acts=_acts(session, tender),
    )


def get_opening_record(session: Session, person: Person, ocid: str) -> OpeningRecord:
    """The record of an opening; raises StateError while the bids are sealed.

    Nobody sees a price in it before the marks are locked. An officer who marks the tender never does, and no name where
    names are hidden from the panel.
    """
    tender = reach_tender(session, person, ocid, Policy.OFFICER)
    require_opened(person, tender)
    require_no_own_bid(session, person, tender)
    on_panel = took_part(session, person, tender)
    with_prices = shows_prices(tender) and not on_panel
    hides_names = on_panel and Particulars.from_dict(tender.particulars).hide_names
    opened = {bid.receipt_id: bid for bid in list_tender_bids(session, tender_id=tender.id)}
    standing = list_sealed_bids(session, tender_id=tender.id)
    rows = [_row(tender, lot, come, opened.get(come.id), hides_names, with_prices) for lot, _, come in standing]
    is_divided = len({row.lot.id for row in rows}) > 1
    return OpeningRecord(tender, with_prices, is_divided, _acts(session, tender), rows)


def _acts(session: Session, tender: Tender) -> list[Act]:
    names = {user.id: user.name for user, _ in list_openers(session, tender_id=tender.id)}
    acts = list_acts(session, tender_id=tender.id)
    return [Act(act.envelope, act.number, names.get(act.user_id, ""), act.acted_at) for act in acts]


def _row(
    tender: Tender, lot: Lot, receipt: BidReceipt, bid: Bid | None, hides_names: bool, with_prices: bool
) -> RecordRow:
    matches = None
    if bid is not None and bid.price is not None:
        matches = BidContent.from_dict(bid.content).content_hash == receipt.content_hash
    name = None if bid is None else bid.alias if hides_names else bid.bidder
    return RecordRow(
        lot=lot,
        name=name,
        code=receipt.code,
        received_at=receipt.received_at,
        content_hash=receipt.content_hash,
        is_opened=is_confirmed(tender, receipt) and bid is not None,
        matches=matches,
        price=bid.price if bid is not None and with_prices else None,
    )
