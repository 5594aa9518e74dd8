"""A service with an open tender, and browsers in which people of two firms are signed in."""

from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask

from wpound.app import create_app
from wpound.config import Settings

BIDS = Path(__file__).parents[3] / "web" / "bids" / "conftest.py"


@pytest.fixture(scope="session")
def bids() -> ModuleType:
    """The tender and the people of the page tests."""
    spec = spec_from_file_location("bids", BIDS)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def app(tmp_path: Path, bids: ModuleType) -> Iterator[Flask]:
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)}))
    bids.enter_everybody(app)
    yield app
    app.extensions["wpound"].engine.dispose()
