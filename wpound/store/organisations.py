"""Organisations: find, list and put in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from wpound.core.errors import NotFound
from wpound.store.models.organisations import Organisation


def get_organisation(session: Session, key: str) -> Organisation:
    """The organisation of that key; raises NotFound."""
    found = find_organisation(session, key)
    if found is None:
        raise NotFound(f"There is no organisation {key!r}.")
    return found


def find_organisation(session: Session, key: str) -> Organisation | None:
    """The organisation of that key, or None."""
    return session.scalar(select(Organisation).where(Organisation.key == key))


def list_anchors(session: Session, *, city_key: str) -> list[Organisation]:
    """A city's anchors by name."""
    wanted = select(Organisation).where(Organisation.city_key == city_key, Organisation.anchor_kind.is_not(None))
    return list(session.scalars(wanted.order_by(Organisation.name, Organisation.id)))


def find_organisation_by_identifier(session: Session, identifier: str) -> Organisation | None:
    """The organisation of a scheme-prefixed identifier, or None."""
    return session.scalar(select(Organisation).where(Organisation.identifier == identifier))
