"""Every figure that ships is the figure its source publishes, or follows from it by the rule its note states."""

import csv
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from wpound.catalogue.loader import load_factors
from wpound.catalogue.model import Catalogue
from wpound.core.errors import MeasureNotInForce
from wpound.core.money import round_half_up
from wpound.core.valuing import ValueKind

CARBON = ("carbon-energy", "carbon-fleet", "carbon-waste", "carbon-embodied")
WORK, SKILLS = "Employment & Economy", "Education & Skills"
# measure, sheet, row with the economic value, row with the health saving (no transfer), first year of the price base
UNIT_COSTS = [
    ("long-term-unemployed-jobs", WORK, "E&E1.0", "E&E1.0.2", 2012),
    ("disabled-people-jobs", WORK, "E&E2.0", "E&E2.0.2", 2012),
    ("lone-parents-jobs", WORK, "E&E3.0", "E&E3.0.2", 2012),
    ("young-people-jobs", WORK, "E&E10.0", None, 2010),
    ("apprenticeships-completed-level-2", SKILLS, "E&S8.0", None, 2010),
    ("apprenticeships-completed-level-3", SKILLS, "E&S12.0", None, 2010),
]
HOURLY = {2023: Decimal("10.42"), 2024: Decimal("11.44"), 2025: Decimal("12.21"), 2026: Decimal("12.71")}
CODE, FISCAL, FISCAL_YEAR, ECONOMIC, ECONOMIC_YEAR = 2, 7, 8, 10, 11


@pytest.mark.parametrize("code", CARBON)
def test_carbon_values_are_those_published_for_every_year(code, catalogue: Catalogue, shared: Path) -> None:
    published: dict[int, dict[str, Decimal]] = {}
    with (shared / "data" / "values" / "carbon_values.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            published.setdefault(int(row["year"]), {})[row["scenario"]] = Decimal(row["value_gbp_per_tco2e"])
            assert row["base_year"] == "2022"
    values = {value.valid_from: value for value in catalogue.get_measure(code).values}
    assert set(values) == {date(year, 1, 1) for year in range(2020, 2051)} == {date(year, 1, 1) for year in published}
    for day, value in values.items():
        scenarios = {"low": value.low, "central": value.value, "high": value.high}
        assert scenarios == published[day.year] and value.price_base == "2022"


@pytest.mark.parametrize(("code", "name", "economic", "health", "year"), UNIT_COSTS)
def test_unit_costs_leave_transfers_out_and_stand_in_2022_prices(
    code, name, economic, health, year, catalogue: Catalogue, sheet, deflator: Mapping[int, Decimal]
) -> None:
    rows = {row[CODE]: row for row in sheet("gmca-unit-cost-database-v1.4.xlsx", name)}
    base = f"{year}/{(year + 1) % 100}"
    public = Decimal(str(rows[economic][ECONOMIC]))
    assert rows[economic][ECONOMIC_YEAR] == base
    if health is not None:
        public += Decimal(str(rows[health][FISCAL]))
        assert rows[health][FISCAL_YEAR] == base
    financial_year = (3 * deflator[year] + deflator[year + 1]) / 4
    (value,) = catalogue.get_measure(code).values
    assert value.value == round_half_up(public * deflator[2022] / financial_year, 2)
    assert economic in value.note and value.price_base == "2022"


def test_the_licence_of_the_unit_costs_is_the_one_in_the_workbook(catalogue: Catalogue, sheet) -> None:
    text = " ".join(str(cell) for row in sheet("gmca-unit-cost-database-v1.4.xlsx", "Introduction") for cell in row)
    reference = catalogue.get_measure("young-people-jobs").values[0].reference
    assert "Creative Commons Attribution 4.0" in text and reference.licence == "Creative Commons Attribution 4.0"
    assert "CC BY 4.0" in reference.attribution


@pytest.mark.parametrize("code", ["local-jobs", "local-supply-chain-jobs"])
def test_a_years_work_flows_the_living_wage_of_35_hours_for_52_weeks(code, catalogue: Catalogue) -> None:
    measure = catalogue.get_measure(code)
    assert measure.value_kind is ValueKind.FLOW
    assert {v.valid_from.year: v.value for v in measure.values} == {y: hour * 35 * 52 for y, hour in HOURLY.items()}


def test_an_hour_of_volunteering_is_valued_at_the_living_wage(catalogue: Catalogue) -> None:
    values = catalogue.get_measure("volunteering-hours").values
    assert {value.valid_from: value.value for value in values} == {date(y, 4, 1): hour for y, hour in HOURLY.items()}


def test_emission_factors_are_the_rows_of_the_published_table(sheet) -> None:
    rows = {
        row[0]: row
        for row in sheet("reference-data__uk-gov-conversion-factors__2025__flat-file.xlsx", "Factors by Category")
    }
    for key, factor in load_factors(2025).factors.items():
        published = rows[factor.row]
        assert published[8] == "kg CO2e", key
        assert factor.kg_co2e == Decimal(str(published[9])), key
        assert factor.scope == published[1], key


def test_a_value_holds_from_its_day_until_the_next(catalogue: Catalogue) -> None:
    jobs = catalogue.get_measure("local-jobs")
    assert jobs.value_on(date(2026, 3, 31)).valid_from == date(2025, 4, 1)
    assert jobs.value_on(date(2026, 4, 1)).valid_from == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("code", "day", "words"),
    [
        ("local-jobs", date(2023, 3, 31), "the first is from 1 April 2023"),
        ("carbon-energy", date(2051, 1, 1), "no value after 31 December 2050"),
        ("small-firms-spend", date(2026, 4, 1), "the same pound may already be local spend"),
    ],
)
def test_outside_its_values_a_measure_says_why_there_is_none(code, day, words, catalogue: Catalogue) -> None:
    with pytest.raises(MeasureNotInForce) as caught:
        catalogue.get_measure(code).value_on(day)
    assert words.lower() in caught.value.message.lower()


def test_the_last_published_carbon_year_still_has_its_value(catalogue: Catalogue) -> None:
    assert catalogue.get_measure("carbon-energy").value_on(date(2050, 12, 31)).value == Decimal("397.54")
