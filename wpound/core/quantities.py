"""Amounts that carry their unit, from a closed list."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from wpound.core.errors import UnitMismatch
from wpound.core.money import Money, drop_zeros


class Unit(StrEnum):
    """What a measure counts in."""

    FTE_YEAR = "fte_year"
    PERSON = "person"
    WEEK = "week"
    HOUR = "hour"
    ATTENDEE_HOUR = "attendee_hour"
    GBP = "gbp"
    TCO2E = "tco2e"
    PERCENT = "percent"
    TONNE = "tonne"
    MILE = "mile"
    EVENT = "event"
    SQUARE_METRE = "square_metre"
    COUNT = "count"

    @property
    def label(self) -> str:
        """The unit as printed after a number, in the plural."""
        return _LABELS[self]

    @property
    def meaning(self) -> str:
        """What one of them is, where the label does not say it; else nothing."""
        return _MEANINGS.get(self, "")


_LABELS = {
    Unit.FTE_YEAR: "FTE-years",
    Unit.PERSON: "people",
    Unit.WEEK: "weeks",
    Unit.HOUR: "hours",
    Unit.ATTENDEE_HOUR: "attendee-hours",
    Unit.GBP: "pounds",
    Unit.TCO2E: "tCO2e",
    Unit.PERCENT: "per cent",
    Unit.TONNE: "tonnes",
    Unit.MILE: "miles",
    Unit.EVENT: "events",
    Unit.SQUARE_METRE: "square metres",
    Unit.COUNT: "items",
}
_MEANINGS = {
    Unit.FTE_YEAR: "One is a full-time job (full-time equivalent, FTE) for a year; part-time jobs count by hours.",
    Unit.ATTENDEE_HOUR: "One is one person taking part for one hour.",
    Unit.TCO2E: "Tonnes of carbon dioxide equivalent: all greenhouse gases, as the carbon dioxide that warms as much.",
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A finite, exact amount in a unit."""

    amount: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise TypeError("a quantity is a finite Decimal")

    def __add__(self, other: "Quantity") -> "Quantity":
        if other.unit is not self.unit:
            raise UnitMismatch(f"cannot add {other.unit.label} to {self.unit.label}")
        return Quantity(self.amount + other.amount, self.unit)

    def format(self) -> str:
        """The quantity as people read it: ``1,250.5 weeks``, ``£40,000``; pounds never with a third decimal."""
        if self.unit is Unit.GBP:
            return Money.rounded(self.amount).format_short()
        return f"{drop_zeros(f'{self.amount:,f}')} {self.unit.label}"
