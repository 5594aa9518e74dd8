"""The record of a return as files: every event, every version of every line and all that was written about it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from wpound.core.form import write_decimal
from wpound.core.periods import Period
from wpound.documents.audit_record import RecordedEvent, event_dict, write_moment
from wpound.documents.workbook import Cell, Sheet, csv_bytes

HEADINGS = ("When (UTC)", "Who", "What", "Line", "Claimed", "Verified", "Level", "Words", "Detail", "Number", "Hash")


@dataclass(frozen=True, slots=True)
class RecordedVersion:
    """A line as it stood after it was sent, answered, decided or corrected; ``content`` is what it was made of."""

    at: datetime
    claim_id: int
    number: int
    kind: str
    claimed: Decimal
    verified: Decimal | None
    level: str
    reason: str | None
    made_by: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RecordedMessage:
    """Words about a line, by either side."""

    at: datetime
    claim_id: int
    kind: str
    side: str
    text: str
    written_by: str


@dataclass(frozen=True, slots=True)
class ReturnRecord:
    """Everything on record about one return; ``lines`` are its measures and ``drawn`` the reasons, by claim.

    ``declarations``, ``evidence_root`` and ``sample_seed`` are what they were at the last submission or answer;
    ``factors_fingerprint`` is the catalogue of its emission factors, None where it used none.
    """

    contract: str
    title: str
    supplier: str
    period: Period
    declarations: tuple[str, ...]
    evidence_root: str | None
    sample_seed: str | None
    factors_fingerprint: str | None
    lines: dict[int, str]
    drawn: dict[int, str]
    events: tuple[RecordedEvent, ...]
    versions: tuple[RecordedVersion, ...]
    messages: tuple[RecordedMessage, ...]


def return_record_csv(record: ReturnRecord) -> bytes:
    """One line for each event, version and message, in the order of time; text never becomes a formula."""
    rows = [(at, place, row) for place, part in enumerate(_parts(record)) for at, row in part]
    rows.sort(key=lambda row: row[:2])
    return csv_bytes(Sheet("Record", HEADINGS, [row for _, _, row in rows]))


def return_record_json(record: ReturnRecord) -> bytes:
    """The same as JSON, with what each version was made of; events carry the hashes by which the chain is proved."""
    found = {
        "contract": record.contract,
        "title": record.title,
        "supplier": record.supplier,
        "period": {"start_on": record.period.start_on.isoformat(), "end_on": record.period.end_on.isoformat()},
        "declarations": list(record.declarations),
        "evidence_root": record.evidence_root,
        "sample_seed": record.sample_seed,
        "factors_fingerprint": record.factors_fingerprint,
        "lines": [{"claim": key, "measure": measure} for key, measure in record.lines.items()],
        "looked_at_closely": [{"claim": key, "reason": reason} for key, reason in record.drawn.items()],
        "events": [event_dict(event) for event in record.events],
        "versions": [_version_dict(version) for version in record.versions],
        "messages": [_message_dict(message) for message in record.messages],
    }
    return json.dumps(found, ensure_ascii=False, indent=2).encode()


def _parts(record: ReturnRecord) -> Iterable[list[tuple[datetime, list[Cell]]]]:
    yield [(event.at, _event_row(event, record.lines)) for event in record.events]
    yield [(version.at, _version_row(version, record.lines)) for version in record.versions]
    yield [(message.at, _message_row(message, record.lines)) for message in record.messages]


def _event_row(event: RecordedEvent, lines: dict[int, str]) -> list[Cell]:
    line = lines.get(int(event.object_id), "") if event.object_kind == "claim" else ""
    detail = json.dumps(event.detail, ensure_ascii=False, sort_keys=True)
    words = str(event.detail.get("reason") or "")
    at, number = write_moment(event.at), event.seq
    return [at, event.actor, event.action, line, None, None, "", words, detail, number, event.hash]


def _version_row(version: RecordedVersion, lines: dict[int, str]) -> list[Cell]:
    at, what, line = write_moment(version.at), f"version: {version.kind}", lines[version.claim_id]
    figures = [version.claimed, version.verified, version.level]
    return [at, version.made_by, what, line, *figures, version.reason or "", "", version.number, ""]


def _message_row(message: RecordedMessage, lines: dict[int, str]) -> list[Cell]:
    at, what, line = write_moment(message.at), f"message: {message.kind}", lines[message.claim_id]
    return [at, message.written_by, what, line, None, None, "", message.text, message.side, None, ""]


def _version_dict(version: RecordedVersion) -> dict[str, Any]:
    return {
        "at": write_moment(version.at),
        "claim": version.claim_id,
        "number": version.number,
        "kind": version.kind,
        "claimed": write_decimal(version.claimed),
        "verified": None if version.verified is None else write_decimal(version.verified),
        "level": version.level,
        "reason": version.reason,
        "made_by": version.made_by,
        "content": version.content,
    }


def _message_dict(message: RecordedMessage) -> dict[str, Any]:
    return {
        "at": write_moment(message.at),
        "claim": message.claim_id,
        "kind": message.kind,
        "side": message.side,
        "text": message.text,
        "written_by": message.written_by,
    }
