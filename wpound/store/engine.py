"""The database's engine and the two ways in: reading, which cannot write, and writing, which holds the write lock.

SQLite gives a transaction no lock until its first write, so that two people who both read before they write lose an
update; every transaction that is not declared reading therefore starts with ``BEGIN IMMEDIATE`` (requirement D4).
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from weakref import WeakSet

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError, ResourceClosedError
from sqlalchemy.orm import Session

from wpound.config import find_folder
from wpound.core.errors import InputError, NotFound, StateError, TryLater
from wpound.store.base import Row
from wpound.store.prepared import FOUND, Prepared
from wpound.store.types import UtcDateTime

BUSY_TIMEOUT_MS = 10_000
# Under this name an SQLite engine keeps connections that only read and wait to be used again; at most so many.
IDLE = "wpound_idle"
MOST_IDLE = 4
# Under this name such a connection keeps the cursors from which somebody may still be reading.
CURSORS = "wpound_cursors"
# FULL, not NORMAL: a bid whose receipt was shown survives a power cut. It costs one sync a commit. Recursive triggers
# let a REPLACE, which deletes, meet the triggers that keep rows.
_SQLITE_SETTINGS: dict[str, tuple[str | int, str | int]] = {
    # name: (what is set, what the database then answers)
    "busy_timeout": (BUSY_TIMEOUT_MS, BUSY_TIMEOUT_MS),
    "journal_mode": ("wal", "wal"),
    "synchronous": ("full", 2),
    "foreign_keys": ("on", 1),
    "secure_delete": ("on", 1),
    "recursive_triggers": ("on", 1),
}


def create_engine_for(url: str) -> Engine:
    """The engine for an SQLite file (made on first use, readable by its owner alone) or a PostgreSQL database.

    Raises InputError for an address that names neither.
    """
    address = _parse(url)
    if address.get_backend_name() == "postgresql":
        return create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True)
    if address.database:
        make_private(Path(address.database))
    # What is put into a statement may be a bid or a secret link, and errors are logged.
    engine = create_engine(address, hide_parameters=True, execution_options={IDLE: []})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "after_cursor_execute", _note_cursor)
    event.listen(engine, "handle_error", _explain_sqlite)
    event.listen(engine, "engine_disposed", _close_idle)
    return engine


def _parse(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        address = None
    if address is None or address.get_backend_name() not in ("sqlite", "postgresql"):
        wanted = "write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"
        raise InputError("WPOUND_DATABASE_URL", f"this is no address of a database: {wanted}")
    return address


def make_private(path: Path) -> None:
    """Make a file, and the folders it lies in, where there is none yet; only its owner can read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _prepare_sqlite(connection: Any, record: Any) -> None:
    # The driver must not open transactions by itself: SQLAlchemy's begin event does, below.
    connection.isolation_level = None
    for name, (value, _) in _SQLITE_SETTINGS.items():
        connection.execute(f"PRAGMA {name} = {value}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    only_reads = options.get("wpound_reading", False)
    # What cannot fail goes to the driver as it is: every page begins with it.
    raw: Any = connection.connection.driver_connection
    if raw.in_transaction:
        return
    # Not set where it is so already: SQLite forgets every prepared statement of the connection when it is.
    info = connection.info
    if info.get("only_reads") != only_reads:
        raw.execute(f"PRAGMA query_only = {'on' if only_reads else 'off'}")
        info["only_reads"] = only_reads
        # A connection is not told of what it writes itself.
        info.pop(FOUND, None)
    if only_reads:
        raw.execute("BEGIN")
        _forget_changed(raw, info)
    # The log-in library reads long before it writes, if it writes at all: ``store.logins`` takes the lock then.
    elif not options.get("wpound_late_lock", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _note_cursor(connection: Connection, cursor: Any, *about: Any) -> None:
    if connection.get_execution_options().get("wpound_reading"):
        connection.info.setdefault(CURSORS, WeakSet()).add(cursor)


def _explain_sqlite(context: ExceptionContext) -> None:
    """Say in our words that somebody else's transaction held the lock for longer than the timeout."""
    code = getattr(context.original_exception, "sqlite_errorcode", 0)
    # The low byte: others after it say how it came about.
    if code & 0xFF == sqlite3.SQLITE_BUSY:
        raise TryLater("The database was busy for too long. Nothing was changed. Try again in a moment.")


def _forget_changed(raw: Any, info: dict[str, Any]) -> None:
    """Begin anew to keep what is found, where another connection has changed the database since it was."""
    seen = raw.execute("PRAGMA data_version").fetchone()
    if info.get("seen") != seen or FOUND not in info:
        info["seen"], info[FOUND] = seen, {}


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one moment of the database throughout and cannot write to it."""
    with open_reading(engine) as session:
        yield session


def open_reading(engine: Engine) -> Session:
    """A session as :func:`reading` gives it, for whoever cannot keep it to a block; close it."""
    return _ReadingSession(engine)


class _ReadingSession(Session):
    """A session whose connection is at hand from the start: most pages ask for rows and never for an object."""

    def __init__(self, engine: Engine) -> None:
        self._reads: Connection | None = _take_reader(engine)
        super().__init__(self._reads)

    def connection(self, *about: Any, **options: Any) -> Connection:
        """The one connection there is; raises ResourceClosedError once the reading has ended."""
        if self._reads is None:
            raise ResourceClosedError("This reading has ended.")
        return self._reads

    def close(self) -> None:
        """End the reading, and what was made of it."""
        if self.in_transaction():
            super().close()
        # Whoever still holds this session must not read in the next one's transaction.
        reads, self._reads, self.bind = self._reads, None, None
        if reads is not None:
            _give_back(reads)


def _take_reader(engine: Engine) -> Connection:
    """A connection that has begun to read: one that waits for it where there is one, for making one takes longer."""
    reads = _pop_idle(engine) or engine.connect().execution_options(**_READING[engine.dialect.name])
    try:
        # Prepared statements go to the driver: SQLAlchemy does not begin for them, as PostgreSQL's driver does.
        if engine.dialect.name == "sqlite":
            _begin_sqlite(reads)
    except BaseException:
        reads.close()
        raise
    return reads


def _give_back(reads: Connection) -> None:
    """End what the connection reads; where few enough wait it is kept, with what it has found."""
    idle = reads.get_execution_options().get(IDLE)
    if idle is None or reads.invalidated:
        reads.close()
        return
    # One that is not read to its end holds the connection in its moment, past the end of the transaction.
    for cursor in reads.info.pop(CURSORS, ()):
        cursor.close()
    if len(idle) >= MOST_IDLE:
        reads.close()
        return
    if reads.in_transaction():
        reads.rollback()
    reads.connection.rollback()
    idle.append(reads)


def _close_idle(engine: Engine) -> None:
    """Whoever disposes of the engine's connections means those that wait as well."""
    while waiting := _pop_idle(engine):
        # Returned to the pool, which is gone, they would stay open.
        with waiting:
            waiting.invalidate()


def _pop_idle(engine: Engine) -> Connection | None:
    """One of the connections that wait, or None: another thread may take the last one between a look and a grasp."""
    idle: list[Connection] = engine.get_execution_options().get(IDLE, [])
    try:
        return idle.pop()
    except IndexError:
        return None


_READING: dict[str, dict[str, Any]] = {
    "sqlite": {"wpound_reading": True},
    "postgresql": {"wpound_reading": True, "postgresql_readonly": True, "isolation_level": "REPEATABLE READ"},
}


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session in one transaction, committed at the end and rolled back where anything is raised.

    On SQLite it holds the write lock from its first statement on; on PostgreSQL use :func:`lock` for what must not
    change meanwhile. Rows stay readable after the end.
    """
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def now_in(session: Session) -> datetime:
    """The database's clock at this very moment, in UTC (read it after the lock is held: requirement D8)."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        return cast(datetime, _POSTGRESQL_NOW.rows(session)[0][0])
    # To the driver as it is: every page of somebody signed in asks.
    raw: Any = connection.connection.driver_connection
    return datetime.fromisoformat(raw.execute(_SQLITE_NOW).fetchone()[0])


_POSTGRESQL_NOW = Prepared(select(func.clock_timestamp(type_=UtcDateTime)), changes=True)
_SQLITE_NOW = "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now') || '+00:00'"


def lock(session: Session, model: type[Row], key: Any) -> Row:
    """The row as it is now, held against other writers until the transaction ends; raises NotFound.

    PostgreSQL locks the row; on SQLite a writing transaction already holds the whole database.
    """
    row = session.get(model, key, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(f"There is no {model.__name__.lower()} {key}.")
    return row


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database's tables up to the newest form; a step that fails leaves them as they were."""
    _migrate(engine, "upgrade", revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database's tables back to an earlier form (``base`` for none)."""
    _migrate(engine, "downgrade", revision)


def _migrate(engine: Engine, direction: str, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(find_folder("migrations")).replace("%", "%%"))
    with _connect(engine) as connection:
        config.attributes["connection"] = connection
        getattr(command, direction)(config, revision)


def _connect(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except OperationalError as error:
        reason = str(error.orig).partition("\n")[0]
        raise StateError(f"The database does not answer ({reason}). Start it, or check WPOUND_DATABASE_URL.") from None


def is_current(engine: Engine) -> bool:
    """Whether the database's tables have the form this program needs."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with reading(engine) as session:
        found = MigrationContext.configure(session.connection()).get_current_heads()
    return set(found) == set(ScriptDirectory(str(find_folder("migrations"))).get_heads())


def find_unsafe_settings(session: Session) -> list[str]:
    """Names of the settings of an SQLite database that are not what keeps its rows safe (requirement D4)."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    found = {name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in _SQLITE_SETTINGS}
    return [name for name, (_, wanted) in _SQLITE_SETTINGS.items() if found[name] != wanted]
