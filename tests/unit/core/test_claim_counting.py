"""What claims come to: published examples, whole quarters and years, and entries that cannot be counted."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.core.claim_counting import (
    Entry,
    EntryKind,
    allowed_entries,
    count_amount,
    count_claim,
    count_entry,
    days_counted,
    entry_problems,
    explain_entry,
    needs_entries,
    recorded,
)
from wpound.core.counting import Counting
from wpound.core.periods import Period, financial_year, first_months, quarter_of, quarters

SUMMER = Period(date(2026, 7, 1), date(2026, 9, 30))
PERSON = Entry(EntryKind.PERSON, hours=Decimal(35))
TALK = Entry(EntryKind.EVENT, hours=Decimal(2), attendees=8)
FUEL = Entry(EntryKind.ASSET, amount=Decimal(200), factor_kg=Decimal("2.331"))
GIFT = Entry(EntryKind.ASSET, amount=Decimal(1500))

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31))
hours = st.decimals(min_value=0, max_value=168, places=2)
shares = st.decimals(min_value="0.01", max_value=100, places=2)


def test_torbays_ten_full_time_and_five_half_time_posts_are_25_fte_years_after_eight_quarters() -> None:
    """torbay.gov.uk (example T10), reported by the quarter."""
    staff = [PERSON] * 10 + [replace(PERSON, hours=Decimal("17.5"))] * 5
    life = Period(date(2026, 4, 1), date(2028, 3, 31))

    assert sum(count_claim(staff, Counting.FTE_YEARS, quarter) for quarter in quarters(life)) == 25


def test_essexs_two_hours_with_eight_people_are_16() -> None:
    """consultations.essex.gov.uk (example T11)."""
    assert count_entry(TALK, Counting.ATTENDEE_HOURS, SUMMER) == 16


def test_cheshires_fair_for_three_projects_is_shared_out_in_full() -> None:
    """Cheshire West and Chester (example T12): shares are per cent, so one of three takes the odd hundredth."""
    parts = [count_amount(Decimal(1500), Decimal(share)) for share in ("33.33", "33.33", "33.34")]

    assert parts == [Decimal("499.95"), Decimal("499.95"), Decimal("500.1")]
    assert count_entry(replace(GIFT, share=Decimal("33.34")), Counting.GIVEN, SUMMER) == parts[-1]


def test_the_carbon_trusts_200_litres_of_fuel_are_0_4662_tonnes() -> None:
    """carbontrust.com (example T14)."""
    assert count_entry(FUEL, Counting.ACTIVITY_CARBON, SUMMER) == Decimal("0.4662")


@given(st.integers(2020, 2040), hours)
def test_nobody_is_more_than_one_post_in_a_year_and_full_time_all_year_is_exactly_one(
    year: int, weekly: Decimal
) -> None:
    person = replace(PERSON, hours=weekly)
    total = sum(count_entry(person, Counting.FTE_YEARS, quarter) for quarter in quarters(financial_year(year)))

    assert 0 <= total <= 1
    assert (total == 1) == (weekly >= 35)


@given(days, hours, shares, st.data())
def test_a_job_cut_into_two_spans_counts_as_one(
    day: date, weekly: Decimal, share: Decimal, data: st.DataObject
) -> None:
    quarter = quarter_of(day)
    cut = quarter.start_on + timedelta(days=data.draw(st.integers(0, quarter.days - 2)))
    whole = replace(PERSON, hours=weekly, share=share)
    parts = [replace(whole, last_on=cut), replace(whole, first_on=cut + timedelta(days=1))]

    assert count_claim(parts, Counting.FTE_YEARS, quarter) == count_entry(whole, Counting.FTE_YEARS, quarter)


@given(st.lists(st.tuples(hours, shares), max_size=12), st.randoms())
def test_the_order_of_entries_never_matters(staff: list[tuple[Decimal, Decimal]], random: object) -> None:
    entries = [replace(PERSON, hours=weekly, share=share) for weekly, share in staff]
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert count_claim(entries, Counting.FTE_YEARS, SUMMER) == count_claim(shuffled, Counting.FTE_YEARS, SUMMER)


def test_entries_are_added_before_they_are_rounded() -> None:
    """Three thirds of a post are one post; three rounded thirds would be 0.2499."""
    thirds = [replace(PERSON, first_on=date(2026, month, 1), last_on=end) for month, end in _months()]

    assert recorded(count_claim(thirds, Counting.FTE_YEARS, SUMMER)) == Decimal("0.25")
    assert sum(recorded(count_entry(third, Counting.FTE_YEARS, SUMMER)) for third in thirds) != Decimal("0.25")


def _months() -> list[tuple[int, date]]:
    return [(7, date(2026, 7, 31)), (8, date(2026, 8, 31)), (9, date(2026, 9, 30))]


def test_only_the_first_months_of_an_employment_count() -> None:
    """Torbay: groups at a disadvantage count for their first 12 months; the day of the anniversary is no longer one."""
    recruit = replace(PERSON, started_on=date(2025, 8, 1))

    assert days_counted(recruit, SUMMER, 12) == Period(date(2026, 7, 1), date(2026, 7, 31))
    assert count_entry(recruit, Counting.FTE_YEARS, SUMMER) == Decimal("0.25")
    assert recorded(count_entry(recruit, Counting.FTE_YEARS, SUMMER, 12)) == Decimal("0.0842")
    assert count_entry(replace(recruit, started_on=date(2025, 7, 1)), Counting.FTE_YEARS, SUMMER, 12) == 0


@given(days)
def test_a_recruit_is_exactly_one_fte_year_in_a_leap_year_or_not_when_the_months_begin_with_a_quarter(
    day: date,
) -> None:
    start = quarter_of(day).start_on
    recruit = replace(PERSON, started_on=start)
    two_years = quarters(Period(start, start + timedelta(days=730)))

    assert sum(count_entry(recruit, Counting.FTE_YEARS, quarter, 12) for quarter in two_years) == 1


@given(days, st.integers(1, 60))
def test_first_months_follow_each_other_day_by_day(day: date, months: int) -> None:
    span = first_months(day, months)

    assert 28 * months <= span.days <= 31 * months
    if day.day <= 28:
        assert (span.end_on + timedelta(days=1)).day == day.day
    for shorter, longer in pairwise(first_months(day, n).end_on for n in range(1, months + 1)):
        assert shorter < longer


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2027, 1, 1), 1, date(2027, 1, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 28)),
        (date(2026, 12, 15), 12, date(2027, 12, 14)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
    ],
)
def test_months_end_on_the_day_before_the_same_day_or_with_a_month_that_has_none(
    day: date, months: int, last: date
) -> None:
    assert first_months(day, months) == Period(day, last)


def test_no_months_are_no_period() -> None:
    with pytest.raises(ValueError):
        first_months(date(2026, 1, 1), 0)


def test_nobody_counts_before_the_job_began() -> None:
    joined = replace(PERSON, started_on=date(2026, 9, 1))

    assert days_counted(joined, SUMMER) == Period(date(2026, 9, 1), date(2026, 9, 30))
    assert days_counted(replace(PERSON, started_on=date(2026, 10, 1)), SUMMER) is None


@pytest.mark.parametrize("counting", Counting)
@pytest.mark.parametrize("entry", [PERSON, TALK, FUEL, GIFT], ids=["person", "event", "fuel", "gift"])
def test_what_has_no_problem_can_be_counted_and_explained(counting: Counting, entry: Entry) -> None:
    problems = list(entry_problems(entry, counting, SUMMER))

    if not problems:
        count = count_entry(entry, counting, SUMMER)
        assert explain_entry(entry, counting, SUMMER).split(": ")[-1] == f"{count.normalize():,f}"
    assert ("kind" in {problem.field for problem in problems}) == (entry.kind not in allowed_entries(counting))


def test_a_figure_that_is_missing_is_refused_and_never_taken_for_nothing() -> None:
    empty = Entry(EntryKind.EVENT)

    assert [problem.field for problem in entry_problems(empty, Counting.ATTENDEE_HOURS, SUMMER)] == [
        "hours",
        "attendees",
    ]
    with pytest.raises(ValueError, match="needs hours, attendees"):
        count_entry(empty, Counting.ATTENDEE_HOURS, SUMMER)


@pytest.mark.parametrize(
    ("entry", "counting", "field", "words"),
    [
        (replace(PERSON, hours=Decimal(-1)), Counting.FTE_YEARS, "hours", "a week has 168"),
        (replace(PERSON, hours=Decimal("168.01")), Counting.FTE_YEARS, "hours", "a week has 168"),
        (replace(TALK, hours=Decimal(2209)), Counting.ATTENDEE_HOURS, "hours", "the quarter has 2,208"),
        (replace(TALK, attendees=0), Counting.ATTENDEE_HOURS, "attendees", "1 or more"),
        (replace(GIFT, amount=Decimal(-1)), Counting.GIVEN, "amount", "less than 0"),
        (replace(GIFT, share=Decimal(0)), Counting.GIVEN, "share", "more than 0"),
        (replace(GIFT, share=Decimal("100.01")), Counting.GIVEN, "share", "at most 100"),
        (replace(PERSON, first_on=date(2026, 6, 30)), Counting.FTE_YEARS, "first_on", "30 June 2026 is not in"),
        (replace(PERSON, last_on=date(2026, 10, 1)), Counting.FTE_YEARS, "last_on", "1 October 2026 is not in"),
        (
            replace(PERSON, first_on=date(2026, 8, 2), last_on=date(2026, 8, 1)),
            Counting.FTE_YEARS,
            "last_on",
            "1 August 2026, is before the first, 2 August 2026",
        ),
        (replace(PERSON, started_on=date(2026, 10, 1)), Counting.FTE_YEARS, "started_on", "after the last day"),
        (
            replace(PERSON, first_on=date(2026, 7, 1), started_on=date(2026, 7, 2)),
            Counting.FTE_YEARS,
            "first_on",
            "before the employment started, 2 July 2026",
        ),
        (replace(PERSON, attendees=None, hours=None), Counting.FTE_YEARS, "hours", "hours a week"),
        (GIFT, Counting.ACTIVITY_CARBON, "factor_kg", "emission factor"),
    ],
)
def test_each_problem_says_what_to_do(entry: Entry, counting: Counting, field: str, words: str) -> None:
    [problem] = entry_problems(entry, counting, SUMMER)

    assert problem.field == field
    assert words in problem.message


def test_first_months_need_a_first_day_of_employment_that_is_not_too_long_ago() -> None:
    [missing] = entry_problems(PERSON, Counting.FTE_YEARS, SUMMER, 12)
    [over] = entry_problems(replace(PERSON, started_on=date(2025, 7, 1)), Counting.FTE_YEARS, SUMMER, 12)

    assert missing.field == over.field == "started_on"
    assert "30 June 2026" in over.message
    assert list(entry_problems(replace(PERSON, started_on=date(2025, 7, 2)), Counting.FTE_YEARS, SUMMER, 12)) == []
    joined = replace(PERSON, started_on=date(2026, 9, 1), first_on=date(2026, 9, 1))
    assert list(entry_problems(joined, Counting.FTE_YEARS, SUMMER, 12)) == []


@pytest.mark.parametrize(
    ("entry", "counting", "words"),
    [
        (
            replace(PERSON, hours=Decimal("17.5"), share=Decimal(50), started_on=date(2025, 8, 1)),
            Counting.FTE_YEARS,
            (
                "0.5 of a full-time post for 31 of 92 days of the quarter (only the first 12 months of the employment "
                "count), 50% of it for this contract: 0.0211"
            ),
        ),
        (TALK, Counting.ATTENDEE_HOURS, "2 hours \N{MULTIPLICATION SIGN} 8 people: 16"),
        (FUEL, Counting.ACTIVITY_CARBON, "200 \N{MULTIPLICATION SIGN} 2.331 kg CO2e ÷ 1,000: 0.4662"),
        (
            replace(PERSON, hours=Decimal(35)),
            Counting.FTE_YEARS,
            "1 full-time post for 92 of 92 days of the quarter: 0.25",
        ),
        (
            replace(TALK, hours=Decimal(1), attendees=1),
            Counting.ATTENDEE_HOURS,
            "1 hour \N{MULTIPLICATION SIGN} 1 person: 1",
        ),
        (GIFT, Counting.GIVEN, "1,500"),
        (replace(GIFT, share=Decimal(20)), Counting.GIVEN, "1,500, 20% of it for this contract: 300"),
    ],
)
def test_the_arithmetic_is_shown(entry: Entry, counting: Counting, words: str) -> None:
    assert explain_entry(entry, counting, SUMMER, 12 if counting is Counting.FTE_YEARS else None) == words


def test_posts_and_attendee_hours_are_never_a_plain_amount() -> None:
    assert [counting for counting in Counting if needs_entries(counting)] == [
        Counting.FTE_YEARS,
        Counting.ATTENDEE_HOURS,
    ]
