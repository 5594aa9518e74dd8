"""Bodies: anchors, buyers and anyone else an account or a tender belongs to."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wpound.catalogue.model import AnchorKind
from wpound.store.base import Base, Identified, Versioned, one_of
from wpound.store.types import Word


class Organisation(Identified, Versioned, Base):
    """Any body; one with an ``anchor_kind`` is an anchor of the city of ``city_key``.

    ``key`` is the short name used in addresses and city files; ``identifier`` is scheme-prefixed (``GB-LAE-WLV``).
    """

    __tablename__ = "organisations"
    __table_args__ = (
        one_of("anchor_kind", AnchorKind),
        CheckConstraint("anchor_kind IS NULL OR city_key IS NOT NULL", name="anchor_has_city"),
        CheckConstraint("population > 0", name="population_above_nothing"),
        CheckConstraint("(population IS NULL) = (population_on IS NULL)", name="population_dated"),
    )

    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    identifier: Mapped[str | None] = mapped_column(unique=True)
    anchor_kind: Mapped[AnchorKind | None] = mapped_column(Word(AnchorKind))
    city_key: Mapped[str | None] = mapped_column(index=True)
    district_code: Mapped[str | None]
    population: Mapped[int | None]
    population_on: Mapped[date | None]
    is_public_body: Mapped[bool]
