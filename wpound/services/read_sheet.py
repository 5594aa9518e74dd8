"""An evaluator's own sheet: every bid and criterion to mark, with their own marks and nobody else's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.criteria import Criterion
from wpound.services.access import Person, Policy
from wpound.services.panel_gate import require_marker
from wpound.services.reach_tender import reach_tender
from wpound.services.read_bids import BidText, get_bid, read_bids
from wpound.services.read_terms import get_criterion, marked_criteria
from wpound.store.marks import list_own_marks
from wpound.store.models.bids import BidMark
from wpound.store.models.panel import PanelSeat
from wpound.store.models.tenders import Tender, TenderStage


@dataclass(frozen=True, slots=True)
class SheetItem:
    """One mark to give: the bid, the criterion and what the evaluator has written so far; version 0 is nothing."""

    bid: BidText
    criterion: Criterion
    mark: Decimal | None
    reason: str
    version: int

    @property
    def is_complete(self) -> bool:
        """Whether there is a mark and a reason for it."""
        return self.mark is not None and bool(self.reason)

    @property
    def key(self) -> str:
        """A name for this item among all of a page."""
        return f"{self.bid.bid_id}-{self.criterion.code}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of it; ``items`` are by bid and criterion, those of excluded bids left out."""

    tender: Tender
    seat: PanelSeat
    hides_names: bool
    is_divided: bool
    criteria: Sequence[Criterion]
    bids: Sequence[BidText]
    items: Mapping[tuple[int, str], SheetItem]

    @property
    def is_open(self) -> bool:
        """Whether marks can still be written."""
        tender = self.tender
        is_marked = tender.stage is TenderStage.EVALUATION and tender.moderation_locked_at is None
        return is_marked and self.seat.finished_at is None

    @property
    def done(self) -> int:
        """How many marks are complete."""
        return sum(item.is_complete for item in self.items.values())

    @property
    def missing(self) -> int:
        """How many are not."""
        return len(self.items) - self.done

    def of_criterion(self, code: str) -> list[SheetItem]:
        """One criterion across all bids."""
        return [item for (_, one), item in self.items.items() if one == code]

    def of_bid(self, bid_id: int) -> list[SheetItem]:
        """One bid across all criteria."""
        return [item for (one, _), item in self.items.items() if one == bid_id]


def get_sheet(session: Session, person: Person, ocid: str, catalogue: Catalogue) -> Sheet:
    """The sheet of this evaluator; raises as ``require_marker`` does."""
    return _sheet(session, person, reach_tender(session, person, ocid, Policy.EVALUATOR), catalogue)


def get_sheet_of_bid(
    session: Session, person: Person, ocid: str, bid_id: int, catalogue: Catalogue
) -> tuple[Sheet, BidText]:
    """The sheet and one bid of it; raises NotFound for a bid of another tender."""
    tender = reach_tender(session, person, ocid, Policy.EVALUATOR)
    get_bid(session, tender, bid_id)
    sheet = _sheet(session, person, tender, catalogue)
    return sheet, next(bid for bid in sheet.bids if bid.bid_id == bid_id)


def get_sheet_of_criterion(
    session: Session, person: Person, ocid: str, code: str, catalogue: Catalogue
) -> tuple[Sheet, Criterion]:
    """The sheet and one criterion of it; raises NotFound for none that is marked."""
    sheet = get_sheet(session, person, ocid, catalogue)
    return sheet, get_criterion(list(sheet.criteria), code)


def _sheet(session: Session, person: Person, tender: Tender, catalogue: Catalogue) -> Sheet:
    reader = require_marker(session, person, tender)
    if reader.seat is None:
        raise AssertionError("a marker has a seat")
    criteria, bids = marked_criteria(tender), read_bids(session, tender, reader, catalogue)
    own = list_own_marks(session, tender_id=tender.id, marked_by=[person.email])
    marks = {(mark.bid_id, mark.criterion): mark for mark in own}
    items = {
        (bid.bid_id, criterion.code): _item(bid, criterion, marks.get((bid.bid_id, criterion.code)))
        for bid in bids
        if not bid.excluded_because
        for criterion in criteria
    }
    is_divided = len({bid.lot.id for bid in bids}) > 1
    return Sheet(tender, reader.seat, reader.hides_names, is_divided, criteria, bids, items)


def _item(bid: BidText, criterion: Criterion, mark: BidMark | None) -> SheetItem:
    if mark is None:
        return SheetItem(bid, criterion, None, "", 0)
    return SheetItem(bid, criterion, mark.mark, mark.reason, mark.version)
