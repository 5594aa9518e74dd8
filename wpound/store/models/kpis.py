"""Key performance indicators of contracts, their assessments and the remedies that followed."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wpound.core.money import Money
from wpound.core.ratings import Better, Rating
from wpound.store.base import (
    AppendOnly,
    Base,
    Identified,
    Versioned,
    no_minus,
    not_negative,
    one_of,
    together,
    value_before,
)
from wpound.store.types import CanonicalJson, Word


class Kpi(Identified, Versioned, Base):
    """What a contract is measured by, numbered from 1; ``measure_code`` where it is the share of a promise kept."""

    __tablename__ = "kpis"
    __table_args__ = (UniqueConstraint("contract_id", "number"), one_of("better", Better), no_minus("target"))

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    number: Mapped[int]
    title: Mapped[str]
    description: Mapped[str]
    target: Mapped[Decimal]
    unit: Mapped[str]
    better: Mapped[Better] = mapped_column(Word(Better))
    measure_code: Mapped[str | None]


class Assessment(Identified, AppendOnly, Base):
    """How a contract did in a period; a correction is a further ``number`` of the same period, and the last counts.

    ``noticed_on`` is the day its notice was published, written once.
    """

    __tablename__ = "kpi_assessments"
    __table_args__ = (
        UniqueConstraint("contract_id", "period_start_on", "number"),
        CheckConstraint("period_end_on >= period_start_on", name="ends_after_start"),
        together("noticed_on", "noticed_by"),
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    period_start_on: Mapped[date]
    period_end_on: Mapped[date]
    number: Mapped[int]
    summary: Mapped[str]
    thresholds: Mapped[dict[str, str]] = mapped_column(CanonicalJson)
    assessed_on: Mapped[date]
    assessed_by: Mapped[str]
    noticed_on: Mapped[date | None] = mapped_column(active_history=True)
    noticed_by: Mapped[str | None]

    def allows(self, changed: set[str]) -> bool:
        """The day of the notice, once."""
        return changed <= {"noticed_on", "noticed_by"} and (not changed or value_before(self, "noticed_on") is None)


class KpiRating(Identified, AppendOnly, Base):
    """The rating of one KPI in an assessment, beside what the thresholds proposed; ``measured`` None: not measured."""

    __tablename__ = "kpi_ratings"
    __table_args__ = (
        UniqueConstraint("assessment_id", "kpi_id"),
        one_of("rating", Rating),
        one_of("proposed", Rating),
        no_minus("target"),
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("kpi_assessments.id"))
    kpi_id: Mapped[int] = mapped_column(ForeignKey("kpis.id"))
    target: Mapped[Decimal]
    measured: Mapped[Decimal | None]
    proposed: Mapped[Rating] = mapped_column(Word(Rating))
    rating: Mapped[Rating] = mapped_column(Word(Rating))
    reason: Mapped[str]


class Remedy(Identified, Versioned, Base):
    """What followed where something was not delivered: the problem, what was asked by when, and how it ended."""

    __tablename__ = "remedies"
    __table_args__ = (
        UniqueConstraint("contract_id", "number"),
        not_negative("amount"),
        together("closed_on", "outcome", "closed_by"),
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    number: Mapped[int]
    measure_code: Mapped[str | None]
    raised_on: Mapped[date]
    raised_by: Mapped[str]
    problem: Mapped[str]
    action: Mapped[str]
    due_on: Mapped[date]
    amount: Mapped[Money | None]
    closed_on: Mapped[date | None]
    outcome: Mapped[str | None]
    closed_by: Mapped[str | None]
