"""When reminders go out, and how long papers are kept."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.core.periods import Period, quarter_of
from wpound.core.reporting import DueReport, Step, list_steps, next_report, step_reached
from wpound.core.retention import RetentionClass, keep_until

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31))
SPRING = DueReport(Period(date(2026, 4, 1), date(2026, 6, 30)), date(2026, 7, 28))


def test_the_ladder_of_a_quarter() -> None:
    assert list_steps(SPRING) == {
        Step.OPENED: date(2026, 7, 1),
        Step.WEEK_BEFORE: date(2026, 7, 21),
        Step.DUE: date(2026, 7, 28),
        Step.OVERDUE: date(2026, 7, 29),
        Step.ESCALATED: date(2026, 8, 11),
    }


@given(days, st.integers(1, 60))
def test_each_step_is_reached_on_its_day_and_lasts_until_the_next(day: date, given_days: int) -> None:
    quarter = quarter_of(day)
    report = DueReport(quarter, quarter.end_on + timedelta(days=given_days))
    steps = list_steps(report)
    calendar = [quarter.end_on + timedelta(days=n) for n in range(80)]
    reached = [step_reached(report, today) for today in calendar]

    assert reached[0] is None
    assert list(steps) == sorted(steps, key=list(Step).index) == list(dict.fromkeys(filter(None, reached)))
    assert next(iter(steps)) is Step.OPENED
    assert list(steps)[-1] is Step.ESCALATED
    for step, begins in steps.items():
        assert calendar[reached.index(step)] == begins


def test_nothing_is_said_before_the_quarter_is_over_and_overdue_begins_after_the_last_day() -> None:
    assert step_reached(SPRING, date(2026, 6, 30)) is None
    assert step_reached(SPRING, SPRING.due_on) is Step.DUE
    assert not SPRING.is_overdue(SPRING.due_on)
    assert step_reached(SPRING, SPRING.due_on + timedelta(days=1)) is Step.OVERDUE


def test_the_ladder_is_that_of_the_next_report() -> None:
    report = next_report(Period(date(2026, 5, 10), date(2027, 5, 9)), None)

    assert report is not None
    assert step_reached(report, date(2026, 7, 1)) is Step.OPENED


@pytest.mark.parametrize(
    ("klass", "end", "years", "until"),
    [
        (RetentionClass.RECORD, date(2026, 3, 31), None, date(2032, 3, 31)),
        (RetentionClass.PERSONAL, date(2026, 3, 31), None, date(2029, 3, 31)),
        (RetentionClass.RECORD, date(2026, 3, 31), 12, date(2038, 3, 31)),
        (RetentionClass.RECORD, date(2028, 2, 29), 4, date(2032, 2, 29)),
        (RetentionClass.PERSONAL, date(2028, 2, 29), None, date(2031, 2, 28)),
        (RetentionClass.PERSONAL, date(2026, 12, 31), 1, date(2027, 12, 31)),
        (RetentionClass.PERSONAL, date(2026, 3, 31), 0, date(2026, 3, 31)),
    ],
)
def test_papers_are_kept_for_whole_years(klass: RetentionClass, end: date, years: int | None, until: date) -> None:
    assert keep_until(klass, end, years) == until


@given(days, st.integers(1, 20))
def test_papers_are_never_kept_for_less_than_whole_years(end: date, years: int) -> None:
    until = keep_until(RetentionClass.RECORD, end, years)

    assert 365 * years <= (until - end).days <= 366 * years
    assert keep_until(RetentionClass.RECORD, end, years + 1) > until
