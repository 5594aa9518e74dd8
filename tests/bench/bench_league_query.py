"""A league table's reads from the roll-up against DuckDB scanning the very same lines, on one million lines."""

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from wpound.core.money import Money
from wpound.core.periods import financial_year
from wpound.core.places import Placement, Ring
from wpound.store import league, rollups, spend
from wpound.store.base import add
from wpound.store.engine import create_engine_for, reading, upgrade, writing
from wpound.store.models.organisations import Organisation
from wpound.store.models.spend import Basis, SpendSource
from wpound.store.suppliers import PayeeKey, add_payees

LINES = 1_000_000
ANCHORS = 5
PAYEES = 2_000
RUNS = 15
YEAR = financial_year(2024)
PLACES = [Placement(ring, ring, ring) for ring in (Ring.CITY, Ring.SUB_REGION, Ring.REGION, Ring.UK)]


def fill(session: Any, number: int, chance: random.Random) -> list[tuple[int, str, str, int]]:
    """One anchor's share of the lines, imported; gives (organisation, ring, day, pence) for the yardstick."""
    anchor = add(
        session,
        Organisation(
            key=f"a{number}", name=f"Anchor {number}", anchor_kind="council", city_key="town", is_public_body=True
        ),
    )
    source = add(session, SpendSource(organisation_id=anchor.id, title="Spend", basis=Basis.NET))
    payees = list(
        add_payees(session, [PayeeKey(f"Payee {n}") for n in range(PAYEES)], organisation_id=anchor.id).values()
    )
    placed = {payee: chance.choice(PLACES) for payee in payees}
    rollups.set_placements(session, "city", placed)
    file = spend.begin_file(session, source_id=source.id, file_name="a.csv", sha256=str(number), imported_by="bench")
    first = date(2023, 4, 1)
    days = [first + timedelta(days=n) for n in range(3 * 365)]
    rows = [
        (chance.choice(payees), chance.choice(days), chance.randrange(-10_000, 1_000_000))
        for _ in range(LINES // ANCHORS)
    ]
    lines = (
        spend.NewLine("", n, payee, day, pence, None, None, None, None, None, "raw")
        for n, (payee, day, pence) in enumerate(rows)
    )
    spend.insert_lines(session, file, lines)
    total = Money(sum(pence for _, _, pence in rows))
    spend.accept_file(
        session, file, {"row_count": len(rows), "loaded_rows": len(rows), "total": total}, with_warnings=False
    )
    return [(anchor.id, placed[payee].ring.value, day.isoformat(), pence) for payee, day, pence in rows]


def run() -> dict[str, Any]:
    """The median time of each, over the same lines in the same run."""
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine_for(f"sqlite:///{folder}/bench.sqlite")
        upgrade(engine)
        chance = random.Random(7)
        with writing(engine) as session:
            lines = [line for number in range(ANCHORS) for line in fill(session, number, chance)]
        path = Path(folder) / "lines.csv"
        path.write_text("\n".join(",".join(map(str, line)) for line in lines))
        scan = duckdb.connect(f"{folder}/bench.duckdb")
        columns = {"organisation_id": "INTEGER", "ring": "VARCHAR", "day": "DATE", "pence": "BIGINT"}
        scan.read_csv(str(path), header=False, columns=columns).create("lines")
        ids = sorted({line[0] for line in lines})

        def from_roll_up() -> dict[tuple[int, str], int]:
            with reading(engine) as session:
                found = league.ring_spend(session, organisation_ids=ids, period=YEAR, rule_key="city")
            return {(key, row.ring.value): row.pence for key, rows in found.items() for row in rows}

        def from_lines() -> dict[tuple[int, str], int]:
            query = (
                "SELECT organisation_id, ring, sum(pence), count(*) FROM lines WHERE day BETWEEN ? AND ?"
                " GROUP BY ALL ORDER BY ALL"
            )
            rows = scan.execute(query, [YEAR.start_on, YEAR.end_on]).fetchall()
            return {(key, ring): int(pence) for key, ring, pence, _ in rows}

        if from_roll_up() != from_lines():
            raise AssertionError("the roll-up and the scan of the lines do not agree")
        own, yardstick = median_of(from_roll_up), median_of(from_lines)
        engine.dispose()
        scan.close()
    return {
        "title": "League table read, 1M lines, five anchors",
        "yardstick": "DuckDB scanning its own table of the same lines",
        "ratio": own / yardstick,
        "goal": "<= 0.5",
        "seconds": own,
        "yardstick_seconds": yardstick,
    }


def median_of(work: Callable[[], object]) -> float:
    """The median of several runs, in seconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
