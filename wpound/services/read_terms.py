"""Read what the publication of a tender froze."""

from dataclasses import dataclass
from datetime import date, datetime

from wpound.core.criteria import Criterion, Kind
from wpound.core.errors import NotFound, StateError
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


def marked_criteria(tender: Tender) -> list[Criterion]:
    """What evaluators mark, in the method's order; raises as :func:`read_terms` does."""
    return _criteria(tender, Kind.QUALITATIVE)


def checked_criteria(tender: Tender) -> list[Criterion]:
    """What a bid passes or fails, in the method's order; raises as :func:`read_terms` does."""
    return _criteria(tender, Kind.PASS_FAIL)


def get_criterion(criteria: list[Criterion], code: str) -> Criterion:
    """The criterion of that code; raises NotFound."""
    for criterion in criteria:
        if criterion.code == code:
            return criterion
    raise NotFound("This tender has no such criterion.")


def _criteria(tender: Tender, kind: Kind) -> list[Criterion]:
    leaves = read_terms(tender).method.tree.leaves
    return [leaf.criterion for leaf in leaves if leaf.criterion.kind is kind]
