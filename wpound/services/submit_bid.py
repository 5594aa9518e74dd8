"""Take a sealed bid in, or put a better one in its place, until the deadline and not a moment later."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.bid_content import BidContent, Envelope, check_complete, check_words
from wpound.core.errors import InputErrors, StateError
from wpound.core.form import Problems
from wpound.services.check_offer import check_offer
from wpound.services.clock import Clock, database_clock, format_deadline
from wpound.services.read_terms import PublishedTerms, read_terms
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.engine import lock
from wpound.store.models.sealed_bids import BidReceipt, SealedBid
from wpound.store.models.suppliers import Supplier
from wpound.store.models.tenders import Lot, Tender, TenderStage
from wpound.store.sealed_bids import find_sealed_bid
from wpound.store.sealing import bid_context, seal
from wpound.store.seals import get_seal
from wpound.store.types import canonical_json

# Letters and digits that nobody takes for one another.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_GROUPS, CODE_GROUP = 3, 4


def submit_bid(
    session: Session,
    lot: Lot,
    supplier: Supplier,
    content: BidContent,
    catalogue: Catalogue,
    *,
    actor: str,
    clock: Clock = database_clock,
) -> BidReceipt:
    """Seal a supplier's one bid for a lot, in place of its earlier one, and give the receipt for it.

    The clock is read while the tender is locked; a bid counts when it is in before the deadline. What the bid says is
    written nowhere but into its two envelopes. Raises StateError when bids are not taken (late ones are told the
    deadline) and InputErrors with everything that would keep the bid from being scored.
    """
    tender = lock(session, Tender, lot.tender_id)
    now = clock(session)
    terms = require_open(tender, now)
    require_sound(terms, content, catalogue)
    receipt = _give_receipt(session, tender, lot, supplier, content, now, actor)
    earlier = find_sealed_bid(session, lot_id=lot.id, supplier_id=supplier.id)
    bid = earlier or SealedBid(lot_id=lot.id, supplier_id=supplier.id)
    bid.receipt_id, bid.withdrawn_at = receipt.id, None
    sealed = _seal(session, tender, lot, supplier, receipt, content)
    bid.quality, bid.price = sealed[Envelope.QUALITY], sealed[Envelope.PRICE]
    add(session, bid)
    append_event(
        session,
        actor=actor,
        action="bid.replaced" if earlier else "bid.submitted",
        object_kind="receipt",
        object_id=receipt.code,
        detail={"ocid": tender.ocid, "lot": lot.number, "content_hash": receipt.content_hash},
    )
    return receipt


def withdraw_bid(
    session: Session, lot: Lot, supplier: Supplier, *, actor: str, clock: Clock = database_clock
) -> SealedBid:
    """Take a bid back before the deadline: its envelopes are erased, its receipts stay. Raises StateError."""
    tender = lock(session, Tender, lot.tender_id)
    now = clock(session)
    require_open(tender, now)
    bid = find_sealed_bid(session, lot_id=lot.id, supplier_id=supplier.id)
    if bid is None or bid.withdrawn_at is not None:
        raise StateError("There is no bid of yours to withdraw.")
    bid.quality = bid.price = None
    bid.withdrawn_at = now
    session.flush()
    append_event(
        session,
        actor=actor,
        action="bid.withdrawn",
        object_kind="lot",
        object_id=lot.id,
        detail={"ocid": tender.ocid, "lot": lot.number, "supplier": supplier.id},
    )
    return bid


def require_open(tender: Tender, now: datetime) -> PublishedTerms:
    """The terms of a tender that takes bids at this moment; raises StateError saying why it does not."""
    if tender.stage is TenderStage.DRAFT:
        raise StateError("This tender is not published yet, so bids cannot be taken.")
    if tender.stage is TenderStage.CANCELLED:
        raise StateError("This tender was cancelled, so bids are not taken any more.")
    terms = read_terms(tender)
    if tender.stage is not TenderStage.PUBLISHED or now >= terms.deadline_at:
        raise StateError(
            f"The deadline for bids was {format_deadline(terms.deadline_at)}. This one came after it and was not "
            "taken; a bid that was in before stands as it was."
        )
    return terms


def require_sound(terms: PublishedTerms, content: BidContent, catalogue: Catalogue) -> None:
    """Raise InputErrors with everything that is missing in a bid, too long, or could not be scored."""
    problems = Problems()
    check_complete(terms.method, content, problems)
    check_words(terms.method, content, problems)
    if content.price is not None:
        try:
            check_offer(terms.method, content.bid, catalogue, terms.as_of)
        except InputErrors as found:
            for error in found.errors:
                problems.add(error.field, error.message)
    problems.raise_if_any()


def _give_receipt(
    session: Session,
    tender: Tender,
    lot: Lot,
    supplier: Supplier,
    content: BidContent,
    now: datetime,
    actor: str,
) -> BidReceipt:
    return add(
        session,
        BidReceipt(
            code=_new_code(),
            tender_id=tender.id,
            lot_id=lot.id,
            supplier_id=supplier.id,
            content_hash=content.content_hash,
            method_hash=tender.method_hash,
            amendment=tender.amendment,
            received_at=now,
            submitted_by=actor,
        ),
    )


def _seal(
    session: Session, tender: Tender, lot: Lot, supplier: Supplier, receipt: BidReceipt, content: BidContent
) -> dict[Envelope, bytes]:
    return {
        envelope: seal(
            get_seal(session, tender_id=tender.id, envelope=envelope).public_key,
            canonical_json(part).encode(),
            bid_context(tender.ocid, lot.number, supplier.id, receipt.code, envelope),
        )
        for envelope, part in content.split().items()
    }


def _new_code() -> str:
    """A receipt's code: random, as numbers in order would tell every bidder how many have bid."""
    groups = ("".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_GROUP)) for _ in range(CODE_GROUPS))
    return "R-" + "-".join(groups)
