"""Files kept outside the database, known by the hash of their bytes."""

from sqlalchemy.orm import Mapped, mapped_column

from wpound.store.base import AppendOnly, Base, Identified, not_negative


class StoredFile(Identified, AppendOnly, Base):
    """A file of the content-addressed folder: the name it came with, its kind and size in bytes (D14)."""

    __tablename__ = "stored_files"
    __table_args__ = (not_negative("byte_count"),)

    sha256: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    byte_count: Mapped[int]
    original_name: Mapped[str]
