"""Postcode tables of every edition, and the counts of the reference from the real files."""

import gzip
from collections import Counter
from pathlib import Path

import pytest

from wpound.core.errors import InputError
from wpound.ingest.geography.postcode_tables import PostcodeRow, find_columns, read_postcode_table

ONSPD_TO_MAY_2025 = (
    "pcd,pcd2,pcds,dointr,doterm,oscty,ced,oslaua,osward,parish,usertype,oseast1m,osnrth1m,osgrdind,oshlthau,nhser,ctry,"
    "rgn,streg,pcon,eer,teclec,ttwa,pct,itl,statsward,oa01,casward,npark,lsoa01,msoa01,ur01ind,oac01,oa11,lsoa11,msoa11,"
    "wz11,sicbl,bua22,ru11ind,oac11,lat,long,lep1,lep2,pfa,imd,calncv,icb,oa21,lsoa21,msoa21"
)
ONSPD_AUG_2025 = ONSPD_TO_MAY_2025.replace("pcd,pcd2,", "pcd7,pcd8,")
CURRENT = (
    "pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,gridind,oa21cd,cty25cd,ced25cd,lad25cd,wd25cd,nhser24cd,"
    "ctry25cd,rgn25cd,pcon24cd,ttwa15cd,itl25cd,npark16cd,lsoa21cd,msoa21cd,wz11cd,sicbl24cd,bua24cd,ruc21ind,oac11ind,"
    "lat,long,lep21cd1,lep21cd2,pfa23cd,imd20ind,icb23cd"
)
CURRENT_WITH_2011 = CURRENT + ",oa11cd,lsoa11cd,msoa11cd,ruc11ind"
NSPL = (
    "pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,osnrth1m,osgrdind,oa11,cty,ced,laua,ward,hlthau,nhser,ctry,rgn,pcon,"
    "eer,teclec,ttwa,pct,nuts,npark,lsoa11,msoa11,wz11,ccg,bua11,buasd11,ru11ind,oac11,lat,long,lep1,lep2,pfa,imd"
)
ONS_MAY_2022 = "pcd7,pcd8,pcds,dointr,doterm,usertype,oa11cd,lsoa11cd,msoa11cd,ladcd,lsoa11nm,msoa11nm,ladnm,ladnmw"
JOINED = (
    "postcode,introduced,terminated,user_type,lsoa11cd,msoa11cd,lad_may2022_code,lad_may2022_name,cpo2025_pqi,"
    "cpo2025_easting,cpo2025_northing,cpo2025_lad_code,cpo2025_lad_name,cpo2025_ward_code,ward_name,lat,long"
)


@pytest.mark.parametrize(
    ("header", "district", "ward", "lsoa"),
    [
        (ONSPD_TO_MAY_2025, "oslaua", "osward", "lsoa21"),
        (ONSPD_AUG_2025, "oslaua", "osward", "lsoa21"),
        (CURRENT, "lad25cd", "wd25cd", "lsoa21cd"),
        (CURRENT_WITH_2011, "lad25cd", "wd25cd", "lsoa21cd"),
        (CURRENT.upper(), "LAD25CD", "WD25CD", "LSOA21CD"),
        (NSPL, "laua", "ward", "lsoa11"),
        (ONS_MAY_2022, "ladcd", None, "lsoa11cd"),
        (JOINED, "lad_may2022_code", "cpo2025_ward_code", "lsoa11cd"),
    ],
)
def test_every_edition_has_one_district_and_one_ward_column(header, district, ward, lsoa):
    names = header.split(",")
    columns = find_columns(names)
    assert names[columns.district] == district
    assert (names[columns.ward] if columns.ward is not None else None) == ward
    assert columns.lsoa is not None and names[columns.lsoa] == lsoa
    assert names[columns.postcode].lower() in ("pcds", "postcode")


def test_an_unknown_edition_fails_with_the_missing_name():
    with pytest.raises(InputError, match="no column for the local authority is known"):
        find_columns(CURRENT.replace("lad25cd", "council").split(","))
    with pytest.raises(InputError, match="the postcode or the local authority or the month of termination"):
        find_columns(["<html>"])


def test_two_columns_for_one_thing_fail():
    with pytest.raises(InputError, match="lad24cd and lad25cd"):
        find_columns([*CURRENT.split(","), "lad24cd"][::-1])


def write(path: Path, header: str, *rows: str) -> Path:
    path.write_text("\r\n".join([header, *rows]) + "\r\n", encoding="utf-8-sig")
    return path


