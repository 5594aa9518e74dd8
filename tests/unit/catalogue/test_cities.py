"""A city is data: its plan, its anchors and its definitions of local."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from wpound.catalogue.loader import load_catalogue, load_city
from wpound.core.errors import InputErrors, NotFound
from wpound.core.places import AddressKind, Area, Ring, ring_of

Write = Callable[[str, str], Path]
WOLVERHAMPTON = (files("wpound.catalogue") / "data" / "cities" / "wolverhampton.toml").read_text(encoding="utf-8")


def test_the_five_founding_anchors_of_the_wolverhampton_pound() -> None:
    city = load_city("wolverhampton")
    assert [anchor.kind.value for anchor in city.anchors] == ["council", "health", "university", "college", "housing"]
    assert (city.programme, city.plan, city.population) == ("Wolverhampton Pound", "our-city-our-plan", 281_251)


@pytest.mark.parametrize(
    ("district", "ring"),
    [
        ("E08000031", Ring.CITY),
        ("E08000027", Ring.SUB_REGION),
        ("E08000025", Ring.COMBINED_AUTHORITY),
        ("E07000196", Ring.REGION),
        ("E09000001", Ring.UK),
    ],
)
def test_rings_around_wolverhampton_leave_out_the_nearer_ones(district: str, ring: Ring) -> None:
    for rule in load_city("wolverhampton").localities:
        assert ring_of(Area(district, "2024"), rule) is ring
        assert sum(len(districts) for districts in rule.areas.values()) == len(frozenset().union(*rule.areas.values()))


def test_districts_are_those_of_the_published_look_ups(shared: Path) -> None:
    lines = (shared / "data" / "geography" / "lookup_ltla24_region24.csv").read_text(encoding="utf-8-sig").splitlines()
    region = {code for line in lines if "E12000005" in line for code in line.split(",") if code[:2] in ("E0",)}
    for key in ("wolverhampton", "coventry"):
        rule = load_city(key).localities[0]
        assert frozenset().union(*rule.areas.values()) == region and rule.area_vintage == "2024"


def test_definitions_of_local_differ_in_reach_and_in_the_address_that_counts() -> None:
    city = load_city("wolverhampton")
    first = city.localities[0]
    assert city.locality("city-invoice").address_kinds[0] is AddressKind.INVOICE
    assert city.locality("black-country-trading").local_ring is Ring.SUB_REGION and first.local_ring is Ring.CITY
    with pytest.raises(NotFound, match="choose one of city-trading"):
        city.locality("county")


def test_another_city_has_its_own_plan_and_no_word_of_wolverhampton() -> None:
    city = load_city("coventry")
    assert load_catalogue(city.plan).plan.council == city.council == "Coventry City Council"
    assert "Wolverhampton" not in repr(city) and "example" in city.note.lower()
    assert ring_of(Area("E07000222", "2024"), city.localities[0]) is Ring.SUB_REGION


def test_a_city_and_its_plan_may_be_files_side_by_side(write: Write) -> None:
    plan = (files("wpound.catalogue") / "data" / "plans" / "one-coventry-plan.toml").read_text(encoding="utf-8")
    write("plan.toml", plan)
    city = load_city(str(write("city.toml", WOLVERHAMPTON.replace('"our-city-our-plan"', '"plan.toml"'))))
    assert load_catalogue(city.plan).plan.key == "one-coventry-plan"


@pytest.mark.parametrize(
    ("before", "after", "place", "words"),
    [
        ('area_vintage = "2024"\n', "", "city.toml: area_vintage", "missing"),
        ("population = 281251", "population = 281251.5", "city.toml: population", "must be a whole number"),
        ('kind = "health"', 'kind = "hospital"', "city.toml: anchors[1].kind", "is not one of"),
        ('key = "wolverhampton-homes"', 'key = "city-of-wolverhampton-college"', "city.toml", "is used twice"),
        ("sub_region = [", "black_country = [", "city.toml: areas.black_country", "is not one of"),
        ("sub_region = [", "ward = [", "city.toml: definitions[3].local_ring", "has no areas"),
        ('unknown = "Unknown"\n', "", "city.toml: ring_titles.unknown", "missing"),
        ('["registered"]', '["home"]', "city.toml: definitions[2].address_kinds[0]", "is not one of"),
        ('key = "city-invoice"', 'key = "city-trading"', "city.toml", "'city-trading' is used twice"),
        ("[[definitions]]", "[[localities]]", "city.toml: localities", "unknown key"),
        ('"ons-population-2024"', '"census"', "city.toml: population_reference", "no reference"),
    ],
)
def test_a_faulty_city_is_refused_with_its_place(before, after, place, words, write: Write) -> None:
    assert before in WOLVERHAMPTON
    with pytest.raises(InputErrors) as caught:
        load_city(write("city.toml", WOLVERHAMPTON.replace(before, after)))
    assert any(error.field == place and words in error.message for error in caught.value.errors), caught.value.message


def test_a_city_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(NotFound, match="coventry, wolverhampton"):
        load_city("atlantis")
