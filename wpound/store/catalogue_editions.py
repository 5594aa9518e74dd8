"""Kept catalogues: put one in, find one by its fingerprint."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from wpound.store.models.catalogue_editions import CatalogueEdition


def keep_edition(session: Session, *, fingerprint: str, content: dict[str, Any]) -> None:
    """Keep a catalogue; one that is there already stays as it is, even where two keep it at the same moment."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(CatalogueEdition).values(fingerprint=fingerprint, content=content)
    session.execute(row.on_conflict_do_nothing(index_elements=[CatalogueEdition.fingerprint]))


def find_edition(session: Session, fingerprint: str) -> dict[str, Any] | None:
    """What a catalogue held, or None where it was never kept."""
    return session.scalar(select(CatalogueEdition.content).where(CatalogueEdition.fingerprint == fingerprint))


def has_edition(session: Session, fingerprint: str) -> bool:
    """Whether a catalogue is kept, without reading it."""
    wanted = select(CatalogueEdition.id).where(CatalogueEdition.fingerprint == fingerprint)
    return session.scalar(wanted) is not None
