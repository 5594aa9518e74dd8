"""Files that leave as they are."""

import json
from collections.abc import Mapping
from typing import Any
from unicodedata import normalize
from urllib.parse import quote

from flask import Response

TYPES = {"pdf": "application/pdf", "json": "application/vc"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Beside the policy of every answer: what somebody sent in is never a page of ours, whatever a browser makes of it.
SANDBOX = "default-src 'none'; sandbox"


def send_certificate(content: bytes, serial: str, extension: str) -> Response:
    """A certificate's file, to be kept under its serial number."""
    return save_as(Response(content, mimetype=TYPES[extension]), f"{serial}.{extension}")


def send_file(content: bytes, name: str, media_type: str) -> Response:
    """A file that somebody sent in: to be saved and never shown, run or kept on the way."""
    response = save_as(Response(content, content_type=media_type), name)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def send_workbook(content: bytes, name: str) -> Response:
    """A workbook with what somebody has written so far: to be saved, and not kept on the way."""
    response = save_as(Response(content, content_type=XLSX), name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def save_as(response: Response, name: str) -> Response:
    """The answer as a file to be saved under a name, which may hold any letters where somebody typed it (RFC 6266)."""
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode()
    names = {"filename": name} if plain == name else {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}
    response.headers.set("Content-Disposition", "attachment", **names)
    return response


def send_facts(facts: Mapping[str, Any], name: str) -> Response:
    """Facts as a JSON file to be saved, laid out for people too."""
    text = json.dumps(facts, ensure_ascii=False, indent=2) + "\n"
    response = save_as(Response(text, mimetype="application/json"), name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
