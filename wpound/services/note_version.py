"""Put on record how a claim stood after it was sent, answered or decided."""

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from wpound.core.form import write_decimal
from wpound.store.base import add
from wpound.store.evidence import list_evidence
from wpound.store.models.returns import Claim, ClaimVersion, VersionKind
from wpound.store.returns import list_claim_versions, list_entries


def note_version(
    session: Session,
    claim: Claim,
    kind: VersionKind,
    *,
    actor: str,
    reason: str | None = None,
    due: Decimal | None = None,
) -> ClaimVersion:
    """Write the next version of a claim, which the caller holds, with what it is made of; nothing of it is a name.

    ``due`` is what of its promise falls due in the quarter as the contract is when the claim is first sent.
    """
    session.flush()
    return add(
        session,
        ClaimVersion(
            claim_id=claim.id,
            number=len(list_claim_versions(session, claim_ids=[claim.id])) + 1,
            kind=kind,
            claimed=claim.claimed,
            verified=claim.verified,
            level=claim.level,
            content=_content(session, claim) | ({} if due is None else {"due": write_decimal(due)}),
            reason=reason,
            made_by=actor,
        ),
    )


def _content(session: Session, claim: Claim) -> dict[str, Any]:
    entries = list_entries(session, claim_ids=[claim.id]).get(claim.id, [])
    return {
        "amount": None if claim.amount is None else write_decimal(claim.amount),
        "share": write_decimal(claim.share),
        "narrative": claim.narrative,
        "entries": [
            {"kind": key.kind.value, "key": key.key, "counted": write_decimal(entry.counted)} for entry, key in entries
        ],
        "evidence": [one.sha256 for one in list_evidence(session, claim_ids=[claim.id]).get(claim.id, [])],
    }
