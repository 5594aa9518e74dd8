"""The receipts of an organisation for the bids it handed in: nobody else's exist for it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.core.errors import NotFound
from wpound.services.access import Person, Policy, decide, organisation_of
from wpound.services.close_tender import is_confirmed
from wpound.store.models.sealed_bids import BidReceipt
from wpound.store.models.tenders import Lot, Tender, TenderStage
from wpound.store.sealed_bids import find_own_receipt, list_own_receipts
from wpound.store.workload import find_supplier_id

STANDS, REPLACED, WITHDRAWN = "Stands", "Replaced", "Withdrawn"
TO_CONFIRM, NOT_CONFIRMED = "To be confirmed", "Not confirmed"


@dataclass(frozen=True, slots=True)
class OwnReceipt:
    """A receipt with what became of its bid; ``lots`` is how many lots the tender has."""

    receipt: BidReceipt
    tender: Tender
    lot: Lot
    buyer: str
    lots: int
    state: str

    @property
    def is_open(self) -> bool:
        """Whether the tender is published still, so that the bid can be read by its bidder."""
        return self.tender.stage is TenderStage.PUBLISHED


def list_receipts(session: Session, person: Person, limit: int, offset: int) -> tuple[list[OwnReceipt], int]:
    """Every receipt of the person's organisation, newest first: so many of them, and how many there are."""
    supplier_id = _supplier_of(session, person)
    if supplier_id is None:
        return [], 0
    rows, count = list_own_receipts(session, supplier_id=supplier_id, limit=limit, offset=offset)
    return [OwnReceipt(*row[:-1], _state(*row[:2], row[-1])) for row in rows], count


def get_receipt(session: Session, person: Person, code: str) -> OwnReceipt:
    """One of them; raises NotFound for any other."""
    supplier_id = _supplier_of(session, person)
    row = None if supplier_id is None else find_own_receipt(session, code=code, supplier_id=supplier_id)
    if row is None:
        raise NotFound("There is no such receipt.")
    return OwnReceipt(*row[:-1], _state(*row[:2], row[-1]))


def _supplier_of(session: Session, person: Person) -> int | None:
    decide(Policy.SUPPLIER, person)
    return find_supplier_id(session, organisation_id=organisation_of(person))


def _state(receipt: BidReceipt, tender: Tender, standing_id: int | None) -> str:
    """What became of the bid; ``standing_id`` is the receipt the supplier's bid stands by, None after a withdrawal."""
    if standing_id is None:
        return WITHDRAWN
    if standing_id != receipt.id:
        return REPLACED
    if is_confirmed(tender, receipt):
        return STANDS
    return TO_CONFIRM if tender.stage is TenderStage.PUBLISHED else NOT_CONFIRMED
