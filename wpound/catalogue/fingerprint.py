"""Write a catalogue down in one canonical form, and take its fingerprint."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from wpound.catalogue.model import FactorSet, Measure, Plan


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
    by_code = sorted(measures, key=lambda measure: measure.code)
    content = to_plain({"edition": edition, "plan": plan, "measures": by_code, "factors": factors})
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
