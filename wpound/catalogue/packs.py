"""Packs: measures an authority is licensed to use and nobody may pass on, as TOML or CSV.

A TOML pack holds ``title``, ``[references.<key>]``, ``[[measures]]`` in the form of the packaged measures, and
``[serves]`` as in a plan. A CSV pack has one row for each value of a measure, under headings that name the same keys
with dots (``code``, ``limits.needs_area``, ``values.value``, ``values.reference.title``); lists are parted by ``;``.
"""

import csv
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from wpound.catalogue.model import Measure, Reference
from wpound.catalogue.reading import build, refuse, resolve_reference, tables

LISTS = ("evidence", "exclusions", "serves")

Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pack:
    """Measures under an authority's own licence; ``serves`` holds keys of the plan in use, by measure code."""

    title: str
    measures: tuple[Measure, ...]
    references: Mapping[str, Reference]
    serves: Mapping[str, tuple[str, ...]]


def read_pack(path: Path) -> Pack:
    """Read a pack, every measure marked as licensed; raises ``InputErrors`` with the place of every problem."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise refuse(path.name, "is not a text file in UTF-8: save it as CSV UTF-8 or TOML") from None
    table = _csv_table(text, path) if path.suffix.lower() == ".csv" else _toml_table(text, path)
    for m, measure in enumerate(tables(table.get("measures"))):
        for v, value in enumerate(tables(measure.get("values"))):
            resolve_reference(
                value, "reference", table.get("references", {}), f"{path.name}: measures[{m}].values[{v}]"
            )
    pack = build(Pack, {"references": {}, "serves": {}, **table}, path.name)
    return replace(pack, measures=tuple(replace(measure, licensed=True) for measure in pack.measures))


def _toml_table(text: str, path: Path) -> Table:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise refuse(path.name, f"is not a TOML file that can be read: {error}") from None


def _csv_table(text: str, path: Path) -> Table:
    """The same table from rows: a measure's own cells may stand in its first row only, each row adds a value."""
    measures: dict[str, Table] = {}
    serves: dict[str, list[str]] = {}
    for line, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        cells = _nested(row, f"{path.name}: line {line}")
        code = cells.get("code")
        if not code:
            raise refuse(f"{path.name}: line {line}", "has no code")
        value = cells.pop("values", None)
        serves.setdefault(code, []).extend(cells.pop("serves", []))
        measure = measures.setdefault(code, {"values": []})
        measure.update(cells)
        if value:
            measure["values"].append(value)
    named = {code: keys for code, keys in serves.items() if keys}
    return {"title": path.stem, "measures": list(measures.values()), "serves": named}


def _nested(row: Mapping[str | None, Any], place: str) -> Table:
    cells: Table = {}
    for heading, cell in row.items():
        if heading is None or cell is None:
            raise refuse(place, "has more or fewer cells than the headings")
        if cell.strip():
            *parents, last = heading.strip().split(".")
            table = cells
            for parent in parents:
                table = table.setdefault(parent, {})
            table[last] = _cell(heading.strip(), cell.strip())
    return cells


def _cell(heading: str, cell: str) -> Any:
    """A cell as TOML would have read it; numbers stay text, which the strict reader takes as exact."""
    if heading in LISTS:
        return [part.strip() for part in cell.split(";") if part.strip()]
    if cell.lower() in ("true", "false"):
        return cell.lower() == "true"
    return int(cell) if heading == "limits.first_months_only" and cell.isdecimal() else cell
