from dataclasses import replace
from pathlib import Path

import pytest

from wpound.catalogue.loader import load_city
from wpound.catalogue.model import Anchor, AnchorKind, City
from wpound.core.places import Ring
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
    return replace(load_city("wolverhampton"), key="toy", name="Toytown", council="Toytown Council", anchors=anchors)


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
