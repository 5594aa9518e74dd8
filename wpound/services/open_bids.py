"""Open the bids of a closed tender: two named people, one act each, and only then evaluation."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.bid_content import BidContent, Envelope
from wpound.core.errors import StateError
from wpound.core.particulars import Particulars
from wpound.services.clock import Clock, database_clock
from wpound.services.close_tender import is_confirmed
from wpound.store import sealing
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.bids import list_tender_bids
from wpound.store.engine import lock
from wpound.store.models.bids import Bid, BidCommitment
from wpound.store.models.sealed_bids import BidReceipt, SealedBid
from wpound.store.models.seals import OpeningAct
from wpound.store.models.tenders import Lot, Tender, TenderStage
from wpound.store.sealed_bids import list_sealed_bids
from wpound.store.seals import get_own_key, get_seal, list_acts

ACTS = 2


@dataclass(frozen=True, slots=True)
class Opener:
    """The person who acts: one of those named at publication, with the private half of their opening key."""

    user_id: int
    email: str
    private_key: bytes = field(repr=False)


def unlock_opener(session: Session, tender: Tender, user_id: int, email: str, passphrase: str) -> Opener:
    """A person as an opener of a tender; raises StateError where they are none, InputError for a wrong passphrase.

    Stretching a passphrase takes a tenth of a second, so this is done before the database is held. What was unlocked
    opens what was sealed to it and nothing else, so that the act has nothing to ask of it again.
    """
    key = get_own_key(session, tender_id=tender.id, user_id=user_id)
    pair = sealing.OpeningKey(key.public_key, key.wrapped_private_key)
    return Opener(user_id, email, sealing.unwrap_opening_key(pair, passphrase))


def open_bids(
    session: Session, tender: Tender, opener: Opener, catalogue: Catalogue, *, clock: Clock = database_clock
) -> list[Bid]:
    """Do one opener's act; the second act opens the bids, moves the tender to evaluation and gives them.

    The first act gives no bids. Prices are opened in the same acts unless the tender has two envelopes. Raises
    StateError unless the tender is closed, for no opener and for the same person twice.
    """
    tender = lock(session, Tender, tender.id)
    if tender.stage is not TenderStage.CLOSED:
        raise StateError(
            f"Bids are opened once, after the tender is closed; it is at the stage '{tender.stage.value}'."
        )
    together = not Particulars.from_dict(tender.particulars).two_envelopes
    keys = _act(session, tender, opener, list(Envelope) if together else [Envelope.QUALITY], clock)
    if keys is None:
        return []
    tender.stage = TenderStage.EVALUATION
    _enter_bids(session, tender, catalogue, keys[Envelope.QUALITY])
    if together:
        _enter_prices(session, tender, keys[Envelope.PRICE])
    bids = list_tender_bids(session, tender_id=tender.id)
    _record(session, tender, opener, "bids.opened", {"bids": len(bids)})
    return bids


def open_prices(session: Session, tender: Tender, opener: Opener, *, clock: Clock = database_clock) -> list[Bid]:
    """Do one opener's act on the price envelopes; the second act opens them and gives the bids with their prices.

    Raises StateError before moderation is locked, where prices are open already, and as :func:`open_bids` does.
    """
    tender = lock(session, Tender, tender.id)
    if tender.stage is not TenderStage.EVALUATION or tender.moderation_locked_at is None:
        raise StateError("Prices are opened once, after the marks for quality have been locked.")
    if len(list_acts(session, tender_id=tender.id, envelope=Envelope.PRICE)) == ACTS:
        raise StateError("The prices of this tender are open already.")
    keys = _act(session, tender, opener, [Envelope.PRICE], clock)
    if keys is None:
        return []
    _enter_prices(session, tender, keys[Envelope.PRICE])
    bids = list_tender_bids(session, tender_id=tender.id)
    _record(session, tender, opener, "prices.opened", {"bids": len(bids)})
    return bids


def _act(
    session: Session, tender: Tender, opener: Opener, envelopes: Sequence[Envelope], clock: Clock
) -> dict[Envelope, bytes] | None:
    """The keys of the envelopes once two people have acted, None after the first."""
    released = {}
    for envelope in envelopes:
        secret = _act_on(session, tender, opener, envelope, clock)
        if secret is not None:
            released[envelope] = secret
    if released:
        return released
    _record(session, tender, opener, "bids.first_act", {"envelopes": [envelope.value for envelope in envelopes]})
    return None


def _act_on(session: Session, tender: Tender, opener: Opener, envelope: Envelope, clock: Clock) -> bytes | None:
    user_id, private_key = opener.user_id, opener.private_key
    stored = get_seal(session, tender_id=tender.id, envelope=envelope)
    seal = sealing.Seal(stored.public_key, stored.wrapped_keys)
    context = sealing.envelope_context(tender.ocid, envelope)
    before = list_acts(session, tender_id=tender.id, envelope=envelope)
    act = OpeningAct(
        tender_id=tender.id, envelope=envelope, number=len(before) + 1, user_id=user_id, acted_at=clock(session)
    )
    if not before:
        act.passed_on = sealing.first_act(seal, user_id, private_key, context)
        add(session, act)
        return None
    secret = sealing.second_act(seal, before[0].passed_on or {}, before[0].user_id, user_id, private_key, context)
    add(session, act)
    return secret


def _enter_bids(session: Session, tender: Tender, catalogue: Catalogue, secret: bytes) -> None:
    """Write every bid that stands, by lot in the order of their receipts' random codes for the names that hide them."""
    counts: dict[int, int] = {}
    names: set[tuple[int, str]] = set()
    standing = [entry for entry in list_sealed_bids(session, tender_id=tender.id) if is_confirmed(tender, entry[2])]
    for lot, sealed, receipt in sorted(standing, key=lambda entry: entry[2].code):
        content = _unseal(tender, lot, sealed, receipt, Envelope.QUALITY, secret)
        counts[lot.id] = counts.get(lot.id, 0) + 1
        bid = _bid(lot, receipt, BidContent.join(content), catalogue, f"Bidder {counts[lot.id]}")
        if (lot.id, bid.bidder.casefold()) in names:
            bid.bidder = f"{bid.bidder} ({receipt.code})"
        names.add((lot.id, bid.bidder.casefold()))
        add(session, bid)


