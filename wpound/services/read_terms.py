"""Read what the publication of a tender froze."""

from dataclasses import dataclass
from datetime import date, datetime

from wpound.core.errors import StateError
from wpound.core.method import Method
from wpound.core.valuing import CatalogueLike
from wpound.store.models.tenders import Tender


@dataclass(frozen=True, slots=True)
class PublishedTerms:
    """The method, the catalogue and the day whose values count, and the deadline, as bidders were told them."""

    method: Method
    catalogue_fingerprint: str
    as_of: date
    deadline_at: datetime

    def require(self, catalogue: CatalogueLike) -> None:
        """Raise StateError unless this is the very catalogue the tender was published under."""
        if catalogue.fingerprint != self.catalogue_fingerprint:
            raise StateError(
                f"This tender was published under catalogue {self.catalogue_fingerprint[:12]} and this is "
                f"{catalogue.fingerprint[:12]}, so its figures may differ. Work with the catalogue it was published "
                "under (the same version of wpound with the same packs)."
            )


def read_terms(tender: Tender) -> PublishedTerms:
    """The terms of a published tender; raises StateError before publication, or where the method was tampered with."""
    pinned = (tender.method, tender.catalogue_fingerprint, tender.as_of, tender.deadline_at)
    form, fingerprint, as_of, deadline_at = pinned
    if tender.method_hash is None or form is None or fingerprint is None or as_of is None or deadline_at is None:
        raise StateError("This tender has not been published, so its method is not settled yet.")
    method = Method.from_dict(form)
    if method.method_hash != tender.method_hash:
        raise StateError("The stored method is not the one that was published. Do not go on; tell the administrator.")
    return PublishedTerms(method, fingerprint, as_of, deadline_at)
