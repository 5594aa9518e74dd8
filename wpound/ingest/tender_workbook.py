"""A tender as an XLSX workbook: the names of the file form as sheets and columns.

``tender`` has the columns key and value (``rounding.places`` for a value inside a table); ``criteria`` one row a
criterion with its ``parent``; ``bands``, ``scale``, ``bids``, ``marks``, ``passes``, ``reasons`` and ``commitments``
one row an entry. Unknown sheets and columns are refused by name.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from numbers import Real
from typing import Any

from wpound.core.errors import InputError, InputErrors
from wpound.core.form import Problems, write_decimal
from wpound.ingest.workbooks import WorkbookProblem, read_tables

WORKBOOK_MAGIC = b"PK\x03\x04"
MOST_UNPACKED = 50 * 1024 * 1024
REQUIRED = ("tender", "criteria", "bids")
# Sheets whose columns are fixed; those of criteria, bids and commitments are checked with the file form itself.
COLUMNS = {
    "tender": {"key", "value"},
    "bands": {"criterion", "from", "marks"},
    "scale": {"criterion", "mark", "words"},
    "marks": {"bidder", "criterion", "mark"},
    "passes": {"bidder", "criterion", "passed"},
    "reasons": {"bidder", "criterion", "reason"},
}
KEYS = {"criteria": "code", "bids": "bidder", "commitments": "bidder"}
SHEETS = set(COLUMNS) | set(KEYS)
WORDS = {"true": True, "yes": True, "false": False, "no": False}
FLAGS = {"passed", "include_flow"}
# Cells with several keys, commas between them.
LISTS = {"people", "evidence"}


@dataclass(frozen=True)
class Row:
    """One row with something in it: the column names and values, and where it stands."""

    place: str
    cells: dict[str, Any]


def read_workbook(content: bytes, problems: Problems) -> tuple[dict[str, Any], dict[str, str]]:
    """The nested file form, and for each of its paths the sheet and row it came from."""
    sheets = _open(content)
    for name in sheets.keys() - SHEETS:
        problems.add(f"sheet {name}", f"is not a sheet that is known here; use {', '.join(sorted(SHEETS))}")
    for name in REQUIRED:
        if name not in sheets:
            problems.add(f"sheet {name}", "is missing")
    rows = {name: _rows(name, sheets.get(name, []), problems) for name in SHEETS}
    places: dict[str, str] = {}
    data = _tender(rows["tender"], places, problems)
    data["criteria"] = _criteria(rows, places, problems)
    data["bids"] = _bids(rows, places, problems)
    return data, places


def _open(content: bytes) -> dict[str, list[list[Any]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            too_large = sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED
        if too_large:
            raise InputErrors([InputError("file", "unpacks to more than 50 MB, which no tender workbook does")])
        return {name.strip().lower(): table for name, table in read_tables(content)}
    except (WorkbookProblem, zipfile.BadZipFile, OSError, ValueError):
        raise InputErrors([InputError("file", "is not a whole XLSX workbook; save it again as XLSX")]) from None


def _rows(sheet: str, raw: list[list[Any]], problems: Problems) -> list[Row]:
    """The rows below the heading row, empty cells left out; a value under no heading is refused."""
    names = [str(cell).strip() for cell in raw[0]] if raw else []
    if raw:
        _check_columns(sheet, names, problems)
    found = []
    for number, cells in enumerate(raw[1:], start=2):
        place = f"sheet {sheet}, row {number}"
        kept = {name: _plain(name, cell) for name, cell in zip(names, cells, strict=False) if cell not in ("", None)}
        if "" in kept:
            problems.add(place, f"the value {kept.pop('')!r} stands in a column without a heading")
        if kept:
            found.append(Row(place, kept))
    return found


def _check_columns(sheet: str, names: list[str], problems: Problems) -> None:
    expected = COLUMNS.get(sheet, {KEYS[sheet]} if sheet in KEYS else set())
    for name in sorted(expected - set(names)):
        problems.add(f"sheet {sheet}", f"has no column {name!r}")
    for name in sorted(set(names) - expected - {""}):
        if sheet in COLUMNS:
            problems.add(f"sheet {sheet}, column {name}", "is not a column that is known here")
    for name in {name for name in names if name and names.count(name) > 1}:
        problems.add(f"sheet {sheet}, column {name}", "stands twice")


def _plain(name: str, cell: Any) -> Any:
    """A cell as the file form writes it: a number as the shortest text that names it, a day as year-month-day."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, Real):
        return write_decimal(Decimal(repr(cell)))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell).strip()
    return WORDS.get(text.lower(), text) if name in FLAGS else text


