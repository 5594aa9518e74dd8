"""Where money went: rings around a city, and how sure we are of them.

The rings are disjoint and add up to everything. Every placement keeps the nearest and the farthest ring the
payment could lie in, so that a share is an interval and not a guess.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Ring(StrEnum):
    """The disjoint rings, nearest first; a payment belongs to exactly one."""

    WARD = "ward"
    CITY = "city"
    SUB_REGION = "sub_region"
    COMBINED_AUTHORITY = "combined_authority"
    REGION = "region"
    UK = "uk"
    OVERSEAS = "overseas"
    UNKNOWN = "unknown"

    @property
    def distance(self) -> int:
        """Its place in the order, 0 for the nearest."""
        return _ORDER[self]


_ORDER = {ring: i for i, ring in enumerate(Ring)}


class AddressKind(StrEnum):
    """What a supplier's address is known to be."""

    TRADING = "trading"
    DELIVERY = "delivery"
    INVOICE = "invoice"
    REGISTERED = "registered"


@dataclass(frozen=True)
class LocalityRule:
    """One definition of local: which addresses count, which areas make each ring, how far local reaches.

    ``areas`` holds local authority district codes, each ring's own and all nearer ones left out.
    """

    key: str
    title: str
    valid_from: date
    local_ring: Ring
    address_kinds: tuple[AddressKind, ...]
    areas: Mapping[Ring, frozenset[str]]
    ring_titles: Mapping[Ring, str]
    area_vintage: str
    wards: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Area:
    """A district (and, where known, ward and neighbourhood) with the vintage of its codes."""

    district_code: str
    vintage: str
    ward_code: str | None = None
    lsoa_code: str | None = None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What is known of a payment's place: candidate areas with their shares, or abroad, or nothing.

    Shares are of the postcodes of a sector and add up to 1; a full postcode has one area with share 1.
    """

    candidates: Sequence[tuple[Area, Decimal]] = ()
    overseas: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """The likeliest ring, and the nearest and farthest the payment could lie in."""

    ring: Ring
    nearest: Ring
    farthest: Ring


UNPLACED = Placement(Ring.UNKNOWN, Ring.WARD, Ring.OVERSEAS)


def ring_of(area: Area, rule: LocalityRule) -> Ring:
    """The ring an area belongs to under a definition of local; anywhere else in the country is ``uk``."""
    if area.ward_code is not None and area.ward_code in rule.wards:
        return Ring.WARD
    for ring, districts in rule.areas.items():
        if area.district_code in districts:
            return ring
    return Ring.UK


def place(whereabouts: Whereabouts, rule: LocalityRule) -> Placement:
    """Place a payment in a ring: the ring most of its candidates lie in, with the nearest and farthest possible.

    Equal shares go to the nearer ring. A place in the city without a known ward could lie in a ward of the rule.
    """
    if whereabouts.overseas:
        return Placement(Ring.OVERSEAS, Ring.OVERSEAS, Ring.OVERSEAS)
    shares: dict[Ring, Decimal] = {}
    for area, share in whereabouts.candidates:
        ring = ring_of(area, rule)
        shares[ring] = shares.get(ring, Decimal(0)) + share
    if not shares:
        return UNPLACED
    likeliest = max(shares, key=lambda ring: (shares[ring], -ring.distance))
    possible = sorted({*shares, *_possible_wards(whereabouts, rule)}, key=lambda ring: ring.distance)
    return Placement(likeliest, possible[0], possible[-1])


def _possible_wards(whereabouts: Whereabouts, rule: LocalityRule) -> set[Ring]:
    unwarded = any(area.ward_code is None and ring_of(area, rule) is Ring.CITY for area, _ in whereabouts.candidates)
    return {Ring.WARD} if rule.wards and unwarded else set()
