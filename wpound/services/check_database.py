"""Prove that what the database keeps for speed and for trust agrees with what it was made from."""

from sqlalchemy.orm import Session

from wpound.store.audit import append_event, verify_chain
from wpound.store.rollups import check_rollups, rebuild


def check_database(session: Session) -> dict[str, list[str]]:
    """Every fault in plain words, by ``rollups`` (stored totals against payments) and ``audit_chain``."""
    return {"rollups": check_rollups(session), "audit_chain": verify_chain(session)}


def rebuild_rollups(session: Session, *, actor: str) -> None:
    """Make the stored totals anew from the payments; payments and published tables stay as they are."""
    faults = len(check_rollups(session))
    rebuild(session)
    append_event(
        session,
        actor=actor,
        action="rollups.rebuilt",
        object_kind="rollups",
        object_id="all",
        detail={"faults": faults},
    )
