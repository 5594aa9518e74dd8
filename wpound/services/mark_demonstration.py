"""Mark a database as holding fictional data, so that nobody who looks at it can take it for real."""

from sqlalchemy import Engine, inspect
from sqlalchemy.orm import Session

from wpound.store.audit import append_event, has_event
from wpound.store.engine import reading
from wpound.store.models.audit import AuditEvent

ACTION = "demonstration.loaded"


def mark_demonstration(session: Session, *, stamp: str, version: int, seed: int, actor: str) -> None:
    """Write into the audit chain, for good, that a fictional data set was loaded and which."""
    append_event(
        session,
        actor=actor,
        action=ACTION,
        object_kind="demonstration",
        object_id=stamp,
        detail={"fictional": True, "version": version, "seed": seed},
    )


def is_demonstration(engine: Engine) -> bool:
    """Whether a database holds fictional data; one without tables holds none."""
    with reading(engine) as session:
        has_table = inspect(session.connection()).has_table(AuditEvent.__tablename__)
        return has_table and has_event(session, action=ACTION)
