"""Firms that are paid or bid, where they are, and the remembered decisions about who a payment's payee is."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wpound.core.places import AddressKind, Ring
from wpound.core.supplier_size import SupplierSize
from wpound.store.base import Base, Identified, Versioned, one_of
from wpound.store.types import CanonicalJson, Word


class DecidedBy(StrEnum):
    """How it was settled who a payee is."""

    REGISTER = "register"
    AUTOMATIC = "automatic"
    PERSON = "person"


class Supplier(Identified, Versioned, Base):
    """A firm, charity, public body or person; a flag of None is unknown, which is not the same as no."""

    __tablename__ = "suppliers"
    __table_args__ = (one_of("size", SupplierSize), Index("ix_suppliers_name", "name", "id"))

    name: Mapped[str]
    identifier: Mapped[str | None] = mapped_column(unique=True)
    size: Mapped[SupplierSize] = mapped_column(Word(SupplierSize))
    is_vcse: Mapped[bool | None]
    is_public_body: Mapped[bool | None]
    is_individual: Mapped[bool | None]
    sic: Mapped[str | None]
    group_name: Mapped[str | None]
    source: Mapped[str]
    seen_on: Mapped[date]

    addresses: Mapped[list["SupplierAddress"]] = relationship(
        back_populates="supplier", lazy="raise_on_sql", order_by="SupplierAddress.id"
    )


class SupplierAddress(Identified, Base):
    """One address of a supplier as one source gives it; ``country`` is an ISO 3166 code, None where not given."""

    __tablename__ = "supplier_addresses"
    __table_args__ = (
        one_of("kind", AddressKind),
        CheckConstraint("postcode IS NOT NULL OR country IS NOT NULL", name="says_where"),
        UniqueConstraint("supplier_id", "kind", "source", "postcode"),
    )

    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    kind: Mapped[AddressKind] = mapped_column(Word(AddressKind))
    postcode: Mapped[str | None]
    country: Mapped[str | None]
    source: Mapped[str]
    seen_on: Mapped[date]

    supplier: Mapped[Supplier] = relationship(back_populates="addresses", lazy="raise_on_sql")


class Payee(Identified, Base):
    """One way in which an organisation's files name somebody they paid; empty text where the files say nothing.

    Lines point here and never change; who the payee is (``supplier_id``) is a decision that can be taken back.
    """

    __tablename__ = "payees"
    __table_args__ = (
        UniqueConstraint(
            "organisation_id", "name", "supplier_number", "identifier", "postcode", name="uq_payees_spelling"
        ),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str]
    supplier_number: Mapped[str] = mapped_column(default="")
    identifier: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"), index=True)
    is_transfer: Mapped[bool] = mapped_column(default=False)


class PayeePlacement(Base):
    """Where a payee is under one definition of local: the likeliest ring, the nearest and the farthest."""

    __tablename__ = "payee_placements"
    __table_args__ = (
        one_of("ring", Ring),
        one_of("nearest", Ring),
        one_of("farthest", Ring),
        {"sqlite_with_rowid": False},
    )

    payee_id: Mapped[int] = mapped_column(ForeignKey("payees.id"), primary_key=True)
    rule_key: Mapped[str] = mapped_column(primary_key=True)
    ring: Mapped[Ring] = mapped_column(Word(Ring))
    nearest: Mapped[Ring] = mapped_column(Word(Ring))
    farthest: Mapped[Ring] = mapped_column(Word(Ring))


class SupplierDecision(Identified, Base):
    """Who a payee was decided to be, how sure and why; one that is undone is kept, so that it is not taken again."""

    __tablename__ = "supplier_decisions"
    __table_args__ = (
        one_of("decided_by", DecidedBy),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
        Index(
            "uq_supplier_decisions_in_force",
            "payee_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    payee_id: Mapped[int] = mapped_column(ForeignKey("payees.id"), index=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    decided_by: Mapped[DecidedBy] = mapped_column(Word(DecidedBy))
    actor: Mapped[str]
    score: Mapped[Decimal | None]
    reasons: Mapped[list[str]] = mapped_column(CanonicalJson)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class SupplierCandidate(Identified, Base):
    """A likeness too weak to decide by itself: an entry of the queue that a person works through."""

    __tablename__ = "supplier_candidates"
    __table_args__ = (UniqueConstraint("payee_id", "supplier_id"),)

    payee_id: Mapped[int] = mapped_column(ForeignKey("payees.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    score: Mapped[Decimal]
    reasons: Mapped[list[str]] = mapped_column(CanonicalJson)
