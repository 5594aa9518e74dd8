"""The whole record of a return for an auditor: every decision with who, when and why."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.delivery import ClaimState
from wpound.documents.audit_record import RecordedEvent
from wpound.documents.return_record import RecordedMessage, RecordedVersion, ReturnRecord
from wpound.services.access import Person
from wpound.services.draw_return_sample import drawn_lines
from wpound.services.reach_contract import catalogue_of, measure_title
from wpound.services.reach_return import reach_return
from wpound.services.tell_return import period_of
from wpound.store.audit import list_events_of_return
from wpound.store.contracts import list_all_commitments, list_contract_suppliers
from wpound.store.models.audit import AuditEvent
from wpound.store.models.returns import ClaimVersion, SocialValueReturn
from wpound.store.returns import list_claim_messages, list_claim_versions

OF_FILES = ("evidence.added", "evidence.removed")


def export_return(session: Session, person: Person, return_id: int, catalogue: Catalogue) -> ReturnRecord:
    """Everything on record about a return, the oldest first; changes nothing. Raises NotFound for another's."""
    sent, contract = reach_return(session, person, return_id)
    kept, ids = catalogue_of(session, contract, catalogue), [claim.id for claim in sent.claims]
    promises = {one.id: one for one in list_all_commitments(session, contract_id=contract.id)}
    measures = {claim.id: promises[claim.commitment_id] for claim in sent.claims}
    suppliers = list_contract_suppliers(session, [contract.id])[contract.id]
    events = _told(list_events_of_return(session, return_id=sent.id, claim_ids=ids), sent)
    return ReturnRecord(
        contract=contract.reference,
        title=contract.title,
        supplier="; ".join(one.name for one in suppliers),
        period=period_of(sent),
        declarations=tuple(sent.declarations or ()),
        evidence_root=sent.evidence_root,
        sample_seed=sent.sample_seed,
        factors_fingerprint=sent.factors_fingerprint,
        lines={key: measure_title(kept, one.measure_code, one.year) for key, one in measures.items()},
        drawn=drawn_lines(sent),
        events=tuple(
            RecordedEvent(e.seq, e.at, e.actor, e.action, e.object_kind, e.object_id, e.detail, e.hash) for e in events
        ),
        versions=tuple(map(_version, list_claim_versions(session, claim_ids=ids))),
        messages=tuple(
            RecordedMessage(one.created_at, one.claim_id, one.kind.value, one.side.value, one.text, one.written_by)
            for one in list_claim_messages(session, claim_ids=ids)
        ),
    )


def _told(events: Sequence[AuditEvent], sent: SocialValueReturn) -> list[AuditEvent]:
    """Without the files a supplier has added or removed since a line was queried: they are its own until it answers."""
    queried = {str(claim.id) for claim in sent.claims if claim.state is ClaimState.QUERIED}
    asked = {e.object_id: e.seq for e in events if e.action == "claim.queried" and e.object_id in queried}
    return [e for e in events if e.action not in OF_FILES or e.seq < asked.get(e.object_id, e.seq + 1)]


def _version(one: ClaimVersion) -> RecordedVersion:
    return RecordedVersion(
        at=one.created_at,
        claim_id=one.claim_id,
        number=one.number,
        kind=one.kind.value,
        claimed=one.claimed,
        verified=one.verified,
        level=one.level.value,
        reason=one.reason,
        made_by=one.made_by,
        content=one.content,
    )
