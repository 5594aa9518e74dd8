"""From a published file to payments and issues: the one way in for every import and every check.

Whether a sheet may be loaded is known for certain only after its last chunk, so an importer commits nothing before it
has looked at ``refused_because`` then.
"""

from collections.abc import Callable
from pathlib import Path

from wpound.core.errors import InputError
from wpound.ingest.discovery import discover
from wpound.ingest.layout import Layout
from wpound.ingest.readers import RawSheet, open_sheets
from wpound.ingest.report import SheetReport
from wpound.ingest.sheets import SpendSheet

__all__ = ["SheetReport", "SpendSheet", "check_file", "read_spend"]


def read_spend(path: Path, layout: Layout | None = None) -> list[SpendSheet]:
    """The sheets of a file, by its content and not its name; ``layout`` is a saved one, None to have one proposed.

    Raises InputError where there is no such file. A file or sheet that cannot be read is returned all the same, with
    the sentence why in ``refused_because``.
    """
    return [_open_sheet(raw, layout) for raw in open_sheets(path)]


def _open_sheet(raw: RawSheet, layout: Layout | None) -> SpendSheet:
    sheet = SpendSheet(raw.path, raw.file_hash, raw.sheet, raw.encoding, refused_because=raw.refused_because)
    if sheet.refused_because is None:
        try:
            sheet.discovery = discover(raw, layout)
        except InputError as error:
            sheet.refused_because = error.message
    return sheet


def check_file(path: Path, on_rows: Callable[[int], None] | None = None) -> list[SheetReport]:
    """Read a file without keeping anything; ``on_rows`` is told the number of rows read of each chunk."""
    reports = []
    for sheet in read_spend(path):
        for chunk in sheet.chunks():
            if on_rows:
                on_rows(len(chunk.payments.raw))
        reports.append(SheetReport(sheet))
    return reports
