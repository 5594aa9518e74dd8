"""Issued certificates: the facts that were signed, numbered without gaps."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wpound.core.delivery import CertificateScope
from wpound.store.base import AppendOnly, Base, Identified, one_of, value_before
from wpound.store.types import CanonicalJson, Word


class CertificateStatus(StrEnum):
    """Whether a certificate still stands; one that has run out keeps its status, its ``expires_on`` says so."""

    ISSUED = "issued"
    REVOKED = "revoked"


REVOCATION = {"status", "revoked_at", "revoked_because"}


class Certificate(Identified, AppendOnly, Base):
    """A certificate as issued; only its revocation can be written afterwards.

    ``facts`` is what it says, ``credential`` the same as signed data (None for one issued before there was such data),
    ``pdf_sha256`` the hash of the sealed file that holds both, ``audit_head`` the head of the audit chain printed on
    it. ``number`` counts from 1 for each issuer and year. One that ``replaces`` another supersedes it.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        one_of("status", CertificateStatus),
        one_of("scope", CertificateScope),
        UniqueConstraint("organisation_id", "year", "number"),
        CheckConstraint("number > 0", name="number_above_nothing"),
        CheckConstraint("expires_on >= issued_on", name="expires_after_issue"),
        CheckConstraint("period_end_on >= period_start_on", name="ends_after_start"),
        CheckConstraint(
            "(status = 'revoked') = (revoked_at IS NOT NULL) AND (revoked_at IS NULL) = (revoked_because IS NULL)",
            name="revocation_explained",
        ),
        CheckConstraint(
            "(scope = 'contract') = (contract_id IS NOT NULL) AND (scope = 'anchor') = (supplier_id IS NULL)",
            name="scope_named",
        ),
    )
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    year: Mapped[int]
    number: Mapped[int]
    serial: Mapped[str] = mapped_column(unique=True)
    scope: Mapped[CertificateScope] = mapped_column(Word(CertificateScope))
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"), index=True)
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"), unique=True)
    period_start_on: Mapped[date]
    period_end_on: Mapped[date]
    issued_on: Mapped[date]
    expires_on: Mapped[date]
    facts: Mapped[dict[str, Any]] = mapped_column(CanonicalJson)
    facts_sha256: Mapped[str]
    credential: Mapped[dict[str, Any] | None] = mapped_column(CanonicalJson)
    pdf_sha256: Mapped[str] = mapped_column(unique=True)
    audit_head: Mapped[str]
    status: Mapped[CertificateStatus] = mapped_column(Word(CertificateStatus), default=CertificateStatus.ISSUED)
    revoked_at: Mapped[datetime | None] = mapped_column(active_history=True)
    revoked_because: Mapped[str | None]

    def allows(self, changed: set[str]) -> bool:
        """Its revocation, once."""
        return not changed or (changed <= REVOCATION and value_before(self, "revoked_at") is None)
