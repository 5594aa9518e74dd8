"""What came into the register from files, and which payments belong to which contract."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from wpound.store.base import Base, Identified, Versioned, not_negative, one_of, together
from wpound.store.types import CanonicalJson, Word


class RegisterShape(StrEnum):
    """The shapes of files that contracts come in."""

    TRANSPARENCY_CODE = "transparency_code"
    OPEN_CONTRACTING = "open_contracting"


class ContractImport(Identified, Versioned, Base):
    """A register file as it was read, shown to its person first; ``entered_at`` once its contracts were entered.

    ``records`` are the contracts it holds and ``issues`` everything wrong with its rows, both as plain data, so that
    the file itself need not be kept: ``row_count`` is records and rows left out together.
    """

    __tablename__ = "contract_imports"
    __table_args__ = (
        UniqueConstraint("organisation_id", "sha256", "named_as"),
        one_of("shape", RegisterShape),
        not_negative("row_count"),
        together("entered_at", "entered_by", "outcome"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    file_name: Mapped[str]
    sha256: Mapped[str]
    named_as: Mapped[str] = mapped_column(default="")
    shape: Mapped[RegisterShape] = mapped_column(Word(RegisterShape))
    row_count: Mapped[int]
    records: Mapped[list[Any]] = mapped_column(CanonicalJson)
    issues: Mapped[list[Any]] = mapped_column(CanonicalJson)
    read_by: Mapped[str]
    entered_at: Mapped[datetime | None]
    entered_by: Mapped[str | None]
    outcome: Mapped[dict[str, Any] | None] = mapped_column(CanonicalJson)


class LinkedBy(StrEnum):
    """What a link was proposed by; a person confirmed it in every case."""

    REFERENCE = "reference"
    SUPPLIER_AND_DATES = "supplier_and_dates"
    PERSON = "person"


class ContractPayment(Base):
    """A payment row that belongs to a contract, confirmed by a person; every row belongs to one contract at most."""

    __tablename__ = "contract_payments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["file_id", "sheet", "line_number"],
            ["spend_lines.file_id", "spend_lines.sheet", "spend_lines.line_number"],
        ),
        one_of("linked_by", LinkedBy),
    )

    file_id: Mapped[int] = mapped_column(primary_key=True)
    sheet: Mapped[str] = mapped_column(primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), index=True)
    linked_by: Mapped[LinkedBy] = mapped_column(Word(LinkedBy))
    confirmed_by: Mapped[str]
    confirmed_at: Mapped[datetime] = mapped_column(server_default=func.now())
