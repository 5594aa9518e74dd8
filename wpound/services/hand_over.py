"""Hand a contract over from who bought it to who looks after it: four things to settle for every promise.

Owner, due profile, evidence and remedy: without all four for each promise the contract cannot be entered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.core.delivery import DueProfile
from wpound.core.due_dates import DueDate, Settlement, check_milestones, find_outside
from wpound.core.errors import InputError, InputErrors, NotFound, StaleEdit, StateError
from wpound.core.periods import Period
from wpound.services.end_lot import require_running
from wpound.services.recommend_award import get_award
from wpound.store.audit import append_event
from wpound.store.awards import list_handover
from wpound.store.base import add
from wpound.store.engine import lock
from wpound.store.models.awards import Award, HandoverItem
from wpound.store.models.bids import BidCommitment
from wpound.store.models.tenders import Lot, Tender

LONGEST_TEXT = 2000
# What is to be settled, by the name of its column, as it stands in a sentence.
FOUR = {"owner": "owner", "due_profile": "due dates", "evidence": "evidence", "remedy": "remedy"}


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise of the winner with what was settled for it; ``version`` is 0 before anything was."""

    promise: BidCommitment
    settled: Settlement
    version: int

    @property
    def missing(self) -> tuple[str, ...]:
        """Which of the four are still to be settled, in words; none for a promise of nothing."""
        if not self.promise.quantity:
            return ()
        return tuple(title for name, title in FOUR.items() if not getattr(self.settled, name))


def list_promised(session: Session, award: Award) -> list[Promised]:
    """Every promise of the winning bid with what was settled for it so far."""
    found = list_handover(session, award_id=award.id, bid_id=award.bid_id)
    return [Promised(promise, _settled(item), item.version if item else 0) for promise, item in found]


def get_promised(session: Session, award: Award, commitment_id: int) -> Promised:
    """One of them; raises NotFound for a promise of another bid."""
    for promised in list_promised(session, award):
        if promised.promise.id == commitment_id:
            return promised
    raise NotFound("The winning bid has no such promise.")


def settle_promise(
    session: Session, lot: Lot, commitment_id: int, settlement: Settlement, *, version: int, actor: str
) -> HandoverItem:
    """Write down what is settled for one promise, all of it or a part; ``version`` is what the person was shown.

    Raises NotFound for no promise of the winner's, StateError before the award is approved or once there is a
    contract, StaleEdit where a colleague was faster and InputErrors for milestones that do not add up.
    """
    tender = lock(session, Tender, lot.tender_id)
    award = get_award(session, lot)
    require_open_handover(session, lot, award)
    found = get_promised(session, award, commitment_id)
    if found.version != version:
        raise StaleEdit
    check_settlement(settlement, found.promise.quantity)
    item = _write(session, award, found, settlement)
    append_event(
        session,
        actor=actor,
        action="handover.settled",
        object_kind="tender",
        object_id=tender.id,
        detail={
            "ocid": tender.ocid,
            "lot": lot.number,
            "measure": found.promise.measure_code,
            "year": found.promise.year,
            "owner": item.owner,
            "due_profile": item.due_profile.value if item.due_profile else None,
            "milestones": item.milestones,
            "evidence": item.evidence,
            "remedy": item.remedy,
        },
    )
    return item


def require_open_handover(session: Session, lot: Lot, award: Award) -> None:
    """Raise StateError before the award is approved, once there is a contract and where the lot ended without one."""
    require_running(session, lot)
    if award.approved_by is None:
        raise StateError("The hand-over starts when a second officer has approved the award.")
    if award.contract_id is not None:
        raise StateError("There is a contract already: what was settled for its promises now stands in it.")


def require_settled(promised: Sequence[Promised], life: Period) -> None:
    """Raise InputErrors with every promise for which one of the four is missing, or a milestone lies outside."""
    errors = []
    for one in promised:
        name = (
            one.promise.measure_code if one.promise.year is None else f"{one.promise.measure_code} {one.promise.year}"
        )
        errors += [InputError(f"handover.{name}", f"{name}: settle the {title}.") for title in one.missing]
        outside = find_outside(one.settled.milestones, life, one.promise.year)
        if outside is not None:
            errors.append(InputError(f"handover.{name}", f"{name}: {outside}"))
    if errors:
        raise InputErrors(errors)


def _settled(item: HandoverItem | None) -> Settlement:
    if item is None:
        return Settlement()
    milestones = tuple(DueDate.from_dict(entry) for entry in item.milestones or ())
    return Settlement(item.owner, item.due_profile, milestones, item.evidence, item.remedy)


def check_settlement(settlement: Settlement, quantity: Decimal) -> None:
    """Raise InputErrors for texts that are too long and milestones that do not add up to the quantity promised."""
    errors = [
        InputError(name, f"Use at most {LONGEST_TEXT:,} characters.")
        for name in ("owner", "evidence", "remedy")
        if len(getattr(settlement, name) or "") > LONGEST_TEXT
    ]
    if settlement.due_profile is DueProfile.MILESTONES:
        try:
            check_milestones(settlement.milestones, quantity)
        except InputErrors as found:
            errors += found.errors
    if errors:
        raise InputErrors(errors)


def _text(text: str | None) -> str | None:
    return (text or "").strip() or None


def _write(session: Session, award: Award, found: Promised, settlement: Settlement) -> HandoverItem:
    rows = list_handover(session, award_id=award.id, bid_id=award.bid_id)
    item = next((item for promise, item in rows if promise.id == found.promise.id), None)
    item = item or HandoverItem(award_id=award.id, bid_commitment_id=found.promise.id)
    item.owner, item.evidence, item.remedy = map(_text, (settlement.owner, settlement.evidence, settlement.remedy))
    item.due_profile = settlement.due_profile
    by_milestones = settlement.due_profile is DueProfile.MILESTONES
    item.milestones = [due.to_dict() for due in settlement.milestones] if by_milestones else None
    return add(session, item)
