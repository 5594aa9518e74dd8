"""Published tables, worked out again: pounds in, the printed figures out. Each file names its source."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from wpound.core.control_limits import judge, limits_for
from wpound.core.league import Column, LeagueEntry, build_league
from wpound.core.local_spend import LocalShare, RingSpend, build_ring_table, measure_local_share
from wpound.core.money import Money, round_half_up
from wpound.core.multiplier import Recipient, Rounds, multiply, multiply_survey
from wpound.core.periods import Period, financial_year
from wpound.core.places import Ring

FOLDER = Path(__file__).parent
ANY_PERIOD = Period(date(2008, 4, 1), date(2009, 3, 31))


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def local_share(total: Money, local: Money) -> LocalShare:
    inside = RingSpend(Ring.CITY, Ring.CITY, Ring.CITY, local.pence, 1)
    outside = RingSpend(Ring.UK, Ring.UK, Ring.UK, (total - local).pence, 1)
    return measure_local_share([inside, outside], Ring.CITY)


def percent(share: Decimal | None) -> str:
    assert share is not None
    return str(round_half_up(share * 100, 1))


def test_every_scenario_names_its_source():
    for path in FOLDER.glob("*.toml"):
        assert tomllib.loads(path.read_text(encoding="utf-8"))["source"], path.name


def test_greater_manchester_shares_ranks_totals_and_both_averages():
    scenario = load("greater_manchester")
    entries = [
        LeagueEntry(
            anchor=row["name"].lower(),
            name=row["name"],
            kind="council",
            share=local_share(Money.from_pounds(row["total"]), Money.from_pounds(row["local"])),
            period=ANY_PERIOD,
            basis="largest suppliers",
        )
        for row in scenario["anchors"]
    ]
    table = build_league(entries, scenario["definition"], ANY_PERIOD)

    printed = [(row.name, percent(row.share_low), row.rank_label) for row in table.rows]
    assert printed == [(row["name"], row["share"], str(row["rank"])) for row in scenario["anchors"]]
    assert Money.total(row.total for row in table.rows) == Money.from_pounds(scenario["total"])
    assert Money.total(row.local_low for row in table.rows) == Money.from_pounds(scenario["local"])
    assert percent(table.pooled.low) == percent(table.pooled.high) == scenario["pooled"]
    assert percent(table.mean.low) == percent(table.mean.high) == scenario["mean"]


def test_greater_manchester_comparators_have_their_printed_shares():
    for row in load("greater_manchester")["comparators"]:
        share = local_share(Money.from_pounds(row["total"]), Money.from_pounds(row["local"]))
        assert percent(share.low) == row["share"]


def test_manchester_share_falls_while_pounds_rise():
    scenario = load("manchester_series")
    entries, previous = [], None
    first = None
    for row in scenario["years"]:
        total = Money.from_pounds(row["total_millions"]).times(1_000_000)
        local = total.times(Decimal(row["share"]) / 100)
        assert str(round_half_up(local.pounds / 1_000_000, 1)) == row["local_millions"]
        share = local_share(total, local)
        first = first or share
        year = str(row["year"])
        period = financial_year(row["year"])
        entries.append(LeagueEntry(year, year, "council", share, period, "top 300", previous=previous))
        previous = share
    assert first is not None and previous is not None

    table = build_league(entries, "Manchester", ANY_PERIOD)
    rows = {row.anchor: row for row in table.rows}
    assert [row.anchor for row in table.rows] == ["2016", "2017", "2018", "2019"]
    assert rows["2019"].ranks[Column.SHARE].label == "4"
    assert rows["2019"].ranks[Column.LOCAL_POUNDS].label == "1"
    assert rows["2019"].ranks[Column.GROWTH].label == "1"
    assert Column.GROWTH not in rows["2016"].ranks

    assert previous.low is not None and first.low is not None
    assert percent(previous.low - first.low) == scenario["share_change"]
    growth = previous.local_low - first.local_low
    assert str(round_half_up(growth.pounds / 1_000_000, 1)) == scenario["growth_millions"]


@pytest.mark.parametrize("time", ["before", "after"])
def test_preston_nested_tiers_from_disjoint_rings(time):
    figures = load("preston")[time]
    total, city, wider = (Money.from_pounds(figures[key]) for key in ("total", "city", "sub_region_with_city"))
    parts = {Ring.CITY: city, Ring.SUB_REGION: wider - city, Ring.UK: total - wider}
    rows = [RingSpend(ring, ring, ring, spend.pence, 1) for ring, spend in parts.items()]

    assert build_ring_table(rows).total == total
    in_city = measure_local_share(rows, Ring.CITY)
    in_sub_region = measure_local_share(rows, Ring.SUB_REGION)
    assert percent(in_city.low) == figures["city_share"]
    assert percent(in_sub_region.low) == figures["sub_region_share"]
    assert in_sub_region.local_low == wider


def test_preston_growth_and_the_misprint():
    scenario = load("preston")
    before, after, misprint = scenario["before"], scenario["after"], scenario["misprint"]
    assert Decimal(after["city"]) - Decimal(before["city"]) == Decimal(scenario["growth_city_millions"]) * 10**6
    wider = Decimal(after["sub_region_with_city"]) - Decimal(before["sub_region_with_city"])
    assert wider == Decimal(scenario["growth_sub_region_millions"]) * 10**6
    wrong = local_share(Money.from_pounds(after["total"]), Money.from_pounds(misprint["sub_region_with_city"]))
    assert percent(wrong.low) == misprint["sub_region_share"] != after["sub_region_share"]


@pytest.mark.parametrize("case", load("lm3")["rounds"], ids=lambda case: case["code"])
def test_published_multiplier_from_rounds(case):
    r1, r2, r3 = (Money.from_pounds(case[key]) for key in ("r1", "r2", "r3"))
    result = multiply(Rounds(r1, r2, r3, r3))
    assert result.printed == case["lm3"]
    assert result.low == result.high


@pytest.mark.parametrize("case", load("lm3")["surveys"], ids=lambda case: case["code"])
def test_published_multiplier_from_surveys(case):
    paid = Money.from_pounds(case["paid_each"])
    recipients = [Recipient(str(place), "staff", paid, Decimal(share)) for place, share in enumerate(case["shares"])]
    result = multiply_survey(Money.from_pounds(case["r1"]), recipients)
    group = result.groups[0]
    assert percent(group.mean_share) == case["mean_printed"]
    assert group.averaged is case["averaged"]
    assert result.rounds.r3_low == result.rounds.r3_high == Money.from_pounds(case["r3"])


@pytest.mark.parametrize("case", load("ukhsa_limits")["limits"], ids=lambda case: f"n={case['trials']}")
def test_published_control_limits_to_six_decimals(case):
    limits = limits_for(Decimal(load("ukhsa_limits")["baseline"]) / 100, case["trials"])
    for name in ("lower_975", "lower_999"):
        assert str(round_half_up(getattr(limits, name) * 100, 6)) == case[name]


def test_control_limits_use_the_published_baseline():
    scenario = load("ukhsa_limits")
    assert str(round_half_up(Decimal(scenario["baseline"]), 6)) == scenario["baseline_printed"]


@pytest.mark.parametrize("case", load("ukhsa_limits")["areas"], ids=lambda case: case["name"])
def test_published_verdicts_on_areas(case):
    limits = limits_for(Decimal(load("ukhsa_limits")["baseline"]) / 100, case["trials"])
    assert judge(Decimal(case["events"]) / case["trials"], limits) == case["signal"]
