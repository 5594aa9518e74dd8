"""One walk over the bytes of a file: its hash, its encoding, and whether it is text at all."""

import codecs
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

BLOCK = 1 << 16
# The pound sign of DOS code pages 437 and 850, standing where a pound sign stands; in cp1252 it would be "œ".
_DOS_POUND = re.compile(rb"\(\x9c\)|\x9c\s?[0-9]|[\s,\"]\x9c[\s,\"]")


@dataclass(frozen=True)
class BytesFound:
    """What the bytes of a file say. ``problem`` is a sentence where they cannot be text lines of a spend file."""

    file_hash: str
    size: int
    encoding: str
    problem: str | None = None


class _Walk:
    """The small facts gathered block by block, so that a file of any size needs the memory of one block."""

    def __init__(self) -> None:
        self.digest = sha256()
        self.size = 0
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.is_utf_8 = True
        self.is_ascii = True
        self.has_nul = False
        self.has_long_line = False
        self.has_dos_pound = False
        self.has_pound = False

    def take(self, block: bytes) -> None:
        self.digest.update(block)
        self.size += len(block)
        self.has_nul = self.has_nul or b"\0" in block
        whole = len(block) == BLOCK
        self.has_long_line = self.has_long_line or (whole and b"\n" not in block and b"\r" not in block)
        if not block.isascii():
            self.is_ascii = False
            self.has_pound = self.has_pound or b"\xa3" in block
            self.has_dos_pound = self.has_dos_pound or bool(_DOS_POUND.search(block))
        self._try_utf_8(block, final=False)

    def _try_utf_8(self, block: bytes, final: bool) -> None:
        if self.is_utf_8:
            try:
                self.decoder.decode(block, final)
            except UnicodeDecodeError:
                self.is_utf_8 = False

    def ends_inside_a_character(self) -> bool:
        return self.is_utf_8 and bool(self.decoder.getstate()[0])


def walk_bytes(path: Path) -> BytesFound:
    """Hash a file (SHA-256) and find its encoding; strict UTF-8 first, then UTF-16, then cp850 or cp1252.

    A file with a pound sign at byte 9C and none at A3 was written by a DOS code page.
    """
    walk = _Walk()
    with path.open("rb") as file:
        head = file.read(BLOCK)
        block = head
        while block:
            walk.take(block)
            block = file.read(BLOCK)
    encoding = _encoding(head, walk)
    problem = None if encoding.startswith("utf-16") else _problem(walk)
    return BytesFound(walk.digest.hexdigest(), walk.size, encoding, problem)


def _encoding(head: bytes, walk: _Walk) -> str:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if walk.has_nul:
        return _utf_16_without_mark(head[:4096]) or "ascii"
    if walk.is_ascii:
        return "ascii"
    if walk.is_utf_8:
        return "utf-8"
    return "cp850" if walk.has_dos_pound and not walk.has_pound else "cp1252"


def _utf_16_without_mark(head: bytes) -> str | None:
    """Western text in UTF-16 has a NUL in nearly every second byte, always on the same side."""
    half = len(head) // 2
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if 10 * odd > 3 * half and not even:
        return "utf-16-le"
    return "utf-16-be" if 10 * even > 3 * half and not odd else None


def _problem(walk: _Walk) -> str | None:
    if walk.has_nul:
        return "The file holds NUL bytes, so it is damaged or not text. Ask the publisher for it again."
    if walk.has_long_line:
        return (
            f"The file has a line longer than {BLOCK:,} characters, which no list of payments has. "
            "Open it in a spreadsheet and save it again as CSV."
        )
    if walk.ends_inside_a_character():
        return "The file stops in the middle of a character: it was cut off on the way. Fetch it again."
    return None
