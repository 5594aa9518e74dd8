"""A file of contracts in, contracts and issues out: whichever shape it has, every row is one or the other."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from wpound.core.errors import InputError, Issue, Severity
from wpound.core.register_files import FileContract

MOST_BYTES = 50 * 1024 * 1024


@dataclass
class ContractsFile:
    """What a file holds: ``rows`` are its rows or awards, ``contracts`` those that can be entered.

    ``buyers`` are the names the file gives to whose contracts they are, and ``kept_out`` counts rows with an error.
    """

    sha256: str
    rows: int = 0
    contracts: list[FileContract] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    buyers: set[str] = field(default_factory=set)
    kept_out: int = 0

    def keep_out(
        self, code: str, message: str, place: str, column: str | None = None, value: str | None = None
    ) -> None:
        """Leave a row out, with the reason."""
        self.kept_out += 1
        self.note(code, message, place, column, value, Severity.ERROR)

    def note(
        self,
        code: str,
        message: str,
        place: str,
        column: str | None = None,
        value: str | None = None,
        severity: Severity = Severity.WARNING,
    ) -> None:
        """Say something about a row; ``place`` is where it stands in the file."""
        self.issues.append(Issue(code, severity, message, sheet=place, column=column, value=value))


def read_contracts_file(path: Path, names: frozenset[str]) -> tuple[ContractsFile, str]:
    """The contracts of a file and its shape, ``transparency_code`` or ``open_contracting``, by its content.

    ``names`` are the names and identifiers, in small letters, that the file may call us by; contracts of others are
    left out with the reason. Raises InputError for a file that is neither.
    """
    from wpound.ingest.contracts_ocds import read_releases
    from wpound.ingest.contracts_table import read_table

    content = path.read_bytes()
    if len(content) > MOST_BYTES:
        raise InputError("file", f"The file is larger than {MOST_BYTES >> 20} MB. Send it in parts.")
    sha256 = hashlib.sha256(content).hexdigest()
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return read_releases(content, ContractsFile(sha256), names), "open_contracting"
    return read_table(path, ContractsFile(sha256), names), "transparency_code"
