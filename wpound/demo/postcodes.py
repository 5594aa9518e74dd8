"""Invented postcodes in real sectors, so that the certainty of a sector matters to the demonstration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from wpound.core.places import LocalityRule, Ring, place
from wpound.ingest.geography.sectors import SectorTable

UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
CROSSING_ONE_IN = 9


@dataclass(frozen=True)
class PostcodePool:
    """Postcode sectors by the ring most of their postcodes lie in: wholly, or crossing into another ring."""

    whole: Mapping[Ring, Sequence[str]]
    crossing: Mapping[Ring, Sequence[str]]

    def draw(self, chance: Random, ring: Ring) -> str:
        """A real-shaped postcode in the ring, one in nine from a sector that crosses its edge; it need not exist.

        >>> PostcodePool({Ring.CITY: ("B33 8",)}, {}).draw(Random(1), Ring.CITY)[:5]
        'B33 8'
        """
        whole, crossing = self.whole.get(ring, ()), self.crossing.get(ring, ())
        sectors = crossing if crossing and (not whole or not chance.randrange(CROSSING_ONE_IN)) else whole
        return chance.choice(sectors) + chance.choice(UNIT_LETTERS) + chance.choice(UNIT_LETTERS)


def pool_sectors(table: SectorTable, rule: LocalityRule) -> PostcodePool:
    """Sort the sectors of the country into rings under a definition of local; those without a place are left out."""
    whole: dict[Ring, list[str]] = {}
    crossing: dict[Ring, list[str]] = {}
    for sector in table.sectors:
        placement = place(table.whereabouts(f"{sector}AA"), rule)
        if placement.ring.distance <= Ring.UK.distance:
            pools = whole if placement.nearest is placement.farthest else crossing
            pools.setdefault(placement.ring, []).append(sector)
    return PostcodePool(whole, crossing)
