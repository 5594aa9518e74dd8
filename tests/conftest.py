"""Fixtures every test may use."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import flask
import pytest
from hypothesis import settings
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine

from wpound.services import check_password
from wpound.store import engine as store_engine
from wpound.store import sealing

# A tenth of a second for every passphrase and password would be minutes of a run; the usual cost of a passphrase has a
# test of its own, and the demonstration's passwords are hashed as they are in use.
USUAL_STRETCHING, sealing.STRETCHING = sealing.STRETCHING, 4
check_password.HASHING = (1, 8, 1)


# How long an example takes on a busy machine says nothing of the rule it is for; in CI no example is timed anyway.
settings.register_profile("untimed", settings.default, deadline=None)
settings.load_profile("untimed")


class CompiledTemplates(BytecodeCache):
    """Templates as they were compiled for the first application of the run; most tests have one of their own."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], object] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Found by name and content."""
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.kept[bucket.key, bucket.checksum] = bucket.code


flask.Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}
migrate = store_engine.upgrade


@cache
def migrated() -> bytes:
    """An SQLite file as the migrations leave it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "migrated.sqlite"
        made = store_engine.create_engine_for(f"sqlite:///{path}")
        migrate(made)
        made.dispose()
        return path.read_bytes()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """What the migrations make of an empty SQLite file is always the same and takes them a second: made once, it is
    copied into every other empty file of the run."""
    file = Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None
    if revision == "head" and file is not None and file.is_file() and file.stat().st_size == 0:
        file.write_bytes(migrated())
    else:
        migrate(engine, revision)


# Before any test imports it.
store_engine.upgrade = upgrade
WPOUND = str(Path(sys.executable).with_name("wpound"))
SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def missing() -> Callable[[str], None]:
    """Call with a reason where a tool of the machine is missing: skips, and in CI fails."""
    return skip_or_fail


def skip_or_fail(reason: str) -> None:
    """Skip for a reason that only this machine has; in CI nothing may be missing, so there it fails."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"in CI nothing may be missing: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real published files beside the checkout."""
    if not SHARED.is_dir():
        skip_or_fail("the shared folder with the real published files is not beside this checkout")
    return SHARED


def load_module(path: str) -> ModuleType:
    """A module of the tests by its path; folders of tests are no packages."""
    spec = spec_from_file_location(path.replace("/", "_").removesuffix(".py"), Path(__file__).parent / path)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def buying_module() -> ModuleType:
    """How tenders are brought to a stage in the tests of services."""
    return load_module("integration/services/tenders/conftest.py")


@pytest.fixture(scope="session")
def samples() -> ModuleType:
    """What the tests of pages and of journeys show."""
    return load_module("web/samples.py")


@pytest.fixture(scope="session")
def usual_upgrade() -> Callable[..., None]:
    """The migrations themselves, for tests of what they make."""
    return migrate


@pytest.fixture(scope="session")
def usual_stretching() -> int:
    """How much a passphrase is stretched outside tests."""
    return USUAL_STRETCHING


@dataclass(frozen=True)
class Demonstration:
    """What ``wpound demo --no-serve`` left behind: its settings, the folder it wrote to and what it printed."""

    environment: dict[str, str]
    folder: Path
    printed: str


@pytest.fixture(scope="session")
def load_demonstration() -> Callable[..., Demonstration]:
    """Load a demonstration into a folder, with further options of the command."""
    return load


def load(folder: Path, *options: str) -> Demonstration:
    """Run the command as a newcomer does, in a folder of its own, on a terminal wide enough for whole names."""
    environment = {"WPOUND_DATA_DIR": str(folder / "data"), "COLUMNS": "160"}
    words = [WPOUND, "demo", "--no-serve", "--out", str(folder / "out"), *options]
    done = subprocess.run(words, env=os.environ | environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return Demonstration(environment, folder / "out", done.stdout)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """The demonstration, loaded once: mark what uses it ``xdist_group("demonstration")``, so that one worker does."""
    return load(tmp_path_factory.mktemp("demonstration"))
