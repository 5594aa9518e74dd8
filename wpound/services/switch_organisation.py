"""Act for another organisation one belongs to."""

from sqlalchemy.orm import Session

from wpound.core.errors import NotFound
from wpound.services.access import Person
from wpound.store.audit import append_event
from wpound.store.engine import lock
from wpound.store.models.accounts import User


def switch_organisation(session: Session, person: Person, key: str) -> str:
    """Let a person act for the organisation of that key from now on, in every browser; gives its name.

    Raises NotFound for an organisation in which they hold no role.
    """
    chosen = next((grant for grant in person.memberships if grant.organisation_key == key), None)
    if chosen is None:
        raise NotFound("You do not belong to this organisation.")
    if chosen.organisation_id != person.organisation_id:
        user = lock(session, User, person.user_id)
        user.current_organisation_id = chosen.organisation_id
        session.flush()
        append_event(
            session,
            actor=person.email,
            action="organisation.switched",
            object_kind="user",
            object_id=person.user_id,
            detail={"organisation": chosen.organisation_key},
        )
    return chosen.organisation_name
