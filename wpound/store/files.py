"""What is known of files kept outside the database."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from wpound.store.base import add
from wpound.store.models.files import StoredFile


def find_file(session: Session, sha256: str) -> StoredFile | None:
    """The file of that hash, or None."""
    return session.scalar(select(StoredFile).where(StoredFile.sha256 == sha256))


def record_file(session: Session, *, sha256: str, media_type: str, byte_count: int, original_name: str) -> StoredFile:
    """Write down a file that lies in the folder already; the same bytes again give the row there is."""
    return find_file(session, sha256) or add(
        session,
        StoredFile(sha256=sha256, media_type=media_type, byte_count=byte_count, original_name=original_name),
    )
