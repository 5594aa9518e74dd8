"""Evidence: the files behind claims."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from wpound.store.models.evidence import Evidence


def list_evidence(session: Session, *, claim_ids: Iterable[int]) -> dict[int, list[Evidence]]:
    """The files behind claims, by claim and in the order added; a claim without any is left out."""
    wanted = select(Evidence).where(Evidence.claim_id.in_(list(claim_ids))).order_by(Evidence.claim_id, Evidence.id)
    found: dict[int, list[Evidence]] = {}
    for one in session.scalars(wanted):
        found.setdefault(one.claim_id, []).append(one)
    return found
