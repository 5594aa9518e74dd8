"""Reading and checking a spend file, measured against DuckDB reading the same file in the same run.

The yardstick only splits the file into columns of text; the reader also hashes it, parses every amount and date, marks
redactions, looks for totals and duplicates, and keeps the raw text of every row.
"""

import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from wpound.ingest.pipeline import check_file

ROWS = 200_000


def write_file(path: Path, rows: int) -> None:
    """A made-up file in the usual columns: some credits, thousands commas and redacted names."""
    draw = random.Random(2026)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(
            "Body,Date,Transaction Number,Net Amount (£),Supplier Name,Supplier ID,Expense Area,Expense Type\r\n"
        )
        for number in range(rows):
            amount = f'"{draw.randrange(-50_000, 5_000_000) / 100:,.2f}"'
            day = f"{draw.randrange(1, 29):02d}/{draw.randrange(1, 13):02d}/2025"
            supplier = draw.randrange(5_000)
            name = "REDACTED PERSONAL DATA" if supplier < 150 else f"Made Up Supplier {supplier} Limited"
            area, kind = draw.randrange(40), draw.randrange(200)
            file.write(f"Town,{day},T{number:08d},{amount},{name},{supplier:06d},Area {area},Type {kind}\r\n")


def _read(path: Path) -> float:
    started = time.perf_counter()
    [report] = check_file(path)
    seconds = time.perf_counter() - started
    if report.to_dict()["loaded"] != ROWS:
        raise RuntimeError(f"not all of {ROWS:,} rows were loaded")
    return seconds


def _read_with_duckdb(path: Path) -> float:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("set threads to 1")
        started = time.perf_counter()
        connection.execute("create table lines as select * from read_csv(?, all_varchar=true)", [str(path)])
        return time.perf_counter() - started


def run() -> dict[str, Any]:
    """The best of three of each, and the memory of this process before DuckDB is loaded, in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spend.csv"
        write_file(path, ROWS)
        ours = min(_read(path) for _ in range(3))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        yardstick = min(_read_with_duckdb(path) for _ in range(3))
    return {
        "title": f"Reading and checking {ROWS:,} spend lines ({ours:.2f} s, {peak} MiB)",
        "yardstick": "DuckDB read_csv of the same file, one thread, unchecked",
        "ratio": ours / yardstick,
        "seconds": ours,
        "rows_per_second": round(ROWS / ours),
        "peak_mib": peak,
    }


if __name__ == "__main__":
    result = run()
    sys.stdout.write(f"{result['title']}: {result['ratio']:.2f} x {result['yardstick']}\n")
