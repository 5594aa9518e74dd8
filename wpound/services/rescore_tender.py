"""Score a lot again from what is stored, to show that its result can be repeated byte for byte; nothing is changed."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.errors import InputErrors, NotFound, RuleError, StateError
from wpound.services.evaluate_bids import get_result, score_under
from wpound.services.keep_catalogue import get_catalogue
from wpound.services.read_terms import read_terms
from wpound.store.evaluations import find_evaluation
from wpound.store.models.evaluations import Evaluation
from wpound.store.models.tenders import Lot, Tender
from wpound.store.types import canonical_json, hash_of

# By what the entries of a list in a result are known.
_KNOWN_BY = {
    "bids": ("bidder",),
    "lines": ("criterion",),
    "groups": ("criterion",),
    "values_used": ("measure", "year"),
    "ties": ("rank",),
    "warnings": ("code", "message"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry of a result that came out otherwise; None where it is not there at all."""

    place: str
    recorded: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Rescore:
    """A recorded evaluation beside the same bids scored now, under its own catalogue or another."""

    lot: Lot
    evaluation: Evaluation
    catalogue_fingerprint: str
    result_hash: str
    differences: tuple[Difference, ...]

    @property
    def is_same(self) -> bool:
        """Whether the two are the same byte for byte."""
        return self.result_hash == self.evaluation.result_hash


def rescore_lot(
    session: Session, tender: Tender, lot: Lot, *, number: int | None = None, current: Catalogue | None = None
) -> Rescore:
    """Score a lot again with the frozen method and the catalogue it was published under, and compare.

    ``number`` is the evaluation to compare with, the latest where none is given; ``current`` another catalogue to
    score under, on the same day's values. Raises NotFound where there is no such evaluation or its catalogue was not
    kept, StateError where what is stored was tampered with, or cannot be scored under the other catalogue.
    """
    evaluation = find_evaluation(session, lot_id=lot.id, number=number)
    if evaluation is None:
        asked = "has not been evaluated yet" if number is None else f"has no evaluation {number}"
        raise NotFound(f"{lot.title} {asked}.")
    recorded = get_result(evaluation)
    catalogue = current or get_catalogue(session, evaluation.catalogue_fingerprint)
    now = _score(session, tender, lot, catalogue)
    differences = () if canonical_json(now) == canonical_json(recorded) else tuple(_differ(recorded, now, ()))
    return Rescore(lot, evaluation, catalogue.fingerprint, hash_of(now), differences)


def _score(session: Session, tender: Tender, lot: Lot, catalogue: Catalogue) -> dict[str, Any]:
    try:
        return score_under(session, read_terms(tender), lot, catalogue).to_dict()
    except (InputErrors, RuleError) as problem:
        raise StateError(
            f"Under catalogue {catalogue.fingerprint[:12]} these bids cannot be scored: {problem.message}"
        ) from None


def _differ(recorded: Any, now: Any, place: tuple[str, ...]) -> Iterator[Difference]:
    """Every entry that is not the same, in the order of the result; of an entry that came or went, each part."""
    parts = _parts(recorded, place), _parts(now, place)
    if parts[0] is None and parts[1] is None:
        if recorded != now:
            yield Difference(": ".join(place), _shown(recorded), _shown(now))
        return
    before, after = parts[0] or {}, parts[1] or {}
    for key in {**before, **after}:
        yield from _differ(before.get(key), after.get(key), (*place, key))
    if before.keys() == after.keys() and list(before) != list(after):
        yield Difference(": ".join((*place, "order")), "; ".join(before), "; ".join(after))


def _parts(value: Any, place: tuple[str, ...]) -> dict[str, Any] | None:
    """The entries of a table or a list by name, None for a single value."""
    if isinstance(value, Mapping):
        return {name: value[name] for name in sorted(value)}
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    known_by = _KNOWN_BY.get(place[-1] if place else "", ())
    names = [" ".join(str(entry[key]) for key in known_by if entry[key] is not None) for entry in value]
    if not known_by or len(set(names)) < len(names):
        names = [str(number) for number in range(1, len(value) + 1)]
    return dict(zip(names, value, strict=True))


def _shown(value: Hashable) -> str | None:
    return None if value is None else str(value)
