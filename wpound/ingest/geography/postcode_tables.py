"""Full postcode tables as their publishers make them, read as one stream of rows.

Read: ONS Postcode Directory and NSPL with old and new column names, the ONS postcode look-up, OS Code-Point Open
(which has no header), and a join of the last two. Columns are found by pattern, never by edition.
"""

import csv
import gzip
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wpound.core.errors import InputError
from wpound.ingest.geography.postcodes import normalise_postcode

_PATTERNS = {
    "postcode": (r"pcds", r"pcd7?", r"postcode"),
    "district": (r"oslaua|laua|ladcd|lad\d\dcd", r"lad_[a-z]+\d{4}_code"),
    "newer_district": (r"cpo\d{4}_lad_code",),
    "ward": (r"osward|ward|wd\d\dcd", r"cpo\d{4}_ward_code"),
    "lsoa": (r"lsoa21(cd)?", r"lsoa11(cd)?"),
    "introduced": (r"dointr", r"introduced"),
    "terminated": (r"doterm", r"terminated"),
}
_NEEDED = {"postcode": "the postcode", "district": "the local authority", "terminated": "the month of termination"}
_MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10}
_MONTHS |= {"nov": 11, "dec": 12}
# A UTF-8 byte order mark as it looks in Latin-1.
_BOM = "\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class PostcodeRow:
    """A postcode and where it lies; months are ``YYYYMM``, ``terminated`` None while it is live.

    ``district_code`` is None where the table gives the postcode no district. ``vintage`` is that of the area codes.
    """

    postcode: str
    district_code: str | None
    ward_code: str | None
    lsoa_code: str | None
    introduced: str | None
    terminated: str | None
    vintage: str


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Positions of what is wanted of a table, None for what it does not have.

    ``newer_district`` is a later table's district joined on; where it is filled in, it counts.
    """

    postcode: int
    district: int
    newer_district: int | None = None
    ward: int | None = None
    lsoa: int | None = None
    introduced: int | None = None
    terminated: int | None = None

    @property
    def last(self) -> int:
        """The right-most position used."""
        used = (self.district, self.newer_district, self.ward, self.lsoa, self.introduced, self.terminated)
        return max(self.postcode, *(place for place in used if place is not None))


# PC, PQ, EA, NO, CY, RH, LH, CC, DC, WC as OS publishes them, without a header; live postcodes only.
CODE_POINT_OPEN = TableColumns(postcode=0, district=8, ward=9)
_CODE_POINT_WIDTH = 10


@dataclass(frozen=True, slots=True)
class _Table:
    """A table being read: where its columns are, and the vintage of the area codes in the two district columns."""

    name: str
    columns: TableColumns
    vintage: str
    newer_vintage: str


def find_columns(header: Sequence[str]) -> TableColumns:
    """Find a postcode table's columns by pattern, whatever the case of their names.

    Raises InputError, naming what is missing or doubtful, for an edition that cannot be read. Of two LSOA columns the
    2021 one is taken. Source: geography reference, section 8.
    """
    names = _names(header)
    found = {wanted: _find(names, patterns) for wanted, patterns in _PATTERNS.items()}
    missing = [what for wanted, what in _NEEDED.items() if found[wanted] is None]
    postcode, district = found.pop("postcode"), found.pop("district")
    if missing or postcode is None or district is None:
        raise InputError(
            "header",
            f"This postcode table cannot be read: no column for {' or '.join(missing)} is known among its columns "
            f"({', '.join(names)}).",
        )
    return TableColumns(postcode=postcode, district=district, **found)


def read_postcode_table(path: Path, vintage: str | None = None) -> Iterator[PostcodeRow]:
    """Stream a postcode table: a ``.csv`` or ``.csv.gz`` file, or a folder of them (as Code-Point Open comes).

    ``vintage`` (such as ``2025-08``) is kept with every area code; column names that say it go first. Raises
    InputError for a table that cannot be read, that nobody gives a vintage, or that has a broken row.
    """
    files = sorted(path.glob("*.csv*")) if path.is_dir() else [path]
    if not files:
        raise InputError("file", f"There is no CSV file in the folder {path.name}.")
    for file in files:
        yield from _read_file(file, vintage)


def _names(header: Sequence[str]) -> list[str]:
    return [name.removeprefix(_BOM).strip().strip('"').lower() for name in header]


def _find(names: Sequence[str], patterns: Iterable[str]) -> int | None:
    for pattern in patterns:
        hits = [place for place, name in enumerate(names) if re.fullmatch(pattern, name)]
        if len(hits) > 1:
            doubtful = " and ".join(names[hit] for hit in hits)
            raise InputError("header", f"This postcode table has two columns for one thing: {doubtful}.")
        if hits:
            return hits[0]
    return None


def _read_file(path: Path, vintage: str | None) -> Iterator[PostcodeRow]:
    # All that is used is ASCII in every edition, so Latin-1 reads it whatever the names of places are written in.
    read = gzip.open if path.suffix == ".gz" else open
    with read(path, "rt", encoding="latin-1", newline="") as text:
        try:
            rows = csv.reader(text)
            first = next(rows, [])
            headerless = len(first) == _CODE_POINT_WIDTH and normalise_postcode(first[0]) is not None
            columns = CODE_POINT_OPEN if headerless else find_columns(first)
            table = _describe(path.name, columns, first, vintage)
            if headerless:
                yield _read_row(first, table, 1)
            for row in rows:
                yield _read_row(row, table, rows.line_num)
        except (gzip.BadGzipFile, EOFError, csv.Error) as error:
            raise InputError("file", f"{path.name} is damaged and cannot be read to its end: {error}.") from error


def _describe(name: str, columns: TableColumns, header: Sequence[str], vintage: str | None) -> _Table:
    said = _vintage_in(header[columns.district]) or vintage
    newer = _vintage_in(header[columns.newer_district]) if columns.newer_district is not None else said
    if said is None or newer is None:
        raise InputError(
            "vintage",
            f"{name} does not say how old its area codes are. Give the month of the edition, such as 2025-08.",
        )
    return _Table(name, columns, said, newer)


def _vintage_in(name: str) -> str | None:
    """The vintage a column name gives away: ``lad25cd``, ``lad_may2022_code``, ``cpo2025_lad_code``."""
    short = re.fullmatch(r"lad(\d\d)cd", name.lower())
    if short:
        return f"20{short[1]}"
    long = re.fullmatch(r"(?:lad_([a-z]{3})[a-z]*|cpo)(\d{4})_\w+", name.lower())
    if not long:
        return None
    return f"{long[2]}-{_MONTHS[long[1]]:02d}" if long[1] in _MONTHS else long[2]


def _read_row(row: Sequence[str], table: _Table, line: int) -> PostcodeRow:
    columns = table.columns
    postcode = normalise_postcode(row[columns.postcode]) if len(row) > columns.last else None
    if postcode is None:
        raise InputError(f"line {line}", f"{table.name} has no postcode that can be read there: {','.join(row)[:80]}.")

    def cell(place: int | None) -> str | None:
        return (row[place].strip() or None) if place is not None else None

    newer = cell(columns.newer_district)
    return PostcodeRow(
        postcode=postcode,
        district_code=newer or cell(columns.district),
        ward_code=cell(columns.ward),
        lsoa_code=cell(columns.lsoa),
        introduced=cell(columns.introduced),
        terminated=cell(columns.terminated),
        vintage=table.newer_vintage if newer else table.vintage,
    )
