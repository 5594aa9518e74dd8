"""Correct a line that was decided: either side proposes new figures, and somebody else of the buyer decides on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.delivery import ClaimState, Side
from wpound.core.errors import InputError, InputErrors, NotFound, StateError
from wpound.core.form import write_decimal
from wpound.services.access import Person, is_same_person
from wpound.services.approve_line import (
    LONGEST_TEXT,
    Approval,
    approve_line,
    check_approval,
    require_another,
    text_problems,
)
from wpound.services.check_claim import DECIDED
from wpound.services.clock import Clock, database_clock
from wpound.services.count_twice import find_twice
from wpound.services.note_version import note_version
from wpound.services.reach_return import find_claim, hold_own_return, hold_return
from wpound.services.tell_return import period_of, tell_audit, tell_supplier
from wpound.store.base import add, require_version
from wpound.store.certified_work import list_certificates_over
from wpound.store.contracts import list_contract_suppliers
from wpound.store.models.certificates import Certificate
from wpound.store.models.contracts import Contract
from wpound.store.models.returns import Claim, ClaimCorrection, SocialValueReturn, VersionKind
from wpound.store.returns import list_corrections


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a line should have claimed, in its unit, and why; where ``narrative`` is None, that stays as it is."""

    claimed: Decimal
    reason: str
    narrative: str | None = None


def propose_correction(
    session: Session,
    person: Person,
    return_id: int,
    claim_id: int,
    proposal: Proposal,
    *,
    side: Side,
    version: int,
) -> ClaimCorrection:
    """Propose another figure for a decided line, for either side; until it is accepted nothing changes.

    Raises NotFound for a line that is not this person's on that side, StaleEdit where it changed since it was shown,
    StateError for a line that is not decided or has a correction that waits, InputErrors without a reason or for a
    figure below 0.
    """
    hold = hold_return if side is Side.BUYER else hold_own_return
    sent, contract = hold(session, person, return_id)
    claim = find_claim(session, sent, claim_id)
    require_version(claim, version)
    earlier = list_corrections(session, claim_ids=[claim_id])
    _require_settled(claim, earlier)
    _check(proposal)
    made = ClaimCorrection(claim_id=claim_id, number=len(earlier) + 1, claimed=proposal.claimed)
    made.narrative, made.reason = (proposal.narrative or "").strip() or None, proposal.reason.strip()
    made.proposed_by, made.proposed_side = person.email, side
    told = {"number": made.number, "side": side.value, "reason": made.reason}
    figures = {"claimed_before": write_decimal(claim.claimed), "claimed": write_decimal(made.claimed)}
    add(session, made)
    tell_audit(session, sent, contract, person, "claim.correction_proposed", told | figures, claim)
    return made


def accept_correction(
    session: Session,
    person: Person,
    return_id: int,
    correction_id: int,
    approval: Approval,
    *,
    version: int,
    catalogue: Catalogue,
    base_url: str,
    clock: Clock = database_clock,
) -> Claim:
    """Put a proposed figure in force with what holds of it, as a new version of its line.

    Raises InputErrors as an approval does; StateError where the line was rejected and what it counts is counted
    elsewhere since; else as :func:`refuse_correction`.
    """
    sent, contract, claim, correction = _hold(session, person, return_id, correction_id, version)
    check_approval(session, sent, claim, approval, correction.claimed)
    if claim.state is ClaimState.REJECTED:
        _require_free(session, claim, catalogue)
    claim.claimed, claim.narrative = correction.claimed, correction.narrative or claim.narrative
    approve_line(session, claim, person, approval, clock)
    _decide(correction, person, accepted=True, reason=claim.reason)
    correction.decided_at, correction.verified, correction.level = claim.verified_at, claim.verified, claim.level
    note_version(session, claim, VersionKind.CORRECTED, actor=person.email, reason=correction.reason)
    told = {
        "number": correction.number,
        "claimed": write_decimal(claim.claimed),
        "verified": write_decimal(approval.verified),
        "level": approval.level.value,
        "reason": claim.reason,
        "checked": claim.checked,
    }
    tell_audit(session, sent, contract, person, "claim.corrected", told, claim)
    _mail(session, sent, contract, person, correction, base_url)
    return claim


