"""Money is exact, refuses what is not, and its parts add up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.core.money import Money, divide, round_half_up

pence = st.integers(min_value=-(10**15), max_value=10**15)


@pytest.mark.parametrize("given_pounds", [1.15, True, None, b"1"])
def test_only_text_whole_numbers_and_decimals_become_money(given_pounds: object) -> None:
    with pytest.raises(TypeError):
        Money.from_pounds(given_pounds)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["1.005", "abc", "", "NaN", "Infinity", "1e-3"])
def test_text_that_is_not_whole_pence_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Money.from_pounds(text)


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [("2.675", 2, "2.68"), ("1.15", 1, "1.2"), ("-0.5", 0, "-1"), ("0.49999", 0, "0"), ("38.095238", 0, "38")],
)
def test_halves_round_away_from_zero(value: str, places: int, expected: str) -> None:
    assert round_half_up(Decimal(value), places) == Decimal(expected)


def test_the_pound_that_a_float_would_lose() -> None:
    assert Money.from_pounds("1.15").pence == 115
    assert Money.from_pounds("90071992547409.93").format() == "£90,071,992,547,409.93"


@given(pence)
def test_formatting_keeps_every_penny(value: int) -> None:
    text = Money(value).format().replace("£", "").replace(",", "")

    assert Money.from_pounds(text) == Money(value)


@given(pence, st.lists(st.integers(0, 1000), min_size=1, max_size=30).filter(any))
def test_allocated_parts_add_up_and_stay_within_a_penny(value: int, weights: list[int]) -> None:
    parts = Money(value).allocate(weights)

    assert Money.total(parts) == Money(value)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Decimal(part.pence) - Decimal(value) * weight / sum(weights)) < 1


def test_a_share_of_nothing_is_not_zero() -> None:
    assert Money(5).share_of(Money(0)) is None
    assert Money(0).share_of(Money(5)) == 0


def test_division_does_not_depend_on_the_callers_precision() -> None:
    from decimal import localcontext

    with localcontext(prec=3):
        assert divide(1, 3) == Decimal("0.3333333333333333333333333333")
