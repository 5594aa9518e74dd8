"""The dated figures of procurement law and the bank holidays, as packaged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from wpound.catalogue.model import Reference
from wpound.catalogue.reading import Problems, inside
from wpound.core.duties import LegalFigure
from wpound.core.errors import RuleError
from wpound.core.periods import format_day
from wpound.core.working_days import BankHolidays


@dataclass(frozen=True, slots=True)
class DatedFigure:
    """A figure of the law from a day on: pounds including VAT, or a rate as a share."""

    valid_from: date
    value: Decimal
    reference: Reference


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Every figure by its name, oldest first."""

    figures: Mapping[LegalFigure, tuple[DatedFigure, ...]]

    def figure_on(self, figure: LegalFigure, day: date) -> DatedFigure:
        """The figure in force on a day; raises ``RuleError`` before the first that is known."""
        in_force = [dated for dated in self.figures[figure] if dated.valid_from <= day]
        if not in_force:
            first = format_day(self.figures[figure][0].valid_from)
            raise RuleError(
                f"The catalogue has no figure for {figure.value.replace('_', ' ')} on {format_day(day)}: its first is "
                f"from {first}, when the Procurement Act 2023 came into force. Choose a day from then on."
            )
        return in_force[-1]


@dataclass(frozen=True, slots=True)
class HolidayYear:
    """The bank holidays of one year."""

    year: int
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class HolidayTable:
    """Bank holidays year by year, and where they were published."""

    reference: Reference
    years: tuple[HolidayYear, ...]

    def to_holidays(self) -> BankHolidays:
        """The table as the rules of working days use it."""
        days = frozenset(day for entry in self.years for day in entry.days)
        return BankHolidays(days, self.years[0].year, self.years[-1].year)


def check_thresholds(thresholds: Thresholds, place: str) -> None:
    """Raise ``InputErrors`` where a figure is missing or its days are out of order."""
    problems = Problems()
    for figure in LegalFigure:
        values = thresholds.figures.get(figure, ())
        where = inside(place, f"figures.{figure.value}")
        if not values:
            problems.add(where, "missing")
        if any(later.valid_from <= earlier.valid_from for earlier, later in pairwise(values)):
            problems.add(where, "must be in order of valid_from")
    problems.raise_if_any()


def check_holidays(table: HolidayTable, place: str) -> None:
    """Raise ``InputErrors`` where years do not follow each other or a day lies in another year."""
    problems = Problems()
    if not table.years or any(later.year != earlier.year + 1 for earlier, later in pairwise(table.years)):
        problems.add(inside(place, "years"), "must follow each other without a gap")
    for i, entry in enumerate(table.years):
        if any(day.year != entry.year for day in entry.days):
            problems.add(inside(place, f"years[{i}].days"), f"must all lie in {entry.year}")
    problems.raise_if_any()
