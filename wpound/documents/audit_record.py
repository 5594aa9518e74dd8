"""The record of a tender as files: every event and every version of every mark, safe to open in a spreadsheet."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from wpound.documents.workbook import Cell, Sheet, csv_bytes

HEADINGS = (
    "When (UTC)",
    "Who",
    "What",
    "About",
    "Number",
    "Bidder",
    "Criterion",
    "Mark",
    "Reason",
    "Present",
    "Detail",
    "Hash",
)


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """One event of the audit chain, with its place in it and its hash."""

    seq: int
    at: datetime
    actor: str
    action: str
    object_kind: str
    object_id: str
    detail: dict[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class MarkEntry:
    """One mark as it was once written: by whom, why, and for a mark agreed on who was present."""

    written_at: datetime
    bidder: str
    criterion: str
    kind: str
    marked_by: str
    mark: str
    reason: str
    present: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """Everything on record about one tender, the oldest first."""

    ocid: str
    title: str
    events: tuple[RecordedEvent, ...]
    marks: tuple[MarkEntry, ...]


def audit_csv(record: AuditRecord) -> bytes:
    """One line for each event and each version of a mark, in the order of time; text never becomes a formula."""
    rows = [(event.at, 0, _event_row(event)) for event in record.events]
    rows += [(mark.written_at, 1, _mark_row(mark)) for mark in record.marks]
    rows.sort(key=lambda row: row[:2])
    return csv_bytes(Sheet("Record", HEADINGS, [row for _, _, row in rows]))


def audit_json(record: AuditRecord) -> bytes:
    """The same as JSON; the events carry the hashes by which the chain is proved."""
    found = {
        "ocid": record.ocid,
        "title": record.title,
        "events": [event_dict(event) for event in record.events],
        "marks": [_mark_dict(mark) for mark in record.marks],
    }
    return json.dumps(found, ensure_ascii=False, indent=2).encode()


def _event_row(event: RecordedEvent) -> list[Cell]:
    about = f"{event.object_kind} {event.object_id}"
    detail = json.dumps(event.detail, ensure_ascii=False, sort_keys=True)
    reason = str(event.detail.get("reason") or "")
    return [
        write_moment(event.at),
        event.actor,
        event.action,
        about,
        event.seq,
        "",
        "",
        "",
        reason,
        "",
        detail,
        event.hash,
    ]


def _mark_row(mark: MarkEntry) -> list[Cell]:
    present = "; ".join(mark.present)
    about = f"{mark.kind} mark"
    when = write_moment(mark.written_at)
    return [
        when,
        mark.marked_by,
        "mark.written",
        about,
        None,
        mark.bidder,
        mark.criterion,
        mark.mark,
        mark.reason,
        present,
        "",
        "",
    ]


def event_dict(event: RecordedEvent) -> dict[str, Any]:
    """An event as a record holds it in JSON."""
    return {
        "seq": event.seq,
        "at": write_moment(event.at),
        "actor": event.actor,
        "action": event.action,
        "object_kind": event.object_kind,
        "object_id": event.object_id,
        "detail": event.detail,
        "hash": event.hash,
    }


def _mark_dict(mark: MarkEntry) -> dict[str, Any]:
    return {
        "written_at": write_moment(mark.written_at),
        "bidder": mark.bidder,
        "criterion": mark.criterion,
        "kind": mark.kind,
        "marked_by": mark.marked_by,
        "mark": mark.mark or None,
        "reason": mark.reason,
        "present": list(mark.present),
    }


def write_moment(at: datetime) -> str:
    """A moment as records write it: UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
