"""The audit trail: one chain of events, each holding the hash of the one before."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from wpound.store.base import AppendOnly, Base
from wpound.store.types import CanonicalJson


class AuditEvent(AppendOnly, Base):
    """Who did what to what, and when; numbered from 1 without gaps inside the write lock (D7)."""

    __tablename__ = "audit_events"
    __table_args__ = (
        CheckConstraint("seq > 0", name="seq_above_nothing"),
        Index("ix_audit_events_object", "object_kind", "object_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(CanonicalJson)
    previous_hash: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(unique=True)
