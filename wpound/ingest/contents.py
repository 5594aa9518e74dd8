"""What a file really is, told by its first bytes and never by its name."""

import zipfile
from enum import StrEnum
from pathlib import Path

HEAD = 4096
MAX_PARTS = 2_000
MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 100
_ADVICE = "Ask whoever it comes from for CSV or a workbook."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Content(StrEnum):
    """The two kinds of file that can hold payments."""

    TEXT = "text"
    WORKBOOK = "workbook"


_REFUSED = (
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"{\\rtf", "a word-processor document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
)


def find_content(path: Path) -> tuple[Content, str | None]:
    """Tell text from workbook; the second value is one sentence where the file can be neither, else None."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(_OLE):
        return Content.WORKBOOK, None
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Content.WORKBOOK, _problem_of_zip(path)
    return Content.TEXT, _problem_of_text(head)


def _problem_of_text(head: bytes) -> str | None:
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n,;\0"):
        return "The file is empty." if len(head) < HEAD else None
    for mark, kind in _REFUSED:
        if head.startswith(mark):
            return f"The file is {kind}, not a table. {_ADVICE}"
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if b"<html" in start or start.startswith(b"<!doctype html"):
        return (
            "The file is a web page, not a table: often the error page of a site that refused the "
            "download. Open its address in a browser and save the file behind it."
        )
    if start.startswith(b"<"):
        return f"The file is XML, not a table. {_ADVICE}"
    if start.startswith((b"{", b"[")):
        return f"The file is JSON, not a table. {_ADVICE}"
    return None


def _problem_of_zip(path: Path) -> str | None:
    """The directory of a zip archive tells what it is, and a bomb, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return "The file is a damaged workbook or zip archive: it was probably cut off on the way. Fetch it again."
    names = {part.filename for part in parts}
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        return "The file is a zip archive. Unpack it and give the files inside."
    unpacked = sum(part.file_size for part in parts)
    packed = max(sum(part.compress_size for part in parts), 1)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * packed:
        return (
            f"The workbook would unpack to {unpacked // 1024 // 1024:,} MB in {len(parts):,} parts, which is not a "
            "table anybody wrote. Save the sheet that is wanted as CSV."
        )
    return None
