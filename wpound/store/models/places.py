"""Postcode tables: which area each postcode lies in, with the vintage of the area codes."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from wpound.store.base import Base, Identified


class PostcodeTable(Identified, Base):
    """One loaded edition of a postcode table; ``created_at`` is when it was loaded."""

    __tablename__ = "postcode_tables"

    title: Mapped[str] = mapped_column(unique=True)
    vintage: Mapped[str]


class Postcode(Base):
    """A postcode in one edition, ended ones too; ``introduced`` and ``terminated`` are as the table writes them."""

    __tablename__ = "postcodes"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 (SQLAlchemy's own declaration form)

    postcode: Mapped[str] = mapped_column(primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("postcode_tables.id"), primary_key=True, index=True)
    district_code: Mapped[str]
    ward_code: Mapped[str | None]
    lsoa_code: Mapped[str | None]
    introduced: Mapped[str | None]
    terminated: Mapped[str | None]
