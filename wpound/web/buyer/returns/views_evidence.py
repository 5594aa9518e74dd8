"""The files a supplier sent to prove its return, for those who check it."""

from flask import Response

from wpound.core.delivery import Side
from wpound.documents.evidence_manifest import manifest_facts
from wpound.services.keep_evidence import open_evidence
from wpound.services.make_evidence_manifest import make_evidence_manifest
from wpound.store.engine import reading
from wpound.web.access import Policy, current_person, requires
from wpound.web.downloads import send_facts, send_file
from wpound.web.extensions import site


@requires(Policy.CONTRACT_MANAGER)
def evidence_file(return_id: int, evidence_id: int) -> Response:
    """One file, as the supplier sent it."""
    with reading(site().engine) as session:
        row, content = open_evidence(session, current_person(), return_id, evidence_id, settings=site().settings)
    return send_file(content, row.name, row.media_type)


@requires(Policy.CONTRACT_MANAGER)
def evidence_manifest(return_id: int) -> Response:
    """Every file of the return by its hash, with proofs under one root."""
    with reading(site().engine) as session:
        made = make_evidence_manifest(session, current_person(), Side.BUYER, return_id, site().catalogue)
    return send_facts(manifest_facts(made), f"evidence-{return_id}.json")
