"""A service with a tender whose bids are open, and browsers in which its people are signed in."""

import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask

from wpound.app import create_app
from wpound.config import Settings

MARKING = Path(__file__).parents[3] / "web" / "marking" / "conftest.py"


def load(path: Path) -> ModuleType:
    """A module of the tests by its path; dataclasses look theirs up by its name."""
    spec = spec_from_file_location("_".join(path.parts[-3:]).removesuffix(".py"), path)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


marking = load(MARKING)
make_hall = marking.make_hall


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)}))
    yield app
    app.extensions["wpound"].engine.dispose()


@pytest.fixture(autouse=True)
def hall(make_hall: Callable[..., Any]) -> Any:
    """A tender in evaluation; evaluators have their role and no seat yet."""
    return make_hall()
