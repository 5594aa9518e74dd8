"""Look at a file somebody sent before anything of it is kept: its kind by its bytes, and what a scanner says of it."""

import hashlib
from dataclasses import dataclass

from wpound.config import Settings
from wpound.core.errors import InputError, TryLater
from wpound.ingest.scanning import find_malware
from wpound.ingest.uploads import check_upload
from wpound.logs import get_logger

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept: its clean name and kind, and what looked for malware in it (None: nothing is set up)."""

    name: str
    media_type: str
    content: bytes
    sha256: str
    scanned_by: str | None


def check_file(settings: Settings, name: str, content: bytes) -> CheckedFile:
    """Look at a file somebody sent, before anything in the database is held; nothing of it is kept here.

    Raises InputError (field ``file``) for a kind that is not taken, too much of it, or malware; TryLater where a
    scanner is set up and does not say that the file is clean.
    """
    upload = check_upload(name, content)
    scanned_by = scan_content(settings, content)
    return CheckedFile(upload.name, upload.media_type, content, hashlib.sha256(content).hexdigest(), scanned_by)


def scan_content(settings: Settings, content: bytes) -> str | None:
    """What looked for malware in a file and found none, None where nothing is set up; raises as :func:`check_file`."""
    try:
        return find_malware(settings.clamd, content) if settings.clamd else None
    except TryLater:
        log.warning("malware scanner does not answer as it should")
        raise
    except InputError:
        log.warning("malware refused")
        raise
