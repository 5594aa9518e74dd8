"""Decide a return line by line: approve what holds of a claim, query it, or reject it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.catalogue.loader import load_bank_holidays
from wpound.core.delivery import ClaimState, Side
from wpound.core.errors import InputError, InputErrors, RuleError, StateError
from wpound.core.form import write_decimal
from wpound.core.working_days import add_working_days
from wpound.services.access import Person
from wpound.services.approve_line import Approval, approve_line, check_approval, require_another, text_problems
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.note_version import note_version
from wpound.services.reach_return import find_claim, hold_return
from wpound.services.tell_return import tell_audit, tell_supplier
from wpound.store.base import add, require_version
from wpound.store.models.contracts import Contract
from wpound.store.models.returns import Claim, ClaimMessage, MessageKind, ReturnStatus, SocialValueReturn, VersionKind

DAYS_TO_REPLY = 10
DECIDED = (ClaimState.APPROVED, ClaimState.REJECTED)
_NOT_WAITING = {
    ClaimState.DRAFT: "This line was not sent yet.",
    ClaimState.QUERIED: "This line was queried. It can be decided when its supplier has answered.",
    ClaimState.APPROVED: "This line is approved already. Propose a correction to change it.",
    ClaimState.REJECTED: "This line is rejected already. Propose a correction to change it.",
}


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is held, with all that it belongs to."""

    sent: SocialValueReturn
    contract: Contract
    claim: Claim


def approve_claim(
    session: Session,
    person: Person,
    return_id: int,
    claim_id: int,
    approval: Approval,
    *,
    version: int,
    base_url: str,
    clock: Clock = database_clock,
) -> Claim:
    """Approve a claim, in full or for less; the return is verified with the last of its lines.

    Raises InputErrors for more than was claimed, for less without a reason, for a level nobody can vouch for, and for a
    line that was drawn without a word on what was looked at; else as :func:`reject_claim`.
    """
    line = _hold(session, person, return_id, claim_id, version)
    check_approval(session, line.sent, line.claim, approval, line.claim.claimed)
    approve_line(session, line.claim, person, approval, clock)
    _write(session, line.claim, person, MessageKind.NOTE, approval.reason)
    told = {"level": approval.level.value, "checked": line.claim.checked}
    _record(session, line, person, VersionKind.APPROVED, told)
    _finish(session, line, person, base_url, clock)
    return line.claim


def query_claim(
    session: Session,
    person: Person,
    return_id: int,
    claim_id: int,
    question: str,
    reply_by: date,
    *,
    version: int,
    base_url: str,
    clock: Clock = database_clock,
) -> Claim:
    """Ask the supplier about one line, which alone it can change until it answers, and mail its people at once.

    Raises InputErrors without a question or where the day to answer by is not after today; else as
    :func:`reject_claim`.
    """
    line = _hold(session, person, return_id, claim_id, version)
    errors = list(text_problems("question", question, "Ask your question"))
    if reply_by <= day_of(clock(session)):
        errors.append(InputError("reply_by", "The day to answer by must be after today."))
    if errors:
        raise InputErrors(errors)
    line.claim.state, line.claim.reason, line.claim.reply_by = ClaimState.QUERIED, question.strip(), reply_by
    _write(session, line.claim, person, MessageKind.QUERY, question, reply_by)
    _record(session, line, person, VersionKind.QUERIED, {"reply_by": reply_by.isoformat()})
    address = f"{base_url}/supplier/returns/{return_id}/claims/{claim_id}"
    facts = {"reply_by": reply_by, "address": address}
    tell_supplier(session, line.sent, line.contract, person, "return_queried", facts)
    return line.claim


def reject_claim(
    session: Session,
    person: Person,
    return_id: int,
    claim_id: int,
    reason: str,
    *,
    version: int,
    base_url: str,
    clock: Clock = database_clock,
) -> Claim:
    """Reject a claim, of which nothing then counts; the return is verified with the last of its lines.

    Raises NotFound for a line that is not this person's to look at, StaleEdit where a colleague was faster, StateError
    for a line that does not wait and for whoever entered, sent or answered it, InputErrors without a reason.
    """
    line = _hold(session, person, return_id, claim_id, version)
    errors = list(text_problems("rejection", reason, "Say why the claim is rejected"))
    if errors:
        raise InputErrors(errors)
    claim = line.claim
    claim.state, claim.verified, claim.reason = ClaimState.REJECTED, Decimal(0), reason.strip()
    claim.verified_at, claim.verified_by = clock(session), person.email
    _write(session, claim, person, MessageKind.NOTE, reason)
    _record(session, line, person, VersionKind.REJECTED, {})
    _finish(session, line, person, base_url, clock)
    return claim


def suggest_reply_by(today: date) -> date | None:
    """Ten working days from a day; None where the bank holidays until then are not known."""
    try:
        return add_working_days(today, DAYS_TO_REPLY, load_bank_holidays())
    except RuleError:
        return None


def _hold(session: Session, person: Person, return_id: int, claim_id: int, version: int) -> _Line:
    sent, contract = hold_return(session, person, return_id)
    claim = find_claim(session, sent, claim_id)
    require_version(claim, version)
    require_another(session, sent, claim, person)
    if claim.state is not ClaimState.SUBMITTED:
        raise StateError(_NOT_WAITING[claim.state])
    return _Line(sent, contract, claim)


def _write(
    session: Session, claim: Claim, person: Person, kind: MessageKind, text: str, reply_by: date | None = None
) -> None:
    """Put the verifier's words into the line's thread, where there are any."""
    if text.strip():
        about = {"kind": kind, "text": text.strip(), "reply_by": reply_by}
        add(session, ClaimMessage(claim_id=claim.id, side=Side.BUYER, written_by=person.email, **about))


def _record(session: Session, line: _Line, person: Person, kind: VersionKind, detail: Mapping[str, str | None]) -> None:
    claim = line.claim
    note_version(session, claim, kind, actor=person.email, reason=claim.reason)
    told = {
        "claimed": write_decimal(claim.claimed),
        "verified": None if claim.verified is None else write_decimal(claim.verified),
        "reason": claim.reason,
        **detail,
    }
    tell_audit(session, line.sent, line.contract, person, f"claim.{kind.value}", told, claim)


def _finish(session: Session, line: _Line, person: Person, base_url: str, clock: Clock) -> None:
    """The return is verified, and its supplier told, once every line is decided."""
    sent = line.sent
    if any(claim.state not in DECIDED for claim in sent.claims):
        return
    sent.status, sent.verified_at, sent.verified_by = ReturnStatus.VERIFIED, clock(session), person.email
    approved = [claim for claim in sent.claims if claim.state is ClaimState.APPROVED]
    counts = {
        "lines": len(sent.claims),
        "reduced": sum(claim.verified is not None and claim.verified < claim.claimed for claim in approved),
        "rejected": len(sent.claims) - len(approved),
    }
    tell_audit(session, sent, line.contract, person, "return.verified", counts)
    facts = counts | {"address": f"{base_url}/supplier/returns/{sent.id}"}
    tell_supplier(session, sent, line.contract, person, "return_verified", facts)
