"""Rings and placements."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.core.places import (
    UNPLACED,
    AddressKind,
    Area,
    LocalityRule,
    Placement,
    Ring,
    Whereabouts,
    place,
    ring_of,
)

RULE = LocalityRule(
    key="test",
    title="In the city",
    valid_from=date(2026, 4, 1),
    local_ring=Ring.CITY,
    address_kinds=(AddressKind.TRADING,),
    areas={
        Ring.CITY: frozenset({"E08000031"}),
        Ring.SUB_REGION: frozenset({"E08000027", "E08000028", "E08000030"}),
        Ring.COMBINED_AUTHORITY: frozenset({"E08000025"}),
        Ring.REGION: frozenset({"E07000196"}),
    },
    ring_titles={},
    area_vintage="2022-05",
    wards=frozenset({"E05014853"}),
)
DISTRICTS = {
    "E08000031": Ring.CITY,
    "E08000030": Ring.SUB_REGION,
    "E08000025": Ring.COMBINED_AUTHORITY,
    "E07000196": Ring.REGION,
    "S12000033": Ring.UK,
}


def area(code: str, ward: str | None = "E05014838") -> Area:
    return Area(code, "2022-05", ward_code=ward)


@pytest.mark.parametrize(("code", "ring"), DISTRICTS.items())
def test_a_district_lies_in_one_ring(code, ring):
    assert ring_of(area(code), RULE) is ring
    assert place(Whereabouts(((area(code), Decimal(1)),)), RULE) == Placement(ring, ring, ring)


def test_a_ward_of_the_rule_is_the_nearest_ring():
    assert ring_of(area("E08000031", ward="E05014853"), RULE) is Ring.WARD


def test_the_city_without_a_known_ward_could_be_the_ward():
    placed = place(Whereabouts(((area("E08000031", ward=None), Decimal(1)),)), RULE)
    assert placed == Placement(Ring.CITY, Ring.WARD, Ring.CITY)


def test_abroad_is_certain_and_nothing_known_could_be_anywhere():
    assert place(Whereabouts(overseas=True), RULE) == Placement(Ring.OVERSEAS, Ring.OVERSEAS, Ring.OVERSEAS)
    assert place(Whereabouts(), RULE) == UNPLACED
    assert (UNPLACED.nearest, UNPLACED.farthest) == (Ring.WARD, Ring.OVERSEAS)


def test_a_crossing_sector_goes_to_the_likeliest_ring_with_both_ends_kept():
    shares = (("E07000196", "0.844622"), ("E08000031", "0.155378"))
    candidates = tuple((area(code), Decimal(share)) for code, share in shares)
    assert place(Whereabouts(candidates), RULE) == Placement(Ring.REGION, Ring.CITY, Ring.REGION)


def test_two_districts_of_one_ring_count_together_and_even_shares_go_to_the_nearer_ring():
    two_near = ((area("E08000030"), Decimal("0.3")), (area("E08000027"), Decimal("0.3")))
    far = ((area("E08000031"), Decimal("0.4")),)
    assert place(Whereabouts(two_near + far), RULE).ring is Ring.SUB_REGION
    even = ((area("E07000196"), Decimal("0.5")), (area("E08000031"), Decimal("0.5")))
    assert place(Whereabouts(even), RULE).ring is Ring.CITY


@given(st.dictionaries(st.sampled_from(sorted(DISTRICTS)), st.integers(1, 50), min_size=1))
def test_the_ring_lies_between_nearest_and_farthest(counts):
    total = sum(counts.values())
    candidates = tuple((area(code), Decimal(count) / total) for code, count in counts.items())
    placed = place(Whereabouts(candidates), RULE)
    assert placed.nearest.distance <= placed.ring.distance <= placed.farthest.distance
