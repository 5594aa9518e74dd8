"""Record the marks evaluators agreed on, each with its reason."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.core.criteria import Criterion, Kind
from wpound.core.errors import InputError, InputErrors, StateError
from wpound.core.form import write_decimal
from wpound.core.method import Method
from wpound.services.read_terms import read_terms
from wpound.store.audit import append_event
from wpound.store.bids import list_consensus_marks
from wpound.store.engine import lock
from wpound.store.models.bids import Bid, BidMark, MarkKind
from wpound.store.models.tenders import Tender, TenderStage

LONGEST_REASON = 5000


def record_marks(
    session: Session, bid: Bid, marks: Mapping[str, Decimal], reasons: Mapping[str, str], *, actor: str
) -> list[BidMark]:
    """Put in, or change, the consensus marks of a bid by criterion, each with a reason; all of them or none.

    A mark changed after the tender was scored counts from the next evaluation on. Raises StateError unless bids are
    being evaluated, InputErrors for a mark off the scale, without a reason or for no such criterion.
    """
    tender = lock(session, Tender, bid.tender_id)
    if tender.stage is not TenderStage.EVALUATION:
        raise StateError(f"Bids are marked during evaluation; this tender is at the stage '{tender.stage.value}'.")
    if tender.moderation_locked_at is not None:
        raise StateError(f"{tender.moderation_locked_by} has locked the marks of this tender; they do not change now.")
    _check(read_terms(tender).method, marks, reasons)
    standing = {mark.criterion: mark for mark in list_consensus_marks(session, bid_id=bid.id)}
    before = {code: write_decimal(standing[code].mark or Decimal(0)) for code in marks if code in standing}
    for code, mark in marks.items():
        row = standing.setdefault(code, BidMark(bid_id=bid.id, criterion=code, kind=MarkKind.CONSENSUS))
        row.mark, row.reason, row.marked_by = mark, reasons[code].strip(), actor
        session.add(row)
    session.flush()
    append_event(
        session,
        actor=actor,
        action="marks.recorded",
        object_kind="bid",
        object_id=bid.id,
        detail={
            "ocid": tender.ocid,
            "marks": {code: write_decimal(mark) for code, mark in marks.items()},
            "before": before,
        },
    )
    return [standing[code] for code in marks]


def _check(method: Method, marks: Mapping[str, Decimal], reasons: Mapping[str, str]) -> None:
    marked = {leaf.criterion.code: leaf.criterion for leaf in method.tree.leaves}
    errors = [InputError(f"reasons.{code}", "A reason without a mark says nothing.") for code in reasons.keys() - marks]
    for code, mark in marks.items():
        criterion = marked.get(code)
        if criterion is None or criterion.kind is not Kind.QUALITATIVE:
            errors.append(InputError(f"marks.{code}", "This is not the code of a criterion that evaluators mark."))
        elif not _is_on_scale(criterion, mark):
            errors.append(InputError(f"marks.{code}", f"{mark} is not on the scale of {criterion.heading}."))
        if not 0 < len(reasons.get(code, "").strip()) <= LONGEST_REASON:
            wanted = f"Say why the bid gets this mark, in at most {LONGEST_REASON:,} characters."
            errors.append(InputError(f"reasons.{code}", wanted))
    if errors:
        raise InputErrors(errors)


def _is_on_scale(criterion: Criterion, mark: Decimal) -> bool:
    if criterion.scale:
        return mark in {point.mark for point in criterion.scale}
    return 0 <= mark <= (criterion.scale_max or 0)
