"""Look at every payee of a city's anchors again, after what is known of suppliers or postcodes has changed."""

from sqlalchemy.orm import Session

from wpound.catalogue.model import City
from wpound.services.identify_payees import Identified, identify_payees
from wpound.services.place_payees import place_payees
from wpound.store.organisations import list_anchors


def review_payees(session: Session, city: City, *, actor: str) -> dict[str, Identified]:
    """Match payees nobody was matched to yet and place all of them anew, for each anchor by its key.

    The roll-ups move with them; published league tables stay as they were published.
    """
    found = {}
    for anchor in list_anchors(session, city_key=city.key):
        found[anchor.key] = identify_payees(session, organisation_id=anchor.id, actor=actor)
        place_payees(session, city.localities, organisation_id=anchor.id)
    return found
