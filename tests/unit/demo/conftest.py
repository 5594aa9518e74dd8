from datetime import date
from pathlib import Path

import pytest

from wpound.catalogue.model import Anchor, AnchorKind, City, Reference
from wpound.core.places import AddressKind, LocalityRule, Ring
from wpound.demo.generate import DemoFiles, write_demo_files
from wpound.demo.postcodes import PostcodePool

POOL = PostcodePool(
    whole={
        Ring.CITY: ["ZZ1 1", "ZZ2 3"],
        Ring.SUB_REGION: ["ZY1 1"],
        Ring.COMBINED_AUTHORITY: ["ZX1 1"],
        Ring.REGION: ["ZW1 1"],
        Ring.UK: ["ZV1 1", "ZU9 9"],
    },
    crossing={Ring.CITY: ["ZZ9 9"]},
)


@pytest.fixture(scope="session")
def toy_city() -> City:
    """A made-up city with one anchor of each kind."""
    anchors = tuple(Anchor(kind.value, f"Example {kind.value}", kind) for kind in AnchorKind)
    areas = {ring: frozenset({ring.value}) for ring in list(POOL.whole)[:-1]}
    rule = LocalityRule("city", "City", date(2020, 1, 1), Ring.CITY, tuple(AddressKind), areas, {}, "2025")
    source = Reference("Nowhere", "https://example.org", date(2026, 1, 1), "none")
    return City("toy", "Toytown", "Toytown", "Toy Pound", "toy", 1, date(2020, 1, 1), source, anchors, (rule,))


@pytest.fixture(scope="session")
def demo_files(toy_city: City, tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    """The whole demonstration data set of the toy city, written once."""
    return write_demo_files(tmp_path_factory.mktemp("demo"), toy_city, POOL)


@pytest.fixture
def postcode_pool() -> PostcodePool:
    return POOL


@pytest.fixture
def demo_folder(demo_files: DemoFiles) -> Path:
    return demo_files.register.path.parent
