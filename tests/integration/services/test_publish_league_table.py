"""A league table is published once for what it says, kept as it was, and read back figure by figure."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from wpound.catalogue.model import AnchorKind, Catalogue, City
from wpound.core.composite import HeadWeightings, VerifiedDelivery
from wpound.core.league import Column, LeagueRow, LeagueRules, LeagueTable
from wpound.core.local_spend import RingSpend, ShareRange, build_ring_table
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.core.places import Ring
from wpound.core.rank_ranges import RankRange
from wpound.core.roles import Role
from wpound.services.access import Grant, Person
from wpound.services.build_league_table import (
    get_league_report,
    get_league_table,
    list_league_years,
    publish_league_table,
)
from wpound.services.enrol_anchors import enrol_anchors
from wpound.services.import_spend import import_spend
from wpound.services.list_anchor_work import get_anchor_work
from wpound.services.load_register import load_register
from wpound.store.engine import reading, writing
from wpound.store.league import find_snapshot, list_snapshots
from wpound.store.league_snapshots import rings_of, save_snapshot, table_of
from wpound.store.models.organisations import Organisation
from wpound.store.models.spend import SpendSource

RULE, YEAR = "city-trading", 2025
PAID = [
    ("2025-04-01", "Example Ashgrove Joinery Ltd", "600.00", "WV1 1AA"),
    ("2026-03-31", "Example Fellside Fleet Ltd", "300.00", "M1 1AE"),
    ("2025-12-24", "Nobody Knows Where", "100.00", ""),
    ("2025-12-24", "Example Water Authority", "900.00", "B1 1AA"),
]


@pytest.fixture
def paid(session: Session, source: SpendSource, city: City, write_spend, register) -> SpendSource:
    """£600 to a firm in the city, £300 to one that trades in it, £100 nobody knows where, £900 to a public body."""
    load_register(session, register, actor="test")
    import_spend(session, source, write_spend(PAID), city.localities, actor="test")
    return source


@pytest.mark.usefixtures("paid")
class TestPublishing:
    @pytest.mark.parametrize(("rule", "low", "high"), [("city-trading", 90, 100), ("city-registered", 60, 70)])
    def test_the_table_says_what_the_file_adds_up_to(
        self, session: Session, city: City, catalogue: Catalogue, rule: str, low: int, high: int
    ) -> None:
        publish_league_table(session, city, catalogue, rule, YEAR, actor="test")

        table = get_league_table(session, city, rule, YEAR)

        assert table is not None
        [row] = table.rows
        # The water authority is a public body: a transfer, in no share.
        assert (row.total, row.local_low, row.local_high) == (Money(100_000), Money(low * 1000), Money(high * 1000))
        assert (row.share_low, row.share_high) == (Decimal(low) / 100, Decimal(high) / 100)
        assert row.coverage == Decimal("0.9")
        assert list_league_years(session, city) == [YEAR]

    def test_the_same_table_is_published_once(self, session: Session, city: City, catalogue: Catalogue) -> None:
        first = publish_league_table(session, city, catalogue, RULE, YEAR, actor="test")

        assert publish_league_table(session, city, catalogue, RULE, YEAR, actor="somebody else") is first
        assert len(list_snapshots(session, city_key=city.key)) == 1

    def test_later_spend_gives_a_second_one_and_keeps_the_first(
        self, session: Session, city: City, catalogue: Catalogue, paid: SpendSource, write_spend
    ) -> None:
        first = publish_league_table(session, city, catalogue, RULE, YEAR, actor="test")
        before = table_of(first)
        more = write_spend([("2025-06-01", "Example Ashgrove Joinery Ltd", "1000.00", "WV1 1AA")], "more.csv")
        import_spend(session, paid, more, city.localities, actor="test")

        second = publish_league_table(session, city, catalogue, RULE, YEAR, actor="test")

        assert [one.id for one in list_snapshots(session, city_key=city.key)] == [second.id, first.id]
        assert table_of(first) == before
        newest = get_league_table(session, city, RULE, YEAR)
        assert newest is not None and newest.rows[0].total == Money(200_000)

    def test_an_anchor_keeps_its_place_in_view_when_the_next_year_begins(
        self, session: Session, city: City, catalogue: Catalogue, paid: SpendSource, write_spend
    ) -> None:
        publish_league_table(session, city, catalogue, RULE, YEAR, actor="test")
        more = write_spend([("2026-04-01", "Example Ashgrove Joinery Ltd", "1000.00", "WV1 1AA")], "more.csv")
        import_spend(session, paid, more, city.localities, actor="test")
        anchor = session.get_one(Organisation, paid.organisation_id)
        grant = Grant(anchor.id, anchor.key, anchor.name, Role.ANCHOR, None, None)

        work = get_anchor_work(session, Person(1, "Ann", "ann@example.org", (grant,), anchor.id), city)

        assert (work.year, work.newest_year) == (YEAR, YEAR + 1)
        assert work.row is not None and work.row.total == Money(100_000)

    @pytest.mark.parametrize(
        "rules",
        [
            LeagueRules(coverage_floor=Decimal("0.95")),
            LeagueRules(weightings=HeadWeightings(50, 25, 25)),
            LeagueRules(seed="another"),
        ],
        ids=["coverage floor", "weightings", "seed"],
    )
    def test_other_rules_are_another_table(
        self, session: Session, city: City, catalogue: Catalogue, rules: LeagueRules
    ) -> None:
        first = publish_league_table(session, city, catalogue, RULE, YEAR, actor="test")

        second = publish_league_table(session, city, catalogue, RULE, YEAR, actor="test", rules=rules)

        assert second.id != first.id
        assert table_of(second).rules == rules

    def test_nothing_published_is_no_table(self, session: Session, city: City) -> None:
        assert get_league_table(session, city, RULE, YEAR) is None
        assert get_league_report(session, city, RULE, YEAR) is None


def shares() -> st.SearchStrategy[Decimal]:
    """Shares as division gives them: far more decimals than are printed."""
    return st.fractions(0, 1).map(lambda f: Decimal(f.numerator) / Decimal(f.denominator))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


money = st.integers(-(10**15), 10**15).map(Money)
rates = st.decimals(0, 10**6, places=6)
ends = st.tuples(st.integers(1, 5), st.integers(1, 5)).map(sorted)
rank_ranges = st.builds(lambda pair, shared: RankRange(*pair, shared), ends, st.booleans())


@st.composite
def rows(draw: st.DrawFn, anchor: str) -> LeagueRow:
    return LeagueRow(
        anchor=anchor,
        name=draw(st.text("Aé '&<", min_size=1, max_size=30)),
        kind=draw(st.sampled_from(AnchorKind)).value,
        total=draw(money),
        local_low=draw(money),
        local_high=draw(money),
        unknown=draw(money),
        share_low=draw(maybe(shares())),
        share_high=draw(maybe(shares())),
        coverage=draw(maybe(shares())),
        ranks={column: draw(rank_ranges) for column in draw(st.sets(st.sampled_from(Column)))},
        unranked_because=draw(maybe(st.text("because ", min_size=1))),
        per_head_low=draw(maybe(money)),
        per_head_high=draw(maybe(money)),
        growth_low=draw(maybe(money)),
        growth_high=draw(maybe(money)),
        top1_share=draw(maybe(shares())),
        top5_share=draw(maybe(shares())),
        per_million=VerifiedDelivery(draw(maybe(rates)), draw(maybe(rates)), draw(maybe(rates))),
        composite_low=draw(maybe(rates)),
        composite_high=draw(maybe(rates)),
        bootstrap_share=draw(maybe(st.builds(ShareRange, shares(), shares()))),
        bootstrap_rank=draw(maybe(ends.map(lambda pair: RankRange(*pair)))),
    )


@st.composite
def tables(draw: st.DrawFn, anchors: list[str]) -> LeagueTable:
    chosen = draw(st.lists(st.sampled_from(anchors), unique=True))
    year = draw(st.integers(2010, 2090))
    return LeagueTable(
        rows=tuple(draw(rows(anchor)) for anchor in chosen),
        pooled=ShareRange(draw(maybe(shares())), draw(maybe(shares()))),
        mean=ShareRange(draw(maybe(shares())), draw(maybe(shares()))),
        definition="In the city",
        period=Period(date(year, 4, 1), date(year + 1, 3, 31)),
        rules=LeagueRules(
            draw(shares()),
            HeadWeightings(34, 33, 33),
            draw(st.sampled_from(["league", "another"])),
            draw(st.integers(0, 999)),
        ),
        notes=tuple(draw(st.lists(st.text(min_size=1, alphabet="Notes of £."), max_size=3))),
    )


@pytest.fixture
def enrolled(engine: Engine, city: City) -> dict[str, int]:
    with writing(engine) as session:
        return {one.key: one.id for one in enrol_anchors(session, city, actor="test")}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_table_comes_back_with_every_figure(engine: Engine, city: City, enrolled: dict[str, int], data) -> None:
    table = data.draw(tables(sorted(enrolled)))
    spent = [RingSpend(Ring.CITY, Ring.CITY, Ring.CITY, 12_345, 3), RingSpend(Ring.UK, Ring.UK, Ring.UK, -45, 1)]
    rings = {row.anchor: replace(build_ring_table(spent), total=row.total) for row in table.rows}
    with writing(engine) as session:
        save_snapshot(
            session,
            table,
            rings,
            city_key=city.key,
            rule_key=RULE,
            organisation_ids=enrolled,
            spend_fingerprint="0" * 64,
            created_by="test",
        )
    with reading(engine) as session:
        found = find_snapshot(session, city_key=city.key, rule_key=RULE, period=table.period)
        assert found is not None
        assert table_of(found) == table
        stored = rings_of(found)
    for row in table.rows:
        assert [(r.ring, r.spend, r.lines) for r in stored[row.anchor].rings] == [
            (r.ring, r.spend, r.lines) for r in rings[row.anchor].rings
        ]
