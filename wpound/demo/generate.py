"""The whole data set from a seed: files on disk, tenders with their results, contracts with their returns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from wpound.catalogue.model import Catalogue, City
from wpound.core.form import Problems
from wpound.core.results import TenderResult
from wpound.core.scoring import score_tender
from wpound.core.tender import read_tender
from wpound.demo.accounts import open_accounts
from wpound.demo.contracts import DemoContract, make_contracts
from wpound.demo.payments import Ledger
from wpound.demo.postcodes import PostcodePool
from wpound.demo.register_file import RegisterManifest, write_register
from wpound.demo.spend_files import SpendManifest, write_spend_file
from wpound.demo.suppliers import DemoSupplier, make_suppliers
from wpound.demo.tenders import DemoTender, FirmPicker, make_tenders
from wpound.demo.words import load_shapes

SEED = 2021
# Raised whenever a change here changes a figure, so that a database knows whether it holds this data set.
VERSION = 2


@dataclass(frozen=True)
class DemoFiles:
    """What was written, with the figures every reading of it must come to."""

    suppliers: Sequence[DemoSupplier]
    register: RegisterManifest
    spend: Sequence[SpendManifest]


@dataclass(frozen=True)
class DemoStory:
    """Everything but the spend: tenders, the results of those that can be scored by tender key, and contracts."""

    tenders: Sequence[DemoTender]
    results: Mapping[str, TenderResult]
    contracts: Sequence[DemoContract]


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


def tell_story(city: City, catalogue: Catalogue, suppliers: Sequence[DemoSupplier], seed: int = SEED) -> DemoStory:
    """Tenders, their results and the contracts that follow, with bidders and contractors from the suppliers."""
    firms = FirmPicker(seeded(seed, "firms"), suppliers)
    tenders = make_tenders(city, firms)
    results = {tender.key: score_demo_tender(tender, catalogue) for tender in tenders if tender.is_marked}
    winners = {tender.key: results[tender.key].bids[0].bidder for tender in tenders if tender.life}
    return DemoStory(tenders, results, make_contracts(city, catalogue, firms, tenders, winners))


def score_demo_tender(tender: DemoTender, catalogue: Catalogue) -> TenderResult:
    """Score a tender straight from its file form, as ``wpound tender score`` does."""
    problems = Problems()
    form = read_tender(tender.form, problems)
    problems.raise_if_any()
    return score_tender(form.method, form.bids, catalogue, form.as_of)


def seeded(seed: int, part: str) -> Random:
    """A source of chance for one part, so that a change in one part leaves the others as they were."""
    return Random(f"{seed} {part}")  # noqa: S311 - a repeatable demonstration, not a secret
