"""Find the lot of a tender that a person works on; what is another organisation's is not found."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.services.access import Person, Policy
from wpound.services.keep_catalogue import get_catalogue
from wpound.services.panel_gate import require_no_own_bid
from wpound.services.reach_tender import reach_tender
from wpound.store.models.tenders import Lot, Tender
from wpound.store.tenders import get_lot, list_lots


@dataclass(frozen=True, slots=True)
class FoundLot:
    """A lot with its tender; a tender that is not divided is its own only lot, and pages then never say so."""

    tender: Tender
    lot: Lot
    is_divided: bool

    @property
    def title(self) -> str:
        """What pages and letters call it."""
        return f"{self.tender.title}, lot {self.lot.number}: {self.lot.title}" if self.is_divided else self.tender.title

    def catalogue(self, session: Session, current: Catalogue) -> Catalogue:
        """The catalogue the tender was published under: the current one where it still is, else the one kept."""
        pinned = self.tender.catalogue_fingerprint
        return current if pinned in (None, current.fingerprint) else get_catalogue(session, pinned)


def find_officers_lot(session: Session, person: Person, ocid: str, number: int) -> FoundLot:
    """One lot of an officer's tender.

    Raises NotFound for any other, AccessDenied for no officer and StateError for one who belongs to a bidder.
    """
    tender = reach_tender(session, person, ocid, Policy.OFFICER)
    require_no_own_bid(session, person, tender)
    return find_lot(session, tender, number)


def find_lot(session: Session, tender: Tender, number: int) -> FoundLot:
    """One lot of a tender the caller may see; raises NotFound."""
    lot = get_lot(session, tender, number)
    return FoundLot(tender, lot, is_divided=len(list_lots(session, tender_id=tender.id)) > 1)
