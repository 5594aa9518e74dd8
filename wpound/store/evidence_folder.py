"""The folder of evidence: a file lies in it as long as some claim needs it, and no longer, whatever died meanwhile.

Files come and go while one lock is held (PostgreSQL's; SQLite's writing transaction is one anyway) and together with
their rows, so that a file cannot be dropped while somebody adds the same one anew.
"""

from collections.abc import Collection
from pathlib import Path

from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from wpound.store.engine import writing
from wpound.store.evidence import list_needed
from wpound.store.file_folder import drop_file, put_file

# Any number, as long as it is always this one.
_FOLDER_LOCK = 7_021_850_004


def put_evidence(session: Session, folder: Path, content: bytes) -> str:
    """Keep a file whose row comes into the same transaction; gives its SHA-256."""
    _hold(session)
    return put_file(folder, content)


def drop_after_commit(session: Session, folder: Path, sha256: str) -> None:
    """Take a file off the disk once the transaction that forgets it is committed, unless another claim needs it."""
    engine = session.get_bind().engine
    event.listen(session, "after_commit", lambda _: drop_unneeded(engine, folder, [sha256]), once=True)


def drop_unneeded(engine: Engine, folder: Path, hashes: Collection[str]) -> int:
    """Take those of these files off the disk that no claim needs; gives how many there were."""
    with writing(engine) as session:
        _hold(session)
        unneeded = set(hashes) - list_needed(session, hashes)
        for sha256 in unneeded:
            drop_file(folder, sha256)
    return len(unneeded)


def sweep(engine: Engine, folder: Path) -> int:
    """Take everything off the disk that no claim needs, half-written files too; gives how many there were.

    Holds the lock for one part of the folder at a time.
    """
    return sum(_sweep_part(engine, part) for part in sorted(folder.glob("*/")))


def _sweep_part(engine: Engine, part: Path) -> int:
    with writing(engine) as session:
        _hold(session)
        names = {path.name for path in part.iterdir()}
        unneeded = names - list_needed(session, names)
        for name in unneeded:
            (part / name).unlink()
    return len(unneeded)


def _hold(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_FOLDER_LOCK)))
