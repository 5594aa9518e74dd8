"""A published tender as everyone sees it: never a bidder, a bid or a number of bids before its award is announced."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.config import Settings
from wpound.core.errors import NotFound
from wpound.documents.tender_pack import TenderPack
from wpound.services.access import Person, Policy, organisation_of
from wpound.services.clock import Clock, database_clock
from wpound.services.close_tender import list_hashes
from wpound.services.end_lot import find_ending
from wpound.services.find_lot import FoundLot, find_lot
from wpound.services.make_tender_pack import make_tender_pack
from wpound.services.reach_tender import get_published
from wpound.services.read_terms import PublishedTerms, read_terms
from wpound.store.audit import list_events
from wpound.store.awards import find_award
from wpound.store.clarifications import find_follower, list_asked_by, list_changes, list_published
from wpound.store.file_folder import get_file_content
from wpound.store.models.awards import Award
from wpound.store.models.bids import Bid
from wpound.store.models.clarifications import Clarification, TenderChange
from wpound.store.models.files import StoredFile
from wpound.store.models.tenders import Lot, Tender, TenderDocument, TenderStage
from wpound.store.public_tenders import (
    PublicRow,
    PublicState,
    list_documents,
    list_public_buyers,
    list_public_tenders,
    state_of,
)

STATE_TITLES = {
    PublicState.OPEN: "Open for bids",
    PublicState.CLOSED: "Closed, bids are being assessed",
    PublicState.AWARDED: "Awarded",
    PublicState.ENDED: "Ended without an award",
}


@dataclass(frozen=True, slots=True)
class TenderSearch:
    """What a list of tenders is asked for: words in title, identifier or buyer, a state, a buyer's key."""

    words: str = ""
    state: PublicState | None = None
    buyer: str = ""


@dataclass(frozen=True, slots=True)
class LotOutcome:
    """What became of a lot once it was announced: its winner with the days of notice and standstill, or the end."""

    lot: Lot
    winner: str = ""
    noticed_on: date | None = None
    standstill_ends_on: date | None = None
    has_contract: bool = False
    ended_because: str = ""


@dataclass(frozen=True, slots=True)
class PublicTender:
    """Everything the page of a tender shows; ``hashes`` is None where it was never closed."""

    tender: Tender
    lots: tuple[Lot, ...]
    state: PublicState
    terms: PublishedTerms
    pack: TenderPack
    answers: list[Clarification]
    changes: list[TenderChange]
    documents: list[tuple[TenderDocument, StoredFile]]
    hashes: list[str] | None
    outcomes: list[LotOutcome]
    shown_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether it takes bids and questions."""
        return self.state is PublicState.OPEN


@dataclass(frozen=True, slots=True)
class OwnPart:
    """What a tender has for the person who looks at it: whether they follow it, and what their firm asked."""

    follows: bool
    asked: list[Clarification]


def find_tenders(
    session: Session, search: TenderSearch, limit: int, offset: int, *, clock: Clock = database_clock
) -> tuple[list[PublicRow], int]:
    """Published tenders, the open ones first: so many of those searched for, and how many there are."""
    return list_public_tenders(
        session,
        now=clock(session),
        words=search.words,
        state=search.state,
        buyer=search.buyer,
        limit=limit,
        offset=offset,
    )


def list_buyers(session: Session) -> dict[str, str]:
    """The names of those who ever published a tender, by key."""
    return list_public_buyers(session)


def show_public_tender(
    session: Session, ocid: str, catalogue: Catalogue, *, base_url: str, clock: Clock = database_clock
) -> PublicTender:
    """The tender of that OCID as the public sees it now; raises NotFound where it was never published."""
    tender, now = get_published(session, ocid), clock(session)
    return PublicTender(
        tender=tender,
        lots=tuple(tender.lots),
        state=state_of(tender, now),
        terms=read_terms(tender),
        pack=make_tender_pack(session, tender, catalogue, base_url=base_url),
        answers=list_published(session, tender_id=tender.id),
        changes=[change for change in list_changes(session, tender_id=tender.id) if change.agreed],
        documents=list_documents(session, tender_id=tender.id),
        hashes=list_hashes(session, tender) if _was_closed(session, tender) else None,
        outcomes=_list_outcomes(session, tender),
        shown_at=now,
    )


def show_own_part(session: Session, tender: Tender, person: Person) -> OwnPart:
    """What the tender has for this person."""
    follows = find_follower(session, tender_id=tender.id, user_id=person.user_id) is not None
    if not person.meets(Policy.SUPPLIER):
        return OwnPart(follows, [])
    return OwnPart(follows, list_asked_by(session, tender_id=tender.id, organisation_id=organisation_of(person)))


def get_announced(session: Session, ocid: str, lot: int) -> tuple[FoundLot, Award]:
    """A lot with its award, once the day of the award notice is on record; raises NotFound before."""
    found = find_lot(session, get_published(session, ocid), lot)
    award = find_award(session, lot_id=found.lot.id)
    if award is None or award.noticed_on is None:
        raise NotFound("No award of this lot has been announced.")
    return found, award


def read_document(session: Session, ocid: str, document_id: int, settings: Settings) -> tuple[StoredFile, bytes]:
    """A file that bidders are given with a published tender; raises NotFound."""
    tender = get_published(session, ocid)
    for document, file in list_documents(session, tender_id=tender.id):
        if document.id == document_id:
            return file, get_file_content(settings.data_dir / "files", file.sha256)
    raise NotFound("This tender has no such document.")


def _was_closed(session: Session, tender: Tender) -> bool:
    """Whether the fingerprints were published, which stays so when the tender is ended later."""
    if tender.stage is TenderStage.CANCELLED:
        happened = list_events(session, object_kind="tender", object_id=tender.id)
        return any(event.action == "tender.closed" for event in happened)
    return tender.stage is not TenderStage.PUBLISHED


def _list_outcomes(session: Session, tender: Tender) -> list[LotOutcome]:
    """What is announced of each lot; an award before its notice is nobody's business yet."""
    found = []
    for lot in tender.lots:
        award, ended = find_award(session, lot_id=lot.id), find_ending(session, lot)
        if ended is not None:
            found.append(LotOutcome(lot, ended_because=ended))
        elif award is not None and award.noticed_on is not None:
            winner = session.get_one(Bid, award.bid_id).bidder
            found.append(
                LotOutcome(lot, winner, award.noticed_on, award.standstill_ends_on, award.contract_id is not None)
            )
    return found
