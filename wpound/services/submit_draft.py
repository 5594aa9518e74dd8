"""Hand in the bid that was written, take it back, or confirm it after a change of the tender, for an organisation."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.config import Settings
from wpound.core.bid_content import BidContent
from wpound.core.bid_work import only_asked
from wpound.core.errors import StateError
from wpound.core.roles import Role
from wpound.services.access import Person
from wpound.services.ask_for_bids import find_catalogue, make_sheets
from wpound.services.clock import Clock, database_clock, day_of, fixed_clock, format_moment
from wpound.services.close_tender import is_confirmed
from wpound.services.keep_bid_work import LONGEST_NAME, BidPlace, find_own_supplier, hold_lot, keeping_work
from wpound.services.queue_mail import queue_mail
from wpound.services.submit_bid import submit_bid, withdraw_bid
from wpound.store.memberships import list_holders
from wpound.store.models.sealed_bids import BidReceipt
from wpound.store.models.suppliers import Supplier
from wpound.store.sealed_bids import find_standing_receipt
from wpound.store.suppliers import enter_supplier

SOURCE = "registered itself"


@dataclass(frozen=True, slots=True)
class Handing:
    """How a bid is handed in: the catalogue at work, the settings, and the address of a receipt by its code."""

    catalogue: Catalogue
    settings: Settings
    address_of: Callable[[str], str]
    clock: Clock = database_clock


def submit_draft(
    session: Session, person: Person, ocid: str, lot: int, *, version: int, handing: Handing
) -> BidReceipt:
    """Hand in the bid as it is written, in place of an earlier one, and mail the receipt to everyone who may bid.

    Raises StaleEdit where it was changed since ``version``, StateError after the deadline or where there is nothing to
    hand in, and InputErrors with everything that is missing.
    """
    place, now = hold_lot(session, person, ocid, lot, handing.clock)
    settings = handing.settings
    with keeping_work(session, place, settings, actor=person.email, now=now) as keeping:
        if keeping.draft is None:
            raise StateError("Nothing is written in this bid yet.")
        keeping.require_version(version)
        catalogue = find_catalogue(session, place.terms, handing.catalogue)
        sheets = make_sheets(place.tender, place.lot, place.terms, catalogue)
        content = replace(only_asked(sheets, keeping.work.content), bidder=place.organisation.name[:LONGEST_NAME])
        receipt = _hand_in(session, person, place, content, now, handing)
        keeping.work = replace(keeping.work, content=content, submitted=content)
    return receipt


def confirm_bid(session: Session, person: Person, ocid: str, lot: int, *, handing: Handing) -> BidReceipt:
    """Hand in the same bid again, under the tender as it was changed, and mail the new receipt.

    Raises StateError where no bid is in or it is confirmed already, and as :func:`submit_draft` does.
    """
    place, now = hold_lot(session, person, ocid, lot, handing.clock)
    with keeping_work(session, place, handing.settings, actor=person.email, now=now) as keeping:
        standing = find_standing(session, place)
        if standing is None or keeping.work.submitted is None:
            raise StateError("No bid of yours is in, so there is none to confirm.")
        if is_confirmed(place.tender, standing):
            raise StateError("Your bid is confirmed already. Nothing has changed since you submitted it.")
        receipt = _hand_in(session, person, place, keeping.work.submitted, now, handing)
    return receipt


def withdraw_draft(session: Session, person: Person, ocid: str, lot: int, *, handing: Handing) -> None:
    """Take the bid back: what was handed in is erased, what is written stays as a draft; everyone is told by mail.

    Raises StateError where no bid is in, and after the deadline.
    """
    place, now = hold_lot(session, person, ocid, lot, handing.clock)
    with keeping_work(session, place, handing.settings, actor=person.email, now=now) as keeping:
        supplier, standing = find_own_supplier(session, place.organisation), find_standing(session, place)
        if supplier is None or standing is None:
            raise StateError("There is no bid of yours to withdraw.")
        withdraw_bid(session, place.lot, supplier, actor=person.email, clock=fixed_clock(now))
        keeping.work = replace(keeping.work, submitted=None)
    facts = {"code": standing.code, "at": format_moment(now), "by": person.name}
    _tell(session, place, "bid_withdrawn", facts | {"address": handing.address_of(standing.code)})


def find_standing(session: Session, place: BidPlace) -> BidReceipt | None:
    """The receipt of the bid that is in, or None."""
    supplier = find_own_supplier(session, place.organisation)
    return None if supplier is None else find_standing_receipt(session, lot_id=place.lot.id, supplier_id=supplier.id)


def _hand_in(
    session: Session, person: Person, place: BidPlace, content: BidContent, now: datetime, handing: Handing
) -> BidReceipt:
    supplier = _enter(session, place, now)
    receipt = submit_bid(
        session,
        place.lot,
        supplier,
        content,
        find_catalogue(session, place.terms, handing.catalogue),
        actor=person.email,
        clock=fixed_clock(now),
    )
    facts = {
        "code": receipt.code,
        "hash": receipt.content_hash,
        "at": format_moment(receipt.received_at),
        "by": person.name,
        "closes": format_moment(place.terms.deadline_at),
        "address": handing.address_of(receipt.code),
    }
    _tell(session, place, "bid_receipt", facts)
    return receipt


def _enter(session: Session, place: BidPlace, now: datetime) -> Supplier:
    """The organisation's row in the register of suppliers, entered where it is not there yet."""
    firm = place.organisation
    if firm.identifier is None:
        raise StateError(
            "Your organisation has no company or charity number here, so it cannot bid. Ask the buyer to enter it."
        )
    return enter_supplier(session, identifier=firm.identifier, name=firm.name, source=SOURCE, seen_on=day_of(now))


def _tell(session: Session, place: BidPlace, template: str, facts: dict[str, str]) -> None:
    """Mail everyone who bids for the organisation; nothing of the bid's content is ever in a mail."""
    about = {"tender": place.tender.title, "lot": place.lot.title if place.is_divided else ""}
    colleagues = list_holders(session, organisation_id=place.organisation.id, role=Role.SUPPLIER)
    # Whoever does not belong there can be seen, and asked about, while the bid can still be withdrawn.
    about |= {"organisation": place.organisation.name, "colleagues": ", ".join(one.email for one in colleagues)}
    for colleague in colleagues:
        queue_mail(session, colleague.email, template, about | facts)
