"""Evidence: the files behind claims, where else the same file is, and which files are still needed on disk."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from wpound.core.errors import NotFound
from wpound.core.periods import Period
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.evidence import Evidence
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.models.suppliers import Supplier


class SameFile(NamedTuple):
    """A place where a file of some hash is evidence: its claim, return and contract."""

    evidence_id: int
    sha256: str
    claim_id: int
    measure_code: str
    return_id: int
    status: ReturnStatus
    start_on: date
    end_on: date
    contract_id: int
    organisation_id: int
    contract: str
    supplier: str
    supplier_id: int

    @property
    def period(self) -> Period:
        """The quarter of its return."""
        return Period(self.start_on, self.end_on)


def list_evidence(session: Session, *, claim_ids: Iterable[int]) -> dict[int, list[Evidence]]:
    """The files behind claims, by claim and in the order added; a claim without any is left out."""
    wanted = select(Evidence).where(Evidence.claim_id.in_(list(claim_ids))).order_by(Evidence.claim_id, Evidence.id)
    found: dict[int, list[Evidence]] = {}
    for one in session.scalars(wanted):
        found.setdefault(one.claim_id, []).append(one)
    return found


def get_evidence(session: Session, evidence_id: int, *, claim_ids: Collection[int]) -> Evidence:
    """A file behind one of these claims; raises NotFound."""
    found = session.get(Evidence, evidence_id)
    if found is None or found.claim_id not in claim_ids:
        raise NotFound("There is no such file behind this claim.")
    return found


def list_same_files(session: Session, hashes: Collection[str]) -> list[SameFile]:
    """Every place where files of these hashes are evidence, of whomever, the oldest first; purged files count too."""
    wanted = (
        select(
            Evidence.id,
            Evidence.sha256,
            Claim.id,
            Commitment.measure_code,
            SocialValueReturn.id,
            SocialValueReturn.status,
            SocialValueReturn.period_start_on,
            SocialValueReturn.period_end_on,
            Contract.id,
            Contract.organisation_id,
            Contract.title,
            Supplier.name,
            Supplier.id,
        )
        .select_from(Evidence)
        .join(Claim, Claim.id == Evidence.claim_id)
        .join(Commitment, Commitment.id == Claim.commitment_id)
        .join(SocialValueReturn, SocialValueReturn.id == Claim.return_id)
        .join(Contract, Contract.id == SocialValueReturn.contract_id)
        .join(Supplier, Supplier.id == Contract.supplier_id)
        .where(Evidence.sha256.in_(list(hashes)))
        .order_by(Evidence.id)
    )
    return [SameFile._make(row) for row in session.execute(wanted)]


def list_needed(session: Session, hashes: Collection[str]) -> set[str]:
    """Which of these hashes belong to a file that somebody's claim still needs on disk."""
    wanted = select(Evidence.sha256).where(Evidence.sha256.in_(list(hashes)), Evidence.purged_at.is_(None))
    return set(session.scalars(wanted))
