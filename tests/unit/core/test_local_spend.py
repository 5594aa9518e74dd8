"""Ring tables, local shares as intervals, concentration and averages."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from wpound.core.local_spend import (
    Concentration,
    LocalShare,
    RingSpend,
    average_shares,
    build_ring_table,
    measure_concentration,
    measure_local_share,
    pool_shares,
)
from wpound.core.money import Money
from wpound.core.places import Ring


@st.composite
def ring_spends(draw: st.DrawFn, least: int = -10_000_00) -> RingSpend:
    nearest, ring, farthest = sorted(draw(st.tuples(*[st.sampled_from(list(Ring)[:-1])] * 3)), key=lambda r: r.distance)
    if draw(st.booleans()):
        nearest, ring, farthest = Ring.WARD, Ring.UNKNOWN, Ring.OVERSEAS
    pence = draw(st.integers(least, 10_000_00))
    return RingSpend(ring, nearest, farthest, pence, draw(st.integers(1, 9)), draw(st.booleans()))


def at(ring: Ring, pence: int, is_transfer: bool = False) -> RingSpend:
    return RingSpend(ring, ring, ring, pence, 1, is_transfer)


def unknown(pence: int) -> RingSpend:
    return RingSpend(Ring.UNKNOWN, Ring.WARD, Ring.OVERSEAS, pence, 1)


@given(st.lists(ring_spends()))
def test_rings_add_up_to_the_total_and_nothing_is_lost(rows):
    table = build_ring_table(rows)
    assert Money.total(row.spend for row in table.rings) == table.total
    assert (table.total + table.transfers).pence == sum(row.pence for row in rows)
    assert sum(row.lines for row in table.rings) + table.transfer_lines == sum(row.lines for row in rows)
    assert [row.ring for row in table.rings] == list(Ring)


@given(st.lists(ring_spends()), st.sampled_from(list(Ring)[:-2]))
def test_low_never_exceeds_high_also_with_credit_notes(rows, local_ring):
    share = measure_local_share(rows, local_ring)
    assert share.local_low <= share.local_high
    if share.low is not None and share.high is not None:
        assert share.low <= share.high
    assert share.coverage is None or 0 <= share.coverage <= 1


@given(st.lists(ring_spends(least=0)), st.sampled_from(list(Ring)[:-2]))
def test_without_credit_notes_a_share_lies_between_nothing_and_all(rows, local_ring):
    share = measure_local_share(rows, local_ring)
    if share.total:
        assert share.low is not None and share.high is not None
        assert 0 <= share.low <= share.high <= 1


@given(st.lists(ring_spends(least=0)))
def test_a_wider_definition_of_local_never_lowers_the_share(rows):
    lows = [measure_local_share(rows, ring).local_low for ring in list(Ring)[:-2]]
    assert lows == sorted(lows)


@given(st.lists(ring_spends()), st.integers(2, 50))
def test_scaling_pounds_leaves_shares_alone(rows, factor):
    scaled = [RingSpend(r.ring, r.nearest, r.farthest, r.pence * factor, r.lines, r.is_transfer) for r in rows]
    before, after = (measure_local_share(some, Ring.CITY) for some in (rows, scaled))
    assert (before.low, before.high, before.coverage) == (after.low, after.high, after.coverage)


def test_the_interval_of_a_department_with_missing_postcodes():
    """Section 9 of the reference: 2.4 % if every unknown is elsewhere, 13.3 % if every unknown is local."""
    share = measure_local_share([at(Ring.CITY, 24), at(Ring.UK, 867), unknown(109)], Ring.CITY)
    assert (share.low, share.high) == (Decimal("0.024"), Decimal("0.133"))
    assert share.coverage == Decimal("0.891")
    assert share.unknown == Money(109)


def test_transfers_to_public_bodies_belong_to_no_share():
    rows = [at(Ring.CITY, 100), at(Ring.UK, 100), at(Ring.CITY, 999, is_transfer=True)]
    assert measure_local_share(rows, Ring.CITY).low == Decimal("0.5")
    table = build_ring_table(rows)
    assert (table.total, table.transfers, table.transfer_lines) == (Money(200), Money(999), 1)


def test_a_credit_note_without_a_place_lowers_the_low_end_only():
    share = measure_local_share([at(Ring.CITY, 100), at(Ring.UK, 100), unknown(-50)], Ring.CITY)
    assert (share.local_low, share.local_high) == (Money(50), Money(100))


def test_a_credit_note_does_not_hide_a_payment_without_a_place():
    share = measure_local_share([at(Ring.CITY, 100), unknown(50), unknown(-50)], Ring.CITY)
    assert (share.unknown, share.coverage) == (Money(0), Decimal("0.5"))


def test_nothing_paid_and_more_credit_than_payment_have_no_share():
    for rows in ([], [at(Ring.CITY, 100), at(Ring.UK, -100)], [at(Ring.CITY, -5)]):
        share = measure_local_share(rows, Ring.CITY)
        assert (share.low, share.high) == (None, None)
    assert measure_local_share([], Ring.CITY).coverage is None


def test_a_line_that_could_be_in_two_rings_counts_only_where_all_of_them_are_local():
    crossing = RingSpend(Ring.CITY, Ring.CITY, Ring.SUB_REGION, 100, 1)
    narrow, wide = (measure_local_share([crossing], ring) for ring in (Ring.CITY, Ring.SUB_REGION))
    assert (narrow.low, narrow.high) == (0, 1)
    assert (wide.low, wide.high) == (1, 1)
    assert narrow.coverage == 1


def test_one_large_firm_shows_as_concentration():
    amounts = [Money(p) for p in (739, 60, 50, 40, 30, 20, 61, -400)]
    assert measure_concentration(amounts) == Concentration(Decimal("0.739"), Decimal("0.95"))
    assert measure_concentration([Money(-1)]) == Concentration(None, None)


def test_pooled_and_unweighted_averages_differ():
    large = measure_local_share([at(Ring.CITY, 900), at(Ring.UK, 100)], Ring.CITY)
    small = measure_local_share([at(Ring.CITY, 10), at(Ring.UK, 90)], Ring.CITY)
    nothing = measure_local_share([], Ring.CITY)
    shares: list[LocalShare] = [large, small, nothing]
    assert average_shares(shares).low == Decimal("0.5")
    pooled = pool_shares(shares).low
    assert pooled is not None and pooled > Decimal("0.82")
    assert (average_shares([]).low, pool_shares([]).high) == (None, None)
