"""What other folders of tests have made already: both databases, and a buyer with a tender to bid for."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from wpound.catalogue.loader import load_catalogue, load_city
from wpound.catalogue.model import Catalogue, City

TESTS = Path(__file__).parents[1]


def load(path: str) -> ModuleType:
    """A module of the tests by its path; folders of tests are no packages."""
    spec = spec_from_file_location(path.replace("/", "_").removesuffix(".py"), TESTS / path)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    # Dataclasses look their module up by its name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


databases = load("integration/conftest.py")
postgresql_url, postgresql_engine = databases.postgresql_url, databases.postgresql_engine
sqlite_engine, engine = databases.sqlite_engine, databases.engine
tenders = load("integration/services/tenders/conftest.py")
arrange = tenders.arrange
rules = load("faults/storm_rules.py")
guards = load("guards/conftest.py")
canary = load("faults/canary.py")
cast = load("faults/canary_stage.py")
log, stage = cast.log, cast.stage


@pytest.fixture(scope="session")
def city() -> City:
    """The default city."""
    return load_city("wolverhampton")


@pytest.fixture(scope="session")
def catalogue(city: City) -> Catalogue:
    """The catalogue under the city's plan."""
    return load_catalogue(city.plan)


@pytest.fixture(scope="session")
def content_of() -> object:
    """Makes a firm's whole bid."""
    return tenders.content_of


@pytest.fixture(scope="session")
def storm_rules() -> ModuleType:
    """What has to hold after any storm around a deadline."""
    return rules


@pytest.fixture(scope="session")
def world_rules() -> ModuleType:
    """How people are entered and signed in without a password, as the walk over every address does it."""
    return guards


@pytest.fixture(scope="session")
def tender_rules() -> ModuleType:
    """How a tender is brought to a stage, as the tests of services do it."""
    return tenders


@pytest.fixture(scope="session")
def canary_rules() -> ModuleType:
    """The marks of a bid, and the search for them."""
    return canary
