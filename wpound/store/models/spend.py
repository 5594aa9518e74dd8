"""Spend: where files come from, the files, their lines and issues, and the roll-ups kept in step with the lines."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from wpound.core.basis import Basis
from wpound.core.errors import Severity
from wpound.core.money import Money
from wpound.core.places import Ring
from wpound.core.redaction import Redaction
from wpound.store.base import AppendOnly, Base, Identified, Versioned, not_negative, one_of, value_before
from wpound.store.types import CanonicalJson, Word


class FileStatus(StrEnum):
    """``importing`` is seen only inside the transaction that imports; the others are final."""

    IMPORTING = "importing"
    ACCEPTED = "accepted"
    ACCEPTED_WITH_WARNINGS = "accepted_with_warnings"
    REFUSED = "refused"


class SpendSource(Identified, Versioned, Base):
    """A series of files an organisation publishes, with the layout a person confirmed (None: none confirmed yet)."""

    __tablename__ = "spend_sources"
    __table_args__ = (UniqueConstraint("organisation_id", "title"), one_of("basis", Basis))

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    title: Mapped[str]
    layout: Mapped[dict[str, Any] | None] = mapped_column(CanonicalJson)
    basis: Mapped[Basis] = mapped_column(Word(Basis))
    threshold: Mapped[Money | None]


WITHDRAWAL = {"withdrawn_at", "withdrawn_by", "withdrawn_because"}
_IN_FORCE = "withdrawn_at IS NULL AND status <> 'refused'"


class SpendFile(Identified, AppendOnly, Base):
    """One file as it came in, all or nothing; once settled only its withdrawal can be written.

    ``sha256`` is of the bytes, ``content_hash`` of the sorted rows, so that rows saved again under another name are
    recognised. ``report`` is what a check of the file prints, a list with one object a sheet.
    """

    __tablename__ = "spend_files"
    __table_args__ = (
        one_of("status", FileStatus),
        *(not_negative(f"{kind}_rows") for kind in ("loaded", "refused", "repeated", "totals", "blank")),
        CheckConstraint(
            "row_count = loaded_rows + refused_rows + repeated_rows + totals_rows", name="rows_accounted_for"
        ),
        CheckConstraint("(status = 'refused') = (refused_because IS NOT NULL)", name="refusal_has_reason"),
        CheckConstraint("status <> 'refused' OR loaded_rows = 0", name="refused_loads_nothing"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_because IS NULL)",
            name="withdrawal_explained",
        ),
        Index(
            "uq_spend_files_same_file",
            "source_id",
            "sha256",
            unique=True,
            sqlite_where=text(_IN_FORCE),
            postgresql_where=text(_IN_FORCE),
        ),
        Index(
            "uq_spend_files_same_rows",
            "source_id",
            "content_hash",
            unique=True,
            sqlite_where=text(_IN_FORCE),
            postgresql_where=text(_IN_FORCE),
        ),
    )
    source_id: Mapped[int] = mapped_column(ForeignKey("spend_sources.id"))
    file_name: Mapped[str]
    sha256: Mapped[str]
    content_hash: Mapped[str | None]
    status: Mapped[FileStatus] = mapped_column(Word(FileStatus), active_history=True)
    refused_because: Mapped[str | None]
    row_count: Mapped[int] = mapped_column(default=0)
    loaded_rows: Mapped[int] = mapped_column(default=0)
    refused_rows: Mapped[int] = mapped_column(default=0)
    repeated_rows: Mapped[int] = mapped_column(default=0)
    totals_rows: Mapped[int] = mapped_column(default=0)
    blank_rows: Mapped[int] = mapped_column(default=0)
    total: Mapped[Money] = mapped_column(default=Money(0))
    negative_rows: Mapped[int] = mapped_column(default=0)
    negative_total: Mapped[Money] = mapped_column(default=Money(0))
    first_paid_on: Mapped[date | None]
    last_paid_on: Mapped[date | None]
    report: Mapped[list[Any]] = mapped_column(CanonicalJson, default=list)
    imported_by: Mapped[str]
    withdrawn_at: Mapped[datetime | None] = mapped_column(active_history=True)
    withdrawn_by: Mapped[str | None]
    withdrawn_because: Mapped[str | None]

    def allows(self, changed: set[str]) -> bool:
        """Everything while it is being imported; after that its withdrawal, once."""
        if value_before(self, "status") is FileStatus.IMPORTING:
            return True
        return changed <= WITHDRAWAL and (not changed or value_before(self, "withdrawn_at") is None)


class SpendLine(AppendOnly, Base):
    """One payment row of a file, known by file, sheet and line; None where the file does not say.

    ``financial_year`` is the year it starts in and ``quarter`` 1 to 4 from April; both are 0 for a line with no day.
    """

    __tablename__ = "spend_lines"
    __table_args__ = (
        one_of("redaction", Redaction),
        CheckConstraint(
            "(paid_on IS NULL) = (quarter = 0) AND (quarter = 0) = (financial_year = 0)", name="dated_or_not"
        ),
        CheckConstraint("quarter BETWEEN 0 AND 4", name="quarter_of_a_year"),
        Index("ix_spend_lines_payee_id", "payee_id"),
        {"sqlite_with_rowid": False},
    )

    file_id: Mapped[int] = mapped_column(ForeignKey("spend_files.id"), primary_key=True)
    sheet: Mapped[str] = mapped_column(primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True)
    payee_id: Mapped[int] = mapped_column(ForeignKey("payees.id"))
    paid_on: Mapped[date | None]
    financial_year: Mapped[int] = mapped_column(SmallInteger)
    quarter: Mapped[int] = mapped_column(SmallInteger)
    net_pence: Mapped[Money]
    transaction_number: Mapped[str | None]
    department: Mapped[str | None]
    purpose: Mapped[str | None]
    category: Mapped[str | None]
    redaction: Mapped[Redaction | None] = mapped_column(Word(Redaction))
    raw: Mapped[str]


class SpendIssue(Identified, AppendOnly, Base):
    """One problem met in a file, with its place."""

    __tablename__ = "spend_issues"
    __table_args__ = (one_of("severity", Severity), Index("ix_spend_issues_file_id", "file_id", "id"))

    file_id: Mapped[int] = mapped_column(ForeignKey("spend_files.id"))
    code: Mapped[str]
    severity: Mapped[Severity] = mapped_column(Word(Severity))
    message: Mapped[str]
    sheet: Mapped[str | None]
    line_number: Mapped[int | None]
    column_name: Mapped[str | None]
    value: Mapped[str | None]


class SpendByPayee(Base):
    """Roll-up: what the lines in force come to for a payee and quarter; knows no definition of local."""

    __tablename__ = "spend_by_payee"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 (SQLAlchemy's own declaration form)

    payee_id: Mapped[int] = mapped_column(ForeignKey("payees.id"), primary_key=True)
    financial_year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    quarter: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    net_pence: Mapped[Money]
    line_count: Mapped[int]


class SpendByRing(Base):
    """Roll-up: what an organisation's lines come to under one definition of local, for each placement and quarter."""

    __tablename__ = "spend_by_ring"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 (SQLAlchemy's own declaration form)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    rule_key: Mapped[str] = mapped_column(primary_key=True)
    financial_year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    quarter: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    ring: Mapped[Ring] = mapped_column(Word(Ring), primary_key=True)
    nearest: Mapped[Ring] = mapped_column(Word(Ring), primary_key=True)
    farthest: Mapped[Ring] = mapped_column(Word(Ring), primary_key=True)
    is_transfer: Mapped[bool] = mapped_column(primary_key=True)
    net_pence: Mapped[Money]
    line_count: Mapped[int]
