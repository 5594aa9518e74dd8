"""The evidence manifest of a return: every file behind its claims by its hash, under one root, as JSON.

Whoever keeps the root, which stands on the pages of the return, can prove years later and without asking anybody that
a file was among the evidence, byte by byte, and that none was changed, added or left out.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from wpound.core.errors import InputError
from wpound.core.merkle import inclusion_proof, merkle_root, verify_inclusion
from wpound.core.periods import Period

FORMAT = "wpound evidence manifest 1"
_HASHING = (
    "Each sha256 is that of a file's bytes. The root is the Merkle tree hash of RFC 6962 over these hashes, in order "
    "of leaf; a proof lists the hashes that lead from a leaf to the root, the nearest first."
)


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """A file of the evidence; what is None of one that the supplier has removed since it was sent was not kept."""

    sha256: str
    name: str | None = None
    byte_count: int | None = None
    media_type: str | None = None
    description: str | None = None
    has_personal_data: bool | None = None
    scanned_by: str | None = None
    added_at: datetime | None = None
    purged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ManifestLine:
    """A claim with its files; ``removed`` are hashes that earlier versions of it had and this one has not."""

    claim_id: int
    measure: str
    title: str
    state: str
    files: tuple[ManifestFile, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceManifest:
    """What stands behind a return; ``sent_root`` is the root when it was last sent, None while it was not."""

    return_id: int
    contract: str
    title: str
    buyer: str
    supplier: str
    period: Period
    status: str
    submitted_at: datetime | None
    sent_root: str | None
    lines: tuple[ManifestLine, ...]

    @property
    def hashes(self) -> list[str]:
        """The leaves: the hashes of all files in order."""
        return [file.sha256 for line in self.lines for file in line.files]


class FileStanding(StrEnum):
    """What became of a file that the manifest names."""

    WHOLE = "whole"
    CHANGED = "changed"
    MISSING = "missing"
    PURGED = "purged"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of the manifest, where it was found (None: nowhere), and what became of it."""

    name: str
    sha256: str
    standing: FileStanding
    place: str | None


@dataclass(frozen=True, slots=True)
class ManifestCheck:
    """The answer about files beside their manifest; ``problems`` are those of the manifest itself."""

    root: str
    sent_root: str | None
    problems: tuple[str, ...]
    files: tuple[FoundFile, ...]
    unknown: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the manifest is sound and every file that must be there is, as it was."""
        bad = (FileStanding.CHANGED, FileStanding.MISSING)
        return not self.problems and not any(file.standing in bad for file in self.files)


def manifest_facts(manifest: EvidenceManifest) -> dict[str, Any]:
    """The manifest as JSON facts, with its root and the proof of every file."""
    hashes = manifest.hashes
    leaves = iter(range(len(hashes)))
    return {
        "format": FORMAT,
        "hashing": _HASHING,
        "return": {
            "number": manifest.return_id,
            "contract": manifest.contract,
            "title": manifest.title,
            "buyer": manifest.buyer,
            "supplier": manifest.supplier,
            "from": manifest.period.start_on.isoformat(),
            "to": manifest.period.end_on.isoformat(),
            "status": manifest.status,
            "submitted_at": _moment(manifest.submitted_at),
        },
        "root": merkle_root(hashes),
        "sent_root": manifest.sent_root,
        "lines": [_line(line, hashes, leaves) for line in manifest.lines],
    }


def _line(line: ManifestLine, hashes: Sequence[str], leaves: Iterator[int]) -> dict[str, Any]:
    return {
        "line": line.claim_id,
        "measure": line.measure,
        "title": line.title,
        "state": line.state,
        "files": [_file(file, hashes, next(leaves)) for file in line.files],
        "removed": list(line.removed),
    }


def _file(file: ManifestFile, hashes: Sequence[str], leaf: int) -> dict[str, Any]:
    return {
        "sha256": file.sha256,
        "name": file.name,
        "bytes": file.byte_count,
        "kind": file.media_type,
        "description": file.description,
        "names_or_shows_people": file.has_personal_data,
        "scanned_by": file.scanned_by,
        "added_at": _moment(file.added_at),
        "purged_at": _moment(file.purged_at),
        "removed": file.name is None,
        "leaf": leaf,
        "proof": inclusion_proof(hashes, leaf),
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


def check_manifest(content: bytes, found: Mapping[str, str]) -> ManifestCheck:
    """Set files beside a manifest: ``found`` is the SHA-256 of each by its path.

    Raises InputError (field ``manifest``) for what is no manifest.
    """
    facts = _read(content)
    try:
        files = [file for line in facts["lines"] for file in line["files"]]
        known = {str(file["sha256"]) for file in files}
        places = {sha256: path for path, sha256 in found.items()}
        strays = [path for path, sha256 in found.items() if sha256 not in known]
        checked = tuple(_check_file(file, places, strays) for file in files)
        problems = tuple(_find_problems(str(facts["root"]), files))
        sent_root = facts["sent_root"]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError("manifest", "This manifest is damaged. Download it again.") from None
    changed = {file.place for file in checked if file.standing is FileStanding.CHANGED}
    unknown = tuple(path for path in strays if path not in changed)
    return ManifestCheck(str(facts["root"]), sent_root, problems, checked, unknown)


def _read(content: bytes) -> Any:
    try:
        facts = json.loads(content)
    except (ValueError, RecursionError):
        facts = None
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise InputError("manifest", "This is no evidence manifest. Download it from the page of the return.")
    return facts


def _find_problems(root: str, files: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    hashes = [str(file["sha256"]) for file in files]
    if merkle_root(hashes) != root:
        yield "The root is not that of the files listed: the manifest was changed."
    for leaf, file in enumerate(files):
        proven = verify_inclusion(root, hashes[leaf], int(file["leaf"]), len(files), list(file["proof"]))
        if not proven or file["leaf"] != leaf:
            yield f"The proof of file {leaf + 1} does not lead to the root."


def _check_file(file: Mapping[str, Any], places: Mapping[str, str], strays: Iterable[str]) -> FoundFile:
    sha256, name = str(file["sha256"]), file["name"]
    shown = "(removed)" if name is None else str(name)
    if sha256 in places:
        return FoundFile(shown, sha256, FileStanding.WHOLE, places[sha256])
    if file["removed"]:
        return FoundFile(shown, sha256, FileStanding.REMOVED, None)
    if file["purged_at"] is not None:
        return FoundFile(shown, sha256, FileStanding.PURGED, None)
    namesake = next((path for path in strays if path.replace("\\", "/").rpartition("/")[2] == name), None)
    standing = FileStanding.MISSING if namesake is None else FileStanding.CHANGED
    return FoundFile(shown, sha256, standing, namesake)
