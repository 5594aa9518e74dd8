"""An import that is killed at any moment leaves nothing or everything, and can be done again."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text

from wpound.catalogue.loader import load_city
from wpound.services.enrol_anchors import enrol_anchors
from wpound.services.import_spend import SpendImport, import_spend, open_source
from wpound.store.engine import create_engine_for, reading, upgrade, writing
from wpound.store.models.spend import SpendFile, SpendLine
from wpound.store.models.suppliers import Payee
from wpound.store.rollups import check_rollups

# Three chunks and a little.
ROWS = 6_100
NOTHING = ("rows:2", "identifying", "accepting", "committing")


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database as the migrations leave it."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    engine = create_engine_for(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def url(migrated: Path, tmp_path: Path) -> str:
    """A copy of it for one test."""
    return f"sqlite:///{shutil.copy(migrated, tmp_path / 'wpound.sqlite')}"


@pytest.fixture
def payments(tmp_path: Path) -> Path:
    """A file of several chunks."""
    path = tmp_path / "payments.csv"
    rows = (f"{n % 28 + 1:02d}/04/2025,Made Up Supplier {n % 300} Limited,{n}.25\n" for n in range(ROWS))
    path.write_text("Payment Date,Supplier Name,Net Amount\n" + "".join(rows), "utf-8")
    return path


@pytest.fixture
def killed(url: str, payments: Path) -> Callable[[str], Engine]:
    """Import in another process that is killed at the point, and open what it left."""

    def kill(point: str) -> Engine:
        child = Path(__file__).with_name("import_and_die.py")
        ended = subprocess.run([sys.executable, child, url, payments, point], timeout=60, check=False)
        assert ended.returncode == -signal.SIGKILL
        return create_engine_for(url)

    return kill


def count(engine: Engine) -> tuple[int, int, int]:
    """Files, payees and lines in the database, which must be sound."""
    with reading(engine) as session:
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        assert check_rollups(session) == []
        files, payees, lines = (
            session.scalar(select(func.count()).select_from(table)) for table in (SpendFile, Payee, SpendLine)
        )
    return files or 0, payees or 0, lines or 0


def import_again(engine: Engine, path: Path) -> SpendImport:
    city = load_city("wolverhampton")
    with writing(engine) as session:
        source = open_source(session, enrol_anchors(session, city, actor="test")[0], "Payments")
        return import_spend(session, source, path, city.localities, actor="test")


@pytest.mark.parametrize("point", NOTHING)
def test_an_import_killed_before_its_end_leaves_nothing_and_completes_the_second_time(
    killed: Callable[[str], Engine], payments: Path, point: str
) -> None:
    engine = killed(point)

    assert count(engine) == (0, 0, 0)
    assert not import_again(engine, payments).is_repeated
    assert count(engine) == (1, 300, ROWS)
    engine.dispose()


def test_an_import_killed_after_its_commit_is_whole_and_is_not_done_twice(
    killed: Callable[[str], Engine], payments: Path
) -> None:
    engine = killed("committed")

    assert count(engine) == (1, 300, ROWS)
    assert import_again(engine, payments).is_repeated
    assert count(engine) == (1, 300, ROWS)
    engine.dispose()
