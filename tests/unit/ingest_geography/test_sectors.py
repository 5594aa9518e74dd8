"""The sector table: what it says, how sure it is, and how good the sector rule is on real postcodes."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.core.places import Whereabouts
from wpound.ingest.geography.make_sectors import count_sectors, write_sectors
from wpound.ingest.geography.postcodes import sector_of
from wpound.ingest.geography.sectors import SectorCount, SectorTable

CITY = "E08000031"


def shares(where: Whereabouts) -> dict[str, Decimal]:
    return {area.district_code: share for area, share in where.candidates}


@pytest.fixture(scope="module")
def built_in() -> SectorTable:
    return SectorTable.built_in()


def test_a_sector_in_one_district_is_certain(built_in):
    assert shares(built_in.whereabouts("WV1 1RP")) == {CITY: Decimal(1)}


def test_a_crossing_sector_gives_every_district_with_its_share(built_in):
    found = shares(built_in.whereabouts("WV10 7AA"))
    assert set(found) == {CITY, "E07000196"}
    assert found["E07000196"] > Decimal("0.8")
    assert {area.vintage for area, _ in built_in.whereabouts("WV10 7AA").candidates} == {"2022-05"}


def test_unknown_and_non_geographic_sectors_say_nothing(built_in):
    assert built_in.whereabouts("ZZ9 9ZZ") == Whereabouts()
    assert built_in.whereabouts("WV99 1AA") == built_in.whereabouts("WV98 1AA") == Whereabouts()
    assert built_in.is_non_geographic("WV98 1AA") and not built_in.is_non_geographic("WV1 1RP")


def test_crown_dependencies_are_abroad_and_northern_ireland_is_not(built_in):
    assert built_in.whereabouts("JE2 3AA") == built_in.whereabouts("IM1 1AA") == Whereabouts(overseas=True)
    assert shares(built_in.whereabouts("BT1 5GS")) == {"N92000002": Decimal(1)}


def test_a_stray_postcode_does_not_make_a_sector_uncertain():
    counts = [SectorCount("AB1 1", "near", 200, 45, 200), SectorCount("AB1 1", "far", 0, 1, 1)]
    assert shares(SectorTable(counts, "2022-05").whereabouts("AB1 1AA")) == {"near": Decimal(1)}


@given(st.lists(st.integers(1, 500), min_size=1, max_size=9))
def test_shares_add_up_to_exactly_one(sizes):
    counts = [SectorCount("AB1 1", f"district {place}", size, 0, size) for place, size in enumerate(sizes)]
    found = shares(SectorTable(counts, "2022-05").whereabouts("AB1 1AA"))
    assert sum(found.values()) == 1
    assert all(share > 0 for share in found.values())


def test_every_sector_built_in_has_shares_that_add_up(built_in):
    for sector in built_in.sectors:
        where = built_in.whereabouts(f"{sector}AA")
        assert not where.candidates or sum(share for _, share in where.candidates) == 1


def test_making_the_table_counts_live_ended_and_small_users(tmp_path):
    rows = [
        {"pcds": "WV1 1AA", "ladcd": CITY, "doterm": "", "usertype": "0"},
        {"pcds": "WV1 1AB", "ladcd": CITY, "doterm": "199606", "usertype": "1"},
        {"pcds": "WV1 1AD", "ladcd": "", "doterm": "", "usertype": "0"},
        {"pcds": "BT1 1AA", "ladcd": "N09000003", "doterm": "", "usertype": "0"},
    ]
    counts = list(count_sectors(rows))
    assert counts == [SectorCount("BT1 1", "N92000002", 1, 0, 1), SectorCount("WV1 1", CITY, 1, 1, 1)]
    for name in ("once", "again"):
        write_sectors(counts, "2022-05", tmp_path / name)
    assert (tmp_path / "once").read_bytes() == (tmp_path / "again").read_bytes()


@pytest.fixture(scope="module")
def live_in_2025(shared) -> list[tuple[str, str]]:
    """Postcode and district (blank for none) of the postcodes that were live in April 2025, without the CV area."""
    path = shared / "data/geography/west_midlands_postcodes.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        rows = csv.DictReader(text)
        found = [(row["postcode"], row["cpo2025_lad_code"]) for row in rows if row["cpo2025_easting"]]
    wanted = ("WV", "WS", "DY", "B", "ST", "TF")
    return [
        (postcode, code) for postcode, code in found if postcode.rstrip()[: 2 if postcode[1].isalpha() else 1] in wanted
    ]


def majority(postcodes: Iterable[tuple[str, str]]) -> dict[str, str]:
    tally: dict[str, Counter[str]] = {}
    for postcode, code in postcodes:
        tally.setdefault(sector_of(postcode), Counter())[code] += 1
    return {sector: codes.most_common(1)[0][0] for sector, codes in tally.items()}


def precision_and_recall(postcodes: list[tuple[str, str]], local: set[str]) -> tuple[Decimal, Decimal]:
    claimed = [code for postcode, code in postcodes if sector_of(postcode) in local]
    right = Decimal(claimed.count(CITY))
    there = sum(code == CITY for _, code in postcodes)
    return round(right / len(claimed), 4), round(right / there, 4)


def test_25_of_61_wv_sectors_cross_a_boundary(live_in_2025):
    districts: dict[str, set[str]] = {}
    for postcode, code in live_in_2025:
        if postcode.startswith("WV"):
            districts.setdefault(sector_of(postcode), set()).add(code)
    assert len(districts) == 61
    assert sum(len(codes - {""}) > 1 for codes in districts.values()) == 25


def test_precision_and_recall_of_the_sector_rule(live_in_2025):
    """Section 4 of the geography reference: 0.9385 and 0.9262 where sectors are judged by their own majority."""
    local = {sector for sector, code in majority(live_in_2025).items() if code == CITY}
    assert precision_and_recall(live_in_2025, local) == (Decimal("0.9385"), Decimal("0.9262"))


def test_the_built_in_table_loses_little_on_postcodes_it_was_not_made_from(built_in, live_in_2025):
    sectors = {sector_of(postcode) for postcode, _ in live_in_2025}
    local = {sector for sector in sectors if next(iter(shares(built_in.whereabouts(f"{sector}AA"))), None) == CITY}
    precision, recall = precision_and_recall(live_in_2025, local)
    assert precision >= Decimal("0.90")
    assert recall >= Decimal("0.94")


def test_the_true_district_is_nearly_always_among_the_candidates(built_in, live_in_2025):
    wv = [(postcode, code) for postcode, code in live_in_2025 if postcode.startswith("WV") and code]
    geographic = [(p, code) for p, code in wv if not built_in.is_non_geographic(p)]
    missed = sum(code not in shares(built_in.whereabouts(postcode)) for postcode, code in geographic)
    assert missed / len(geographic) < 0.003
