"""Which lines of a return are looked at closely: drawn by lot when it is sent, and kept with it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.core.sampling import SampleLine, draw_sample, surprise_of
from wpound.services.count_claim import due_in_period, promise_of
from wpound.services.tell_return import period_of
from wpound.store.contracts import list_all_commitments
from wpound.store.models.contracts import Contract
from wpound.store.models.returns import Claim, ClaimVersion, SocialValueReturn, VersionKind
from wpound.store.returns import list_claim_versions, list_returns


def drawn_lines(sent: SocialValueReturn) -> dict[int, str]:
    """The claims of a return to look at closely, each with the reason, as they were drawn when it was sent."""
    return {int(claim_id): reason for claim_id, reason in (sent.sample or {}).items()}


def draw_lines(session: Session, contract: Contract, sent: SocialValueReturn) -> dict[int, str]:
    """Draw the claims of a return to look at closely, each with the reason; none for one without a seed.

    Drawn once more at any later time it finds the same, so that a draw can be proved.
    Those that claim nothing are left out, and make the third that is drawn no larger.
    Everything is taken as it was first sent, so that no answer, no correction, no change of the contract and no return
    that is sent later for a quarter before changes who was drawn. A line weighs the pounds of what it claims under the
    edition of the award, times its surprise beside what was due in the quarter and what was claimed towards the same
    promise in quarters before.
    """
    if sent.sample_seed is None:
        return {}
    commitments = {one.id: one for one in list_all_commitments(session, contract_id=contract.id)}
    before = [one for one in list_returns(session, contract_id=contract.id) if _is_before(one, sent)]
    claims = [claim for one in (*before, sent) for claim in one.claims]
    first = _first_sent(session, claims)
    usual: dict[tuple[str, int | None], list[Decimal]] = {}
    for claim in (claim for one in before for claim in one.claims):
        usual.setdefault(promise_of(commitments[claim.commitment_id]), []).append(_claimed(claim, first))
    lines = []
    for claim in sent.claims:
        commitment, claimed = commitments[claim.commitment_id], _claimed(claim, first)
        if not claimed:
            continue
        kept = first[claim.id].content.get("due") if claim.id in first else None
        due = due_in_period(contract, commitment, period_of(sent)) if kept is None else Decimal(kept)
        surprise = surprise_of(claimed, due, usual.get(promise_of(commitment), ()))
        pounds = None if commitment.unit_value is None else claimed * commitment.unit_value
        lines.append(SampleLine(claim.id, pounds, surprise))
    return {line.claim_id: line.reason for line in draw_sample(lines, sent.sample_seed)}


def _is_before(one: SocialValueReturn, sent: SocialValueReturn) -> bool:
    if one.submitted_at is None or sent.submitted_at is None:
        return False
    return one.submitted_at <= sent.submitted_at and one.period_end_on < sent.period_start_on


def _first_sent(session: Session, claims: Iterable[Claim]) -> dict[int, ClaimVersion]:
    """The version of each claim with which it was first sent; what was sent before there were versions has none."""
    versions = list_claim_versions(session, claim_ids=[claim.id for claim in claims])
    return {one.claim_id: one for one in versions if one.kind is VersionKind.SUBMITTED}


def _claimed(claim: Claim, first: Mapping[int, ClaimVersion]) -> Decimal:
    return first[claim.id].claimed if claim.id in first else claim.claimed
