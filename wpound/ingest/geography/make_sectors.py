"""Make the built-in sector table from the ONS postcode look-up.

Run as ``python -m wpound.ingest.geography.make_sectors LOOKUP VINTAGE OUT``, for example with
``PCD_OA_LSOA_MSOA_LAD_MAY22_UK_LU.csv.gz 2022-05 wpound/ingest/geography/data/sectors.csv.gz``.
"""

import csv
import gzip
import sys
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path

from wpound.ingest.geography.postcodes import normalise_postcode, sector_of
from wpound.ingest.geography.sectors import SectorCount

HEADER = ("sector", "district_code", "live", "ended", "small_users")
LARGE_USER = "1"
# Northern Ireland's postcodes have a licence of their own, so its sectors are given the country and no district.
NORTHERN_IRELAND_AREA = "BT"
NORTHERN_IRELAND = "N92000002"


def count_sectors(rows: Iterable[Mapping[str, str]]) -> Iterator[SectorCount]:
    """Count a look-up's postcodes by sector and district; those without a district are left out."""
    tally: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        postcode = normalise_postcode(row["pcds"])
        if postcode is None or not row["ladcd"]:
            continue
        area_code = NORTHERN_IRELAND if postcode.startswith(NORTHERN_IRELAND_AREA) else row["ladcd"]
        counts = tally.setdefault((sector_of(postcode), area_code), [0, 0, 0])
        counts[1 if row["doterm"] else 0] += 1
        counts[2] += row["usertype"] != LARGE_USER
    for (sector, district_code), (live, ended, small_users) in sorted(tally.items()):
        yield SectorCount(sector, district_code, live, ended, small_users)


def write_sectors(counts: Iterable[SectorCount], vintage: str, out: Path) -> None:
    """Write the packaged form: vintage, header, one row per sector and district; the same bytes every time."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([vintage])
    writer.writerow(HEADER)
    writer.writerows((one.sector, one.district_code, one.live, one.ended, one.small_users) for one in counts)
    out.write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))


def main(lookup: str, vintage: str, out: str) -> None:
    """Read the look-up (cp1252, gzip) and write the table."""
    with gzip.open(lookup, "rt", encoding="cp1252", newline="") as text:
        write_sectors(count_sectors(csv.DictReader(text)), vintage, Path(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
