"""Let a return leave as a workbook and come back: what it would change is shown before anything is taken over.

A workbook that was sent waits in a folder of the data folder, encrypted under the key that references are read with:
one for each return, in the place of any before it, until somebody decides about it or a day has passed.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.config import Settings
from wpound.core.claim_content import ClaimContent
from wpound.core.errors import InputError, InputErrors, StaleEdit, StateError
from wpound.core.return_changes import list_line_changes
from wpound.core.return_sheets import CLAIM, ReturnLine, ReturnSheets, fingerprint_of
from wpound.core.workbook_cells import Change
from wpound.documents.return_workbook import ReturnTemplate, return_workbook_xlsx
from wpound.ingest.return_workbook import ReadLine, ReturnWorkbook, read_return_workbook
from wpound.services.access import Person
from wpound.services.count_claim import LineRule
from wpound.services.count_keys import open_pseudonyms
from wpound.services.edit_claim import LOCKED, check_content, write_claim
from wpound.services.lay_out_return import lay_out_return
from wpound.services.reach_return import find_claim, hold_own_return, reach_own_return
from wpound.services.show_return import ReturnPage
from wpound.store.base import require_version
from wpound.store.counted_keys import keep_keys
from wpound.store.models.contracts import Contract
from wpound.store.sealing import give_back, keep
from wpound.store.types import canonical_json
from wpound.store.waiting_files import drop_waiting, drop_waiting_since, find_waiting, put_waiting

FOLDER = "waiting"
WAITS = timedelta(days=1)
NONE_WAITS = "No workbook waits: it was taken over or put away, or nobody decided about it for a day."
ANOTHER = "Somebody sent another workbook after you opened this page."


@dataclass(frozen=True, slots=True)
class WaitingWorkbook:
    """A workbook that was sent and read: by whom, the hash of its bytes, and the checksum of what it was read for.

    ``sealed`` is what waits.
    """

    sealed: bytes
    sent_by: str
    sha256: str
    checksum: str
    workbook: ReturnWorkbook


@dataclass(frozen=True, slots=True)
class SentLine:
    """What a workbook says of one line: what it would change and what keeps it from being taken over.

    ``comes_to`` is what the line then claims, in its unit; None where it stays as it is. ``was_changed`` says that
    somebody changed it on the page after the workbook was downloaded.
    """

    line: ReturnLine
    content: ClaimContent
    changes: tuple[Change, ...]
    problems: tuple[InputError, ...]
    comes_to: Decimal | None
    was_changed: bool

    @property
    def is_taken(self) -> bool:
        """Whether it would be taken over."""
        return self.comes_to is not None


@dataclass(frozen=True, slots=True)
class SentWorkbook:
    """A workbook read against the return as it is now; ``problems`` belong to no one line."""

    page: ReturnPage
    lines: tuple[SentLine, ...]
    problems: tuple[InputError, ...]

    @property
    def taken(self) -> tuple[SentLine, ...]:
        """The lines that would be taken over."""
        return tuple(line for line in self.lines if line.is_taken)

    @property
    def kept(self) -> tuple[SentLine, ...]:
        """The lines that stay as they are though the workbook says something else, or something unreadable."""
        return tuple(line for line in self.lines if not line.is_taken and (line.changes or line.problems))

    @property
    def all_problems(self) -> tuple[InputError, ...]:
        """Every problem by its cell, those of no one line first."""
        return (*self.problems, *(problem for line in self.lines for problem in line.problems))

    @property
    def says_the_same(self) -> bool:
        """Whether there is nothing to decide about it."""
        return not self.taken and not self.kept and not self.problems


def make_return_workbook(
    session: Session, person: Person, return_id: int, *, catalogue: Catalogue, settings: Settings
) -> bytes:
    """The workbook of the supplier's own return, with what stands in it; raises NotFound for any other.

    The same return gives the same bytes.
    """
    found, contract = reach_own_return(session, person, return_id)
    page, sheets = lay_out_return(session, person, found, contract, catalogue, settings)
    suppliers = ", ".join(one.name for one in page.suppliers)
    return return_workbook_xlsx(ReturnTemplate(suppliers, page.buyer.name, contract.title, found.due_on, sheets))


def send_return_workbook(
    session: Session, person: Person, return_id: int, content: bytes, *, catalogue: Catalogue, settings: Settings
) -> SentWorkbook:
    """Read a workbook that was filled in and let it wait, unless the return says the same already.

    Nothing of the return is changed. Raises NotFound for another's return, and InputErrors where the file is no
    workbook of this one, each problem at its cell.
    """
    found, contract = reach_own_return(session, person, return_id)
    page, sheets = lay_out_return(session, person, found, contract, catalogue, settings)
    sent = _compare(page, sheets, read_return_workbook(content, sheets))
    if not sent.says_the_same:
        told = {"sent_by": person.email, "content": b64encode(content).decode()}
        sealed = keep(open_pseudonyms(settings).reading, canonical_json(told).encode(), _place(return_id))
        put_waiting(settings.data_dir / FOLDER, _name(return_id), sealed)
    return sent


def show_return_workbook(
    session: Session, person: Person, return_id: int, *, catalogue: Catalogue, settings: Settings
) -> tuple[WaitingWorkbook, SentWorkbook]:
    """The workbook that waits and what it would change now; raises NotFound for another's, StateError without."""
    found, contract = reach_own_return(session, person, return_id)
    kept = _require_waiting(settings, return_id)
    page, sheets = lay_out_return(session, person, found, contract, catalogue, settings)
    workbook = read_return_workbook(kept.content, sheets)
    sha256 = hashlib.sha256(kept.content).hexdigest()
    waiting = WaitingWorkbook(kept.sealed, kept.sent_by, sha256, sheets.checksum, workbook)
    return waiting, _compare(page, sheets, workbook)


