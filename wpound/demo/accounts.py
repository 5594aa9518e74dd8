"""Which fictional firms an anchor buys from, and how much of its money each gets."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from random import Random

from wpound.core.places import Ring
from wpound.core.supplier_size import SupplierSize
from wpound.demo.suppliers import DemoSupplier, draw
from wpound.demo.words import AnchorShape

SCALE = 10**12
HEAD_OF_TAIL = 12
SIZES = tuple(SupplierSize)

Pools = dict[tuple[Ring, str], list[DemoSupplier]]


@dataclass(frozen=True, slots=True)
class Account:
    """A firm in one anchor's ledger: its number and spellings there, its department and its weight in the spending."""

    supplier: DemoSupplier
    number: int
    spellings: Sequence[str]
    department: str
    weight: int


def open_accounts(chance: Random, shape: AnchorShape, suppliers: Sequence[DemoSupplier]) -> list[Account]:
    """Pick an anchor's firms, largest first, always from the ring whose share of the money is furthest behind."""
    pools = _shuffle_pools(chance, suppliers)
    behind = dict.fromkeys(shape.rings, 0) | {Ring.UNKNOWN: 0}
    accounts = []
    for rank in range(shape.suppliers):
        weight = SCALE // isqrt((rank + HEAD_OF_TAIL) ** 3)
        for ring in behind:
            behind[ring] += weight * _aim(shape, ring)
        ring = max(behind, key=lambda ring: (behind[ring], -ring.distance))
        behind[ring] -= weight * 1000
        firm = _take(chance, shape, pools, ring)
        spellings = _spell(chance, firm.name)
        accounts.append(Account(firm, 4001 + 3 * rank, spellings, chance.choice(shape.departments), weight))
    return accounts


def _aim(shape: AnchorShape, ring: Ring) -> int:
    """Thousandths of the money meant for a ring in the first year."""
    if ring is Ring.UNKNOWN:
        return shape.unregistered
    return shape.rings[ring] * (1000 - shape.unregistered) // 1000


def _shuffle_pools(chance: Random, suppliers: Sequence[DemoSupplier]) -> Pools:
    """Firms by ring and trade, the larger mostly at the end, where they are taken first."""
    pools: Pools = {}
    for firm in sorted(suppliers, key=lambda firm: 2 * SIZES.index(SupplierSize(firm.size)) + chance.randrange(8)):
        pools.setdefault((firm.ring, firm.trade.key), []).append(firm)
    return pools


def _take(chance: Random, shape: AnchorShape, pools: Pools, ring: Ring) -> DemoSupplier:
    """A firm of the ring that nobody here has picked yet, in a trade the anchor buys where there is one left."""
    left = {trade: weight for trade, weight in shape.trades.items() if pools.get((ring, trade))}
    trade = draw(chance, left or {trade: 1 for (where, trade), firms in pools.items() if where is ring and firms})
    return pools[ring, trade].pop()


def _spell(chance: Random, name: str) -> tuple[str, ...]:
    """The spellings of a firm in one ledger; the first is the usual one."""
    dirty = {
        name.upper(): 3,
        name.replace(" Ltd", " Limited"): 2,
        name.replace(" (Example)", " (EXAMPLE)"): 1,
        name.replace(" ", "  ", 1): 1,
        f"{name} ": 1,
    }
    usual = draw(chance, {name: 30} | dirty)
    return usual, draw(chance, dirty) if not chance.randrange(6) else usual
