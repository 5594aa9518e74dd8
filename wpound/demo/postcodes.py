"""Invented postcodes in real sectors, so that the certainty of a sector matters to the demonstration."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from wpound.core.places import LocalityRule, Ring, Whereabouts, place

UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
CROSSING_ONE_IN = 9


@dataclass(frozen=True)
class PostcodePool:
    """Postcode sectors by the ring most of their postcodes lie in: wholly, or crossing into another ring."""

    whole: Mapping[Ring, Sequence[str]]
    crossing: Mapping[Ring, Sequence[str]]

    def draw(self, chance: Random, ring: Ring) -> str:
        """A real-shaped postcode in the ring, one in nine from a sector that crosses its edge; it need not exist.

        >>> PostcodePool({Ring.CITY: ("WV1 1",)}, {}).draw(Random(1), Ring.CITY)[:5]
        'WV1 1'
        """
        whole, crossing = self.whole.get(ring, ()), self.crossing.get(ring, ())
        sectors = crossing if crossing and (not whole or not chance.randrange(CROSSING_ONE_IN)) else whole
        return chance.choice(sectors) + chance.choice(UNIT_LETTERS) + chance.choice(UNIT_LETTERS)


def pool_sectors(whereabouts: Iterable[tuple[str, Whereabouts]], rule: LocalityRule) -> PostcodePool:
    """Sort sectors (``"WV1 1"``) into rings under a definition of local; sectors nothing is known of are left out."""
    whole: dict[Ring, list[str]] = {}
    crossing: dict[Ring, list[str]] = {}
    for sector, where in whereabouts:
        placement = place(where, rule)
        if placement.ring is not Ring.UNKNOWN:
            pools = whole if placement.nearest is placement.farthest else crossing
            pools.setdefault(placement.ring, []).append(sector)
    return PostcodePool(*({ring: sorted(found) for ring, found in pools.items()} for pools in (whole, crossing)))
