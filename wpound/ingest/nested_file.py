"""A file of nested names and values: JSON or TOML. The content decides the form, never the extension."""

import json
import tomllib
from typing import Any

from wpound.core.errors import InputError, InputErrors

MOST_BYTES = 10 * 1024 * 1024
_NOT_OURS = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a workbook or zip archive",
    b"\xd0\xcf\x11\xe0": "an old or password-protected Office file",
    b"<": "a web page or XML",
}


def read_nested(content: bytes, forms: str) -> dict[str, Any]:
    """The names and values of a file; raises :class:`InputErrors` where it is none, saying which ``forms`` are read.

    Numbers with decimals stay what they are (text in JSON and TOML): the file forms themselves refuse binary fractions.
    """
    if len(content) > MOST_BYTES:
        raise refuse_file("is larger than 10 MB, which no such file is")
    text = _decode(content, forms)
    return _read_json(text) if text.startswith("{") else _read_toml(text)


def refuse_file(message: str) -> InputErrors:
    """What is wrong with a file as a whole, ready to raise."""
    return InputErrors([InputError("file", message)])


def _decode(content: bytes, forms: str) -> str:
    start = content.lstrip()
    if not start:
        raise refuse_file("is empty")
    for magic, kind in _NOT_OURS.items():
        if start.startswith(magic):
            raise refuse_file(f"is {kind}; give {forms}")
    try:
        return content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise refuse_file("is not text in UTF-8; save it again as UTF-8") from None


def _read_json(text: str) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(text, object_pairs_hook=_no_repeats)
    except json.JSONDecodeError as error:
        raise refuse_file(f"is not whole JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except (ValueError, RecursionError) as error:
        raise refuse_file(f"cannot be read as JSON: {_why(error)}") from None
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
        raise refuse_file(f"is neither JSON nor readable as TOML: {_why(error)}") from None


def _why(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
