"""Evidence: the files behind claims, and the word of those who benefited."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from wpound.store.models.evidence import Confirmation, Evidence


def list_evidence(session: Session, *, claim_ids: Iterable[int]) -> dict[int, list[Evidence]]:
    """The files behind claims, by claim and in the order added; a claim without any is left out."""
    wanted = select(Evidence).where(Evidence.claim_id.in_(list(claim_ids))).order_by(Evidence.claim_id, Evidence.id)
    found: dict[int, list[Evidence]] = {}
    for one in session.scalars(wanted):
        found.setdefault(one.claim_id, []).append(one)
    return found


def list_confirmations(session: Session, *, claim_ids: Iterable[int]) -> dict[int, list[Confirmation]]:
    """What those who benefited were asked about claims, by claim and in the order asked; one without any is left out."""
    wanted = select(Confirmation).where(Confirmation.claim_id.in_(list(claim_ids)))
    found: dict[int, list[Confirmation]] = {}
    for one in session.scalars(wanted.order_by(Confirmation.claim_id, Confirmation.id)):
        found.setdefault(one.claim_id, []).append(one)
    return found