def find_sender(session: Session, person: Person, return_id: int, settings: Settings) -> str | None:
    """Who sent the workbook that waits for the supplier's own return, None where none does; raises NotFound."""
    reach_own_return(session, person, return_id)
    waiting = _find_waiting(settings, return_id)
    return waiting.sent_by if waiting else None


def take_return_workbook(
    session: Session,
    person: Person,
    return_id: int,
    waiting: WaitingWorkbook,
    *,
    sha256: str,
    version: int,
    catalogue: Catalogue,
    settings: Settings,
) -> int:
    """Take over every line of a workbook that has no problem, as the page would; gives how many there were.

    Each line is checked and written by what checks and writes the page's. The workbook was read before anything is
    held. Raises NotFound for another's return, StaleEdit where the return was changed since ``version`` or where this
    is not the workbook of the hash that its person was shown.
    """
    found, contract = hold_own_return(session, person, return_id)
    require_version(found, version)
    page, sheets = lay_out_return(session, person, found, contract, catalogue, settings)
    if waiting.sha256 != sha256 or waiting.checksum != sheets.checksum:
        raise StaleEdit(ANOTHER)
    taken = _compare(page, sheets, waiting.workbook).taken
    _keep_keys(session, contract, taken, settings)
    by = {person.email, waiting.sent_by}
    for line in taken:
        claim = find_claim(session, found, line.line.claim_id)
        write_claim(session, found, contract, claim, line.content, by=by, catalogue=catalogue, settings=settings)
    drop_waiting(session, settings.data_dir / FOLDER, _name(return_id), waiting.sealed)
    return len(taken)


def _keep_keys(session: Session, contract: Contract, lines: Iterable[SentLine], settings: Settings) -> None:
    """Make the pseudonyms of all lines in one order: line by line, two workbooks could wait for each other."""
    pseudonyms = open_pseudonyms(settings)
    entries = [entry for line in lines for entry in line.content.entries]
    keep_keys(session, [(e.kind, pseudonyms.name(e.kind, e.reference, contract.supplier_id)) for e in entries])


def put_away_return_workbook(
    session: Session, person: Person, return_id: int, *, sha256: str, settings: Settings
) -> None:
    """Drop the waiting workbook; the return stays as it is. Raises NotFound for another's return,
    StateError where none waits, and StaleEdit where another was sent meanwhile.
    """
    hold_own_return(session, person, return_id)
    kept = _require_waiting(settings, return_id)
    if hashlib.sha256(kept.content).hexdigest() != sha256:
        raise StaleEdit(ANOTHER)
    drop_waiting(session, settings.data_dir / FOLDER, _name(return_id), kept.sealed)


def drop_old_workbooks(settings: Settings, now: datetime) -> int:
    """Drop the workbooks that nobody decided about for a day; gives how many there were."""
    return drop_waiting_since(settings.data_dir / FOLDER, now - WAITS)


def _compare(page: ReturnPage, sheets: ReturnSheets, workbook: ReturnWorkbook) -> SentWorkbook:
    lines = (
        _compare_line(sheets, line, page.line(line.claim_id).rule, workbook.lines[line.claim_id])
        for line in sheets.lines
    )
    return SentWorkbook(page, tuple(lines), workbook.problems)


def _compare_line(sheets: ReturnSheets, line: ReturnLine, rule: LineRule, read: ReadLine) -> SentLine:
    """What of a line was changed in the workbook; one that was not touched there stays whatever it is by now."""
    changes = list_line_changes(line, read.content, read.cells, sheets.factors) if read.is_touched else []
    problems = tuple(_problems(line, rule, read, has_changes=bool(changes)))
    is_taken = bool(changes) and not problems and read.is_whole
    comes_to = rule.count_content(read.content) if is_taken else None
    was_changed = fingerprint_of(line.content) != read.given
    return SentLine(line, read.content, tuple(changes), problems, comes_to, was_changed)


def _problems(line: ReturnLine, rule: LineRule, read: ReadLine, *, has_changes: bool) -> Iterator[InputError]:
    """What keeps a line from being taken over; one that was sent is only told of where the workbook differs."""
    if not line.is_open:
        if has_changes or read.problems:
            yield InputError(read.cells[CLAIM], LOCKED)
        return
    yield from read.problems
    try:
        if has_changes:
            check_content(rule, read.content)
    except InputErrors as found:
        yield from read.locate(found)


class _Kept(NamedTuple):
    """A workbook as it waits, with who sent it and its bytes."""

    sealed: bytes
    sent_by: str
    content: bytes


def _find_waiting(settings: Settings, return_id: int) -> _Kept | None:
    sealed = find_waiting(settings.data_dir / FOLDER, _name(return_id))
    if sealed is None:
        return None
    told = json.loads(give_back(open_pseudonyms(settings).reading, sealed, _place(return_id)))
    return _Kept(sealed, told["sent_by"], b64decode(told["content"]))


def _require_waiting(settings: Settings, return_id: int) -> _Kept:
    waiting = _find_waiting(settings, return_id)
    if waiting is None:
        raise StateError(NONE_WAITS)
    return waiting


def _name(return_id: int) -> str:
    return f"return-{return_id}"


def _place(return_id: int) -> dict[str, str | int]:
    """What the bytes are bound to: moved elsewhere, they cannot be read."""
    return {"kind": "workbook of a return", "return": return_id}