def test_a_column_name_tells_the_vintage(tmp_path):
    path = write(tmp_path / "table.csv", "pcds,dointr,doterm,lad25cd,wd25cd", '"wv1 1aa",198001,,E08000031,E05014853')
    assert list(read_postcode_table(path)) == [
        PostcodeRow("WV1 1AA", "E08000031", "E05014853", None, "198001", None, "2025")
    ]


def test_a_table_that_does_not_tell_its_vintage_needs_one(tmp_path):
    path = write(tmp_path / "table.csv", "pcds,doterm,oslaua", "WV1 1AA,201001,E08000031")
    with pytest.raises(InputError, match="does not say how old its area codes are"):
        list(read_postcode_table(path))
    row = next(read_postcode_table(path, vintage="2025-05"))
    assert (row.vintage, row.terminated, row.ward_code) == ("2025-05", "201001", None)


def test_code_point_open_comes_as_a_folder_without_headers(tmp_path):
    fields = "10,391000,298000,E92000001,,E18000005,,{district},{ward}"
    (tmp_path / "wv.csv").write_text(
        f'"WV101AA",{fields.format(district="E08000031", ward="E05014842")}\n'
        f'"WV981ZZ",{fields.format(district="", ward="")}\n'
    )
    (tmp_path / "ws.csv").write_text(f'"WS1 1AA",{fields.format(district="E08000030", ward="E05001339")}\n')
    rows = list(read_postcode_table(tmp_path, vintage="2025-04"))
    assert [(row.postcode, row.district_code) for row in rows] == [
        ("WS1 1AA", "E08000030"),
        ("WV10 1AA", "E08000031"),
        ("WV98 1ZZ", None),
    ]
    assert rows[1].ward_code == "E05014842"


def test_a_broken_row_is_told_with_its_line(tmp_path):
    path = write(tmp_path / "table.csv", "pcds,doterm,lad25cd", "WV1 1AA,,E08000031", "half a r")
    with pytest.raises(InputError) as caught:
        list(read_postcode_table(path))
    assert caught.value.field == "line 3"


def test_a_half_written_file_and_an_empty_folder_are_refused(tmp_path):
    whole = gzip.compress(b"pcds,doterm,lad25cd\n" + b"WV1 1AA,,E08000031\n" * 5000)
    (tmp_path / "half.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="damaged"):
        list(read_postcode_table(tmp_path / "half.csv.gz"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no CSV file"):
        list(read_postcode_table(tmp_path / "empty"))


@pytest.fixture(scope="session")
def wv_of_ons(shared, tmp_path_factory) -> Path:
    """The WV rows of the ONS look-up of May 2022, in its own form."""
    path = tmp_path_factory.mktemp("ons") / "wv.csv.gz"
    with (
        gzip.open(shared / "data/geography/PCD_OA_LSOA_MSOA_LAD_MAY22_UK_LU.csv.gz", "rb") as whole,
        gzip.open(path, "wb", compresslevel=1) as part,
    ):
        part.writelines(line for line in whole if line.startswith((b'"WV', b"pcd7")))
    return path


def test_live_and_terminated_wv_postcodes_by_district(wv_of_ons):
    rows = list(read_postcode_table(wv_of_ons, vintage="2022-05"))
    live = Counter(row.district_code for row in rows if row.terminated is None)
    ended = Counter(row.district_code for row in rows if row.terminated is not None)
    assert (live.total(), ended.total()) == (10_532, 3_812)
    assert (live["E08000031"], ended["E08000031"]) == (5_729, 2_967)
    assert (live["E06000051"], ended["E06000051"]) == (1_141, 344)
    assert (live["E07000196"], ended["E07000196"]) == (1_528, 242)
    assert (live["E08000030"], ended["E08000030"]) == (895, 191)
    assert (live["E08000027"], ended["E08000027"]) == (282, 35)
    assert (live[None], ended[None]) == (98, 28)


@pytest.fixture(scope="session")
def west_midlands(shared) -> list[PostcodeRow]:
    return list(read_postcode_table(shared / "data/geography/west_midlands_postcodes.csv.gz"))


def test_the_joined_table_of_the_west_midlands(west_midlands):
    assert len(west_midlands) == 183_824
    newer = [row for row in west_midlands if row.vintage == "2025"]
    assert sum(row.postcode.startswith("WV") and row.district_code == "E08000031" for row in newer) == 5_703
    assert {row.vintage for row in west_midlands} == {"2025", "2022-05"}


def test_wards_of_the_city(west_midlands):
    wards = Counter(row.ward_code for row in west_midlands if row.ward_code and row.district_code == "E08000031")
    assert len(wards) == 20
    assert (wards["E05014853"], wards["E05014838"], wards["E05014856"]) == (539, 280, 191)
