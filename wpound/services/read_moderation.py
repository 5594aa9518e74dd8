"""The moderation table: what each evaluator gave, how far apart they are, and what was agreed; and every version."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.criteria import Criterion
from wpound.core.errors import InputError, StateError
from wpound.services.access import Person, Policy
from wpound.services.lock_moderation import list_missing
from wpound.services.panel_gate import (
    list_finished_sheets,
    list_open_sheets,
    require_lead,
    require_moderator,
    require_opened,
)
from wpound.services.reach_tender import reach_tender
from wpound.services.read_bids import BidText, get_bid, read_bids
from wpound.services.read_terms import get_criterion, marked_criteria
from wpound.store.bids import list_tender_bids
from wpound.store.marks import list_own_marks, list_versions
from wpound.store.models.accounts import User
from wpound.store.models.bids import BidMark, BidMarkVersion, MarkKind
from wpound.store.models.tenders import Tender, TenderStage

# A scale without words is read in this many steps.
STEPS = 5


@dataclass(frozen=True, slots=True)
class GivenMark:
    """What one evaluator gave; ``mark`` is None where their sheet was closed without it."""

    name: str
    mark: Decimal | None
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion of one bid: every evaluator's mark in the order of their names, and the agreed one or None."""

    bid: BidText
    criterion: Criterion
    given: Sequence[GivenMark]
    agreed: BidMark | None

    @property
    def marks(self) -> list[Decimal]:
        """The marks there are."""
        return [one.mark for one in self.given if one.mark is not None]

    @property
    def spread(self) -> Decimal | None:
        """The highest mark less the lowest, None where nobody gave one."""
        return max(self.marks) - min(self.marks) if self.marks else None

    @property
    def is_wide(self) -> bool:
        """Whether evaluators are more than one step of the scale apart."""
        if self.spread is None:
            return False
        if self.criterion.scale:
            points = sorted(point.mark for point in self.criterion.scale)
            return points.index(max(self.marks)) - points.index(min(self.marks)) > 1
        return self.spread * STEPS > (self.criterion.scale_max or Decimal(0))

    @property
    def most_given(self) -> Decimal | None:
        """The mark most evaluators gave, where it is one: a proposal and nothing more."""
        counted = Counter(self.marks).most_common(2)
        if not counted or (len(counted) == 2 and counted[0][1] == counted[1][1]):
            return None
        return counted[0][0]


@dataclass(frozen=True, slots=True)
class Moderation:
    """All rows, by criterion and bid; none while evaluators still mark, so that nobody is led by another's marks.

    ``waiting`` are the names of those who still mark, ``evaluators`` of those who have finished.
    """

    tender: Tender
    leads: bool
    is_divided: bool
    waiting: Sequence[str]
    evaluators: Sequence[str]
    rows: Sequence[Row]

    @property
    def has_begun(self) -> bool:
        """Whether marks can be seen and agreed."""
        return bool(self.evaluators) and not self.waiting

    @property
    def is_open(self) -> bool:
        """Whether marks can still be agreed or changed."""
        tender = self.tender
        return tender.stage is TenderStage.EVALUATION and tender.moderation_locked_at is None and self.has_begun

    @property
    def missing(self) -> int:
        """How many marks are still to be agreed."""
        return sum(row.agreed is None for row in self.rows)


@dataclass(frozen=True, slots=True)
class History:
    """Everything ever written under one criterion of one bid, the first first; names of people by address."""

    tender: Tender
    bid: BidText
    criterion: Criterion
    versions: Sequence[BidMarkVersion]


def get_moderation(session: Session, person: Person, ocid: str, catalogue: Catalogue) -> Moderation:
    """The table for the officer who leads or the chair; raises as ``require_moderator`` does."""
    return _moderation(session, person, reach_tender(session, person, ocid, Policy.TENDER), catalogue)


def get_row(
    session: Session, person: Person, ocid: str, bid_id: int, code: str, catalogue: Catalogue
) -> tuple[Moderation, Row]:
    """One row of the table; raises StateError while evaluators still mark, NotFound for no such bid or criterion."""
    tender = reach_tender(session, person, ocid, Policy.TENDER)
    get_bid(session, tender, bid_id)
    moderation = _moderation(session, person, tender, catalogue)
    if not moderation.has_begun:
        raise StateError("Marks are agreed when every evaluator has finished, or their sheets were closed.")
    get_criterion(marked_criteria(tender), code)
    for row in moderation.rows:
        if (row.bid.bid_id, row.criterion.code) == (bid_id, code):
            return moderation, row
    raise StateError("This bid did not pass a check, so it has no marks.")


def get_history(session: Session, person: Person, ocid: str, bid_id: int, code: str, catalogue: Catalogue) -> History:
    """Every version of the marks of one row; raises as :func:`get_row` does."""
    moderation, row = get_row(session, person, ocid, bid_id, code, catalogue)
    return History(moderation.tender, row.bid, row.criterion, list_versions(session, bid_id=bid_id, criterion=code))


def get_lock(session: Session, person: Person, ocid: str) -> tuple[Tender, list[InputError]]:
    """The tender for the officer who leads, and what keeps its marks from being locked."""
    tender = reach_tender(session, person, ocid, Policy.OFFICER)
    require_opened(person, tender)
    require_lead(session, person, tender)
    return tender, list_missing(session, tender)


def _moderation(session: Session, person: Person, tender: Tender, catalogue: Catalogue) -> Moderation:
    reader = require_moderator(session, person, tender)
    waiting, finished = list_open_sheets(session, tender), list_finished_sheets(session, tender)
    bids = read_bids(session, tender, reader, catalogue)
    is_divided = len({bid.lot.id for bid in bids}) > 1
    names = [user.name for _, user in waiting], [user.name for _, user in finished]
    rows = [] if waiting or not finished else _rows(session, tender, bids, [user for _, user in finished])
    return Moderation(tender, reader.leads, is_divided, *names, rows)


def _rows(session: Session, tender: Tender, bids: Sequence[BidText], evaluators: Sequence[User]) -> list[Row]:
    own = list_own_marks(session, tender_id=tender.id, marked_by=[user.email for user in evaluators])
    given = {(mark.bid_id, mark.criterion, mark.marked_by): mark for mark in own}
    agreed = {
        (mark.bid_id, mark.criterion): mark
        for bid in list_tender_bids(session, tender_id=tender.id)
        for mark in bid.marks
        if mark.kind is MarkKind.CONSENSUS
    }
    return [
        Row(
            bid=bid,
            criterion=criterion,
            given=[_given(user, given, bid.bid_id, criterion.code) for user in evaluators],
            agreed=agreed.get((bid.bid_id, criterion.code)),
        )
        for criterion in marked_criteria(tender)
        for bid in bids
        if not bid.excluded_because
    ]


def _given(user: User, given: Mapping[tuple[int, str, str], BidMark], bid_id: int, code: str) -> GivenMark:
    mark = given.get((bid_id, code, user.email))
    return GivenMark(user.name, mark.mark if mark else None, mark.reason if mark else "")
