"""Take a certificate back: it stays to be found, and says so."""

from sqlalchemy.orm import Session

from wpound.core.errors import InputError
from wpound.store import certificates
from wpound.store.audit import append_event
from wpound.store.models.certificates import Certificate


def revoke_certificate(session: Session, serial: str, *, because: str, actor: str) -> Certificate:
    """Revoke a certificate for good, with the reason everybody who verifies it reads.

    Raises NotFound for an unknown serial number, StateError for one revoked before and InputError without a reason.
    """
    reason = " ".join(because.split())
    if not reason:
        raise InputError("because", "Say why the certificate is revoked; whoever verifies it reads the reason.")
    certificate = certificates.revoke_certificate(session, serial.strip().upper(), because=reason)
    append_event(
        session,
        actor=actor,
        action="certificate.revoked",
        object_kind="certificate",
        object_id=certificate.id,
        detail={"serial": certificate.serial, "because": reason},
    )
    return certificate
