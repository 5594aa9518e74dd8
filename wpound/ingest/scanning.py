"""Files are shown to a malware scanner (clamd) before they are kept; without its plain OK a file is not taken."""

import re
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic_ns
from urllib.parse import urlsplit

from wpound.core.errors import InputError, TryLater

# The whole conversation, not each step of it: the worker that waits serves nobody else meanwhile.
TIME_TO_SCAN = timedelta(seconds=30)
TIME_TO_CONNECT = timedelta(seconds=5)
CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096
_CLEAN = "stream: OK"
_FOUND = re.compile(r"stream: .+ FOUND")


def find_malware(address: str, content: bytes, within: timedelta = TIME_TO_SCAN) -> str:
    """Have a file looked through by the clamd at ``unix:/path`` or ``tcp://host:port``; gives the scanner's name.

    The name holds the edition of its signatures. Raises InputError (field ``file``) where it found malware, and
    TryLater where it does not answer in time, or anything but that the file is clean.
    """
    name = ask_name(address, min(within, TIME_TO_CONNECT))
    answer = _converse(address, b"zINSTREAM\0", _in_chunks(content), within)
    if _FOUND.fullmatch(answer):
        raise InputError(
            "file", "This file was found to hold malware. It was not kept. Check the computer that it comes from."
        )
    if answer != _CLEAN:
        raise TryLater(_NOT_CHECKED)
    return name


def ask_name(address: str, within: timedelta = TIME_TO_CONNECT) -> str:
    """What the scanner calls itself, with the edition of its signatures; raises TryLater where it does not answer."""
    name = _converse(address, b"zVERSION\0", (), within)
    if not name.startswith("ClamAV ") or not name.isprintable():
        raise TryLater(_NOT_CHECKED)
    return name


_NOT_CHECKED = "The file could not be checked for malware just now, so it was not kept. Try again in a few minutes."


def _in_chunks(content: bytes) -> Iterator[bytes]:
    """The content as clamd reads a stream: each part behind its length, and a length of 0 at the end."""
    for start in range(0, len(content), CHUNK):
        part = content[start : start + CHUNK]
        yield len(part).to_bytes(4, "big") + part
    yield bytes(4)


def _converse(address: str, command: bytes, parts: Iterable[bytes], within: timedelta) -> str:
    """What clamd answers to a command; raises TryLater where there is no whole answer in time."""
    until = monotonic_ns() + within // timedelta(microseconds=1) * 1000
    try:
        with _connect(address, min(within, TIME_TO_CONNECT)) as connection:
            connection.sendall(command)
            for part in parts:
                _allow_rest(connection, until)
                connection.sendall(part)
            return _read_answer(connection, until)
    except (OSError, UnicodeDecodeError):
        raise TryLater(_NOT_CHECKED) from None


@contextmanager
def _connect(address: str, within: timedelta) -> Iterator[socket.socket]:
    kind, _, path = address.partition(":")
    if kind == "unix":
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(within.total_seconds())
            connection.connect(path)
            yield connection
    else:
        place = urlsplit(address)
        with socket.create_connection((place.hostname, place.port), within.total_seconds()) as connection:
            yield connection


def _read_answer(connection: socket.socket, until: int) -> str:
    """Up to the zero byte that ends it: half an answer is none."""
    answer = b""
    while not answer.endswith(b"\0"):
        _allow_rest(connection, until)
        part = connection.recv(_LONGEST_ANSWER)
        answer += part
        if not part or len(answer) > _LONGEST_ANSWER:
            raise ConnectionError
    return answer[:-1].decode("ascii")


def _allow_rest(connection: socket.socket, until: int) -> None:
    """Let the next step take what is left of the time, in nanoseconds of the monotonic clock."""
    left = until - monotonic_ns()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left / 10**9)
