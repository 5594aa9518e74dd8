"""Take a spend file that should not have come in out of every figure."""

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, NotFound
from wpound.store.audit import append_event
from wpound.store.models.organisations import Organisation
from wpound.store.models.spend import SpendFile
from wpound.store.spend import find_same_file, find_source, withdraw_file


def withdraw_spend(
    session: Session, organisation: Organisation, source: str, sha256: str, *, because: str, actor: str
) -> SpendFile:
    """Withdraw the file in force with this fingerprint; its lines stay to be seen, and it may come in again.

    Published league tables stay as they were published. Raises NotFound where the series holds no such file in force
    and InputError (field ``because``) without a reason.
    """
    if not because.strip():
        raise InputError("because", "Say why the file is withdrawn: the anchor reads it beside the file.")
    series = find_source(session, organisation_id=organisation.id, title=source)
    file = find_same_file(session, source_id=series.id, sha256=sha256.strip().lower()) if series else None
    if file is None:
        raise NotFound(
            "No file in force has this fingerprint (SHA-256). The page of a spend file shows it, and so does: "
            "sha256sum FILE"
        )
    withdraw_file(session, file.id, by=actor, because=because.strip())
    detail = {"file": file.file_name, "sha256": file.sha256, "because": because.strip()}
    append_event(
        session, actor=actor, action="spend_file.withdrawn", object_kind="spend_file", object_id=file.id, detail=detail
    )
    return file
