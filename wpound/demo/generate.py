"""The whole data set on disk: a supplier register and one spend file an anchor, from a seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from wpound.catalogue.model import City
from wpound.demo.accounts import open_accounts
from wpound.demo.payments import Ledger
from wpound.demo.postcodes import PostcodePool
from wpound.demo.register_file import RegisterManifest, write_register
from wpound.demo.spend_files import SpendManifest, write_spend_file
from wpound.demo.suppliers import DemoSupplier, make_suppliers
from wpound.demo.words import load_shapes

SEED = 2021


@dataclass(frozen=True)
class DemoFiles:
    """What was written, with the figures every reading of it must come to."""

    suppliers: Sequence[DemoSupplier]
    register: RegisterManifest
    spend: Sequence[SpendManifest]


def write_demo_files(folder: Path, city: City, postcodes: PostcodePool, seed: int = SEED) -> DemoFiles:
    """Write the register and every anchor's payments into ``folder``; the same seed writes the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    suppliers = make_suppliers(seeded(seed, "suppliers"), postcodes)
    register = write_register(folder / "supplier-register.csv", suppliers, seeded(seed, "register"))
    spend = []
    for anchor in city.anchors:
        chance, shape = seeded(seed, anchor.key), load_shapes()[anchor.kind]
        payments = Ledger(chance, anchor.name, shape, open_accounts(chance, shape, suppliers)).pay()
        spend.append(write_spend_file(folder, anchor, payments))
    return DemoFiles(suppliers, register, spend)


def seeded(seed: int, part: str) -> Random:
    """A source of chance for one part, so that a change in one part leaves the others as they were."""
    return Random(f"{seed} {part}")  # noqa: S311 - a repeatable demonstration, not a secret
