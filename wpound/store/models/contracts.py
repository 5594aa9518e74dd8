"""Contracts and the commitments their winner made."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wpound.catalogue.model import Head
from wpound.core.delivery import DueProfile
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.core.valuing import ValueKind
from wpound.store.base import Base, Identified, Versioned, no_minus, one_of
from wpound.store.types import CanonicalJson, Word


class Contract(Identified, Versioned, Base):
    """An agreement between a buyer and a supplier; ``catalogue_fingerprint`` pins the values edition of the award."""

    __tablename__ = "contracts"
    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        CheckConstraint("end_on >= start_on", name="ends_after_start"),
        CheckConstraint("contract_value > 0", name="contract_value_above_nothing"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    tender_id: Mapped[int | None] = mapped_column(ForeignKey("tenders.id"), index=True)
    bid_id: Mapped[int | None] = mapped_column(ForeignKey("bids.id"), unique=True)
    reference: Mapped[str]
    ocid: Mapped[str | None]
    title: Mapped[str]
    contract_value: Mapped[Money]
    start_on: Mapped[date]
    end_on: Mapped[date]
    catalogue_fingerprint: Mapped[str | None]

    commitments: Mapped[list["Commitment"]] = relationship(lazy="raise_on_sql", order_by="Commitment.id")


class Commitment(Identified, Versioned, Base):
    """A promised quantity of a measure, for one year or (None) the whole contract.

    ``unit_value`` is pounds per unit under the edition of the award with its ``value_reference``; None where the
    measure has no money value. ``value_kind`` says which of the two totals it belongs to. ``owner``, ``due_profile``,
    ``milestones``, ``evidence`` and ``remedy`` come from the hand-over, None where the contract had none.
    """

    __tablename__ = "commitments"
    __table_args__ = (
        one_of("head", Head),
        one_of("unit", Unit),
        one_of("value_kind", ValueKind),
        one_of("due_profile", DueProfile),
        no_minus("quantity"),
        CheckConstraint("(unit_value IS NULL) = (value_reference IS NULL)", name="value_has_reference"),
        CheckConstraint("unit_value IS NULL OR value_kind <> 'none'", name="value_has_kind"),
        UniqueConstraint("contract_id", "measure_code", "year"),
        Index(
            "uq_commitments_whole",
            "contract_id",
            "measure_code",
            unique=True,
            sqlite_where=text("year IS NULL"),
            postgresql_where=text("year IS NULL"),
        ),
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    measure_code: Mapped[str]
    head: Mapped[Head] = mapped_column(Word(Head))
    year: Mapped[int | None]
    quantity: Mapped[Decimal]
    unit: Mapped[Unit] = mapped_column(Word(Unit))
    value_kind: Mapped[ValueKind] = mapped_column(Word(ValueKind))
    unit_value: Mapped[Decimal | None]
    value_reference: Mapped[str | None]
    owner: Mapped[str | None]
    due_profile: Mapped[DueProfile | None] = mapped_column(Word(DueProfile))
    milestones: Mapped[list[Any] | None] = mapped_column(CanonicalJson)
    evidence: Mapped[str | None]
    remedy: Mapped[str | None]
