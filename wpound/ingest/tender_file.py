"""A tender as a file: JSON, TOML or a workbook. The content decides the form, never the extension."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wpound.core.errors import InputError, InputErrors
from wpound.core.form import Problems
from wpound.ingest.tender_workbook import WORKBOOK_MAGIC, read_workbook

MOST_BYTES = 10 * 1024 * 1024
NOT_OURS = {
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old or password-protected Office file",
    b"<": "a web page or XML",
}


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
    """Read the bytes of a tender file into the nested file form; raises :class:`InputErrors` where that cannot be.

    Numbers with decimals stay what they are (text in JSON and TOML): the file form itself refuses binary fractions.
    """
    if len(content) > MOST_BYTES:
        raise _refusal("is larger than 10 MB, which no tender file is")
    if content.startswith(WORKBOOK_MAGIC):
        problems = Problems()
        data, places = read_workbook(content, problems)
        return TenderFile(data, problems, places)
    text = _decode(content)
    data = _read_json(text) if text.startswith("{") else _read_toml(text)
    return TenderFile(data)


def _refusal(message: str) -> InputErrors:
    return InputErrors([InputError("file", message)])


def _decode(content: bytes) -> str:
    start = content.lstrip()
    if not start:
        raise _refusal("is empty")
    for magic, kind in NOT_OURS.items():
        if start.startswith(magic):
            raise _refusal(f"is {kind}; a tender file is JSON, TOML or an XLSX workbook")
    try:
        return content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise _refusal("is not text in UTF-8; save it again as UTF-8") from None


def _read_json(text: str) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(text, object_pairs_hook=_no_repeats)
    except json.JSONDecodeError as error:
        raise _refusal(f"is not whole JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except (ValueError, RecursionError) as error:
        raise _refusal(f"cannot be read as JSON: {_why(error)}") from None
    return data


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice in the same place")
    return found


def _read_toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refusal(f"is neither JSON nor readable as TOML: {_why(error)}") from None


def _why(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
