"""When promises fall due: every profile adds up to the promise, within the contract."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.core.delivery import DueProfile
from wpound.core.due_dates import DueDate, check_milestones, find_outside, list_due_dates
from wpound.core.errors import InputErrors
from wpound.core.periods import Period

LIFE = Period(date(2026, 7, 1), date(2028, 6, 30))
QUANTITIES = st.decimals(min_value="0.01", max_value="1000000", places=2)


@given(
    st.sampled_from([DueProfile.EVEN, DueProfile.FRONT_LOADED]),
    QUANTITIES,
    st.dates(date(2025, 1, 1), date(2030, 1, 1)),
    st.integers(0, 3000),
)
def test_what_is_due_adds_up_to_the_promise_within_the_contract(
    profile: DueProfile, quantity: Decimal, start_on: date, days: int
) -> None:
    life = Period(start_on, start_on + timedelta(days=days))
    due = list_due_dates(profile, quantity, life)
    assert sum(one.quantity for one in due) == quantity
    assert all(one.due_on in life for one in due)
    assert [one.due_on for one in due] == sorted({one.due_on for one in due})
    assert all(one.quantity > 0 for one in due)


def test_front_loaded_is_never_behind_even() -> None:
    even, early = (list_due_dates(profile, Decimal(16), LIFE) for profile in (DueProfile.EVEN, DueProfile.FRONT_LOADED))
    assert (len(even), len(early)) == (8, 4)
    assert early[-1].due_on == date(2027, 6, 30)
    for day in (one.due_on for one in even):
        done = [sum(one.quantity for one in due if one.due_on <= day) for due in (even, early)]
        assert done[1] >= done[0]


def test_a_promise_for_one_year_is_due_in_it() -> None:
    due = list_due_dates(DueProfile.EVEN, Decimal(4), LIFE, year=2026)
    assert [one.due_on for one in due] == [date(2026, 9, 30), date(2026, 12, 31)]
    assert list_due_dates(DueProfile.EVEN, Decimal(4), LIFE, year=2031) == ()


@pytest.mark.parametrize(
    ("milestones", "words"),
    [
        ((), "at least one day"),
        ((DueDate(date(2027, 1, 1), Decimal(5)), DueDate(date(2027, 1, 1), Decimal(5))), "same day"),
        ((DueDate(date(2027, 1, 1), Decimal(11)), DueDate(date(2027, 2, 1), Decimal(-1))), "more than 0"),
        ((DueDate(date(2027, 1, 1), Decimal("9.5")),), "add up to 9.5, but 10 was promised"),
    ],
)
def test_milestones_that_cannot_be_are_refused(milestones: tuple[DueDate, ...], words: str) -> None:
    with pytest.raises(InputErrors, match=words):
        check_milestones(milestones, Decimal(10))


def test_milestones_lie_in_the_contract_and_in_their_year() -> None:
    inside = (DueDate(date(2026, 7, 1), Decimal(4)), DueDate(date(2028, 6, 30), Decimal(6)))
    check_milestones(inside, Decimal(10))
    assert find_outside(inside, LIFE) is None
    assert "outside the contract" in (find_outside((DueDate(date(2026, 6, 30), Decimal(1)),), LIFE) or "")
    assert "not in 2027" in (find_outside(inside, LIFE, year=2027) or "")
    assert [DueDate.from_dict(one.to_dict()) for one in inside] == list(inside)
