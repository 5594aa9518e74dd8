"""Spend sources, files and lines: bring a file in, take it back, list what it holds."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import repeat
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wpound.core.errors import Issue, NotFound, StateError
from wpound.core.periods import financial_year_of
from wpound.store import rollups
from wpound.store.base import add
from wpound.store.bulk import insert_rows
from wpound.store.engine import lock, now_in
from wpound.store.models.spend import FileStatus, SpendFile, SpendIssue, SpendLine, SpendSource
from wpound.store.models.suppliers import Payee


class NewLine(NamedTuple):
    """A line to be stored: whole pence, None where the file does not say; ``redaction`` a word of ``Redaction``."""

    sheet: str
    line_number: int
    payee_id: int
    paid_on: date | None
    net_pence: int
    transaction_number: str | None
    department: str | None
    purpose: str | None
    category: str | None
    redaction: str | None
    raw: str


_LINE_COLUMNS = (
    "file_id",
    "sheet",
    "line_number",
    "payee_id",
    "paid_on",
    "financial_year",
    "quarter",
    "net_pence",
    "transaction_number",
    "department",
    "purpose",
    "category",
    "redaction",
    "raw",
)


def list_sources(session: Session, *, organisation_ids: Sequence[int]) -> dict[int, list[SpendSource]]:
    """The sources of each organisation by title."""
    wanted = select(SpendSource).where(SpendSource.organisation_id.in_(organisation_ids))
    found: dict[int, list[SpendSource]] = {organisation_id: [] for organisation_id in organisation_ids}
    for source in session.scalars(wanted.order_by(SpendSource.title, SpendSource.id)):
        found[source.organisation_id].append(source)
    return found


def find_source(session: Session, *, organisation_id: int, title: str) -> SpendSource | None:
    """The organisation's source of that title."""
    wanted = select(SpendSource).where(SpendSource.organisation_id == organisation_id, SpendSource.title == title)
    return session.scalar(wanted)


def find_same_file(
    session: Session, *, source_id: int, sha256: str, content_hash: str | None = None
) -> SpendFile | None:
    """The file in force with the same bytes, or (with ``content_hash``) the same rows, from this source."""
    same = SpendFile.sha256 == sha256
    if content_hash is not None:
        same |= SpendFile.content_hash == content_hash
    wanted = select(SpendFile).where(SpendFile.source_id == source_id, same, SpendFile.withdrawn_at.is_(None))
    in_force = SpendFile.status.not_in((FileStatus.REFUSED, FileStatus.IMPORTING))
    return session.scalar(wanted.where(in_force).order_by(SpendFile.id).limit(1))


def begin_file(session: Session, *, source_id: int, file_name: str, sha256: str, imported_by: str) -> SpendFile:
    """Start an import: a file that takes lines until it is accepted in the same transaction.

    Raises StateError where the same bytes are in force already.
    """
    return add(
        session,
        SpendFile(
            source_id=source_id,
            file_name=file_name,
            sha256=sha256,
            status=FileStatus.IMPORTING,
            imported_by=imported_by,
        ),
    )


def insert_lines(session: Session, file: SpendFile, lines: Iterable[NewLine]) -> None:
    """Store lines as they come; raises StateError for a file that is settled."""
    if file.status is not FileStatus.IMPORTING:
        raise StateError("This file was imported already; bring in a new file instead.")
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert_rows(session, "spend_lines", _LINE_COLUMNS, _line_rows(file.id, lines, is_sqlite))


def _line_rows(file_id: int, lines: Iterable[NewLine], is_sqlite: bool) -> Iterable[tuple[Any, ...]]:
    """Lines as the database takes them, worked out column by column: this is the innermost step of every import."""
    columns = list(zip(*lines, strict=True))
    if not columns:
        return ()
    sheets, line_numbers, payee_ids, paid_on, net_pence, *words = columns
    if strange := set(map(type, net_pence)) - {int}:
        raise TypeError(f"a line's money is whole pence, not {strange.pop().__name__}")
    days = {day: _day_columns(day, is_sqlite) for day in set(paid_on)}
    dated = zip(*(days[day] for day in paid_on), strict=True)
    return zip(repeat(file_id, len(sheets)), sheets, line_numbers, payee_ids, *dated, net_pence, *words, strict=True)


def _day_columns(day: date | None, is_sqlite: bool) -> tuple[date | str | None, int, int]:
    """A day as the database takes it, its financial year and quarter."""
    if day is None:
        return None, 0, 0
    return day.isoformat() if is_sqlite else day, financial_year_of(day), quarter_number(day)


def quarter_number(day: date) -> int:
    """The quarter of the financial year: 1 from April to 4 from January.

    >>> quarter_number(date(2026, 3, 31))
    4
    """
    return (day.month - 4) % 12 // 3 + 1


