"""The figures of procurement law are dated and sourced, and every bank holiday follows from its rule."""

from datetime import date, timedelta

import pytest

from wpound.catalogue.loader import load_bank_holidays, load_thresholds
from wpound.catalogue.procurement import HolidayTable, Thresholds, check_holidays, check_thresholds
from wpound.catalogue.reading import build
from wpound.core.duties import LegalFigure
from wpound.core.errors import InputErrors

ONE = timedelta(days=1)
REFERENCE = {"title": "A law", "url": "https://example.org", "seen_on": date(2026, 1, 1), "licence": "Facts"}
ROW = {"valid_from": date(2026, 1, 1), "value": 1, "reference": REFERENCE}


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian rule (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + weekday - 7 * ((a + 11 * h + 22 * weekday) // 451) + 114, 31)
    return date(year, month, day + 1)


def monday_from(day: date, step: timedelta) -> date:
    while day.weekday():
        day += step
    return day


def substitute(day: date, taken: set[date]) -> date:
    while day.weekday() > 4 or day in taken:
        day += ONE
    return day


def holidays_by_rule(year: int) -> set[date]:
    """Banking and Financial Dealings Act 1971, schedule 1, with the days proclaimed every year since 1978."""
    sunday = easter(year)
    found = {sunday - 2 * ONE, sunday + ONE, substitute(date(year, 1, 1), set())}
    found |= {
        monday_from(date(year, 5, 1), ONE),
        monday_from(date(year, 5, 31), -ONE),
        monday_from(date(year, 8, 31), -ONE),
    }
    christmas = substitute(date(year, 12, 25), set())
    return found | {christmas, substitute(date(year, 12, 26), {christmas})}


def test_every_bank_holiday_follows_from_its_rule() -> None:
    holidays = load_bank_holidays()
    assert (holidays.first_year, holidays.last_year) == (2024, 2028)
    assert holidays.days == set().union(*map(holidays_by_rule, range(2024, 2029)))


def test_boxing_day_of_2026_is_kept_on_the_monday() -> None:
    holidays = load_bank_holidays()
    assert date(2026, 12, 28) in holidays
    assert date(2026, 12, 26) not in holidays


def test_every_figure_has_a_source_that_was_seen() -> None:
    thresholds = load_thresholds()
    for figure in LegalFigure:
        for dated in thresholds.figures[figure]:
            assert dated.value > 0
            assert dated.reference.url.startswith("https://")


def test_a_figure_that_is_missing_or_out_of_order_is_refused() -> None:
    figures = {figure.value: [ROW] for figure in LegalFigure} | {"works": [], "kpis": [ROW, ROW]}
    thresholds = build(Thresholds, {"figures": figures}, "thresholds.toml")
    with pytest.raises(InputErrors) as found:
        check_thresholds(thresholds, "thresholds.toml")
    assert [error.message for error in found.value.errors] == ["missing", "must be in order of valid_from"]


def test_years_of_bank_holidays_have_no_gap_and_hold_their_own_days() -> None:
    years = [{"year": 2024, "days": [date(2025, 1, 1)]}, {"year": 2026, "days": []}]
    table = build(HolidayTable, {"reference": REFERENCE, "years": years}, "bank-holidays.toml")
    with pytest.raises(InputErrors) as found:
        check_holidays(table, "bank-holidays.toml")
    assert len(found.value.errors) == 2
