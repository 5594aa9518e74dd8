"""Contracts and the commitments their winner made."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wpound.catalogue.model import Head
from wpound.core.contract_words import ChangeKind, ContractType
from wpound.core.delivery import DueProfile
from wpound.core.money import Money
from wpound.core.particulars import ContractKind
from wpound.core.quantities import Unit
from wpound.core.reproportion import Rule
from wpound.core.valuing import ValueKind
from wpound.store.base import AppendOnly, Base, Identified, Versioned, no_minus, not_negative, one_of
from wpound.store.types import CanonicalJson, Word


class Contract(Identified, Versioned, Base):
    """An agreement between a buyer and a supplier; ``catalogue_fingerprint`` pins the values edition of the award.

    Value and days are the ones in force; what they were before stands in the changes. ``commitments`` are those in
    force. ``ended_on`` is the last day of one ended early. What nobody has said is None; ``reported`` is what the
    register file said that has no column of its own.
    """

    __tablename__ = "contracts"
    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        CheckConstraint("end_on >= start_on", name="ends_after_start"),
        not_negative("contract_value"),
        one_of("contract_type", ContractType),
        one_of("regime", ContractKind),
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
    description: Mapped[str | None]
    contract_type: Mapped[ContractType | None] = mapped_column(Word(ContractType))
    regime: Mapped[ContractKind | None] = mapped_column(Word(ContractKind))
    lot: Mapped[str | None]
    department: Mapped[str | None]
    manager: Mapped[str | None]
    cpv_code: Mapped[str | None]
    cpv_label: Mapped[str | None]
    process: Mapped[str | None]
    extension_terms: Mapped[str | None]
    review_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    thresholds: Mapped[dict[str, str] | None] = mapped_column(CanonicalJson)
    reported: Mapped[dict[str, Any] | None] = mapped_column(CanonicalJson)

    commitments: Mapped[list["Commitment"]] = relationship(
        lazy="raise_on_sql",
        order_by="Commitment.id",
        primaryjoin="and_(Contract.id == Commitment.contract_id, Commitment.ended_with_id.is_(None))",
    )


class ContractPartner(Base):
    """Another supplier of a contract that has several; its first is in the contract itself."""

    __tablename__ = "contract_partners"

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), primary_key=True, index=True)


class ContractChange(Identified, AppendOnly, Base):
    """What was changed in a contract, numbered from 1: value and days before and after, why, from when, by whom."""

    __tablename__ = "contract_changes"
    __table_args__ = (
        UniqueConstraint("contract_id", "number"),
        one_of("kind", ChangeKind),
        one_of("rule", Rule),
        not_negative("value_before"),
        not_negative("value_after"),
        CheckConstraint("ends_before >= starts_before AND ends_after >= starts_after", name="ends_after_start"),
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    number: Mapped[int]
    kind: Mapped[ChangeKind] = mapped_column(Word(ChangeKind))
    reason: Mapped[str]
    effective_on: Mapped[date]
    rule: Mapped[Rule] = mapped_column(Word(Rule))
    value_before: Mapped[Money]
    value_after: Mapped[Money]
    starts_before: Mapped[date]
    starts_after: Mapped[date]
    ends_before: Mapped[date]
    ends_after: Mapped[date]
    changed_by: Mapped[str]


class Commitment(Identified, Versioned, Base):
    """A promised quantity of a measure, for one year or (None) the whole contract.

    ``unit_value`` is pounds per unit under the edition of the award with its ``value_reference``; None where the
    measure has no money value. ``value_kind`` says which of the two totals it belongs to. ``owner``, ``due_profile``,
    ``milestones``, ``evidence`` and ``remedy`` come from the hand-over, None where the contract had none. One that a
    change took out stays, with ``ended_with_id``; those that came in its place name the change in ``came_with_id``.
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
        Index(
            "uq_commitments_of_year",
            "contract_id",
            "measure_code",
            "year",
            unique=True,
            sqlite_where=text("ended_with_id IS NULL"),
            postgresql_where=text("ended_with_id IS NULL"),
        ),
        Index(
            "uq_commitments_whole",
            "contract_id",
            "measure_code",
            unique=True,
            sqlite_where=text("year IS NULL AND ended_with_id IS NULL"),
            postgresql_where=text("year IS NULL AND ended_with_id IS NULL"),
        ),
        Index("ix_commitments_contract_id", "contract_id"),
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
    came_with_id: Mapped[int | None] = mapped_column(ForeignKey("contract_changes.id"))
    ended_with_id: Mapped[int | None] = mapped_column(ForeignKey("contract_changes.id"))
