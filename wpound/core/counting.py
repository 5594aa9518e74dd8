"""How a quantity is reached from what a bidder or supplier knows: posts, hours, shared activity, carbon."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from wpound.core.money import divide

FULL_TIME_HOURS = Decimal(35)
ONE = Decimal(1)
MONTHS = 12


class Counting(StrEnum):
    """How a quantity is reached from what a bidder or supplier knows; each is a function of this module."""

    GIVEN = "given"
    FTE_YEARS = "fte_years"
    ATTENDEE_HOURS = "attendee_hours"
    ACTIVITY_CARBON = "activity_carbon"


def person_fte(weekly_hours: Decimal, full_time_hours: Decimal = FULL_TIME_HOURS) -> Decimal:
    """One person's share of a full-time post, never above 1 however long the hours.

    Raises ValueError for hours below 0. Source: councils' rule that 1.0 is 35 hours a week or more
    (``docs/method/scoring.md``).

    >>> person_fte(Decimal("17.5")), person_fte(Decimal(48))
    (Decimal('0.5'), Decimal('1'))
    """
    if weekly_hours < 0 or full_time_hours <= 0:
        raise ValueError("hours must not be negative, and a full week has more than none")
    return min(ONE, divide(weekly_hours, full_time_hours))


def fte_years(
    full_time: Decimal,
    part_time_hours: Sequence[Decimal],
    years: Decimal,
    full_time_hours: Decimal = FULL_TIME_HOURS,
    first_months_only: int | None = None,
) -> Decimal:
    """Full-time people plus part-time hours over full-time hours, times years, in FTE-years.

    ``part_time_hours`` holds each part-time person's hours a week. ``first_months_only`` is the limit of measures for
    disadvantaged groups, whose recruits count for their first months only. Raises ValueError below 0. Source: Torbay's
    guide (example T10).

    >>> fte_years(Decimal(10), [Decimal("17.5")] * 5, Decimal(2))
    Decimal('25.0')
    """
    if full_time < 0 or years < 0:
        raise ValueError("people and years must not be negative")
    posts = full_time + sum((person_fte(hours, full_time_hours) for hours in part_time_hours), Decimal(0))
    counted = years if first_months_only is None else min(years, divide(first_months_only, MONTHS))
    return posts * counted


def attendee_hours(hours: Decimal, attendees: Decimal) -> Decimal:
    """Hours times people attending, however many presenters; raises ValueError below 0.

    Source: Essex's guide (example T11).

    >>> attendee_hours(Decimal(2), Decimal(8))
    Decimal('16')
    """
    if hours < 0 or attendees < 0:
        raise ValueError("hours and attendees must not be negative")
    return hours * attendees


def attributed(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """The part of a shared activity that belongs to this contract, by part and whole of the investment or time.

    Raises ValueError for a part below 0 or above the whole. Source: Cheshire West and Chester's guide (example T12:
    £1,500 shared by three projects).

    >>> attributed(Decimal(1500), Decimal(1), Decimal(3))
    Decimal('500')
    """
    if not 0 <= part <= whole or not whole:
        raise ValueError("a part is not negative and never more than the whole")
    return divide(amount * part, whole)


def activity_carbon(activity: Decimal, factor: Decimal) -> Decimal:
    """Carbon in tonnes of CO2e from an amount of activity and its factor in kg of CO2e for one unit of it.

    The factor is the dated one of the year of the activity. Raises ValueError for an amount below 0. Source: Carbon
    Trust's worked example (T14).

    >>> activity_carbon(Decimal(200), Decimal("2.331"))
    Decimal('0.466200')
    """
    if activity < 0:
        raise ValueError("an amount of activity must not be negative")
    return activity * factor * Decimal("0.001")