def refuse_correction(
    session: Session,
    person: Person,
    return_id: int,
    correction_id: int,
    reason: str,
    *,
    version: int,
    base_url: str,
    clock: Clock = database_clock,
) -> ClaimCorrection:
    """Leave the figures as they are, and say why.

    Raises NotFound for a correction that is not this person's to decide, StaleEdit where it changed since it was shown,
    StateError where it was decided, for whoever proposed it and for whoever entered, sent or answered its line,
    InputErrors without a reason.
    """
    sent, contract, claim, correction = _hold(session, person, return_id, correction_id, version)
    errors = list(text_problems("refusal", reason, "Say why the correction is refused"))
    if errors:
        raise InputErrors(errors)
    _decide(correction, person, accepted=False, reason=reason.strip())
    correction.decided_at = clock(session)
    told = {"number": correction.number, "reason": correction.decision_reason}
    tell_audit(session, sent, contract, person, "claim.correction_refused", told, claim)
    _mail(session, sent, contract, person, correction, base_url)
    return correction


def list_outdated(session: Session, sent: SocialValueReturn, contract: Contract) -> list[Certificate]:
    """The certificates still standing that state figures of a return from before its last accepted correction."""
    corrections = list_corrections(session, claim_ids=[claim.id for claim in sent.claims])
    moments = [one.decided_at for one in corrections if one.accepted and one.decided_at is not None]
    if not moments:
        return []
    return list_certificates_over(
        session,
        organisation_id=contract.organisation_id,
        contract_id=contract.id,
        supplier_ids=[one.id for one in list_contract_suppliers(session, [contract.id])[contract.id]],
        period=period_of(sent),
        before=max(moments),
    )


def _require_settled(claim: Claim, earlier: Sequence[ClaimCorrection]) -> None:
    if claim.state not in DECIDED:
        raise StateError(
            "Only a line that was approved or rejected is corrected. This one can still be changed itself."
        )
    if any(one.decided_by is None for one in earlier):
        raise StateError("A correction of this line waits already. Another can follow once that one is decided.")


def _check(proposal: Proposal) -> None:
    errors = list(text_problems("reason", proposal.reason, "Say why the figure should change"))
    if proposal.claimed < 0:
        errors.append(InputError("claimed", "What is claimed cannot be less than 0."))
    if len(proposal.narrative or "") > LONGEST_TEXT:
        errors.append(InputError("narrative", f"Write at most {LONGEST_TEXT:,} characters."))
    if errors:
        raise InputErrors(errors)


def _hold(
    session: Session, person: Person, return_id: int, correction_id: int, version: int
) -> tuple[SocialValueReturn, Contract, Claim, ClaimCorrection]:
    sent, contract = hold_return(session, person, return_id)
    corrections = list_corrections(session, claim_ids=[claim.id for claim in sent.claims])
    correction = next((one for one in corrections if one.id == correction_id), None)
    if correction is None:
        raise NotFound("There is no such correction of this return.")
    session.refresh(correction)
    require_version(correction, version)
    if correction.decided_by is not None:
        raise StateError("This correction is decided already.")
    if is_same_person(correction.proposed_by, person.email):
        raise StateError("A correction is decided by another person than the one who proposed it.")
    claim = find_claim(session, sent, correction.claim_id)
    require_another(session, sent, claim, person)
    return sent, contract, claim, correction


def _require_free(session: Session, claim: Claim, catalogue: Catalogue) -> None:
    """What a rejected line counts took nothing from anybody; raise StateError where it would be too much now."""
    found = find_twice(session, [claim.id], catalogue, holding=True)
    if found:
        raise StateError(f"What this line counts is counted elsewhere since it was rejected. {found[0].found.message}")


def _decide(correction: ClaimCorrection, person: Person, *, accepted: bool, reason: str | None) -> None:
    correction.decided_by, correction.accepted, correction.decision_reason = person.email, accepted, reason


def _mail(
    session: Session,
    sent: SocialValueReturn,
    contract: Contract,
    person: Person,
    correction: ClaimCorrection,
    base_url: str,
) -> None:
    address = f"{base_url}/supplier/returns/{sent.id}/claims/{correction.claim_id}"
    facts = {"accepted": correction.accepted, "address": address}
    tell_supplier(session, sent, contract, person, "claim_corrected", facts)
