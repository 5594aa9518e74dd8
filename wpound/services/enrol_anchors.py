"""Enter a city's anchors as organisations."""

from sqlalchemy.orm import Session

from wpound.catalogue.model import Anchor, City
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.models.organisations import Organisation
from wpound.store.organisations import find_organisation


def enrol_anchors(session: Session, city: City, *, actor: str) -> list[Organisation]:
    """Enter those of a city's anchors that are not there yet; gives all of them in the order of the city's file."""
    return [find_organisation(session, anchor.key) or _enrol(session, city, anchor, actor) for anchor in city.anchors]


def _enrol(session: Session, city: City, anchor: Anchor, actor: str) -> Organisation:
    organisation = add(
        session,
        Organisation(
            key=anchor.key,
            name=anchor.name,
            identifier=anchor.identifier,
            anchor_kind=anchor.kind,
            city_key=city.key,
            # Every anchor serves the city's residents; pounds a head are pounds for each of them.
            population=city.population,
            population_on=city.population_on,
            is_public_body=True,
        ),
    )
    append_event(
        session,
        actor=actor,
        action="organisation.enrolled",
        object_kind="organisation",
        object_id=organisation.id,
        detail={"key": anchor.key, "name": anchor.name, "city": city.key},
    )
    return organisation
