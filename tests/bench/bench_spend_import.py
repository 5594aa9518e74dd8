"""A whole import (read, check, store, identify, place, roll up) against DuckDB reading and inserting the same file.

The yardstick splits the file, casts nothing and checks nothing; the import keeps every line's raw text and place, an
issue for every doubt, and leaves the roll-ups proved against the lines. The same file a second time is timed, too.
"""

import importlib.util
import tempfile
import time
from pathlib import Path
from typing import Any

from wpound.catalogue.loader import load_city
from wpound.services.enrol_anchors import enrol_anchors
from wpound.services.import_spend import import_spend, open_source
from wpound.store.engine import create_engine_for, upgrade, writing

ROWS = 200_000


def _write_file(path: Path) -> None:
    spec = importlib.util.spec_from_file_location("reading", Path(__file__).with_name("bench_spend_reading.py"))
    assert spec is not None and spec.loader is not None
    reading = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reading)
    reading.write_file(path, ROWS)


def _import(folder: Path, path: Path) -> tuple[float, float]:
    engine = create_engine_for(f"sqlite:///{folder / 'bench.sqlite'}")
    upgrade(engine)
    city = load_city("wolverhampton")
    seconds = []
    for _ in range(2):
        started = time.perf_counter()
        with writing(engine) as session:
            source = open_source(session, enrol_anchors(session, city, actor="bench")[0], "Payments")
            import_spend(session, source, path, city.localities, actor="bench")
        seconds.append(time.perf_counter() - started)
    engine.dispose()
    return seconds[0], seconds[1]


def _insert_with_duckdb(folder: Path, path: Path) -> float:
    import duckdb

    with duckdb.connect(str(folder / "bench.duckdb")) as connection:
        started = time.perf_counter()
        connection.execute("create table lines as select * from read_csv(?, all_varchar=true)", [str(path)])
        return time.perf_counter() - started


def run() -> list[dict[str, Any]]:
    """The first import against the yardstick, and the second against the first."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "spend.csv"
        _write_file(path)
        first, again = _import(folder, path)
        yardstick = _insert_with_duckdb(folder, path)
    return [
        {
            "title": f"Importing {ROWS:,} spend lines ({first:.2f} s, {ROWS / first:,.0f} rows a second)",
            "yardstick": "DuckDB read_csv and insert of the same file",
            "ratio": first / yardstick,
            "goal": "3.5",
        },
        {
            "title": "Importing the same file again",
            "yardstick": "the first import",
            "ratio": again / first,
            "goal": "0.05",
        },
    ]
