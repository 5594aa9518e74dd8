"""What a workbook read back would change in a line of a return, before anything is taken over."""

from collections.abc import Iterator, Mapping

from wpound.core.claim_content import ClaimContent, NewEntry
from wpound.core.claim_counting import WHOLE, EntryKind
from wpound.core.form import write_decimal
from wpound.core.money import format_number
from wpound.core.periods import format_day
from wpound.core.quantities import Quantity
from wpound.core.return_sheets import CLAIM, PAGE_OF, ReturnLine
from wpound.core.workbook_cells import Change

PLACES = 12


def list_line_changes(
    line: ReturnLine, after: ClaimContent, cells: Mapping[str, str], factors: Mapping[str, str]
) -> list[Change]:
    """Every field and entry of a line that differs from what stands in it, none where the two say the same.

    ``cells`` gives the cell of each field of ``after``. Entries are the same whatever their order and however their
    reference is spelled; one that is gone has no cell but its sheet.
    """
    return [*_plain_changes(line, after, cells), *_entry_changes(line, after, cells, factors)]


def _plain_changes(line: ReturnLine, after: ClaimContent, cells: Mapping[str, str]) -> Iterator[Change]:
    before = line.content
    if before.amount != after.amount:
        shown = (_amount(line, content) for content in (before, after))
        yield Change(cells["amount"], "Amount", *shown)
    if before.share != after.share:
        yield Change(cells["share"], "Share for this contract", _per_cent(before), _per_cent(after))
    if _words(before) != _words(after):
        yield Change(cells["narrative"], "What was done", _words(before), _words(after))


def _amount(line: ReturnLine, content: ClaimContent) -> str:
    return "" if content.amount is None else Quantity(content.amount, line.unit).format()


def _per_cent(content: ClaimContent | NewEntry) -> str:
    return f"{write_decimal(content.share)}%"


def _words(content: ClaimContent) -> str:
    return (content.narrative or "").strip()


def _entry_changes(
    line: ReturnLine, after: ClaimContent, cells: Mapping[str, str], factors: Mapping[str, str]
) -> Iterator[Change]:
    old = {entry.identity: entry for entry in line.content.entries}
    new = {entry.identity: (f"entries[{i}].kind", entry) for i, entry in enumerate(after.entries)}
    for identity, (path, entry) in new.items():
        before, told = _describe(old.get(identity), factors), _describe(entry, factors)
        if before != told:
            yield Change(cells.get(path, cells[CLAIM]), _title(entry), before, told)
    for identity, entry in old.items():
        if identity not in new:
            yield Change(PAGE_OF[entry.kind].value, _title(entry), _describe(entry, factors), "")


def _title(entry: NewEntry) -> str:
    return f"{entry.kind.label} {entry.reference}"


def _describe(entry: NewEntry | None, factors: Mapping[str, str]) -> str:
    """All that an entry states, in one line; every difference between two shows in it."""
    return "" if entry is None else ", ".join(_facts(entry, factors))


def _facts(entry: NewEntry, factors: Mapping[str, str]) -> Iterator[str]:
    if entry.hours is not None:
        hours = format_number(entry.hours, PLACES)
        yield f"{hours} hours a week" if entry.kind is EntryKind.PERSON else f"{hours} hours"
    if entry.attendees is not None:
        yield f"{entry.attendees:,} people attended"
    if entry.amount is not None:
        yield f"amount {format_number(entry.amount, PLACES)}"
    if entry.factor is not None:
        yield factors.get(entry.factor, entry.factor)
    if entry.started_on is not None:
        yield f"employed since {format_day(entry.started_on)}"
    if entry.first_on is not None:
        yield f"from {format_day(entry.first_on)}"
    if entry.last_on is not None:
        yield f"to {format_day(entry.last_on)}"
    yield "all of it for this contract" if entry.share == WHOLE else f"{_per_cent(entry)} for this contract"