def _bid(lot: Lot, receipt: BidReceipt, content: BidContent, catalogue: Catalogue, alias: str) -> Bid:
    return Bid(
        tender_id=lot.tender_id,
        lot_id=lot.id,
        supplier_id=receipt.supplier_id,
        receipt_id=receipt.id,
        bidder=content.bidder,
        alias=alias,
        submitted_at=receipt.received_at,
        fte=content.fte,
        passes=dict(content.passes),
        content=content.to_dict(),
        commitments=[
            BidCommitment(
                measure_code=promise.measure,
                quantity=promise.quantity,
                unit=catalogue.get_measure(promise.measure).unit,
                year=promise.year,
            )
            for promise in content.commitments
        ],
        marks=[],
    )


def _enter_prices(session: Session, tender: Tender, secret: bytes) -> None:
    """Join every bid with its price; what was opened must be, to the letter, what the receipt was given for."""
    sealed = {receipt.id: (lot, bid, receipt) for lot, bid, receipt in list_sealed_bids(session, tender_id=tender.id)}
    for bid in list_tender_bids(session, tender_id=tender.id):
        lot, closed, receipt = sealed[bid.receipt_id or 0]
        content = BidContent.join(bid.content, _unseal(tender, lot, closed, receipt, Envelope.PRICE, secret))
        if content.content_hash != receipt.content_hash:
            raise StateError(f"The bid of receipt {receipt.code} is not the one that came in. Do not go on.")
        bid.price, bid.content = content.price, content.to_dict()
    session.flush()


def _unseal(
    tender: Tender, lot: Lot, sealed: SealedBid, receipt: BidReceipt, envelope: Envelope, secret: bytes
) -> dict[str, Any]:
    kept = sealed.quality if envelope is Envelope.QUALITY else sealed.price
    context = sealing.bid_context(tender.ocid, lot.number, sealed.supplier_id, receipt.code, envelope)
    found: dict[str, Any] = json.loads(sealing.unseal(secret, kept or b"", context))
    return found


def _record(session: Session, tender: Tender, opener: Opener, action: str, detail: dict[str, Any]) -> None:
    append_event(
        session,
        actor=opener.email,
        action=action,
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": tender.ocid, **detail},
    )
