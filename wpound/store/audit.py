"""The audit chain: append, read the head, prove that nothing was changed, added or taken away.

A chain inside one database cannot prove that its end was not cut off or that all of it was not written anew; the head
kept outside (a file, every certificate) does (requirement D7).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import Text, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from wpound.store.base import add
from wpound.store.engine import now_in
from wpound.store.models.audit import AuditEvent
from wpound.store.types import hash_of

START = "0" * 64
# Any number, as long as it is always this one: PostgreSQL's lock on the end of the chain.
_CHAIN_LOCK = 7_021_850_003


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The number and hash of the last event; 0 and zeros for an empty chain."""

    seq: int
    hash: str


def append_event(
    session: Session, *, actor: str, action: str, object_kind: str, object_id: str | int, detail: dict[str, Any]
) -> AuditEvent:
    """Write an event in the transaction of the change it tells of; other writers wait for its end.

    ``detail`` holds text, whole numbers, booleans, None, lists and dictionaries; a float raises TypeError.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_CHAIN_LOCK)))
    last = head(session)
    event = AuditEvent(
        seq=last.seq + 1,
        at=now_in(session),
        actor=actor,
        action=action,
        object_kind=object_kind,
        object_id=str(object_id),
        detail=detail,
        previous_hash=last.hash,
    )
    event.hash = _hash_of_event(event)
    return add(session, event)


def head(session: Session) -> ChainHead:
    """The end of the chain, to be kept outside the database."""
    row = session.execute(select(AuditEvent.seq, AuditEvent.hash).order_by(AuditEvent.seq.desc()).limit(1)).first()
    return ChainHead(row.seq, row.hash) if row else ChainHead(0, START)


def verify_chain(session: Session, known: ChainHead | None = None) -> list[str]:
    """Every fault of the chain in plain words, none for a sound one; ``known`` is a head kept outside."""
    faults, last, known_hash = [], ChainHead(0, START), START
    for event in session.scalars(select(AuditEvent).order_by(AuditEvent.seq).execution_options(yield_per=1000)):
        if event.seq != last.seq + 1:
            faults.append(f"Events {last.seq + 1} to {event.seq - 1} are missing.")
        elif event.previous_hash != last.hash:
            faults.append(f"Event {event.seq} does not follow from event {last.seq}.")
        if event.hash != _hash_of_event(event):
            faults.append(f"Event {event.seq} was changed after it was written.")
        last = ChainHead(event.seq, event.hash)
        if known is not None and event.seq == known.seq:
            known_hash = event.hash
    if known is not None and last.seq < known.seq:
        faults.append(f"The chain ends at event {last.seq}, but event {known.seq} was written.")
    elif known is not None and known_hash != known.hash:
        faults.append(f"Event {known.seq} is not the one that was written: the chain was made anew.")
    return faults


def list_events(session: Session, *, object_kind: str, object_id: str | int) -> list[AuditEvent]:
    """What happened to one thing, oldest first."""
    wanted = select(AuditEvent).where(AuditEvent.object_kind == object_kind, AuditEvent.object_id == str(object_id))
    return list(session.scalars(wanted.order_by(AuditEvent.seq)))


def list_events_of_tender(session: Session, *, tender_id: int, ocid: str, bid_ids: Sequence[int]) -> list[AuditEvent]:
    """What happened to a tender and its bids, and whatever else names its OCID, oldest first."""
    detail = type_coerce(AuditEvent.detail, Text)
    wanted = select(AuditEvent).where(
        or_(
            (AuditEvent.object_kind == "tender") & (AuditEvent.object_id == str(tender_id)),
            (AuditEvent.object_kind == "bid") & AuditEvent.object_id.in_([str(bid_id) for bid_id in bid_ids]),
            detail.contains(f'"ocid":{json.dumps(ocid, ensure_ascii=False)}', autoescape=True),
        )
    )
    return list(session.scalars(wanted.order_by(AuditEvent.seq)))


def list_events_of_return(session: Session, *, return_id: int, claim_ids: Sequence[int]) -> list[AuditEvent]:
    """What happened to a return and its lines, oldest first."""
    wanted = select(AuditEvent).where(
        or_(
            (AuditEvent.object_kind == "return") & (AuditEvent.object_id == str(return_id)),
            (AuditEvent.object_kind == "claim") & AuditEvent.object_id.in_([str(claim_id) for claim_id in claim_ids]),
        )
    )
    return list(session.scalars(wanted.order_by(AuditEvent.seq)))


def has_event(session: Session, *, action: str) -> bool:
    """Whether anything of that kind was ever done here."""
    return session.scalar(select(AuditEvent.seq).where(AuditEvent.action == action).limit(1)) is not None


def _hash_of_event(event: AuditEvent) -> str:
    return hash_of(
        {
            "seq": event.seq,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": event.actor,
            "action": event.action,
            "object_kind": event.object_kind,
            "object_id": event.object_id,
            "detail": event.detail,
            "previous_hash": event.previous_hash,
        }
    )
