"""What scoring needs of a catalogue, and the values the bids of one tender are counted with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from wpound.core.quantities import Unit


class ValueKind(StrEnum):
    """Which total a measure's pounds belong to; the two totals are never added together."""

    ADDITIONAL = "additional"
    FLOW = "flow"
    NONE = "none"

    @property
    def label(self) -> str:
        """The name of the total, as printed."""
        return _TOTALS[self]


_TOTALS = {
    ValueKind.ADDITIONAL: "social value",
    ValueKind.FLOW: "local economic flow",
    ValueKind.NONE: "no money value",
}


class ReferenceLike(Protocol):
    """Where a figure comes from."""

    @property
    def title(self) -> str: ...
    @property
    def url(self) -> str: ...


class ValueLike(Protocol):
    """Pounds per unit from a day on, with the source's low and high where it gives any."""

    @property
    def value(self) -> Decimal: ...
    @property
    def low(self) -> Decimal | None: ...
    @property
    def high(self) -> Decimal | None: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def reference(self) -> ReferenceLike: ...


class LimitsLike(Protocol):
    """What a claim is held to."""

    @property
    def disadvantaged_group(self) -> bool: ...


class MeasureLike(Protocol):
    """A measure; ``value_kind`` says which total its pounds belong to, ``strand`` is the kind of promise it counts."""

    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def unit(self) -> Unit: ...
    @property
    def strand(self) -> str: ...
    @property
    def limits(self) -> LimitsLike: ...
    @property
    def value_kind(self) -> ValueKind: ...
    def value_on(self, day: date) -> ValueLike:
        """The value in force; raises ``MeasureNotInForce``."""
        ...


class CatalogueLike(Protocol):
    """A catalogue of measures, whose fingerprint changes with any figure in it."""

    @property
    def fingerprint(self) -> str: ...
    def get_measure(self, code: str) -> MeasureLike:
        """The measure of a code; raises ``UnknownMeasure``."""
        ...


def valued_on(year: int | None, as_of: date) -> date:
    """The day whose value counts: the last of the year of delivery, or the tender's own day where none was given.

    A carbon value belongs to the year in which the tonne is saved, never to the year of the contract.
    """
    return as_of if year is None else date(year, 12, 31)


@dataclass(frozen=True, slots=True)
class Valuation:
    """The measures and values one tender uses, looked up once; values are by measure and year of delivery."""

    measures: Mapping[str, MeasureLike]
    values: Mapping[tuple[str, int | None], ValueLike]
