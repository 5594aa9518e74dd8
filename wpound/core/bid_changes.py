"""What a workbook read back would change in a bid: entry by entry, before anything is taken over."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from wpound.core.bid_content import BidContent
from wpound.core.bid_sheets import COMPANY, FIRST_COLUMN, OFFER, BidSheets, Page, Row
from wpound.core.bids import Commitment, read_commitment
from wpound.core.form import Form, Problems, write_decimal
from wpound.core.money import Money, format_number
from wpound.core.workbook_cells import CellKind, Change, address

# A promise of a measure, for a calendar year or for none.
Promised = tuple[str, int | None]


def merge_workbook(
    sheets: BidSheets, before: BidContent, data: Mapping[str, Any], unread: Collection[str]
) -> dict[str, Any]:
    """The stored form of a bid with the entries of a workbook in place of its own.

    ``data`` is what was read. An entry whose cell (as ``address`` writes it) could not be read stays as it was; an
    empty cell empties its entry. Files are not in a workbook and stay.
    """
    kept, found = before.to_dict(), dict(data)
    for row in sheets.rows:
        if row.page is not Page.COMMITMENTS and _cells(row) & set(unread):
            _put_back(row, kept, found)
    read = [read_commitment(Form(row, "", Problems())) for row in data.get("commitments", [])]
    promises = [promise for promise in read if _cell_of(sheets, promise) not in unread]
    promises += [promise for promise in before.commitments if _cell_of(sheets, promise) in unread]
    found["commitments"] = [promise.to_dict() for promise in promises]
    own = {name: kept[name] for name in ("bidder", "salt", "files") if name in kept}
    return found | own


def _put_back(row: Row, kept: Mapping[str, Any], found: dict[str, Any]) -> None:
    """Let the entry of a row be what it was."""
    table = _TABLES[row.page]
    old = kept.get(table, {}) if table else kept
    new = dict(found.get(table, {})) if table else found
    new.pop(row.code, None)
    if row.code in old:
        new[row.code] = old[row.code]
    if table:
        found[table] = new


_TABLES = {
    Page.PRICE: "",
    Page.CHECKS: "passes",
    Page.PLAN: "plans",
    Page.STATEMENTS: "answers",
    Page.COMPANY: "company",
}


def _cells(row: Row) -> set[str]:
    return {address(row.page, row.number, FIRST_COLUMN + i) for i in range(len(row.entries))}


def _cell_of(sheets: BidSheets, promise: Commitment) -> str:
    """Where a promise stands in the workbook; empty where it has no place there."""
    years = (None, *sheets.years)
    for row in sheets.rows:
        if row.page is Page.COMMITMENTS and row.code == promise.measure and promise.year in years:
            return address(row.page, row.number, FIRST_COLUMN + years.index(promise.year))
    return ""


def list_changes(sheets: BidSheets, before: BidContent, after: BidContent) -> list[Change]:
    """Every entry that differs, in the order of the workbook."""
    return list(_changes(sheets, before, after))


def _changes(sheets: BidSheets, before: BidContent, after: BidContent) -> Iterator[Change]:
    titles = _titles(sheets)
    for row in sheets.rows:
        if row.page is Page.COMMITMENTS:
            yield from _promise_changes(sheets, row, before, after, titles[row.code])
            continue
        old, new = _written(row, before), _written(row, after)
        if old != new:
            title = f"{titles[row.code]}: plan" if row.page is Page.PLAN else titles[row.code]
            yield Change(address(row.page, row.number, FIRST_COLUMN), title, old, new)


def _promise_changes(
    sheets: BidSheets, row: Row, before: BidContent, after: BidContent, title: str
) -> Iterator[Change]:
    old, new = _promised(before), _promised(after)
    for i, year in enumerate((None, *sheets.years)):
        key = (row.code, year)
        if old.get(key) != new.get(key):
            cell = address(row.page, row.number, FIRST_COLUMN + i)
            name = title if year is None else f"{title} in {year}"
            yield Change(cell, name, *(_number(found.get(key)) for found in (old, new)))


def _promised(content: BidContent) -> dict[Promised, Decimal]:
    found: dict[Promised, Decimal] = {}
    for promise in content.commitments:
        key = (promise.measure, promise.year)
        found[key] = found.get(key, Decimal(0)) + promise.quantity
    return found


def _titles(sheets: BidSheets) -> dict[str, str]:
    titles = {fact.code: fact.title for fact in (*OFFER, *COMPANY)}
    titles |= {criterion.code: criterion.heading for criterion in (*sheets.checks, *sheets.questions)}
    return titles | {measure.code: measure.title for measure in sheets.measures}


def _written(row: Row, content: BidContent) -> str:
    """An entry as people read it; empty where there is none."""
    if row.page is Page.STATEMENTS:
        return content.answers.get(row.code, "").strip()
    if row.page is Page.PLAN:
        return content.plans.get(row.code, "").strip()
    if row.page is Page.CHECKS:
        passed = content.passes.get(row.code)
        return "" if passed is None else "Yes" if passed else "No"
    fact = getattr(content if row.page is Page.PRICE else content.company, row.code)
    if isinstance(fact, Money):
        return fact.format()
    if row.entries == (CellKind.SHARE,) and fact is not None:
        return f"{write_decimal(fact * 100)}%"
    return _number(fact)


def _number(value: Decimal | int | None) -> str:
    return "" if value is None else format_number(Decimal(value), 12)
