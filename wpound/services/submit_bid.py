"""Take a bid in, or put a better one in its place, until the deadline and not a moment later."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.bids import Bid as Offer
from wpound.core.criteria import Kind
from wpound.core.errors import InputError, InputErrors, StateError
from wpound.services.check_offer import check_offer
from wpound.services.clock import Clock, database_clock, format_moment
from wpound.services.read_terms import PublishedTerms, read_terms
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.bids import find_bid, list_bids
from wpound.store.engine import lock
from wpound.store.models.bids import Bid, BidCommitment
from wpound.store.models.suppliers import Supplier
from wpound.store.models.tenders import Tender, TenderStage


def submit_bid(
    session: Session,
    tender: Tender,
    supplier: Supplier,
    offer: Offer,
    catalogue: Catalogue,
    *,
    actor: str,
    answers: Mapping[str, str] | None = None,
    clock: Clock = database_clock,
) -> Bid:
    """Store a supplier's one bid, in place of its earlier one; ``answers`` are its words by criterion.

    The clock is read while the tender is locked; a bid counts when it is in before the deadline. What the bid says is
    written nowhere but into the bid. Raises StateError when bids are not taken (late ones are told the deadline) and
    InputErrors with everything that would keep the bid from being scored.
    """
    tender = lock(session, Tender, tender.id)
    now = clock(session)
    terms = _require_open(tender, now)
    answers = answers or {}
    _check(session, tender, supplier, terms, offer, answers)
    check_offer(terms.method, offer, catalogue, terms.as_of)
    earlier = find_bid(session, tender_id=tender.id, supplier_id=supplier.id)
    bid = earlier or Bid(tender_id=tender.id, supplier_id=supplier.id, commitments=[], marks=[])
    bid.bidder, bid.price, bid.fte, bid.submitted_at = offer.bidder, offer.price, offer.fte, now
    bid.passes, bid.content = dict(offer.passes), dict(answers)
    bid.commitments.clear()
    add(session, bid)  # written before the new promises, which the old ones would stand in the way of
    bid.commitments.extend(_commitments(offer, catalogue))
    session.flush()
    append_event(
        session,
        actor=actor,
        action="bid.replaced" if earlier else "bid.submitted",
        object_kind="bid",
        object_id=bid.id,
        detail={"ocid": tender.ocid, "version": bid.version},
    )
    return bid


def _require_open(tender: Tender, now: datetime) -> PublishedTerms:
    if tender.stage is TenderStage.DRAFT:
        raise StateError("This tender is not published yet, so bids cannot be taken.")
    if tender.stage is TenderStage.CANCELLED:
        raise StateError("This tender was cancelled, so bids are not taken any more.")
    terms = read_terms(tender)
    if tender.stage is not TenderStage.PUBLISHED or now >= terms.deadline_at:
        raise StateError(
            f"The deadline for bids was {format_moment(terms.deadline_at)}. This one came after it and was not taken; "
            "a bid that was in before stands as it was."
        )
    return terms


def _check(
    session: Session,
    tender: Tender,
    supplier: Supplier,
    terms: PublishedTerms,
    offer: Offer,
    answers: Mapping[str, str],
) -> None:
    """What scoring would not notice: names that clash, marks given to oneself, answers nobody asked for."""
    others = [
        bid.bidder.casefold() for bid in list_bids(session, tender_id=tender.id) if bid.supplier_id != supplier.id
    ]
    errors = []
    if not offer.bidder.strip() or offer.bidder.casefold() in others:
        errors.append(InputError("bidder", "Give the bidder a name that no one else can be taken for."))
    if offer.marks or offer.reasons:
        errors.append(
            InputError("marks", "Marks and their reasons are given by evaluators. Leave them out of the bid.")
        )
    asked = {leaf.criterion.code for leaf in terms.method.tree.leaves if leaf.criterion.kind is Kind.QUALITATIVE}
    errors += [
        InputError(f"answers.{code}", "No criterion of this tender asks for this answer.")
        for code in answers
        if code not in asked
    ]
    if errors:
        raise InputErrors(errors)


def _commitments(offer: Offer, catalogue: Catalogue) -> list[BidCommitment]:
    return [
        BidCommitment(
            measure_code=promise.measure,
            quantity=promise.quantity,
            unit=catalogue.get_measure(promise.measure).unit,
            year=promise.year,
        )
        for promise in offer.commitments
    ]
