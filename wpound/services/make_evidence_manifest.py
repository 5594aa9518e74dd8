"""Gather the evidence manifest of a return, for the supplier that made it and for the buyer it was sent to."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.delivery import ClaimState, Side
from wpound.core.periods import Period
from wpound.documents.evidence_manifest import EvidenceManifest, ManifestFile, ManifestLine
from wpound.services.access import Person
from wpound.services.reach_contract import catalogue_of, measure_title
from wpound.services.reach_return import reach_own_return, reach_return
from wpound.store.contracts import list_all_commitments, list_contract_suppliers
from wpound.store.evidence import list_evidence
from wpound.store.models.contracts import Commitment
from wpound.store.models.evidence import Evidence
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim
from wpound.store.returns import list_claim_versions


def make_evidence_manifest(
    session: Session, person: Person, side: Side, return_id: int, catalogue: Catalogue
) -> EvidenceManifest:
    """The manifest of a return as one side may see it; raises NotFound for a return that is not theirs.

    Of a line that waits for the supplier's answer, the buyer's lists what was sent with it last.
    """
    reach = reach_own_return if side is Side.SUPPLIER else reach_return
    found, contract = reach(session, person, return_id)
    suppliers = list_contract_suppliers(session, [contract.id])[contract.id]
    commitments = {one.id: one for one in list_all_commitments(session, contract_id=contract.id)}
    edition = catalogue_of(session, contract, catalogue)
    return EvidenceManifest(
        return_id=found.id,
        contract=contract.reference,
        title=contract.title,
        buyer=session.get_one(Organisation, contract.organisation_id).name,
        supplier=", ".join(one.name for one in suppliers),
        period=Period(found.period_start_on, found.period_end_on),
        status=found.status.value,
        submitted_at=found.submitted_at,
        sent_root=found.evidence_root,
        lines=tuple(_lines(session, side, found.claims, commitments, edition)),
    )


def _lines(
    session: Session,
    side: Side,
    claims: Sequence[Claim],
    commitments: Mapping[int, Commitment],
    catalogue: Catalogue,
) -> Iterator[ManifestLine]:
    ids = [claim.id for claim in claims]
    kept = list_evidence(session, claim_ids=ids)
    # By claim, the oldest version first.
    sent: dict[int, list[list[str]]] = {}
    for version in list_claim_versions(session, claim_ids=ids):
        sent.setdefault(version.claim_id, []).append(version.content["evidence"])
    for claim in claims:
        rows = {row.sha256: row for row in kept.get(claim.id, ())}
        versions = sent.get(claim.id, [])
        is_open = side is Side.BUYER and claim.state is ClaimState.QUERIED and versions
        hashes = versions[-1] if is_open else list(rows)
        before = dict.fromkeys(sha256 for version in versions for sha256 in version)
        code = commitments[claim.commitment_id].measure_code
        yield ManifestLine(
            claim_id=claim.id,
            measure=code,
            title=measure_title(catalogue, code),
            state=claim.state.value,
            files=tuple(_file(sha256, rows.get(sha256)) for sha256 in hashes),
            removed=tuple(sha256 for sha256 in before if sha256 not in hashes),
        )


def _file(sha256: str, row: Evidence | None) -> ManifestFile:
    if row is None:
        return ManifestFile(sha256)
    return ManifestFile(
        sha256=sha256,
        name=row.name,
        byte_count=row.byte_count,
        media_type=row.media_type,
        description=row.description,
        has_personal_data=row.has_personal_data,
        scanned_by=row.scanned_by,
        added_at=row.created_at,
        purged_at=row.purged_at,
    )
