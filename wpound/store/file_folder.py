"""Files kept beside the database, each under the hash of its bytes (requirement D14)."""

import hashlib
import os
import tempfile
from pathlib import Path

from wpound.core.errors import NotFound, StateError


def put_file(folder: Path, content: bytes) -> str:
    """Keep a file for good and give its SHA-256; the same bytes again change nothing.

    The bytes are on disk before the name is, so that a name never points at half a file.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(folder, sha256)
    if path.is_file():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(part).replace(path)
    return sha256


def get_file_content(folder: Path, sha256: str) -> bytes:
    """The bytes of a kept file; raises NotFound, and StateError where they are not what they were."""
    path = _path(folder, sha256)
    if not path.is_file():
        raise NotFound("The file is not in the folder of kept files.")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise StateError("The kept file was changed on disk. Restore it from a backup.")
    return content


def drop_file(folder: Path, sha256: str) -> None:
    """Take a file off the disk; one that is not there any more is no problem."""
    _path(folder, sha256).unlink(missing_ok=True)


def _path(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256
