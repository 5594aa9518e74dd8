"""Bring a spend file in: all of it or nothing of it, each line once, every figure accounted for."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import repeat
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from wpound.core.basis import Basis
from wpound.core.errors import Severity
from wpound.core.money import Money
from wpound.core.places import LocalityRule
from wpound.ingest.layout import Layout
from wpound.ingest.pipeline import SheetReport, SpendSheet, read_spend
from wpound.ingest.rows import Payments
from wpound.ingest.suppliers.identifiers import charity_identifier, company_identifier
from wpound.services.identify_payees import Identified, identify_payees
from wpound.services.place_payees import place_payees
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.models.organisations import Organisation
from wpound.store.models.spend import SpendFile, SpendSource
from wpound.store.spend import (
    NewLine,
    accept_file,
    add_issues,
    begin_file,
    find_same_file,
    find_source,
    insert_lines,
    refuse_file,
)
from wpound.store.suppliers import PayeeKey, add_payees, get_payee_ids

OnRows = Callable[[int], None]
# The reader gives its sheets these names in place of none, so that a line can always be found again.
ONLY_SHEET = ""
HASH_BITS = 256
Printed = tuple[str | None, str | None, str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class SpendImport:
    """What became of a file: the stored file, and whether the same bytes or rows had come in before.

    ``reports`` has one object a sheet in the shape of ``wpound spend check --json``.
    """

    file: SpendFile
    is_repeated: bool
    reports: list[dict[str, Any]]
    identified: Identified = field(default_factory=Identified)

    @property
    def sentence(self) -> str:
        """What happened, in one sentence for the person who brought the file."""
        file = self.file
        if self.is_repeated:
            return f"{file.file_name} came in before, so nothing was changed."
        if file.refused_because:
            return f"{file.file_name} was refused: {file.refused_because}"
        left_out = f", {file.refused_rows:,} left out with a reason" if file.refused_rows else ""
        return f"{file.file_name}: {file.loaded_rows:,} payments of {file.total.format()} loaded{left_out}."

    def to_dict(self) -> dict[str, Any]:
        """The outcome as plain JSON."""
        return {
            "file": self.file.file_name,
            "status": self.file.status.value,
            "is_repeated": self.is_repeated,
            "sheets": self.reports,
            "payees": asdict(self.identified),
        }


def open_source(
    session: Session,
    organisation: Organisation,
    title: str,
    basis: Basis = Basis.UNKNOWN,
    threshold: Money | None = None,
) -> SpendSource:
    """The organisation's series of files of that title, begun where there is none yet."""
    found = find_source(session, organisation_id=organisation.id, title=title)
    return found or add(
        session,
        SpendSource(organisation_id=organisation.id, title=title, layout=None, basis=basis, threshold=threshold),
    )


def import_spend(
    session: Session,
    source: SpendSource,
    path: Path,
    rules: Sequence[LocalityRule],
    *,
    actor: str,
    on_rows: OnRows | None = None,
) -> SpendImport:
    """Read, store, identify and place the payments of a file, and count them in the roll-ups.

    The same file again, or the same rows under another name, changes nothing and says so. A file of which no sheet can
    be read is kept as refused, with the reason. Raises InputError where there is no such file. ``on_rows`` is told the
    number of rows stored of each chunk.
    """
    sheets = read_spend(path, Layout.from_dict(source.layout) if source.layout else None)
    same = find_same_file(session, source_id=source.id, sha256=sheets[0].file_hash)
    if same is not None:
        return SpendImport(same, True, same.report)
    attempt = session.begin_nested()
    loader = _Loader(session, source, path, actor)
    for sheet in sheets:
        loader.load(sheet, on_rows)
    same = find_same_file(session, source_id=source.id, sha256=sheets[0].file_hash, content_hash=loader.content_hash)
    if same is not None or not loader.loaded:
        attempt.rollback()
        return SpendImport(same, True, loader.reports) if same else _refuse(session, source, path, sheets, actor)
    attempt.commit()
    identified = identify_payees(session, organisation_id=source.organisation_id, actor=actor)
    place_payees(session, rules, organisation_id=source.organisation_id)
    file = accept_file(session, loader.file, loader.figures(), with_warnings=loader.has_warnings)
    if source.layout is None:
        source.layout = loader.layout
    _audit(session, file, "spend_file.imported", actor)
    return SpendImport(file, False, loader.reports, identified)


def _refuse(session: Session, source: SpendSource, path: Path, sheets: Sequence[SpendSheet], actor: str) -> SpendImport:
    reports = [SheetReport(sheet).to_dict() for sheet in sheets]
    reasons = dict.fromkeys(report["refused_because"] for report in reports)
    file = refuse_file(
        session,
        source_id=source.id,
        file_name=path.name,
        sha256=sheets[0].file_hash,
        because=" ".join(filter(None, reasons)),
        report=reports,
        imported_by=actor,
    )
    _audit(session, file, "spend_file.refused", actor)
    return SpendImport(file, False, reports)


def _audit(session: Session, file: SpendFile, action: str, actor: str) -> None:
    detail = {
        "file": file.file_name,
        "sha256": file.sha256,
        "rows": file.row_count,
        "loaded": file.loaded_rows,
        "pence": str(file.total.pence) if file.total else "0",
    }
    append_event(session, actor=actor, action=action, object_kind="spend_file", object_id=file.id, detail=detail)


