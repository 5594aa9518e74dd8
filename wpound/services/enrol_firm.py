"""Enter a supplier's organisation, which people can then belong to."""

from sqlalchemy.orm import Session

from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.models.organisations import Organisation


def enrol_firm(session: Session, *, name: str, identifier: str, actor: str) -> Organisation:
    """The new organisation of a firm, known by its identifier, which also links it to the firm's bids and contracts.

    Raises StateError where it is there already.
    """
    organisation = add(
        session, Organisation(key=identifier.lower(), name=name, identifier=identifier, is_public_body=False)
    )
    append_event(
        session,
        actor=actor,
        action="organisation.registered",
        object_kind="organisation",
        object_id=organisation.id,
        detail={"identifier": identifier, "name": name},
    )
    return organisation
