"""The demonstration's files go through the same reading as anybody's, and come out as they were meant."""

import pytest

from wpound.catalogue.loader import load_city
from wpound.core.places import Ring, place
from wpound.demo.generate import DemoFiles
from wpound.demo.postcodes import pool_sectors
from wpound.ingest.geography.postcodes import normalise_postcode
from wpound.ingest.geography.sectors import SectorTable
from wpound.ingest.pipeline import check_file, read_spend
from wpound.ingest.suppliers.matching import KnownSupplier, Outcome, Payee, SupplierIndex, identify
from wpound.ingest.suppliers.register import read_register


def test_a_check_of_every_file_comes_to_the_figures_written(demo_files: DemoFiles) -> None:
    for written in demo_files.spend:
        [report] = [sheet.to_dict() for sheet in check_file(written.path)]
        assert report["refused_because"] is None
        assert report["header_line"] == written.header_line
        assert report["delimiter"] == written.delimiter
        for key in ("rows", "blank", "negatives", "negative_pence"):
            assert report[key] == getattr(written, key), (written.anchor, key)
        assert (report["loaded"], report["sum_pence"]) == (written.lines, written.pence)
        assert [total["pence"] for total in report["totals_rows"]] == [written.pence] * written.totals_rows
        assert report["issues_by_code"].get("date_lost", 0) == written.undated
        assert report["issues_by_code"].get("exact_duplicate", 0) >= written.repeats
        assert report["first_paid_on"] == written.first_paid_on.isoformat()
        assert report["last_paid_on"] == written.last_paid_on.isoformat()


def test_every_withheld_name_is_recognised(demo_files: DemoFiles) -> None:
    for written in demo_files.spend:
        rows = [row for sheet in read_spend(written.path) for chunk in sheet.chunks() for row in chunk.rows]
        assert sum(row.redaction is not None for row in rows) == written.redacted


def test_the_register_is_read_without_a_problem(demo_files: DemoFiles) -> None:
    register = read_register(demo_files.register.path)
    assert register.issues == ()
    assert len(register.entries) == demo_files.register.rows


def test_firms_of_the_register_are_found_again_under_their_usual_spellings(demo_files: DemoFiles) -> None:
    known = [firm.name for firm in demo_files.suppliers if firm.in_register and firm.form == "company"]
    index = SupplierIndex([KnownSupplier(name, (name,)) for name in known])
    for name in known[::40]:
        for spelling in (name, name.upper(), name.replace(" Ltd", " Limited"), name.replace(" ", "  ", 1)):
            found = identify(Payee(spelling, "example"), index)
            assert (found.outcome, found.key) == (Outcome.AUTOMATIC, name)


@pytest.mark.parametrize("key", ["wolverhampton", "coventry"])
def test_every_ring_of_a_city_has_sectors_and_some_cross_its_edge(key: str) -> None:
    table, rule = SectorTable.built_in(), load_city(key).localities[0]
    pool = pool_sectors(table, rule)
    for ring in (Ring.CITY, Ring.SUB_REGION, Ring.COMBINED_AUTHORITY, Ring.REGION, Ring.UK):
        assert pool.whole[ring]
    assert pool.crossing[Ring.CITY]
    for sector in pool.crossing[Ring.CITY]:
        placed = place(table.whereabouts(str(normalise_postcode(f"{sector}AA"))), rule)
        assert placed.ring is Ring.CITY and placed.nearest is not placed.farthest
