"""Files that wait for somebody to say what is to become of them: one for each name, encrypted before it comes here.

The folder is no archive: what waits is replaced by the next of its name, dropped once it was decided, and after a day.
"""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session


def put_waiting(folder: Path, name: str, sealed: bytes) -> None:
    """Let a file wait under a name, in the place of any before it; readable by the owner of the folder alone."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(sealed)
    Path(part).replace(folder / name)


def find_waiting(folder: Path, name: str) -> bytes | None:
    """The file that waits under a name, None where none does."""
    path = folder / name
    return path.read_bytes() if path.is_file() else None


def drop_waiting(session: Session, folder: Path, name: str, sealed: bytes) -> None:
    """Drop what waits under a name once the transaction that decided about it is committed; a newer one stays."""

    def drop(_: Session) -> None:
        if find_waiting(folder, name) == sealed:
            (folder / name).unlink(missing_ok=True)

    event.listen(session, "after_commit", drop, once=True)


def drop_waiting_since(folder: Path, moment: datetime) -> int:
    """Drop whatever has waited since before a moment, half-written files too; gives how many there were."""
    old = [path for path in folder.glob("*") if datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
