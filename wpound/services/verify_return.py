"""Check a return line by line: how much of each claim holds, and how well it is proved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.core.delivery import ClaimState, VerificationLevel
from wpound.core.errors import InputError, InputErrors, StateError
from wpound.core.form import write_decimal
from wpound.services.clock import Clock, database_clock
from wpound.store.audit import append_event
from wpound.store.engine import lock
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.returns import get_return

# What a supplier can say of its own claim; anything stronger is for those who check it.
OWN_LEVELS = (VerificationLevel.SELF_DECLARED, VerificationLevel.DOCUMENTED)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a verifier found of a claim: the quantity that holds, in the claim's unit, and how well it is proved."""

    verified: Decimal
    level: VerificationLevel


def verify_return(
    session: Session,
    submitted: SocialValueReturn,
    findings: Mapping[int, Finding],
    *,
    actor: str,
    clock: Clock = database_clock,
) -> SocialValueReturn:
    """Record findings by claim id; the return is verified once every claim in it is.

    Raises StateError unless the return waits for it and the verifier is another person than the submitter, InputErrors
    with every finding that cannot be: more than was claimed, not checked by anyone, or made before.
    """
    submitted = get_return(session, lock(session, SocialValueReturn, submitted.id).id)
    _require_two_people(submitted, actor)
    claims = {claim.id: claim for claim in submitted.claims}
    _check(claims, findings)
    now = clock(session)
    for claim_id, found in findings.items():
        claim = claims[claim_id]
        claim.state, claim.verified, claim.level = ClaimState.APPROVED, found.verified, found.level
        claim.verified_at, claim.verified_by = now, actor
    if all(claim.verified is not None for claim in submitted.claims):
        submitted.status, submitted.verified_at, submitted.verified_by = ReturnStatus.VERIFIED, now, actor
    session.flush()
    append_event(
        session,
        actor=actor,
        action="return.verified" if submitted.verified_at else "return.checked",
        object_kind="return",
        object_id=submitted.id,
        detail={
            "verified": {str(claim_id): write_decimal(found.verified) for claim_id, found in findings.items()},
            "levels": {str(claim_id): found.level.value for claim_id, found in findings.items()},
        },
    )
    return submitted


def _require_two_people(submitted: SocialValueReturn, actor: str) -> None:
    if submitted.status is not ReturnStatus.SUBMITTED:
        raise StateError(f"This return does not wait to be verified; it is at the stage '{submitted.status.value}'.")
    if actor.strip().casefold() == (submitted.submitted_by or "").strip().casefold():
        raise StateError("A return is verified by another person than the one who submitted it.")


def _check(claims: Mapping[int, Claim], findings: Mapping[int, Finding]) -> None:
    errors = [error for key, found in findings.items() for error in _problems(claims.get(key), key, found)]
    if not findings:
        errors.append(InputError("findings", "Give the finding on at least one claim."))
    if errors:
        raise InputErrors(errors)


def _problems(claim: Claim | None, claim_id: int, found: Finding) -> Iterator[InputError]:
    place = f"claims[{claim_id}]"
    if claim is None:
        yield InputError(place, "There is no such claim in this return.")
        return
    if claim.verified is not None:
        yield InputError(place, "This claim was verified already.")
    if not 0 <= found.verified <= claim.claimed:
        most = write_decimal(claim.claimed)
        yield InputError(f"{place}.verified", f"What holds lies between 0 and what was claimed, {most}.")
    if found.level in OWN_LEVELS:
        yield InputError(f"{place}.level", "Say who checked the claim: an officer, a third party or a beneficiary.")
