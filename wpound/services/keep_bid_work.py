"""Reach a lot as a supplier that bids for it, and keep what is written there encrypted: nobody else ever reads it.

A bid in the making is kept under the server's own key and is erased when the tender is closed. The bid that was handed
in is kept beside it the same way, as its sealed copy can be read by the openers alone.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from wpound.config import Settings
from wpound.core.bid_content import BidContent
from wpound.core.bid_work import BidWork
from wpound.core.errors import StaleEdit
from wpound.services.access import Person, Policy, decide, organisation_of
from wpound.services.clock import Clock
from wpound.services.open_server_key import open_bid_key
from wpound.services.reach_tender import get_published
from wpound.services.read_terms import PublishedTerms, read_terms
from wpound.services.submit_bid import require_open
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.engine import lock
from wpound.store.models.organisations import Organisation
from wpound.store.models.sealed_bids import BidDraft
from wpound.store.models.suppliers import Supplier
from wpound.store.models.tenders import Lot, Tender
from wpound.store.sealed_bids import find_draft
from wpound.store.sealing import Context, give_back, keep
from wpound.store.suppliers import find_supplier
from wpound.store.tenders import get_lot
from wpound.store.types import canonical_json

SALT_BYTES = 16
LONGEST_NAME = 200
# What a form carries before anything was saved.
NO_VERSION = 0


@dataclass(frozen=True, slots=True)
class BidPlace:
    """A lot of a published tender, and the organisation that bids for it.

    ``is_divided``: the tender has more lots than this one; otherwise pages never speak of lots.
    """

    tender: Tender
    lot: Lot
    terms: PublishedTerms
    organisation: Organisation
    is_divided: bool

    @property
    def detail(self) -> dict[str, str | int]:
        """The place as an audit event names it."""
        return {"ocid": self.tender.ocid, "lot": self.lot.number}

    @property
    def context(self) -> Context:
        """The place that what is kept is bound to: moved elsewhere, it cannot be read."""
        return {**self.detail, "organisation": self.organisation.id}


def reach_tender_to_bid(session: Session, person: Person, ocid: str) -> Tender:
    """A tender as suppliers see it; raises AccessDenied for anybody else, and as :func:`get_published` does."""
    decide(Policy.SUPPLIER, person)
    return get_published(session, ocid)


def reach_lot(session: Session, person: Person, ocid: str, lot_number: int) -> BidPlace:
    """A lot as a supplier sees it; raises NotFound, and AccessDenied for whoever is no supplier."""
    tender = reach_tender_to_bid(session, person, ocid)
    organisation = session.get_one(Organisation, organisation_of(person))
    lot, is_divided = get_lot(session, tender, lot_number), len(tender.lots) > 1
    return BidPlace(tender, lot, read_terms(tender), organisation, is_divided)


def hold_lot(session: Session, person: Person, ocid: str, lot_number: int, clock: Clock) -> tuple[BidPlace, datetime]:
    """The same for whoever changes the bid, with the tender held and the moment; raises StateError after the deadline.

    The clock is read while the tender is held, so that nothing is written after the deadline has passed.
    """
    place = reach_lot(session, person, ocid, lot_number)
    tender = lock(session, Tender, place.tender.id)
    now = clock(session)
    # As they are now: the deadline may have been extended while the tender was waited for.
    return replace(place, terms=require_open(tender, now)), now


def find_own_supplier(session: Session, organisation: Organisation) -> Supplier | None:
    """The organisation's row in the register of suppliers, or None where it never bid or was paid."""
    return None if organisation.identifier is None else find_supplier(session, organisation.identifier)


def find_work(session: Session, place: BidPlace, settings: Settings) -> tuple[BidDraft | None, BidWork]:
    """What the organisation has written for the lot; a new bid with nothing in it where there is nothing yet.

    Raises StateError where what is kept was changed, or was kept under another key.
    """
    draft = find_draft(session, lot_id=place.lot.id, organisation_id=place.organisation.id)
    if draft is None:
        return None, BidWork(BidContent(place.organisation.name[:LONGEST_NAME], secrets.token_hex(SALT_BYTES)))
    kept = give_back(open_bid_key(settings), draft.kept_content, place.context)
    return draft, BidWork.from_dict(json.loads(kept))


def version_of(draft: BidDraft | None) -> int:
    """The version people are shown; 0 before anything was saved."""
    return NO_VERSION if draft is None else draft.version


@dataclass
class Keeping:
    """A bid in the making while it is changed: set ``work`` to what it is to be."""

    draft: BidDraft | None
    work: BidWork

    @property
    def next_version(self) -> int:
        """The version the work will have once it is kept."""
        return version_of(self.draft) + 1

    def require_version(self, version: int) -> None:
        """Raise StaleEdit unless nothing at all was saved since the version a person was shown."""
        if version_of(self.draft) != version:
            raise StaleEdit

    def save(self, part: str, content: BidContent) -> None:
        """Save a part of the content."""
        self.work = self.work.save(part, content, self.next_version)


@contextmanager
def keeping_work(
    session: Session, place: BidPlace, settings: Settings, *, actor: str, now: datetime, action: str | None = None
) -> Iterator[Keeping]:
    """Change what is kept and write it back encrypted when the block ends; what changed is in no audit event.

    ``action`` is what the event calls it, None where another event tells of it. A colleague's mark that the bid is
    right stays where nothing of the content was saved. Raises InputErrors for what could not be read again.
    """
    draft, work = find_work(session, place, settings)
    keeping = Keeping(draft, work)
    yield keeping
    stored = keeping.work.to_dict()
    BidWork.from_dict(stored)
    is_saved = keeping.work.saved != work.saved
    if draft is None:
        draft = BidDraft(lot_id=place.lot.id, organisation_id=place.organisation.id, updated_by=actor, updated_at=now)
    elif is_saved:
        draft.updated_by, draft.updated_at = actor, now
    elif draft.reviewed_version == draft.version:
        draft.reviewed_version = keeping.next_version
    draft.kept_content = keep(open_bid_key(settings), canonical_json(stored).encode(), place.context)
    add(session, draft)
    if action is None:
        return
    detail = {**place.detail, "version": draft.version}
    append_event(session, actor=actor, action=action, object_kind="bid_draft", object_id=draft.id, detail=detail)
