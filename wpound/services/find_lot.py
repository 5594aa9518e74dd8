"""Find the lot of a tender that a person works on; what is another organisation's is not found."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.errors import NotFound
from wpound.services.access import Person, Policy, Target, decide
from wpound.services.keep_catalogue import get_catalogue
from wpound.store.models.tenders import Lot, Tender
from wpound.store.tenders import find_tender, get_lot


@dataclass(frozen=True, slots=True)
class FoundLot:
    """A lot with its tender; a tender that is not divided is its own only lot, and pages then never say so."""

    tender: Tender
    lot: Lot

    @property
    def is_divided(self) -> bool:
        """Whether the tender has more lots than this one."""
        return len(self.tender.lots) > 1

    @property
    def title(self) -> str:
        """What pages and letters call it."""
        return f"{self.tender.title}, lot {self.lot.number}: {self.lot.title}" if self.is_divided else self.tender.title

    def catalogue(self, session: Session, current: Catalogue) -> Catalogue:
        """The catalogue the tender was published under: the current one where it still is, else the one kept."""
        pinned = self.tender.catalogue_fingerprint
        return current if pinned in (None, current.fingerprint) else get_catalogue(session, pinned)


def find_officers_tender(session: Session, person: Person, ocid: str) -> Tender:
    """An officer's tender with its lots; raises NotFound for any other and AccessDenied for no officer."""
    tender = find_tender(session, ocid)
    if tender is None:
        raise NotFound("There is no such tender.")
    decide(Policy.OFFICER, person, Target(tender.organisation_id, tender_id=tender.id))
    return tender


def find_officers_lot(session: Session, person: Person, ocid: str, number: int) -> FoundLot:
    """One lot of an officer's tender; raises as :func:`find_officers_tender` does."""
    tender = find_officers_tender(session, person, ocid)
    return FoundLot(tender, get_lot(session, tender, number))
