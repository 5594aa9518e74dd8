"""Units never mix; days fall into the right quarter and financial year."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.core.errors import UnitMismatch
from wpound.core.periods import Period, financial_year, financial_year_of, format_financial_year, quarter_of, quarters
from wpound.core.quantities import Quantity, Unit

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))


def test_weeks_and_hours_do_not_add() -> None:
    with pytest.raises(UnitMismatch):
        Quantity(Decimal(1), Unit.WEEK) + Quantity(Decimal(1), Unit.HOUR)


@pytest.mark.parametrize("amount", [1.5, Decimal("NaN"), Decimal("Infinity"), 3])
def test_a_quantity_is_a_finite_decimal(amount: object) -> None:
    with pytest.raises(TypeError):
        Quantity(amount, Unit.WEEK)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Quantity(Decimal("1250.50"), Unit.WEEK), "1,250.5 weeks"),
        (Quantity(Decimal("40000"), Unit.GBP), "£40,000"),
        (Quantity(Decimal("100"), Unit.TCO2E), "100 tCO2e"),
    ],
)
def test_quantities_read_as_people_write_them(quantity: Quantity, text: str) -> None:
    assert quantity.format() == text


@given(days)
def test_every_day_lies_in_its_quarter_and_its_year(day: date) -> None:
    year = financial_year(financial_year_of(day))

    assert day in quarter_of(day)
    assert day in year
    assert quarter_of(day) in quarters(year)


@given(days, st.integers(0, 3000))
def test_quarters_follow_each_other_without_a_gap(day: date, length: int) -> None:
    found = quarters(Period(day, day + timedelta(days=length)))

    for before, after in pairwise(found):
        assert after.start_on == before.end_on + timedelta(days=1)
    assert day in found[0]
    assert day + timedelta(days=length) in found[-1]


def test_the_financial_year_turns_on_the_first_of_april() -> None:
    assert financial_year_of(date(2026, 3, 31)) == 2025
    assert financial_year_of(date(2026, 4, 1)) == 2026
    assert format_financial_year(1999) == "1999-00"
    assert financial_year(2025).days == 365


def test_a_period_cannot_run_backwards() -> None:
    with pytest.raises(ValueError):
        Period(date(2026, 4, 2), date(2026, 4, 1))
