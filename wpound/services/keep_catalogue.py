"""Keep the catalogue a tender is published under, and find it again when newer ones have come."""

from sqlalchemy.orm import Session

from wpound.catalogue.fingerprint import read_catalogue, write_catalogue
from wpound.catalogue.model import Catalogue
from wpound.core.errors import NotFound, StateError
from wpound.store.catalogue_editions import find_edition, has_edition, keep_edition


def keep_catalogue(session: Session, catalogue: Catalogue) -> None:
    """Keep a catalogue whole, licensed measures included, once for each fingerprint; it is never exported."""
    if not has_edition(session, catalogue.fingerprint):
        keep_edition(session, fingerprint=catalogue.fingerprint, content=write_catalogue(catalogue))


def get_catalogue(session: Session, fingerprint: str) -> Catalogue:
    """The kept catalogue of that fingerprint; raises NotFound, and StateError where it is not what it was."""
    content = find_edition(session, fingerprint)
    if content is None:
        raise NotFound(
            f"The catalogue {fingerprint[:12]} is not kept in this database: tenders published before catalogues were "
            "kept need the version of wpound they were published with."
        )
    catalogue = read_catalogue(content)
    if catalogue.fingerprint != fingerprint:
        raise StateError(
            f"The kept catalogue {fingerprint[:12]} is not as it was kept. Do not use it; tell the administrator."
        )
    return catalogue
