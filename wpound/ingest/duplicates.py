"""Exact duplicate rows of a file of any size, in the memory of a small one.

Hashes are dealt into parts by their last bits; a part that fills up goes to a temporary file that has no name, and
each part is looked through on its own at the end.
"""

from array import array
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, Self

_PARTS = 64
_BUFFER = 8_192


class Duplicates:
    """Remembers rows by a 64-bit hash of their text; use as a context manager."""

    def __init__(self) -> None:
        self._buffers = [array("q") for _ in range(_PARTS)]
        self._spilled: list[list[tuple[int, int]]] = [[] for _ in range(_PARTS)]
        self._file: IO[bytes] | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, line_numbers: Iterable[int], raws: Iterable[str]) -> None:
        """Remember rows; their line ends do not count."""
        buffers = self._buffers
        for line_number, raw in zip(line_numbers, raws, strict=True):
            key = hash(raw.rstrip("\r\n"))
            buffer = buffers[key % _PARTS]
            buffer.append(key)
            buffer.append(line_number)
        for part, buffer in enumerate(buffers):
            if len(buffer) >= _BUFFER:
                self._spill(part)

    def find(self) -> list[tuple[int, int]]:
        """Every repeated row with the first row it repeats, in the order of the file."""
        return sorted(pair for part in range(_PARTS) for pair in self._find_in(part))

    def _spill(self, part: int) -> None:
        if self._file is None:
            self._file = self._open.enter_context(TemporaryFile())  # noqa: SIM115 closed by __exit__
        start = self._file.seek(0, 2)
        self._file.write(self._buffers[part].tobytes())
        self._spilled[part].append((start, self._file.tell() - start))
        self._buffers[part] = array("q")

    def _find_in(self, part: int) -> Iterator[tuple[int, int]]:
        first: dict[int, int] = {}
        for numbers in (*self._read_back(part), self._buffers[part]):
            for key, line_number in zip(numbers[::2], numbers[1::2], strict=True):
                seen = first.setdefault(key, line_number)
                if seen != line_number:
                    yield line_number, seen

    def _read_back(self, part: int) -> "Iterator[array[int]]":
        for start, length in self._spilled[part]:
            if self._file:
                self._file.seek(start)
                yield array("q", self._file.read(length))
