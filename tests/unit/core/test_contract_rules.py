"""Re-proportioned promises, due dates, standings, ratings and the KPI duty."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.catalogue.loader import load_thresholds
from wpound.core.delivery import DueProfile
from wpound.core.due_dates import DueDate, due_in, list_due_dates
from wpound.core.errors import InputError, RuleError
from wpound.core.kpis import find_kpi_duty, next_assessment
from wpound.core.money import Money
from wpound.core.particulars import ContractKind
from wpound.core.periods import Period
from wpound.core.progress import Progress, Standing, progress_of
from wpound.core.quantities import Unit
from wpound.core.ratings import Better, Rating, RatingThresholds, rate, share_reached
from wpound.core.reproportion import Promised, Rule, Terms, reproportion

START = date(2025, 1, 1)
days = st.integers(0, 2500)
lives = st.builds(lambda a, b: Period(START + timedelta(a), START + timedelta(a + b)), days, days)
quantities = st.integers(0, 10**7).map(lambda n: Decimal(n).scaleb(-2))
profiles = st.sampled_from([DueProfile.EVEN, DueProfile.FRONT_LOADED])


@given(profiles, quantities, lives)
def test_what_is_due_adds_up_to_the_promise_and_never_before_or_after_the_contract(
    profile: DueProfile, quantity: Decimal, life: Period
) -> None:
    dates = list_due_dates(profile, quantity, life)

    assert abs(sum((due.quantity for due in dates), Decimal(0)) - quantity) < Decimal("1e-15")
    assert all(due.due_on in life for due in dates)
    assert [due.due_on for due in dates] == sorted({due.due_on for due in dates})


@given(quantities, lives, days)
def test_front_loaded_is_never_behind_even(quantity: Decimal, life: Period, after: int) -> None:
    until = Period(START, START + timedelta(after))
    early = due_in(quantity, life, until, profile=DueProfile.FRONT_LOADED)
    even = due_in(quantity, life, until, profile=DueProfile.EVEN)

    assert early >= even - Decimal("1e-15")


@given(st.lists(st.tuples(days, st.integers(1, 1000)), min_size=1, max_size=8, unique_by=lambda one: one[0]))
def test_milestones_are_due_on_their_days(listed: list[tuple[int, int]]) -> None:
    dues = [DueDate(START + timedelta(day), Decimal(quantity)) for day, quantity in listed]
    life = Period(START, START + timedelta(2500))
    total = sum((due.quantity for due in dues), Decimal(0))
    first = min(due.due_on for due in dues)

    assert due_in(total, life, life, profile=DueProfile.MILESTONES, milestones=dues) == total
    assert due_in(total, life, Period(first, first), profile=DueProfile.MILESTONES, milestones=dues) > 0


@given(st.lists(quantities, min_size=1, max_size=5), lives, lives, st.integers(1, 10**9), st.integers(0, 10**9))
def test_a_measures_parts_add_up_to_its_new_total(
    parts: list[Decimal], old: Period, new: Period, value: int, new_value: int
) -> None:
    years = [old.start_on.year + i for i in range(len(parts))]
    promises = [Promised("m", Unit.GBP, part, year) for part, year in zip(parts, years, strict=True)]
    before, after = Terms(old, Money(value)), Terms(new, Money(new_value))

    found = reproportion(promises, before, after, Rule.VALUE)

    total = sum(parts, Decimal(0)) * new_value / value
    shared = sum((one.quantity for one in found), Decimal(0))
    assert shared == 0 or abs(shared - total) <= Decimal("0.01")
    assert all(one.quantity >= 0 for one in found)
    assert len({one.year for one in found}) == len(found)


@given(quantities, lives, lives)
def test_promises_that_stay_stay(quantity: Decimal, old: Period, new: Period) -> None:
    promises = (Promised("m", Unit.WEEK, quantity), Promised("n", Unit.PERCENT, quantity, old.start_on.year))
    before, after = Terms(old, Money(1)), Terms(new, Money(2))

    assert reproportion(promises, before, after, Rule.KEEP) == promises
    assert reproportion(promises[:1], before, before, Rule.TIME)[0].quantity == quantity
    assert reproportion(promises[1:], before, before, Rule.VALUE)[0].quantity == quantity


def test_an_extension_by_time_carries_yearly_promises_into_the_new_year() -> None:
    life = Period(date(2026, 1, 1), date(2027, 12, 31))
    longer = Period(date(2026, 1, 1), date(2028, 12, 30))  # 2028 has 366 days, so 365 of them
    promises = [Promised("weeks", Unit.WEEK, Decimal(52), year) for year in (2026, 2027)]

    found = reproportion(promises, Terms(life, Money(1)), Terms(longer, Money(1)), Rule.TIME)

    assert [(one.year, one.quantity) for one in found] == [(2026, 52), (2027, 52), (2028, 52)]


def test_the_last_day_of_a_year_counts_in_what_the_year_carries() -> None:
    one_day, ten_days = (Period(date(2026, 1, 1), date(2026, 1, last)) for last in (1, 10))
    promises = [Promised("weeks", Unit.WEEK, Decimal(5), 2026)]

    found = reproportion(promises, Terms(one_day, Money(1)), Terms(ten_days, Money(1)), Rule.TIME)

    assert [(one.year, one.quantity) for one in found] == [(2026, 50)]


def test_a_contract_of_no_value_cannot_be_followed_by_value() -> None:
    terms = Terms(Period(START, START), Money(0))
    with pytest.raises(RuleError):
        reproportion([Promised("m", Unit.WEEK, Decimal(1))], terms, terms, Rule.VALUE)


amounts = st.integers(0, 1000).map(Decimal)


@given(amounts, amounts, amounts, amounts)
def test_early_is_never_late(promised: Decimal, due: Decimal, waiting: Decimal, more: Decimal) -> None:
    due = min(due, promised)
    found = Progress(promised, due, due, due, due + more, waiting, due + more).standing

    assert found is not Standing.LATE
    if more and due + more < promised:
        assert found in (Standing.EARLY, Standing.TO_CHECK)


@pytest.mark.parametrize(
    ("figures", "standing"),
    [
        (("10", "0", "0", "0", "0", "0", "0"), Standing.NOT_DUE),
        (("10", "4", "0", "0", "0", "0", "0"), Standing.ON_TIME),  # due, and the report on it is not
        (("10", "4", "0", "4", "0", "0", "0"), Standing.NOT_REPORTED),
        (("10", "4", "4", "4", "0", "0", "0"), Standing.LATE),
        (("10", "4", "4", "4", "4", "4", "0"), Standing.TO_CHECK),
        (("10", "4", "4", "4", "3", "0", "3"), Standing.LATE),
        (("10", "4", "4", "4", "9", "0", "9"), Standing.EARLY),
        (("10", "10", "10", "10", "12", "0", "12"), Standing.COMPLETE),
    ],
)
def test_where_a_promise_stands(figures: tuple[str, ...], standing: Standing) -> None:
    assert Progress(*map(Decimal, figures)).standing is standing


@pytest.mark.parametrize(
    ("today", "reported_until", "due", "reported", "owed"),
    [
        (date(2026, 3, 30), None, 0, 0, 0),
        (date(2026, 3, 31), None, 5, 0, 0),
        (date(2026, 4, 28), None, 5, 0, 0),
        (date(2026, 4, 29), None, 5, 0, 5),
        (date(2026, 4, 10), date(2026, 3, 31), 5, 5, 0),
    ],
)
def test_what_fell_due_is_owed_four_weeks_later(
    today: date, reported_until: date | None, due: int, reported: int, owed: int
) -> None:
    nothing = (Decimal(0),) * 3
    found = progress_of(Decimal(9), [DueDate(date(2026, 3, 31), Decimal(5))], today, reported_until, nothing)

    assert (found.due, found.reported, found.owed) == (due, reported, owed)


@pytest.mark.parametrize(
    ("share", "rating"),
    [
        ("1", Rating.GOOD),
        ("0.999", Rating.APPROACHING_TARGET),
        ("0.9", Rating.APPROACHING_TARGET),
        ("0.8999", Rating.REQUIRES_IMPROVEMENT),
        ("0.75", Rating.REQUIRES_IMPROVEMENT),
        ("0.7499", Rating.INADEQUATE),
        ("0", Rating.INADEQUATE),
    ],
)
def test_both_sides_of_each_threshold(share: str, rating: Rating) -> None:
    assert rate(Decimal(share), RatingThresholds()) is rating


def test_what_cannot_be_measured_is_other_and_every_rating_has_one_code() -> None:
    assert rate(share_reached(Decimal(10), None), RatingThresholds()) is Rating.OTHER
    assert share_reached(Decimal(10), Decimal(0), Better.LOWER) == 1
    assert len({rating.code for rating in Rating}) == len(Rating)


def test_thresholds_fall() -> None:
    with pytest.raises(InputError):
        RatingThresholds(Decimal("0.9"), Decimal("0.9"), Decimal("0.5"))


@pytest.mark.parametrize(
    ("pounds", "kind", "framework", "start_on", "applies", "missing"),
    [
        ("5000000.00", None, False, date(2026, 1, 1), False, 0),
        ("5000000.01", None, False, date(2026, 1, 1), True, 2),
        ("5000000.01", ContractKind.LIGHT_TOUCH, False, date(2026, 1, 1), False, 0),
        ("5000000.01", ContractKind.WORKS, True, date(2026, 1, 1), False, 0),
        ("9000000.00", None, False, date(2025, 2, 23), False, 0),
        ("9000000.00", None, False, date(2025, 2, 24), True, 2),
    ],
)
def test_who_has_to_set_kpis(
    pounds: str, kind: ContractKind | None, framework: bool, start_on: date, applies: bool, missing: int
) -> None:
    duty = find_kpi_duty(Money.from_pounds(pounds), kind, framework, start_on, 1, load_thresholds())

    assert (duty.applies, duty.missing) == (applies, missing)


def test_a_contract_at_exactly_twelve_months_is_due() -> None:
    due = next_assessment(Period(date(2026, 3, 1), date(2028, 2, 29)), None)

    assert due is not None
    assert due.due_on == date(2027, 2, 28)
    assert not due.is_due(date(2027, 2, 27))
    assert due.is_due(date(2027, 2, 28))


def test_a_contract_of_exactly_twelve_months_is_assessed_once_when_it_ends() -> None:
    due = next_assessment(Period(date(2026, 3, 1), date(2027, 2, 28)), None)

    assert due is not None and due.is_last
    assert due.words == "For 1 March 2026 to 28 February 2027, due on 28 February 2027, when the contract ends."


@given(lives)
def test_assessments_cover_the_contract_without_gap(life: Period) -> None:
    until, covered = None, 0
    while (due := next_assessment(life, until)) is not None:
        until = due.period.end_on
        covered += due.period.days
        assert due.period.days <= 366

    assert until == life.end_on
    assert covered == life.days
