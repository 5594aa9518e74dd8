"""Catalogues as they were when a tender was published under them, so that it can be scored again years later."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from wpound.store.base import AppendOnly, Base, Identified
from wpound.store.types import CanonicalJson


class CatalogueEdition(Identified, AppendOnly, Base):
    """A whole catalogue under its fingerprint, licensed measures included: it is kept here and never exported."""

    __tablename__ = "catalogue_editions"

    fingerprint: Mapped[str] = mapped_column(unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(CanonicalJson)
