"""When a promise falls due over the life of a contract, as agreed at the hand-over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from wpound.core.delivery import DueProfile
from wpound.core.errors import InputError, InputErrors
from wpound.core.form import write_decimal
from wpound.core.money import divide, round_half_up
from wpound.core.periods import Period, format_day, quarters

# A part that does not come out even is cut to the decimals a promise itself may have; the last part makes up for it.
PART_PLACES = 12


@dataclass(frozen=True, slots=True)
class DueDate:
    """So much of a promise is due by the end of a day."""

    due_on: date
    quantity: Decimal

    def to_dict(self) -> dict[str, str]:
        """The stored form: day and quantity as text."""
        return {"due_on": self.due_on.isoformat(), "quantity": write_decimal(self.quantity)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "DueDate":
        """Read the stored form."""
        return cls(date.fromisoformat(data["due_on"]), Decimal(data["quantity"]))


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is agreed on how one promise is kept; what nobody has said yet is None.

    ``owner`` is who looks after it, ``evidence`` what proves it, ``remedy`` what follows where it is not kept.
    """

    owner: str | None = None
    due_profile: DueProfile | None = None
    milestones: tuple[DueDate, ...] = ()
    evidence: str | None = None
    remedy: str | None = None


def list_due_dates(
    profile: DueProfile, quantity: Decimal, life: Period, milestones: Sequence[DueDate] = (), year: int | None = None
) -> tuple[DueDate, ...]:
    """What is due by which day, oldest first; the quantities add up to the promise exactly.

    Even: the same at the end of every quarter of the contract. Front-loaded: the same at the end of every quarter of
    its first half (the middle one included). Quarters end with the contract at the latest; a promise for one calendar
    year is spread over that year's quarters within the contract, none where the contract does not touch that year.

    >>> life = Period(date(2026, 7, 1), date(2027, 3, 31))
    >>> [(due.due_on.isoformat(), str(due.quantity)) for due in
    ...  list_due_dates(DueProfile.FRONT_LOADED, Decimal(10), life)]
    [('2026-09-30', '5'), ('2026-12-31', '5')]
    """
    if profile is DueProfile.MILESTONES:
        return tuple(sorted(milestones, key=lambda due: due.due_on))
    ends = [min(q.end_on, life.end_on) for q in quarters(life) if year in (None, q.start_on.year)]
    if profile is DueProfile.FRONT_LOADED:
        ends = ends[: -(-len(ends) // 2)]
    if not ends:
        return ()
    whole = divide(quantity, len(ends))
    cut = round_half_up(whole, PART_PLACES)
    each = whole if whole == cut else cut
    last = quantity - each * (len(ends) - 1)
    return tuple(DueDate(day, last if day == ends[-1] else each) for day in ends)


def due_in(
    quantity: Decimal,
    life: Period,
    period: Period,
    year: int | None = None,
    profile: DueProfile = DueProfile.EVEN,
    milestones: Sequence[DueDate] = (),
) -> Decimal:
    """What of a promise falls due in a period, unrounded: the parts whose days lie in it.

    >>> life = Period(date(2025, 4, 1), date(2027, 3, 31))
    >>> due_in(Decimal(16), life, Period(date(2025, 4, 1), date(2026, 3, 31)))
    Decimal('8')
    """
    dates = list_due_dates(profile, quantity, life, milestones, year)
    return sum((due.quantity for due in dates if due.due_on in period), Decimal(0))


def check_milestones(milestones: Sequence[DueDate], quantity: Decimal) -> None:
    """Raise InputErrors unless the milestones are on different days, each above nothing, and add up to the promise."""
    errors = []
    days = [due.due_on for due in milestones]
    if not milestones:
        errors.append(InputError("milestones", "Give at least one day with the quantity that is due by then."))
    elif len(set(days)) < len(days):
        errors.append(InputError("milestones", "Two milestones are on the same day. Put them together."))
    if any(due.quantity <= 0 for due in milestones):
        errors.append(InputError("milestones", "The quantity of a milestone must be more than 0."))
    total = sum((due.quantity for due in milestones), Decimal(0))
    if milestones and total != quantity:
        said = f"The milestones add up to {write_decimal(total)}, but {write_decimal(quantity)} was promised."
        errors.append(InputError("milestones", said))
    if errors:
        raise InputErrors(errors)


def find_outside(milestones: Sequence[DueDate], life: Period, year: int | None = None) -> str | None:
    """What is wrong with the days of milestones under a contract of this life, in words; None where nothing is."""
    for due in milestones:
        if due.due_on not in life:
            return f"The milestone of {format_day(due.due_on)} is outside the contract, {life.format()}."
        if year is not None and due.due_on.year != year:
            return f"The milestone of {format_day(due.due_on)} is not in {year}, the year it was promised for."
    return None