def _tender(rows: list[Row], places: dict[str, str], problems: Problems) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for row in rows:
        key, value = str(row.cells.get("key", "")), row.cells.get("value")
        outer, _, inner = key.partition(".")
        if key in places or not outer:
            problems.add(row.place, f"the key {key!r} stands twice" if outer else "the key is missing")
            continue
        places[key] = row.place
        if key == "ties" and isinstance(value, str):
            data[key] = [rule.strip() for rule in value.split(",")]
        elif inner:
            table = data.setdefault(outer, {})
            if isinstance(table, dict):
                table[inner] = value
        else:
            data[key] = value
    return data


def _criteria(rows: Mapping[str, list[Row]], places: dict[str, str], problems: Problems) -> list[dict[str, Any]]:
    lists = {name: _by(rows[name], "criterion") for name in ("bands", "scale")}
    below = _by(rows["criteria"], "parent")

    def build(parent: str, prefix: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for row in below.pop(parent, []):
            path = f"{prefix}criteria[{len(found)}]"
            code = str(row.cells.get("code", ""))
            places[path] = row.place
            criterion = dict(row.cells)
            for name, entries in lists.items():
                _attach(criterion, name, entries.pop(code, []), path, places)
            if code and (children := build(code, f"{path}.")):
                criterion["criteria"] = children
            found.append(criterion)
        return found

    tree = build("", "")
    for row in (row for orphans in below.values() for row in orphans):
        problems.add(f"{row.place}, parent", "is not the code of another criterion")
    for row in (row for entries in lists.values() for left in entries.values() for row in left):
        problems.add(f"{row.place}, criterion", "is not the code of a criterion")
    return tree


def _by(rows: list[Row], column: str) -> dict[str, list[Row]]:
    """Rows by the text of a column, which is taken out of them."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row.cells.pop(column, "")), []).append(row)
    return found


def _attach(owner: dict[str, Any], name: str, rows: list[Row], path: str, places: dict[str, str]) -> None:
    if rows:
        owner[name] = [row.cells for row in rows]
        places.update({f"{path}.{name}[{i}]": row.place for i, row in enumerate(rows)})


def _bids(rows: Mapping[str, list[Row]], places: dict[str, str], problems: Problems) -> list[dict[str, Any]]:
    promises = _by(rows["commitments"], "bidder")
    for row in rows["commitments"]:
        for name in LISTS & row.cells.keys():
            row.cells[name] = [key.strip() for key in str(row.cells[name]).split(",") if key.strip()]
    given = {name: _by(rows[name], "bidder") for name in ("marks", "passes", "reasons")}
    bids = []
    for i, row in enumerate(rows["bids"]):
        path, bidder = f"bids[{i}]", str(row.cells.get("bidder", ""))
        places[path] = row.place
        bid = _nested(row.cells, path, places, row.place)
        _attach(bid, "commitments", promises.pop(bidder, []), path, places)
        for name, entries in given.items():
            bid[name] = _by_criterion(entries.pop(bidder, []), f"{path}.{name}", places, problems)
        bids.append(bid)
    for row in (row for by in (promises, *given.values()) for left in by.values() for row in left):
        problems.add(f"{row.place}, bidder", "is not the name of a bidder on the sheet bids")
    return bids


def _nested(cells: Mapping[str, Any], path: str, places: dict[str, str], place: str) -> dict[str, Any]:
    """A row whose columns may name a value inside a table, such as ``company.headcount``."""
    found: dict[str, Any] = {}
    for name, cell in cells.items():
        outer, dot, inner = name.partition(".")
        table = found.setdefault(outer, {}) if dot else None
        if isinstance(table, dict):
            table[inner] = cell
            places[f"{path}.{outer}"] = place
        elif not dot:
            found[name] = cell
    return found


def _by_criterion(rows: list[Row], path: str, places: dict[str, str], problems: Problems) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        code = str(row.cells.pop("criterion", ""))
        if not code or code in found:
            problems.add(f"{row.place}, criterion", f"{code!r} stands twice for this bidder" if code else "is missing")
            continue
        places[f"{path}.{code}"] = row.place
        found[code] = next(iter(row.cells.values()), None)
    return found
