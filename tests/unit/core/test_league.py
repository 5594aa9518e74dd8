"""The league table: ranks as ranges, columns side by side, floors, ties and repeatable draws."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.core.bootstrap import SupplierSpend, resample_shares
from wpound.core.composite import HeadWeightings, VerifiedDelivery
from wpound.core.control_limits import Signal, judge, limits_for
from wpound.core.errors import RuleError
from wpound.core.league import Column, LeagueEntry, LeagueRules, LeagueTable, build_league
from wpound.core.local_spend import RingSpend, measure_local_share
from wpound.core.money import Money
from wpound.core.periods import Period, financial_year
from wpound.core.places import Ring
from wpound.core.rank_ranges import rank_ranges

YEAR = financial_year(2025)
PLAIN = LeagueRules(draws=0)


def entry(
    anchor: str,
    local: int,
    elsewhere: int,
    unknown: int = 0,
    delivery: VerifiedDelivery | None = None,
    suppliers: tuple[SupplierSpend, ...] = (),
) -> LeagueEntry:
    """An anchor with so many pounds local, elsewhere and of unknown place."""
    rows = [
        RingSpend(Ring.CITY, Ring.CITY, Ring.CITY, local * 100, 1),
        RingSpend(Ring.UK, Ring.UK, Ring.UK, elsewhere * 100, 1),
        RingSpend(Ring.UNKNOWN, Ring.WARD, Ring.OVERSEAS, unknown * 100, 1),
    ]
    share = measure_local_share(rows, Ring.CITY)
    delivery = delivery or VerifiedDelivery()
    return LeagueEntry(
        anchor, anchor.title(), "council", share, YEAR, "over £500", suppliers=suppliers, delivery=delivery
    )


def labels(table: LeagueTable) -> dict[str, str]:
    return {row.anchor: row.rank_label for row in table.rows}


def test_overlapping_intervals_give_rank_ranges():
    entries = [entry("a", 70, 20, 10), entry("b", 60, 20, 20), entry("c", 30, 70)]
    table = build_league(entries, "City", YEAR, PLAIN)
    assert labels(table) == {"a": "1 to 2", "b": "1 to 2", "c": "3"}
    assert [(row.rank_low, row.rank_high) for row in table.rows] == [(1, 2), (1, 2), (3, 3)]


def test_equal_printed_shares_share_a_rank_and_the_next_one_skips():
    entries = [entry("a", 6_001, 3_999), entry("b", 6_000, 4_000), entry("c", 5_998, 4_002), entry("d", 50, 50)]
    assert labels(build_league(entries, "City", YEAR, PLAIN)) == {"a": "=1", "b": "=1", "c": "=1", "d": "4"}


def test_an_anchor_below_the_coverage_floor_is_listed_with_the_reason_and_ranked_nowhere():
    table = build_league([entry("a", 90, 10), entry("b", 40, 10, 50)], "City", YEAR, PLAIN)
    assert labels(table) == {"a": "1", "b": "unranked"}
    last = table.rows[-1]
    assert last.unranked_because == "The place is known for 50.0% of spend; a rank needs 60.0%."
    assert (last.ranks, last.rank_low, last.share_low) == ({}, None, Decimal("0.4"))


def test_the_coverage_floor_itself_is_enough_and_so_is_spend_that_is_all_local():
    table = build_league([entry("all", 100, 0), entry("floor", 30, 30, 40), entry("none", 0, 100)], "City", YEAR, PLAIN)
    assert [row.unranked_because for row in table.rows] == [None, None, None]


def test_an_unranked_anchor_moves_no_rank_but_counts_in_the_averages():
    table = build_league([entry("a", 50, 50), entry("b", 0, 10, 90)], "City", YEAR, PLAIN)
    assert table.pooled.low == Decimal("0.25")
    assert table.mean.high == Decimal("0.7")
    assert labels(table)["a"] == "1"


def test_no_spend_and_net_credits_are_unranked_each_with_its_reason():
    table = build_league([entry("none", 0, 0), entry("odd", 150, -50)], "City", YEAR, PLAIN)
    reasons = {row.anchor: row.unranked_because or "" for row in table.rows}
    assert reasons["none"].startswith("There is no net spend")
    assert reasons["odd"].startswith("Credit notes outweigh payments")


def test_share_pounds_heads_and_growth_disagree_and_stand_side_by_side():
    before = measure_local_share([RingSpend(Ring.CITY, Ring.CITY, Ring.CITY, 100, 1)], Ring.CITY)
    small = replace(entry("small", 90, 10), population=1000, previous=before)
    large = replace(entry("large", 400, 600), population=500, previous=replace(before, local_low=Money(0)))
    rows = {row.anchor: row for row in build_league([small, large], "City", YEAR, PLAIN).rows}
    assert rows["small"].ranks[Column.SHARE].label == "1"
    assert rows["large"].ranks[Column.LOCAL_POUNDS].label == "1"
    assert rows["large"].per_head_low == Money.from_pounds("0.80")
    assert rows["large"].ranks[Column.GROWTH].label == "1"
    assert (rows["large"].growth_low, rows["large"].growth_high) == (Money(39_900), Money(40_000))


def test_a_figure_nobody_gave_is_not_nothing():
    row = build_league([entry("a", 1, 1)], "City", YEAR, PLAIN).rows[0]
    assert (row.per_head_low, row.growth_low, row.per_million.tco2e, row.composite_low) == (None,) * 4
    assert Column.PER_HEAD not in row.ranks and Column.COMPOSITE not in row.ranks


def delivered(jobs: str, weeks: str, carbon: str) -> VerifiedDelivery:
    return VerifiedDelivery(Decimal(jobs), Decimal(weeks), Decimal(carbon))


def test_the_composite_needs_all_three_heads_and_prints_its_weightings():
    best = entry("best", 800_000, 200_000, delivery=delivered("10", "100", "50"))
    half = entry("half", 400_000, 600_000, delivery=delivered("5", "50", "0"))
    silent = entry("silent", 900_000, 100_000, delivery=VerifiedDelivery(Decimal(9), Decimal(9), None))
    rules = LeagueRules(weightings=HeadWeightings(50, 30, 20), draws=0)
    rows = {row.anchor: row for row in build_league([best, half, silent], "City", YEAR, rules).rows}
    assert (rows["best"].composite_low, rows["best"].composite_high) == (100, 100)
    assert rows["half"].composite_low == 25 + 15
    assert rows["silent"].composite_low is None
    assert rows["best"].per_million == delivered("10", "100", "50")


def test_an_uncertain_share_makes_the_composite_a_range():
    sure = entry("sure", 600_000, 400_000, delivery=delivered("1", "1", "1"))
    vague = entry("vague", 500_000, 300_000, 200_000, delivery=delivered("1", "1", "1"))
    rules = LeagueRules(weightings=HeadWeightings(100, 0, 0), draws=0)
    rows = {row.anchor: row for row in build_league([sure, vague], "City", YEAR, rules).rows}
    assert rows["vague"].composite_high == 100
    assert rows["vague"].composite_low is not None and rows["vague"].composite_low < 84
    assert rows["sure"].ranks[Column.COMPOSITE].label == "1 to 2"


def test_weightings_that_do_not_total_100_are_refused():
    with pytest.raises(RuleError, match="total 90"):
        HeadWeightings(30, 30, 30)


def test_an_anchor_twice_is_refused():
    with pytest.raises(RuleError, match="entered twice"):
        build_league([entry("a", 1, 1), entry("a", 2, 1)], "City", YEAR, PLAIN)


def test_notes_flag_other_periods_bases_and_kinds():
    odd = replace(
        entry("trust", 1, 1),
        kind="nhs_trust",
        basis="over £25,000, gross",
        period=Period(date(2025, 4, 1), date(2025, 9, 30)),
    )
    notes = build_league([entry("council", 1, 1), odd], "City", YEAR, PLAIN).notes
    assert any("Trust: figures cover 1 April 2025 to 30 September 2025" in note for note in notes)
    assert "Trust: published on the basis over £25,000, gross." in notes
    assert any("compare like with like" in note for note in notes)
    assert build_league([entry("council", 1, 1)], "City", YEAR, PLAIN).notes == ()


def many_suppliers(seed: int, count: int, local_percent: int) -> tuple[SupplierSpend, ...]:
    pick = Random(seed)
    suppliers = []
    for _ in range(count):
        pence = pick.randrange(1, 1_000_000)
        local = pence if pick.randrange(100) < local_percent else 0
        suppliers.append(SupplierSpend(pence, local, local))
    return tuple(suppliers)


def test_draws_are_repeatable_whatever_the_order_of_suppliers():
    suppliers = many_suppliers(1, 40, 50)
    assert resample_shares(suppliers, "seed", 50) == resample_shares(suppliers[::-1], "seed", 50)
    assert resample_shares(suppliers, "seed", 50) != resample_shares(suppliers, "other", 50)


def test_bootstrap_ranges_hold_the_share_and_show_how_little_a_small_lead_means():
    near = [
        entry("a", 52, 48, suppliers=many_suppliers(1, 60, 52)),
        entry("b", 50, 50, suppliers=many_suppliers(2, 60, 50)),
    ]
    far = entry("c", 5, 95, suppliers=many_suppliers(3, 60, 2))
    rows = {row.anchor: row for row in build_league([*near, far], "City", YEAR, LeagueRules(draws=200)).rows}
    ranks = {anchor: row.bootstrap_rank for anchor, row in rows.items()}
    assert ranks["a"] is not None and ranks["b"] is not None and ranks["c"] is not None
    assert (ranks["a"].low, ranks["b"].high) == (1, 2)
    assert ranks["c"].label == "3"
    share = rows["a"].bootstrap_share
    assert share is not None and share.low is not None and share.high is not None
    assert share.low < share.high


def test_without_suppliers_there_is_no_bootstrap_and_one_missing_anchor_leaves_ranks_out():
    known = entry("a", 1, 1, suppliers=many_suppliers(1, 5, 50))
    rows = {row.anchor: row for row in build_league([known, entry("b", 1, 2)], "City", YEAR).rows}
    assert rows["a"].bootstrap_share is not None and rows["a"].bootstrap_rank is None
    assert rows["b"].bootstrap_share is None


intervals = st.dictionaries(
    st.sampled_from("abcde"), st.tuples(st.integers(0, 1000), st.integers(0, 1000)).map(sorted), min_size=1
)


def exact(found: dict[str, list[int]]) -> dict[str, tuple[Decimal, Decimal]]:
    return {key: (Decimal(low) / 10, Decimal(high) / 10) for key, (low, high) in found.items()}


@given(intervals, st.sampled_from("abcde"), st.integers(0, 300))
def test_widening_uncertainty_never_narrows_a_rank_range(found, key, by):
    wider = {**found, key: [found[key][0] - by, found[key][1] + by]} if key in found else found
    before, after = rank_ranges(exact(found), 1), rank_ranges(exact(wider), 1)
    for anchor in found:
        assert after[anchor].low <= before[anchor].low <= before[anchor].high <= after[anchor].high


amounts = st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 200))


@given(st.lists(amounts, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_entries_makes_no_difference(found, chance):
    entries = [entry(f"anchor {place}", *parts) for place, parts in enumerate(found)]
    shuffled = entries[:]
    chance.shuffle(shuffled)
    assert build_league(entries, "City", YEAR, PLAIN) == build_league(shuffled, "City", YEAR, PLAIN)


@given(st.lists(amounts, min_size=1, max_size=5), st.integers(2, 50))
def test_scaling_all_pounds_leaves_shares_and_their_ranks_alone(found, factor):
    entries = [entry(str(place), *parts) for place, parts in enumerate(found)]
    scaled = [entry(str(place), *(part * factor for part in parts)) for place, parts in enumerate(found)]
    before, after = (build_league(some, "City", YEAR, PLAIN) for some in (entries, scaled))
    assert [(r.anchor, r.share_low, r.rank_label) for r in before.rows] == [
        (r.anchor, r.share_low, r.rank_label) for r in after.rows
    ]


def test_control_limits_are_cut_and_strict():
    limits = limits_for(Decimal("0.5"), 1)
    assert (limits.lower_999, limits.upper_999) == (0, 1)
    assert judge(Decimal(1), limits) is Signal.WITHIN
    wide = limits_for(Decimal("0.5"), 10_000)
    assert judge(wide.upper_975, wide) is Signal.WITHIN
    assert judge(Decimal("0.512"), wide) is Signal.HIGH_975
    assert judge(Decimal("0.488"), wide) is Signal.LOW_975
    assert judge(Decimal("0.4"), wide) is Signal.LOW_999
    with pytest.raises(RuleError):
        limits_for(Decimal("1.1"), 5)
