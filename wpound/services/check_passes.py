"""Whether each bid passes each check, as an officer finds it, with the reason beside the bidder's own answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.criteria import Criterion
from wpound.core.errors import InputError, StaleEdit, StateError
from wpound.services.access import Person, Policy
from wpound.services.panel_gate import Reader, require_lead, require_opened
from wpound.services.reach_tender import hold_tender, reach_tender
from wpound.services.read_bids import BidText, get_bid, read_bids
from wpound.services.read_terms import checked_criteria, get_criterion
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.marks import find_check, list_checks
from wpound.store.models.bids import Bid, PassCheck
from wpound.store.models.tenders import Tender, TenderStage

LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class Matrix:
    """Every bid and check: what bidders said is in the bids, what officers found in ``checks`` by bid and criterion."""

    tender: Tender
    criteria: Sequence[Criterion]
    bids: Sequence[BidText]
    checks: Mapping[tuple[int, str], PassCheck]

    @property
    def missing(self) -> int:
        """How many checks are still to be made."""
        return len(self.bids) * len(self.criteria) - len(self.checks)

    @property
    def is_open(self) -> bool:
        """Whether checks can still be made or changed."""
        return self.tender.stage is TenderStage.EVALUATION and self.tender.moderation_locked_at is None

    @property
    def is_divided(self) -> bool:
        """Whether the bids are for several lots."""
        return len({bid.lot.id for bid in self.bids}) > 1


def get_matrix(session: Session, person: Person, ocid: str, catalogue: Catalogue) -> Matrix:
    """The checks as the officer who leads sees them; raises StateError while the bids are sealed."""
    return _matrix(session, person, reach_tender(session, person, ocid, Policy.OFFICER), catalogue)


def get_check(
    session: Session, person: Person, ocid: str, bid_id: int, code: str, catalogue: Catalogue
) -> tuple[Matrix, BidText, Criterion]:
    """One bid and one check of them; raises NotFound for a bid or criterion of another tender."""
    tender = reach_tender(session, person, ocid, Policy.OFFICER)
    get_bid(session, tender, bid_id)
    matrix = _matrix(session, person, tender, catalogue)
    return matrix, next(bid for bid in matrix.bids if bid.bid_id == bid_id), get_criterion(list(matrix.criteria), code)


def check_pass(
    session: Session,
    person: Person,
    ocid: str,
    bid_id: int,
    code: str,
    *,
    passed: bool,
    reason: str,
    version: int,
) -> PassCheck:
    """Write, or change, what the officer who leads found; ``version`` is what they were shown, 0 for nothing.

    Raises StaleEdit where a colleague wrote meanwhile, and as :func:`record_check` does.
    """
    tender = hold_tender(session, person, ocid, Policy.OFFICER)
    bid = get_bid(session, tender, bid_id)
    require_opened(person, tender)
    require_lead(session, person, tender)
    standing = find_check(session, bid_id=bid.id, criterion=code)
    if (standing.version if standing else 0) != version:
        raise StaleEdit
    return record_check(session, tender, bid, code, passed=passed, reason=reason, actor=person.email)


def record_check(
    session: Session, tender: Tender, bid: Bid, code: str, *, passed: bool, reason: str, actor: str
) -> PassCheck:
    """Write whether a bid passes a check; a bid that does not is out, whatever its bidder answered.

    Raises NotFound for no such check, InputError without a reason, StateError once the marks are locked.
    """
    if tender.stage is not TenderStage.EVALUATION or tender.moderation_locked_at is not None:
        raise StateError("Checks are made during evaluation, until the marks are locked.")
    get_criterion(checked_criteria(tender), code)
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise InputError("reason", f"Say what was checked and found, in at most {LONGEST_REASON:,} characters")
    check = find_check(session, bid_id=bid.id, criterion=code)
    before = None if check is None else {"passed": check.passed, "reason": check.reason}
    check = check or PassCheck(bid_id=bid.id, criterion=code)
    check.passed, check.reason, check.checked_by = passed, reason.strip(), actor
    add(session, check)
    append_event(
        session,
        actor=actor,
        action="bid.checked",
        object_kind="bid",
        object_id=bid.id,
        detail={
            "ocid": tender.ocid,
            "criterion": code,
            "passed": passed,
            "reason": check.reason,
            "before": before,
        },
    )
    return check


def _matrix(session: Session, person: Person, tender: Tender, catalogue: Catalogue) -> Matrix:
    require_opened(person, tender)
    require_lead(session, person, tender)
    bids = read_bids(session, tender, Reader(None, False), catalogue)
    found = list_checks(session, bid_ids=[bid.bid_id for bid in bids])
    return Matrix(tender, checked_criteria(tender), bids, {(one.bid_id, one.criterion): one for one in found})