def add_issues(session: Session, file: SpendFile, issues: Iterable[Issue]) -> None:
    """Keep the problems met in a file."""
    columns = ("file_id", "code", "severity", "message", "sheet", "line_number", "column_name", "value")
    rows = ((file.id, i.code, i.severity.value, i.message, i.sheet, i.line, i.column, i.value) for i in issues)
    insert_rows(session, "spend_issues", columns, rows)


def accept_file(session: Session, file: SpendFile, figures: Mapping[str, Any], *, with_warnings: bool) -> SpendFile:
    """End an import: write its figures (columns of :class:`SpendFile`) and count its lines in the roll-ups.

    Raises StateError where the stored lines are not what the figures say, or the same rows are in force already.
    """
    for name, value in figures.items():
        setattr(file, name, value)
    file.status = FileStatus.ACCEPTED_WITH_WARNINGS if with_warnings else FileStatus.ACCEPTED
    add(session, file)
    count, pence = session.execute(
        select(func.count(), func.sum(SpendLine.net_pence)).where(SpendLine.file_id == file.id)
    ).one()
    stored = pence.pence if pence is not None else 0
    if (count, stored) != (file.loaded_rows, file.total.pence):
        raise StateError(
            f"{count} lines coming to {stored} pence were stored, but {file.loaded_rows} coming to {file.total.pence} "
            f"pence were read. Nothing was imported; report this file."
        )
    rollups.count_file(session, file.id, 1)
    return file


def refuse_file(
    session: Session, *, source_id: int, file_name: str, sha256: str, because: str, report: list[Any], imported_by: str
) -> SpendFile:
    """Keep the fact that a file was refused, and why; nothing of it is stored."""
    refused = SpendFile(
        source_id=source_id,
        file_name=file_name,
        sha256=sha256,
        status=FileStatus.REFUSED,
        refused_because=because,
        report=report,
        imported_by=imported_by,
    )
    return add(session, refused)


def withdraw_file(session: Session, file_id: int, *, by: str, because: str) -> SpendFile:
    """Take a file out of every figure; its lines stay to be seen. Raises NotFound, StateError."""
    file = lock(session, SpendFile, file_id)
    if file.status is FileStatus.REFUSED or file.withdrawn_at is not None:
        raise StateError("Only a file that is in force can be withdrawn.")
    rollups.count_file(session, file_id, -1)
    file.withdrawn_at, file.withdrawn_by, file.withdrawn_because = now_in(session), by, because
    session.flush()
    return file


def get_file(session: Session, file_id: int, *, organisation_id: int) -> SpendFile:
    """One of an organisation's files; raises NotFound, also for another organisation's."""
    wanted = select(SpendFile).join(SpendSource, SpendSource.id == SpendFile.source_id)
    wanted = wanted.where(SpendSource.organisation_id == organisation_id, SpendFile.id == file_id)
    file = session.scalar(wanted)
    if file is None:
        raise NotFound("There is no such spend file.")
    return file


def list_issues(session: Session, file_id: int, *, limit: int, offset: int = 0) -> tuple[list[SpendIssue], int]:
    """A file's problems in the order they were met: so many of them, and how many there are."""
    whose = SpendIssue.file_id == file_id
    wanted = select(SpendIssue).where(whose).order_by(SpendIssue.id).limit(limit).offset(offset)
    return list(session.scalars(wanted)), session.scalar(select(func.count()).where(whose)) or 0


def list_lines(
    session: Session,
    *,
    organisation_id: int,
    file_id: int | None = None,
    supplier_id: int | None = None,
    after: tuple[int, str, int] | None = None,
    limit: int = 100,
) -> list[tuple[SpendLine, Payee]]:
    """A page of an organisation's lines in force with their payees, by file, sheet and line.

    ``after`` is the key (file, sheet, line) of the last line of the page before.
    """
    wanted = (
        select(SpendLine, Payee)
        .join(Payee, Payee.id == SpendLine.payee_id)
        .join(SpendFile, SpendFile.id == SpendLine.file_id)
        .where(Payee.organisation_id == organisation_id, SpendFile.withdrawn_at.is_(None))
        .order_by(SpendLine.file_id, SpendLine.sheet, SpendLine.line_number)
    )
    if file_id is not None:
        wanted = wanted.where(SpendLine.file_id == file_id)
    if supplier_id is not None:
        wanted = wanted.where(Payee.supplier_id == supplier_id)
    if after is not None:
        file, sheet, line = after
        later_line = (SpendLine.file_id == file) & (SpendLine.sheet == sheet) & (SpendLine.line_number > line)
        later_sheet = (SpendLine.file_id == file) & (SpendLine.sheet > sheet)
        wanted = wanted.where((SpendLine.file_id > file) | later_sheet | later_line)
    return [(line, payee) for line, payee in session.execute(wanted.limit(limit))]
