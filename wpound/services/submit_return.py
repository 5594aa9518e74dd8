"""Send a return: every line answered, nothing counted twice, three things declared; its figures are locked then."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.declarations import missing_declarations
from wpound.core.delivery import ClaimState, VerificationLevel
from wpound.core.errors import InputError, InputErrors, StateError
from wpound.core.periods import format_day
from wpound.services.access import Person
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.count_claim import ReturnRules, due_in_period, rules_of
from wpound.services.count_twice import CountedTwice, find_twice
from wpound.services.draw_return_sample import draw_lines
from wpound.services.keep_evidence import evidence_root
from wpound.services.note_version import note_version
from wpound.services.reach_return import hold_own_return, reach_own_return
from wpound.services.tell_return import tell_audit
from wpound.store.audit import head
from wpound.store.base import require_version
from wpound.store.contracts import list_all_commitments
from wpound.store.engine import lock
from wpound.store.evidence import list_evidence
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn, VersionKind
from wpound.store.returns import list_claims
from wpound.store.types import canonical_json

# Since a return was sent.
KEPT = ("declarations", "evidence_root", "sample_seed", "sample")


def submit_return(
    session: Session,
    person: Person,
    return_id: int,
    *,
    version: int,
    declarations: Collection[str],
    catalogue: Catalogue,
    clock: Clock = database_clock,
) -> SocialValueReturn:
    """Send the supplier's return to its buyer, once; from then on only a queried line can be edited.

    Contract, return and everything counted are held, and the clock is read then. Raises NotFound for another's return,
    StateError where it was sent already or the quarter is not over, StaleEdit where a line was changed since it was
    looked at, InputErrors with everything that keeps it; fields are ``declarations``, ``claims[<id>]`` and
    ``claims[<id>].entries[0]``.
    """
    found, contract = _hold(session, person, return_id)
    _require_ready(found, clock(session))
    require_version(found, version)
    claims = list_claims(session, return_id=found.id)
    rules = rules_of(session, contract, found, catalogue)
    commitments = {one.id: one for one in list_all_commitments(session, contract_id=contract.id)}
    twice = find_twice(session, [one.id for one in claims], catalogue, holding=True)
    problems = _declaration_problems(declarations), _claim_problems(contract, claims, commitments, rules)
    if errors := [*chain(*problems), *map(twice_problem, twice)]:
        raise InputErrors(errors)
    send_claims(session, claims)
    found.status, found.submitted_by, found.declarations = ReturnStatus.SUBMITTED, person.email, sorted(declarations)
    found.submitted_at = now = clock(session)
    found.evidence_root = evidence_root(session, [one.id for one in claims])
    found.sample_seed = _draw_seed(session, contract, found, now)
    session.flush()
    for claim in claims:
        due = due_in_period(contract, commitments[claim.commitment_id], rules.period)
        note_version(session, claim, VersionKind.SUBMITTED, actor=person.email, due=due)
    found.sample = {str(number): reason for number, reason in draw_lines(session, contract, found).items()}
    told = {name: getattr(found, name) for name in KEPT}
    tell_audit(session, found, contract, person, "return.submitted", {"claims": len(claims), **told})
    return found


def send_claims(session: Session, claims: Collection[Claim]) -> None:
    """Lines go to the buyer: documented where there is evidence behind them, else declared by the supplier alone."""
    with_evidence = list_evidence(session, claim_ids=[claim.id for claim in claims])
    for claim in claims:
        claim.state, claim.reply_by = ClaimState.SUBMITTED, None
        documented = claim.id in with_evidence
        claim.level = VerificationLevel.DOCUMENTED if documented else VerificationLevel.SELF_DECLARED


def find_missing(claim: Claim, commitment: Commitment, contract: Contract, rules: ReturnRules) -> str | None:
    """What keeps a line from being sent, in words; None where nothing does.

    Nothing entered is no answer; 0 is one, and says why where something was due. What is claimed is told in words
    where the measure asks for them.
    """
    if claim.amount is None and not claim.entries:
        return "Say what was delivered. Where nothing was, enter 0."
    if claim.narrative:
        return None
    due = due_in_period(contract, commitment, rules.period)
    if not claim.claimed and due:
        return "Nothing is claimed, though something is due this quarter. Say why."
    if claim.claimed and rules.rule(commitment.measure_code).limits.needs_narrative:
        return "Say in words what was done, for whom and where."
    return None


def twice_problem(twice: CountedTwice) -> InputError:
    """What is counted elsewhere already, as the problem of its entry."""
    return InputError(f"claims[{twice.claim_id}].entries[{twice.number - 1}]", twice.found.message)


def _hold(session: Session, person: Person, return_id: int) -> tuple[SocialValueReturn, Contract]:
    """Contract first, return second: whoever opens a return or changes a contract holds them in this order too."""
    found, contract = reach_own_return(session, person, return_id)
    lock(session, Contract, contract.id)
    return hold_own_return(session, person, found.id)


def _require_ready(found: SocialValueReturn, now: datetime) -> None:
    if found.status is not ReturnStatus.DRAFT:
        raise StateError(f"This return was sent already, by {found.submitted_by}.")
    if found.period_end_on >= day_of(now):
        raise StateError(f"The quarter ends on {format_day(found.period_end_on)}. Send the return when it is over.")


def _declaration_problems(made: Collection[str]) -> Iterator[InputError]:
    if missing_declarations(made):
        yield InputError("declarations", "Tick all three: a return is only taken with its declarations.")


def _claim_problems(
    contract: Contract, claims: Sequence[Claim], commitments: Mapping[int, Commitment], rules: ReturnRules
) -> Iterator[InputError]:
    for claim in claims:
        missing = find_missing(claim, commitments[claim.commitment_id], contract, rules)
        if missing:
            yield InputError(f"claims[{claim.id}]", missing)


def _draw_seed(session: Session, contract: Contract, found: SocialValueReturn, now: datetime) -> str:
    """What the lines to look at closely are drawn with, as 64 hexadecimal digits.

    It hangs on the end of the audit chain at that moment, which anything done anywhere in the installation moves:
    neither the supplier nor the buyer can choose it, and with the chain anybody can work it out again.
    """
    told = [contract.reference, found.period_start_on.isoformat(), now.isoformat(), head(session).hash]
    return hashlib.sha256(canonical_json(told).encode()).hexdigest()
