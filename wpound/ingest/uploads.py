"""Files that people send in as evidence: which kinds are taken, and how each is known by its bytes, not by its name.

Kinds that can carry programs are not taken. Nothing is unpacked onto the disk, and nothing of a file is believed before
its bytes were looked at.
"""

import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from unicodedata import category, normalize

from wpound.core.errors import InputError

MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 20

_LONGEST_STEM, _LONGEST_ENDING = 100, 10
_MOST_PARTS = 2_000
_MOST_UNPACKED = 50 * 1024 * 1024
_MOST_RATIO = 100
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_WORKBOOK_PARTS = {"[Content_Types].xml", "xl/workbook.xml"}
_ACTIVE_PART = re.compile(r"vbaproject|macrosheets|activex|embeddings|externallinks|\.(bin|exe|dll|zip)$", re.I)
_PRINTER_SETTINGS = re.compile(r"xl/printerSettings/[^/]+\.bin")
_DAMAGED = "is no XLSX workbook, or is damaged or protected by a password. Save it anew as XLSX."
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What a spreadsheet would run at the start of a cell; a minus before a number or a dash before words is none of it.
_FORMULA = re.compile(r"""(?:^|[,;\t])[ "']*(?:[=＝]|[@＠]\w+\(|[+＋－-][^,;\t\r\n]*\w[|(])""", re.M)  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be kept: the name it is shown and handed out under, and its kind."""

    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class _Kind:
    title: str
    media_type: str
    find_problem: Callable[[bytes], str | None]


def check_upload(name: str, content: bytes) -> Upload:
    """The clean name and the kind of a file that somebody sent; raises InputError (field ``file``) in plain words."""
    clean = clean_name(name)
    ending = PurePosixPath(clean).suffix.removeprefix(".").lower()
    kind = _KINDS.get(ending)
    if kind is None:
        raise InputError(
            "file", f"{clean} is not of a kind that is taken. Send PDF, PNG, JPG, XLSX or CSV; save documents as PDF."
        )
    if len(content) > MOST_BYTES:
        raise InputError("file", f"{clean} is larger than {MOST_BYTES >> 20} MB. Make it smaller, or send it in parts.")
    problem = kind.find_problem(content) if content else "is empty. Choose the file again."
    if problem:
        raise InputError("file", f"{clean} {problem}")
    return Upload(clean, kind.media_type)


def clean_name(name: str) -> str:
    """The last part of a path, without signs that hide its ending, leave its folder or mean something to a computer.

    >>> clean_name("C:\\\\Users\\\\ada\\\\..\\\\Our plan .PDF")
    'Our plan.pdf'
    """
    last = normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    shown = "".join(" " if sign.isspace() else sign for sign in last if sign.isspace() or category(sign)[0] != "C")
    plain = " ".join(re.sub(r'[:*?"<>|%]', "", shown).split())
    stem, dot, ending = plain.rpartition(".") if "." in plain else (plain, "", "")
    return f"{stem.strip(' .')[:_LONGEST_STEM].rstrip() or 'file'}{dot}{ending.strip().lower()[:_LONGEST_ENDING]}"


def _starts_with(start: bytes, title: str) -> Callable[[bytes], str | None]:
    wrong = f"is named as {title} but holds something else. Save it anew as {title}."
    return lambda content: None if content.startswith(start) else wrong


def _csv_problem(content: bytes) -> str | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if _NOT_TEXT.search(text) or text.lstrip().startswith(("<", "%PDF-")):
        return "is named as CSV but holds no plain text. Save it anew as CSV UTF-8."
    found = _FORMULA.search(text)
    if found:
        line = text.count("\n", 0, found.end()) + 1
        return f"has a formula in line {line}, which a spreadsheet would run. Save the values without formulas."
    return None


def _workbook_problem(content: bytes) -> str | None:
    # Counted before the directory is read: a list of a million parts would take long by itself.
    if not content.startswith(b"PK\x03\x04") or content.count(b"PK\x01\x02") > _MOST_PARTS:
        return _DAMAGED
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _directory_problem(archive.infolist(), len(content)) or (_DAMAGED if archive.testzip() else None)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
        return _DAMAGED


def _directory_problem(parts: list[zipfile.ZipInfo], size: int) -> str | None:
    """What the list of a workbook's parts gives away, before any is unpacked."""
    names = {part.filename for part in parts}
    unpacked = sum(part.file_size for part in parts)
    if not names >= _WORKBOOK_PARTS or len(names) < len(parts) or not all(map(_is_plain, parts)):
        return _DAMAGED
    if unpacked > min(_MOST_UNPACKED, _MOST_RATIO * size):
        return "unpacks to far more than a workbook needs. Copy the cells into a new workbook."
    if any(_ACTIVE_PART.search(name) and not _PRINTER_SETTINGS.fullmatch(name) for name in names):
        return "holds macros, embedded files or links to other files. Save a copy with the cells alone."
    return None


def _is_plain(part: zipfile.ZipInfo) -> bool:
    """Whether a part is packed in an ordinary way and stays in its place."""
    path = PurePosixPath(part.filename)
    return (
        part.compress_type in _PACKINGS and not part.flag_bits & 1 and not path.is_absolute() and ".." not in path.parts
    )


_KINDS = {
    "pdf": _Kind("PDF", "application/pdf", _starts_with(b"%PDF-", "PDF")),
    "png": _Kind("PNG", "image/png", _starts_with(b"\x89PNG\r\n\x1a\n", "PNG")),
    "jpg": _Kind("JPG", "image/jpeg", _starts_with(b"\xff\xd8\xff", "JPG")),
    "jpeg": _Kind("JPG", "image/jpeg", _starts_with(b"\xff\xd8\xff", "JPG")),
    "xlsx": _Kind("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _workbook_problem),
    "csv": _Kind("CSV", "text/csv", _csv_problem),
}
