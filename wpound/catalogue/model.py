"""What the catalogue holds: plans, measures with dated values, emission factors, and the cities that use them.

Everything is frozen and made of plain types, so that :mod:`wpound.catalogue.reading` can build it from a file and
:mod:`wpound.catalogue.fingerprint` can write it down again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum

from wpound.core.counting import Counting
from wpound.core.errors import MeasureNotInForce, NotFound, UnknownMeasure
from wpound.core.periods import format_day
from wpound.core.places import LocalityRule
from wpound.core.quantities import Quantity, Unit
from wpound.core.valuing import ValueKind


class Head(StrEnum):
    """What marks and league tables are grouped by; a plan says which of its priorities or principles each one is."""

    JOBS = "jobs"
    ECONOMY = "economy"
    CLIMATE = "climate"
    FAMILIES = "families"
    CARE = "care"
    COMMUNITIES = "communities"
    HOMES = "homes"
    DIGITAL = "digital"
    FAIRNESS = "fairness"


class Strand(StrEnum):
    """The kind of promise a measure counts."""

    LOCAL_SPEND = "local_spend"
    LOCAL_JOBS = "local_jobs"
    APPRENTICESHIPS = "apprenticeships"
    CARBON = "carbon"
    SKILLS = "skills"
    WORKFORCE = "workforce"
    COMMUNITY = "community"
    ENVIRONMENT = "environment"

    @property
    def label(self) -> str:
        """The strand as a heading."""
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a figure or a text comes from, when a person last saw it, and on what terms it may be used.

    ``seen_in`` names the copy it was read in, where that was not the publisher's own page.
    """

    title: str
    url: str
    seen_on: date
    licence: str
    attribution: str = ""
    seen_in: str = ""


@dataclass(frozen=True, slots=True)
class MeasureValue:
    """Pounds per unit from a day on, in the prices of ``price_base``, with the source's ``low`` and ``high`` if any."""

    valid_from: date
    value: Decimal
    price_base: str
    reference: Reference
    low: Decimal | None = None
    high: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a claim is held to. FTE are per person and year; ``most_per_contract`` is in the measure's own unit."""

    per_person_fte_per_year: Decimal | None = None
    first_months_only: int | None = None
    disadvantaged_group: bool = False
    needs_area: bool = False
    needs_narrative: bool = True
    most_per_contract: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: the quantity its inputs come to and, on a day, what that quantity is worth (None: no value)."""

    title: str
    inputs: Mapping[str, Decimal | str | tuple[Decimal, ...]]
    quantity: Decimal
    on: date | None = None
    worth: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that can be promised, counted, proved and sometimes priced.

    ``published_ahead`` marks a series whose source has published it for years to come; ``licensed`` a measure that
    one authority may use and nobody may pass on; ``serves`` holds keys of the plan in use.
    """

    code: str
    title: str
    summary: str
    head: Head
    strand: Strand
    unit: Unit
    how_to_count: str
    evidence: tuple[str, ...]
    exclusions: tuple[str, ...]
    value_kind: ValueKind
    verified_on: date
    examples: tuple[Example, ...] = ()
    counting: Counting = Counting.GIVEN
    limits: Limits = field(default_factory=Limits)
    values: tuple[MeasureValue, ...] = ()
    published_ahead: bool = False
    ends_on: date | None = None
    no_value_reason: str | None = None
    serves: tuple[str, ...] = ()
    licensed: bool = False

    def value_on(self, day: date) -> MeasureValue:
        """The value in force on a day; raises ``MeasureNotInForce`` before the first, after the end or with none."""
        if not self.values:
            raise MeasureNotInForce(f"{self.title} has no money value: {self.no_value_reason}")
        if self.ends_on is not None and day > self.ends_on:
            raise MeasureNotInForce(f"{self.title} has no value after {format_day(self.ends_on)}")
        in_force = [value for value in self.values if value.valid_from <= day]
        if not in_force:
            first = format_day(self.values[0].valid_from)
            raise MeasureNotInForce(f"{self.title} has no value on {format_day(day)}: the first is from {first}")
        return in_force[-1]

    def quantity(self, amount: Decimal) -> Quantity:
        """An amount in this measure's unit."""
        return Quantity(amount, self.unit)


