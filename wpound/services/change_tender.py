"""Change a published tender: a later deadline or an amendment, proposed by one officer and agreed by another.

The method never changes: a tender that needs another method is cancelled and copied.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, InputErrors, StateError
from wpound.services.access import is_same_person
from wpound.services.clock import Clock, database_clock, format_deadline
from wpound.services.read_terms import PublishedTerms
from wpound.services.submit_bid import require_open
from wpound.services.tell_bidders import tell_bidders
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.clarifications import get_change, list_changes
from wpound.store.engine import lock
from wpound.store.models.clarifications import ChangeKind, TenderChange
from wpound.store.models.tenders import Tender

LONGEST_WORDS = 5000
# A bid that is not confirmed after an amendment is not opened: one made in the last hour would shut out every bidder
# but the one that was told of it.
LEAST_TO_CONFIRM = timedelta(days=3)
NEEDS_TIME = f"Bidders need {LEAST_TO_CONFIRM.days} days or more to confirm their bids after an amendment."
KIND_TITLES = {
    ChangeKind.EXTENSION: "Later deadline: bids that are in stay as they are",
    ChangeKind.AMENDMENT: "Amendment: every bid that is in must be confirmed again by its bidder",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to change: ``words`` are sent to all, ``reason`` stands beside them on the tender's page.

    An extension needs a later deadline; an amendment may have one.
    """

    kind: ChangeKind
    words: str
    reason: str
    new_deadline_at: datetime | None = None


def propose_change(
    session: Session, tender: Tender, proposal: Proposal, *, actor: str, clock: Clock = database_clock
) -> TenderChange:
    """Put a change to a second officer; nothing changes before they agree.

    Raises StateError where the tender takes no bids or a change waits already, InputErrors for a deadline that is not
    later than now and than the present one (a deadline is never shortened), for an amendment that leaves bidders too
    little time to confirm their bids, and for missing words.
    """
    tender = lock(session, Tender, tender.id)
    now = clock(session)
    terms = require_open(tender, now)
    changes = list_changes(session, tender_id=tender.id)
    if any(change.agreed is None for change in changes):
        raise StateError("A change waits for a second officer already. It has to be agreed or turned down first.")
    _check(proposal, terms, now)
    change = add(
        session,
        TenderChange(
            tender_id=tender.id,
            number=len(changes) + 1,
            kind=proposal.kind,
            words=proposal.words.strip(),
            reason=proposal.reason.strip(),
            old_deadline_at=terms.deadline_at,
            new_deadline_at=proposal.new_deadline_at,
            proposed_by=actor,
            proposed_at=now,
        ),
    )
    _record(session, tender, change, "tender.change_proposed", actor)
    return change


def decide_change(
    session: Session,
    tender: Tender,
    number: int,
    *,
    agreed: bool,
    actor: str,
    base_url: str,
    clock: Clock = database_clock,
) -> TenderChange:
    """Agree to a change as another officer than the one who proposed it, or turn it down; everyone is told.

    Raises StateError for the same officer, a change decided already, after the deadline has passed meanwhile and where
    too little time is left for bidders to confirm their bids.
    """
    tender = lock(session, Tender, tender.id)
    now = clock(session)
    change = get_change(session, number, tender_id=tender.id)
    if change.agreed is not None:
        raise StateError("This change was decided already.")
    if is_same_person(change.proposed_by, actor):
        raise StateError("A change is agreed by another officer than the one who proposed it.")
    if agreed:
        _require_in_time(change, require_open(tender, now), now)
    change.agreed, change.decided_by, change.decided_at = agreed, actor, now
    if agreed:
        _apply(session, tender, change, base_url)
    session.flush()
    _record(session, tender, change, "tender.changed" if agreed else "tender.change_turned_down", actor)
    return change


def _apply(session: Session, tender: Tender, change: TenderChange, base_url: str) -> None:
    if change.new_deadline_at is not None:
        tender.deadline_at = change.new_deadline_at
    is_amendment = change.kind is ChangeKind.AMENDMENT
    if is_amendment:
        tender.amendment = change.number
    tell_bidders(
        session,
        tender,
        "tender_changed",
        base_url,
        words=change.words,
        deadline=format_deadline(tender.deadline_at) if tender.deadline_at else "",
        is_later=change.new_deadline_at is not None,
        is_amendment=is_amendment,
    )


def _require_in_time(change: TenderChange, terms: PublishedTerms, now: datetime) -> None:
    _check_deadline(change.new_deadline_at, terms)
    if not _leaves_time(change.kind, change.new_deadline_at or terms.deadline_at, now):
        raise StateError(f"{NEEDS_TIME} Turn this change down, and propose it with a later deadline.")


def _leaves_time(kind: ChangeKind, deadline_at: datetime, now: datetime) -> bool:
    return kind is not ChangeKind.AMENDMENT or deadline_at - now >= LEAST_TO_CONFIRM


def _check(proposal: Proposal, terms: PublishedTerms, now: datetime) -> None:
    problems = [
        InputError(field, f"{wanted}, in at most {LONGEST_WORDS:,} characters.")
        for field, text, wanted in (
            ("words", proposal.words, "Say what changes, as everyone will read it"),
            ("reason", proposal.reason, "Say why it changes"),
        )
        if not 0 < len(text.strip()) <= LONGEST_WORDS
    ]
    if proposal.kind is ChangeKind.EXTENSION and proposal.new_deadline_at is None:
        problems.append(InputError("new_deadline_at", "Give the new deadline."))
    try:
        _check_deadline(proposal.new_deadline_at, terms)
    except InputError as error:
        problems.append(error)
    else:
        if not _leaves_time(proposal.kind, proposal.new_deadline_at or terms.deadline_at, now):
            problems.append(InputError("new_deadline_at", f"{NEEDS_TIME} Set a later deadline."))
    if problems:
        raise InputErrors(problems)


def _check_deadline(new_deadline_at: datetime | None, terms: PublishedTerms) -> None:
    if new_deadline_at is None:
        return
    if new_deadline_at.tzinfo is None:
        raise InputError("new_deadline_at", "Say in which time zone the deadline is.")
    if new_deadline_at <= terms.deadline_at:
        raise InputError(
            "new_deadline_at",
            f"The deadline is {format_deadline(terms.deadline_at)} and is never shortened. Set a later one.",
        )


def _record(session: Session, tender: Tender, change: TenderChange, action: str, actor: str) -> None:
    new = change.new_deadline_at
    append_event(
        session,
        actor=actor,
        action=action,
        object_kind="tender",
        object_id=tender.id,
        detail={
            "ocid": tender.ocid,
            "change": change.number,
            "kind": change.kind.value,
            "reason": change.reason,
            "deadline_at": new.isoformat() if new else None,
        },
    )
