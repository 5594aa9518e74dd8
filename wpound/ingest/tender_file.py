"""A tender as a file: JSON, TOML or a workbook. The content decides the form, never the extension."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wpound.core.errors import InputError, InputErrors
from wpound.core.form import Problems
from wpound.ingest.nested_file import MOST_BYTES, read_nested, refuse_file
from wpound.ingest.tender_workbook import WORKBOOK_MAGIC, read_workbook

FORMS = "a tender file in JSON or TOML, or an XLSX workbook"


@dataclass(frozen=True)
class TenderFile:
    """The nested names and values of the file form, and for a workbook the sheet and row each place came from."""

    data: Mapping[str, Any]
    problems: Problems = field(default_factory=Problems)
    places: Mapping[str, str] = field(default_factory=dict)

    def locate(self, found: InputErrors) -> InputErrors:
        """The same problems, with the sheet and row a person can look up in place of a path inside the file form."""
        return InputErrors([InputError(self._place(error.field), error.message) for error in found.errors])

    def _place(self, path: str) -> str:
        prefix = path
        while prefix and prefix not in self.places:
            prefix = prefix[: max(prefix.rfind("."), prefix.rfind("["), 0)]
        rest = path[len(prefix) :].strip(".")
        return f"{self.places[prefix]}{', ' if rest else ''}{rest}" if prefix else path


def read_tender_file(content: bytes) -> TenderFile:
    """Read the bytes of a tender file into the nested file form; raises :class:`InputErrors` where that cannot be."""
    if not content.startswith(WORKBOOK_MAGIC):
        return TenderFile(read_nested(content, FORMS))
    if len(content) > MOST_BYTES:
        raise refuse_file("is larger than 10 MB, which no tender file is")
    problems = Problems()
    data, places = read_workbook(content, problems)
    return TenderFile(data, problems, places)
