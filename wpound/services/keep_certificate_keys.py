"""The keys that sign certificates: opened, rotated, and published for everybody who checks one."""

from typing import Any

from sqlalchemy.orm import Session

from wpound.config import Settings
from wpound.documents.credential_keys import (
    KEYS_PATH,
    KeyRing,
    PublicKey,
    SigningKey,
    list_keys,
    open_key,
    publish_keys,
    rotate_key,
)
from wpound.documents.signing import find_root
from wpound.store.audit import append_event
from wpound.store.engine import now_in


def keys_url(settings: Settings) -> str:
    """Where the keys are published, which is also who the issuer is in signed data."""
    return f"{settings.base_url}{KEYS_PATH}"


def find_key_ring(settings: Settings) -> KeyRing:
    """Every public key of this installation and the root of its seal; empty before the first certificate."""
    root = find_root(settings.data_dir)
    return KeyRing(list_keys(settings.data_dir), (root,) if root else ())


def get_published_keys(settings: Settings) -> dict[str, Any]:
    """The document that others check our certificates with."""
    return publish_keys(find_key_ring(settings), keys_url(settings))


def open_signing_key(session: Session, settings: Settings) -> SigningKey:
    """The key in use; the first is made when it is first needed, and told in the audit trail."""
    known = list_keys(settings.data_dir)
    key = open_key(settings.data_dir, now_in(session))
    if not known:
        _audit(session, key.public, None, "service")
    return key


def rotate_signing_key(session: Session, settings: Settings, *, actor: str) -> PublicKey:
    """Make a new key and retire the one in use; what that one signed stays signed."""
    known = list_keys(settings.data_dir)
    key = rotate_key(settings.data_dir, now_in(session))
    _audit(session, key.public, known[-1] if known else None, actor)
    return key.public


def _audit(session: Session, made: PublicKey, retired: PublicKey | None, actor: str) -> None:
    append_event(
        session,
        actor=actor,
        action="certificate_key.made",
        object_kind="certificate_key",
        object_id=made.multibase,
        detail={"retired": retired.multibase if retired else None},
    )
