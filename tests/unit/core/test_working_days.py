"""Days to reply and standstill skip weekends and bank holidays, and never guess a year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.catalogue.loader import load_bank_holidays
from wpound.core.errors import RuleError
from wpound.core.working_days import BankHolidays, add_working_days, is_working_day, standstill_ends_on

HOLIDAYS = load_bank_holidays()
days = st.dates(date(2024, 1, 1), date(2028, 11, 30))


@given(days, st.integers(1, 15))
def test_exactly_so_many_working_days_lie_between(day: date, count: int) -> None:
    end = add_working_days(day, count, HOLIDAYS)
    between = [day + timedelta(days=i) for i in range(1, (end - day).days + 1)]
    assert sum(is_working_day(one, HOLIDAYS) for one in between) == count
    assert is_working_day(end, HOLIDAYS)


@given(days, st.integers(1, 10), st.integers(1, 5))
def test_counting_on_is_the_same_as_counting_at_once(day: date, first: int, then: int) -> None:
    there = add_working_days(add_working_days(day, first, HOLIDAYS), then, HOLIDAYS)
    assert there == add_working_days(day, first + then, HOLIDAYS)


@pytest.mark.parametrize(
    ("noticed_on", "ends_on"),
    [
        (date(2026, 6, 1), date(2026, 6, 11)),  # a Monday, over one weekend
        (date(2026, 4, 1), date(2026, 4, 15)),  # over Good Friday and Easter Monday
        (date(2026, 12, 18), date(2027, 1, 4)),  # over Christmas, its substitute day and New Year
        (date(2026, 8, 29), date(2026, 9, 10)),  # a Saturday before the late summer holiday
    ],
)
def test_standstill_ends_on_the_eighth_working_day_after_the_notice(noticed_on: date, ends_on: date) -> None:
    assert standstill_ends_on(noticed_on, HOLIDAYS) == ends_on


@given(days)
def test_standstill_is_never_shorter_than_the_law_asks(noticed_on: date) -> None:
    ends_on = standstill_ends_on(noticed_on, HOLIDAYS)
    held = [noticed_on + timedelta(days=i) for i in range((ends_on - noticed_on).days + 1)]
    assert sum(is_working_day(day, HOLIDAYS) for day in held) >= 8


def test_a_year_nobody_has_published_is_refused_with_what_to_do() -> None:
    with pytest.raises(RuleError, match="2029 are not in the catalogue, which has 2024 to 2028"):
        standstill_ends_on(date(2028, 12, 22), HOLIDAYS)
    with pytest.raises(RuleError, match="2023"):
        is_working_day(date(2023, 12, 29), HOLIDAYS)


def test_no_days_at_all_cannot_be_counted() -> None:
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(date(2026, 1, 5), 0, BankHolidays(frozenset(), 2026, 2026))
