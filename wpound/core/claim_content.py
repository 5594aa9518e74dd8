"""What a supplier writes in a line of a return: a figure or a list of what it counts, a share, and words."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Self

from wpound.core.claim_counting import WHOLE, EntryKind
from wpound.core.periods import Period
from wpound.core.references import normal_reference


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One person, event or asset as its supplier writes it; ``factor`` is the code of an emission factor."""

    kind: EntryKind
    reference: str
    first_on: date | None = None
    last_on: date | None = None
    started_on: date | None = None
    hours: Decimal | None = None
    attendees: int | None = None
    amount: Decimal | None = None
    factor: str | None = None
    share: Decimal = WHOLE

    @property
    def identity(self) -> tuple[EntryKind, str]:
        """What tells it from the others of its line, however it is spelled."""
        return self.kind, normal_reference(self.reference)

    def within(self, period: Period) -> Self:
        """The same with both days where only one is given: the other is the first or the last of the period.

        >>> entry = NewEntry(EntryKind.PERSON, "P-1", first_on=date(2026, 5, 1))
        >>> entry.within(Period(date(2026, 4, 1), date(2026, 6, 30))).last_on
        datetime.date(2026, 6, 30)
        """
        if (self.first_on is None) == (self.last_on is None):
            return self
        return replace(self, first_on=self.first_on or period.start_on, last_on=self.last_on or period.end_on)


@dataclass(frozen=True, slots=True)
class ClaimContent:
    """What a line says: an amount (None: not answered) with its share, or entries, each with its own; and words."""

    amount: Decimal | None = None
    share: Decimal = WHOLE
    narrative: str | None = None
    entries: tuple[NewEntry, ...] = ()
