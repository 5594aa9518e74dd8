"""The thread of a line: a supplier's answer, which sends the line again, and notes of either side."""

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.delivery import ClaimState, Side
from wpound.core.errors import InputError, InputErrors, StateError
from wpound.services.access import Person
from wpound.services.approve_line import text_problems
from wpound.services.count_claim import rules_of
from wpound.services.count_twice import find_twice
from wpound.services.keep_evidence import evidence_root
from wpound.services.note_version import note_version
from wpound.services.reach_return import find_claim, hold_own_return, hold_return
from wpound.services.submit_return import find_missing, send_claims, twice_problem
from wpound.services.tell_return import tell_audit
from wpound.store.base import add, require_version
from wpound.store.models.contracts import Commitment
from wpound.store.models.returns import Claim, ClaimMessage, MessageKind, ReturnStatus, VersionKind


def answer_query(
    session: Session,
    person: Person,
    return_id: int,
    claim_id: int,
    text: str,
    *,
    version: int,
    catalogue: Catalogue,
) -> Claim:
    """Answer the buyer's question on a line, which goes to the buyer again with what now stands in it.

    Raises NotFound for another's line, StateError where nothing was asked, StaleEdit where the line was changed since
    it was looked at, InputErrors without words and for what would keep a return from being sent; fields are ``text``
    and those of :func:`wpound.services.submit_return.submit_return`.
    """
    found, contract = hold_own_return(session, person, return_id)
    claim = find_claim(session, found, claim_id)
    if claim.state is not ClaimState.QUERIED:
        raise StateError("There is no question on this line that waits for an answer.")
    require_version(claim, version)
    errors = list(text_problems("text", text, "Write your answer"))
    rules, commitment = rules_of(session, contract, found, catalogue), session.get_one(Commitment, claim.commitment_id)
    missing = find_missing(claim, commitment, contract, rules)
    errors += [InputError(f"claims[{claim_id}]", missing)] if missing else []
    errors += [twice_problem(one) for one in find_twice(session, [claim_id], catalogue, holding=True)]
    if errors:
        raise InputErrors(errors)
    send_claims(session, [claim])
    found.evidence_root = evidence_root(session, [one.id for one in found.claims])
    _write(session, claim, person, Side.SUPPLIER, MessageKind.ANSWER, text)
    note_version(session, claim, VersionKind.ANSWERED, actor=person.email)
    tell_audit(
        session, found, contract, person, "claim.answered", {"claim": claim_id, "evidence_root": found.evidence_root}
    )
    return claim


def write_note(
    session: Session, person: Person, return_id: int, claim_id: int, text: str, *, side: Side
) -> ClaimMessage:
    """Put a note into the thread of a line that was sent, which both sides read; it changes nothing else.

    Raises NotFound for a line that is not this person's on that side, StateError before it was sent, InputErrors
    without words.
    """
    hold = hold_return if side is Side.BUYER else hold_own_return
    found, _ = hold(session, person, return_id)
    claim = find_claim(session, found, claim_id)
    if found.status is ReturnStatus.DRAFT:
        raise StateError("The buyer sees this line once the return is sent. Write into its narrative until then.")
    errors = list(text_problems("text", text, "Write your note"))
    if errors:
        raise InputErrors(errors)
    return _write(session, claim, person, side, MessageKind.NOTE, text)


def _write(session: Session, claim: Claim, person: Person, side: Side, kind: MessageKind, text: str) -> ClaimMessage:
    row = ClaimMessage(claim_id=claim.id, side=side, kind=kind, text=text.strip(), written_by=person.email)
    return add(session, row)
