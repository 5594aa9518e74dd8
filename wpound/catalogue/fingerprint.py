"""Write a catalogue down in one canonical form, take its fingerprint, and read it back."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from wpound.catalogue.model import Catalogue, FactorSet, Measure, Plan
from wpound.catalogue.reading import build


def to_plain(thing: Any) -> Any:
    """Text, whole numbers, lists and tables only: decimals and days as text, in a shape ``reading.build`` reads back.

    >>> to_plain((Decimal("2.50"), date(2026, 4, 1)))
    ['2.50', '2026-04-01']
    """
    if isinstance(thing, StrEnum | Decimal | date):
        return str(thing)
    if is_dataclass(thing):
        return {field.name: to_plain(getattr(thing, field.name)) for field in fields(thing)}
    if isinstance(thing, Mapping):
        return {str(key): to_plain(thing[key]) for key in sorted(thing)}
    if isinstance(thing, tuple | list):
        return [to_plain(item) for item in thing]
    if isinstance(thing, frozenset):
        return sorted(to_plain(item) for item in thing)
    return thing


def fingerprint_of(edition: str, plan: Plan, measures: Iterable[Measure], factors: FactorSet) -> str:
    """SHA-256 over everything the catalogue says, in hexadecimal; the order of files and measures does not matter."""
    return _hash_of(_content(edition, plan, measures, factors))


def write_catalogue(catalogue: Catalogue) -> dict[str, Any]:
    """Everything its fingerprint is taken over, licensed measures included: to be kept, and not to be passed on."""
    return _content(catalogue.edition, catalogue.plan, catalogue.measures.values(), catalogue.factors)


def read_catalogue(content: Mapping[str, Any]) -> Catalogue:
    """The catalogue :func:`write_catalogue` wrote down, with the same fingerprint.

    The fingerprint is that of the content as it stands, so that what an older program wrote down keeps its own when
    the model has more to say today. Raises ``InputErrors`` where the model can no longer hold it.
    """
    found = build(_Content, content, "catalogue")
    measures = {measure.code: measure for measure in found.measures}
    return Catalogue(found.edition, found.plan, measures, found.factors, _hash_of(content))


@dataclass(frozen=True, slots=True)
class _Content:
    edition: str
    plan: Plan
    measures: tuple[Measure, ...]
    factors: FactorSet


def _content(edition: str, plan: Plan, measures: Iterable[Measure], factors: FactorSet) -> dict[str, Any]:
    by_code = sorted(measures, key=lambda measure: measure.code)
    written: dict[str, Any] = to_plain(_Content(edition, plan, tuple(by_code), factors))
    return written


def _hash_of(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
