"""Which lines of a return are looked at closely: drawn by lot once it is sent, the same however often it is drawn."""

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.core.sampling import SampleLine, draw_sample, surprise_of
from wpound.services.count_claim import due_in_period
from wpound.services.tell_return import period_of
from wpound.store.contracts import list_all_commitments
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn, VersionKind
from wpound.store.returns import list_claim_versions, list_returns


def draw_lines(session: Session, contract: Contract, sent: SocialValueReturn) -> dict[int, str]:
    """The claims of a return to look at closely, each with the reason; none for one without a seed.

    Everything is taken as it was first sent, so that no answer and no correction changes who was drawn. A line weighs
    the pounds of what it claims under the edition of the award, times its surprise beside what was due in the quarter
    and what was claimed towards the same promise in quarters before.
    """
    if sent.sample_seed is None:
        return {}
    commitments = {one.id: one for one in list_all_commitments(session, contract_id=contract.id)}
    before = [one for one in list_returns(session, contract_id=contract.id) if _is_before(one, sent)]
    claims = [claim for one in (*before, sent) for claim in one.claims]
    figures = _first_figures(session, claims)
    usual: dict[tuple[str, int | None], list[Decimal]] = {}
    for claim in (claim for one in before for claim in one.claims):
        usual.setdefault(_promise_of(commitments[claim.commitment_id]), []).append(figures[claim.id])
    lines = []
    for claim in sent.claims:
        commitment, claimed = commitments[claim.commitment_id], figures[claim.id]
        due = due_in_period(contract, commitment, period_of(sent))
        surprise = surprise_of(claimed, due, usual.get(_promise_of(commitment), ()))
        pounds = None if commitment.unit_value is None else claimed * commitment.unit_value
        lines.append(SampleLine(claim.id, pounds, surprise))
    return {line.claim_id: line.reason for line in draw_sample(lines, sent.sample_seed)}


def _is_before(one: SocialValueReturn, sent: SocialValueReturn) -> bool:
    return one.status is not ReturnStatus.DRAFT and one.period_end_on < sent.period_start_on


def _first_figures(session: Session, claims: Iterable[Claim]) -> dict[int, Decimal]:
    """What each claim was when it was first sent."""
    figures = {claim.id: claim.claimed for claim in claims}
    versions = list_claim_versions(session, claim_ids=list(figures))
    return figures | {one.claim_id: one.claimed for one in versions if one.kind is VersionKind.SUBMITTED}


def _promise_of(commitment: Commitment) -> tuple[str, int | None]:
    """What stays the same when a change puts another promise in the place of one."""
    return commitment.measure_code, commitment.year