@dataclass(frozen=True, slots=True)
class PlanItem:
    """An outcome, an objective or an ask, in the council's own words."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Priority:
    """A priority of a council plan; ``asks`` are what the plan asks of residents."""

    key: str
    number: int
    title: str
    head: Head | None = None
    summary: str = ""
    outcomes: tuple[PlanItem, ...] = ()
    objectives: tuple[PlanItem, ...] = ()
    asks: tuple[PlanItem, ...] = ()

    @property
    def items(self) -> tuple[PlanItem, ...]:
        """Outcomes, objectives and asks in the order of the plan."""
        return self.outcomes + self.objectives + self.asks


@dataclass(frozen=True, slots=True)
class Principle:
    """A principle that cuts across the priorities."""

    key: str
    title: str
    text: str
    head: Head | None = None


@dataclass(frozen=True, slots=True)
class Headings:
    """What a plan calls its outcomes, objectives and asks."""

    outcomes: str = "Outcomes"
    objectives: str = "Objectives"
    asks: str = "Asks of residents"


@dataclass(frozen=True, slots=True)
class Plan:
    """A council plan, complete; ``serves`` says which of its keys each measure serves, by measure code."""

    key: str
    title: str
    council: str
    source: Reference
    priorities: tuple[Priority, ...]
    serves: Mapping[str, tuple[str, ...]]
    principles: tuple[Principle, ...] = ()
    ambition: str = ""
    note: str = ""
    headings: Headings = field(default_factory=Headings)

    def texts(self) -> dict[str, str]:
        """Every key a measure can serve, with its words."""
        found = {item.key: item.text for priority in self.priorities for item in priority.items}
        return found | {principle.key: principle.title for principle in self.principles}

    def head_title(self, head: Head) -> str:
        """What the plan calls a head: a priority before a principle, the bare word where neither is of it."""
        titles = [priority.title for priority in self.priorities if priority.head is head]
        titles += [principle.title for principle in self.principles if principle.head is head]
        return titles[0] if titles else head.value.capitalize()


@dataclass(frozen=True, slots=True)
class EmissionFactor:
    """Kilograms of CO2e for one unit of an activity, with the row of the published table it stands in."""

    activity: str
    unit: str
    kg_co2e: Decimal
    scope: str
    row: str


@dataclass(frozen=True, slots=True)
class FactorSet:
    """One year's published emission factors."""

    year: int
    title: str
    reference: Reference
    factors: Mapping[str, EmissionFactor]


@dataclass(frozen=True)
class Catalogue:
    """Measures under one plan, with the edition and the fingerprint a tender pins."""

    edition: str
    plan: Plan
    measures: Mapping[str, Measure]
    factors: FactorSet
    fingerprint: str

    def get_measure(self, code: str) -> Measure:
        """The measure of that code; raises ``UnknownMeasure`` with the nearest code there is."""
        if code in self.measures:
            return self.measures[code]
        near = get_close_matches(code, self.measures, n=1)
        hint = f"did you mean {near[0]}?" if near else "list them with: wpound catalogue list"
        raise UnknownMeasure(f"there is no measure {code!r}: {hint}")

    def list_measures(self, *, strand: Strand | None = None, head: Head | None = None) -> list[Measure]:
        """Measures by strand, then title; all, or those of one strand or head."""
        found = [m for m in self.measures.values() if strand in (None, m.strand) and head in (None, m.head)]
        order = list(Strand)
        return sorted(found, key=lambda m: (order.index(m.strand), m.title, m.code))

    def public_measures(self, *, strand: Strand | None = None, head: Head | None = None) -> list[Measure]:
        """The same without those under an authority's own licence, which may not be exported."""
        return [measure for measure in self.list_measures(strand=strand, head=head) if not measure.licensed]

    def serving(self, key: str) -> Iterator[Measure]:
        """The measures that serve an outcome, objective or principle."""
        return (measure for measure in self.list_measures() if key in measure.serves)


class AnchorKind(StrEnum):
    """What sort of institution an anchor is."""

    COUNCIL = "council"
    HEALTH = "health"
    UNIVERSITY = "university"
    COLLEGE = "college"
    HOUSING = "housing"


@dataclass(frozen=True, slots=True)
class Anchor:
    """An institution rooted in the city; ``identifier`` is scheme-prefixed, ``basis`` how its spend is published."""

    key: str
    name: str
    kind: AnchorKind
    identifier: str | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class City:
    """A place and its programme: whose plan, which anchors, what counts as local (the first definition by default).

    ``plan`` is a plan's key, or its file for a city of your own.
    """

    key: str
    name: str
    council: str
    programme: str
    plan: str
    population: int
    population_on: date
    population_reference: Reference
    anchors: tuple[Anchor, ...]
    localities: tuple[LocalityRule, ...]
    note: str = ""

    def anchor(self, key: str) -> Anchor:
        """The anchor of that key; raises ``NotFound`` naming those there are."""
        anchors = {anchor.key: anchor for anchor in self.anchors}
        if key not in anchors:
            raise NotFound(f"{self.name} has no anchor {key!r}: choose one of {', '.join(anchors)}")
        return anchors[key]

    def locality(self, key: str) -> LocalityRule:
        """The rule of that key; raises ``NotFound`` naming those there are."""
        rules = {rule.key: rule for rule in self.localities}
        if key not in rules:
            raise NotFound(f"{self.name} has no definition of local {key!r}: choose one of {', '.join(rules)}")
        return rules[key]
