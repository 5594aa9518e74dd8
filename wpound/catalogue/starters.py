"""Methods to start a tender from: whole, sound and for the officer to change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wpound.catalogue.reading import Problems, build, inside, tables
from wpound.core.errors import InputErrors
from wpound.core.method import Method
from wpound.core.particulars import ContractKind

# What a question writes in place of its scale to have the packaged one.
STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class Card:
    """What an officer chooses a starter by."""

    key: str
    title: str
    summary: str
    kind: ContractKind


@dataclass(frozen=True, slots=True)
class Starter:
    """A starter: its card, and the method it gives."""

    key: str
    title: str
    summary: str
    kind: ContractKind
    method: Method


def build_starter(table: dict[str, Any], scale: Sequence[Mapping[str, Any]], place: str) -> Starter:
    """A starter from its file and the packaged scale; raises ``InputErrors`` with every problem and its place."""
    method = table.pop("method", {})
    for criterion in _criteria(method):
        if criterion.get("scale") == STANDARD:
            criterion["scale"] = list(scale)
    card = build(Card, table, place)
    try:
        return Starter(card.key, card.title, card.summary, card.kind, Method.from_dict(method))
    except InputErrors as errors:
        problems = Problems()
        for error in errors.errors:
            problems.add(inside(place, f"method.{error.field}"), error.message)
        raise InputErrors(problems.found) from None


def _criteria(table: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every criterion at every level."""
    for criterion in tables(table.get("criteria")):
        yield criterion
        yield from _criteria(criterion)
