"""The file form of a city: district codes ring by ring, written once, and the definitions of local over them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from wpound.catalogue.model import City
from wpound.catalogue.reading import Problems, build, inside, refuse_repeated
from wpound.core.errors import InputErrors
from wpound.core.places import AddressKind, LocalityRule, Ring


@dataclass(frozen=True, slots=True)
class LocalDefinition:
    """One definition of local: how far local reaches and which of a supplier's addresses count, in order."""

    key: str
    title: str
    valid_from: date
    local_ring: Ring
    address_kinds: tuple[AddressKind, ...]
    wards: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LocalAreas:
    """Districts of each ring, nearer ones repeated or not, with their vintage and what the rings are called."""

    area_vintage: str
    areas: Mapping[Ring, frozenset[str]]
    ring_titles: Mapping[Ring, str]
    definitions: tuple[LocalDefinition, ...]

    def localities(self) -> tuple[LocalityRule, ...]:
        """Every definition as a rule, over rings that leave out the nearer ones."""
        areas = self._disjoint()
        return tuple(
            LocalityRule(
                key=definition.key,
                title=definition.title,
                valid_from=definition.valid_from,
                local_ring=definition.local_ring,
                address_kinds=definition.address_kinds,
                areas=areas,
                ring_titles=self.ring_titles,
                area_vintage=self.area_vintage,
                wards=definition.wards,
            )
            for definition in self.definitions
        )

    def _disjoint(self) -> dict[Ring, frozenset[str]]:
        taken: frozenset[str] = frozenset()
        rings = {}
        for ring in sorted(self.areas, key=lambda ring: ring.distance):
            rings[ring] = self.areas[ring] - taken
            taken |= self.areas[ring]
        return rings


def build_city(table: dict[str, Any], place: str) -> City:
    """A city from its file; raises ``InputErrors`` with every problem of both its parts."""
    problems = Problems()
    parts = LocalAreas.__dataclass_fields__.keys()
    if "localities" in table:
        problems.add(inside(place, "localities"), "unknown key")
    own = {key: value for key, value in table.items() if key not in parts} | {"localities": []}
    city: City | None = problems.attempt(build, City, own, place)
    shared = {key: table[key] for key in parts if key in table}
    local: LocalAreas | None = problems.attempt(build, LocalAreas, shared, place)
    if city is None or local is None:
        raise InputErrors(problems.found)
    refuse_repeated([anchor.key for anchor in city.anchors], place, problems)
    _check(local, place, problems)
    problems.raise_if_any()
    return replace(city, localities=local.localities())


def _check(local: LocalAreas, place: str, problems: Problems) -> None:
    if not local.definitions:
        problems.add(inside(place, "definitions"), "give at least one definition of local")
    names_wards = any(definition.wards for definition in local.definitions)
    for ring in Ring:
        if ring not in local.ring_titles and (names_wards or ring is not Ring.WARD):
            problems.add(inside(place, f"ring_titles.{ring}"), "missing")
    for i, definition in enumerate(local.definitions):
        if not local.areas.get(definition.local_ring) and not definition.wards:
            where = inside(place, f"definitions[{i}].local_ring")
            problems.add(where, f"the ring {definition.local_ring} has no areas")
    refuse_repeated([definition.key for definition in local.definitions], place, problems)