class _Loader:
    """Stores the sheets of one file and adds up what they held."""

    def __init__(self, session: Session, source: SpendSource, path: Path, actor: str) -> None:
        self.session = session
        self.organisation_id = source.organisation_id
        self.sheets: list[SpendSheet] = []
        self._known = get_payee_ids(session, organisation_id=source.organisation_id)
        # By what the file prints, so that a name met a thousand times is looked at once.
        self._payee_ids: dict[Printed, int] = {}
        self.has_warnings = False
        self.layout: dict[str, Any] | None = None
        self._rows_hash = 0
        self._path = path
        self._source = source
        self._actor = actor
        self._file: SpendFile | None = None

    @property
    def file(self) -> SpendFile:
        """The file being imported; begun with its first sheet."""
        assert self._file is not None  # noqa: S101 (load begins it)
        return self._file

    @property
    def loaded(self) -> list[SpendSheet]:
        """The sheets that could be read to their end."""
        return [sheet for sheet in self.sheets if sheet.refused_because is None]

    @property
    def reports(self) -> list[dict[str, Any]]:
        """One object a sheet, as a check prints it."""
        return [SheetReport(sheet).to_dict() for sheet in self.sheets]

    @property
    def content_hash(self) -> str:
        """A hash of the payments whatever their order, file name or way of writing."""
        return f"{self._rows_hash:064x}"

    def load(self, sheet: SpendSheet, on_rows: OnRows | None) -> None:
        """Store one sheet; what a sheet refused at its end had stored is taken back."""
        if self._file is None:
            self._file = begin_file(
                self.session,
                source_id=self._source.id,
                file_name=self._path.name,
                sha256=sheet.file_hash,
                imported_by=self._actor,
            )
        attempt = self.session.begin_nested()
        hash_before = self._rows_hash
        for chunk in sheet.chunks():
            payee_ids = self._find_payees(chunk.payments)
            self._rows_hash = (self._rows_hash + _hash_rows(chunk.payments)) % (1 << HASH_BITS)
            insert_lines(self.session, self.file, _lines(sheet, chunk.payments, payee_ids))
            add_issues(self.session, self.file, chunk.issues)
            self.has_warnings |= any(issue.severity is not Severity.NOTE for issue in chunk.issues)
            if on_rows:
                on_rows(len(payee_ids))
        self.sheets.append(sheet)
        if sheet.refused_because is None:
            attempt.commit()
            self.layout = self.layout or (sheet.layout.to_dict() if sheet.layout else None)
        else:
            attempt.rollback()
            self._rows_hash = hash_before
            self._known = get_payee_ids(self.session, organisation_id=self.organisation_id)
            self._payee_ids = {}

    def _find_payees(self, payments: Payments) -> list[int]:
        """The number of every payment's payee; those not met before are put in."""
        printed = list(_printed(payments))
        unseen = {one: _payee_key(*one) for one in set(printed) - self._payee_ids.keys()}
        missing = sorted(set(unseen.values()) - self._known.keys())
        if missing:
            self._known |= add_payees(self.session, missing, organisation_id=self.organisation_id)
        self._payee_ids |= {one: self._known[key] for one, key in unseen.items()}
        return [self._payee_ids[one] for one in printed]

    def figures(self) -> dict[str, Any]:
        """The columns of the stored file that say what it held."""
        counts = [sheet.counts for sheet in self.loaded]
        days: list[date] = [day for one in counts for day in (one.first_paid_on, one.last_paid_on) if day]
        return {
            "content_hash": self.content_hash,
            "row_count": sum(one.rows for one in counts),
            "loaded_rows": sum(one.loaded for one in counts),
            "refused_rows": sum(one.refused for one in counts),
            "repeated_rows": sum(one.repeated for one in counts),
            "totals_rows": sum(len(one.totals_rows) for one in counts),
            "blank_rows": sum(one.blank for one in counts),
            "total": Money(sum(one.sum_pence for one in counts)),
            "negative_rows": sum(one.negatives for one in counts),
            "negative_total": Money(sum(one.negative_pence for one in counts)),
            "first_paid_on": min(days, default=None),
            "last_paid_on": max(days, default=None),
            "report": self.reports,
        }


def _printed(payments: Payments) -> Iterator[Printed]:
    """What each payment says of who was paid, as it stands."""
    return zip(
        payments.supplier_name,
        payments.supplier_number,
        payments.company_number,
        payments.charity_number,
        payments.postcode,
        strict=True,
    )


def _payee_key(
    name: str | None, number: str | None, company: str | None, charity: str | None, postcode: str | None
) -> PayeeKey:
    identifier = company_identifier(company or "") or charity_identifier(charity or "")
    return PayeeKey(name or "", number or "", identifier or "", postcode or "")


def _lines(sheet: SpendSheet, payments: Payments, payee_ids: Sequence[int]) -> Iterator[NewLine]:
    columns = (
        repeat(sheet.sheet or ONLY_SHEET, len(payee_ids)),
        payments.line_number,
        payee_ids,
        payments.paid_on,
        payments.net_pence,
        payments.transaction_number,
        payments.department,
        payments.purpose,
        payments.category,
        [found.value if found else None for found in payments.redaction],
        payments.raw,
    )
    return map(NewLine._make, zip(*columns, strict=True))


def _hash_rows(payments: Payments) -> int:
    """What payments are, whatever their order and the name and notation of their file."""
    facts = (
        payments.paid_on,
        payments.net_pence,
        payments.supplier_name,
        payments.supplier_number,
        payments.postcode,
        payments.transaction_number,
        payments.department,
        payments.purpose,
    )
    rows = zip(*(map(str, column) for column in facts), strict=True)
    return sum(int.from_bytes(hashlib.sha256("|".join(row).encode()).digest()) for row in rows)
