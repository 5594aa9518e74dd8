"""The built-in sector table: an area and its certainty where no full postcode table is loaded.

A sector often crosses a boundary, so a postcode gets every district its sector lies in, each with the share of the
sector's postcodes, live and ended, that lie there. See ``data/README.md`` for what the table is made of.
"""

import csv
import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from io import TextIOWrapper
from typing import Self

from wpound.core.money import divide, round_half_up
from wpound.core.places import Area, Whereabouts
from wpound.ingest.geography.postcodes import district_of, sector_of

SHARE_PLACES = 6
# A district with less of a sector than this is left out: one stray postcode in 250 is no reason to doubt the rest.
LEAST_SHARE = Decimal("0.01")
# The codes under which ONS lists the Channel Islands and the Isle of Man, which are not in the United Kingdom.
CROWN_DEPENDENCIES = frozenset({"L99999999", "M99999999"})


@dataclass(frozen=True, slots=True)
class SectorCount:
    """How many postcodes of a sector lie in a district; ``small_users`` are those that are not one large user's own."""

    sector: str
    district_code: str
    live: int
    ended: int
    small_users: int

    @property
    def postcodes(self) -> int:
        """All of them, live and ended."""
        return self.live + self.ended


class SectorTable:
    """Where the postcodes of every sector lie."""

    def __init__(self, counts: Iterable[SectorCount], vintage: str) -> None:
        self.vintage = vintage
        self._sectors: dict[str, list[SectorCount]] = {}
        small_users: dict[str, int] = {}
        for count in counts:
            self._sectors.setdefault(count.sector, []).append(count)
            district = district_of(count.sector)
            small_users[district] = small_users.get(district, 0) + count.small_users
        self._non_geographic = {district for district, users in small_users.items() if not users}

    @classmethod
    @cache
    def built_in(cls) -> Self:
        """The table packaged with the code, read once."""
        data = files("wpound.ingest.geography") / "data"
        with (data / "sectors.csv.gz").open("rb") as packed, gzip.open(packed) as binary:
            rows = csv.reader(TextIOWrapper(binary, encoding="utf-8", newline=""))
            vintage = next(rows)[0]
            next(rows)
            return cls((SectorCount(row[0], row[1], int(row[2]), int(row[3]), int(row[4])) for row in rows), vintage)

    @property
    def sectors(self) -> tuple[str, ...]:
        """Every sector known, in order."""
        return tuple(sorted(self._sectors))

    def counts(self, sector: str) -> tuple[SectorCount, ...]:
        """What is known of a sector, the district with most postcodes first; nothing for an unknown one."""
        return tuple(sorted(self._sectors.get(sector, ()), key=lambda count: (-count.postcodes, count.district_code)))

    def is_non_geographic(self, postcode: str) -> bool:
        """Whether a normalised postcode's district never had a small user (PO boxes, response mail only).

        Such a postcode says where mail is sorted, not where the addressee is.
        """
        return district_of(postcode) in self._non_geographic

    def whereabouts(self, postcode: str) -> Whereabouts:
        """The districts a normalised postcode could lie in, with shares to six decimals that add up to exactly 1.

        Districts with less than 1% of the sector are left out. Nothing for an unknown sector or a non-geographic one;
        abroad for the Channel Islands and the Isle of Man.
        """
        counts = self.counts(sector_of(postcode))
        if counts and counts[0].district_code in CROWN_DEPENDENCIES:
            return Whereabouts(overseas=True)
        if not counts or self.is_non_geographic(postcode):
            return Whereabouts()
        all_postcodes = sum(count.postcodes for count in counts)
        counts = tuple(count for count in counts if count.postcodes >= LEAST_SHARE * all_postcodes)
        total = sum(count.postcodes for count in counts)
        others = [round_half_up(divide(count.postcodes, total), SHARE_PLACES) for count in counts[1:]]
        shares = [1 - sum(others, Decimal(0)), *others]
        areas = [Area(count.district_code, self.vintage) for count in counts]
        return Whereabouts(tuple(zip(areas, shares, strict=True)))
