"""A file is taken on the scanner's plain OK alone: whatever else it answers, or does not, nothing is kept."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from wpound.core.errors import InputError, TryLater
from wpound.ingest.scanning import CHUNK, ask_name, find_malware

# The test file of the European Institute for Computer Antivirus Research, in two parts so that no scanner minds us.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
NAME = "ClamAV 1.4.6/27800/Sat Nov 21 09:00:00 2026"
A_MOMENT = timedelta(milliseconds=300)


class FakeClamd:
    """Speaks clamd's protocol in a thread; what it says to a stream is ``answer``, None to say nothing at all."""

    def __init__(self, listener: socket.socket) -> None:
        self.name: bytes = NAME.encode() + b"\0"
        self.answer: Callable[[bytes], bytes | None] = find_eicar
        self.seen: list[bytes] = []
        self.parts: list[int] = []
        self._listener = listener
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with ExitStack() as stack:
            while True:
                try:
                    connection, _ = self._listener.accept()
                except OSError:
                    return
                self._talk(stack.enter_context(connection))

    def _talk(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        command = b""
        while not command.endswith(b"\0"):
            command += stream.read(1)
        if command == b"zVERSION\0":
            said: bytes | None = self.name
        else:
            assert command == b"zINSTREAM\0"
            content = b""
            while length := int.from_bytes(stream.read(4), "big"):
                self.parts.append(length)
                content += stream.read(length)
            self.seen.append(content)
            said = self.answer(content)
        if said is not None:
            connection.sendall(said)
            stream.close()
            connection.close()


def find_eicar(content: bytes) -> bytes:
    return b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in content else b"stream: OK\0"


@pytest.fixture(params=["unix", "tcp"])
def scanner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, FakeClamd]]:
    """A scanner that answers, and its address."""
    if request.param == "unix":
        path = tmp_path / "clamd"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen()
        address = f"unix:{path}"
    else:
        listener = socket.create_server(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    with listener:
        yield address, FakeClamd(listener)
        # Wakes the thread that waits for somebody to call.
        listener.shutdown(socket.SHUT_RDWR)


def test_a_clean_file_is_taken_and_the_scanner_named(scanner: tuple[str, FakeClamd]) -> None:
    address, clamd = scanner
    content = bytes(range(256)) * 600

    assert find_malware(address, content) == NAME
    assert clamd.seen == [content] and clamd.parts == [CHUNK, CHUNK, 600 * 256 - 2 * CHUNK]


def test_malware_is_refused_without_its_name(scanner: tuple[str, FakeClamd]) -> None:
    with pytest.raises(InputError, match="was found to hold malware") as refused:
        find_malware(scanner[0], b"%PDF-1.7 " + EICAR)

    assert refused.value.field == "file" and "EICAR" not in refused.value.message


@pytest.mark.parametrize(
    "answer",
    [
        b"stream: O",
        b"stream: OK",
        b"stream: OK\n\0",
        b"stream: OK\0stream: OK\0",
        b"\0",
        b"",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK ERROR\0",
        b"stream: \xff FOUND\0",
        b"x" * 5000 + b"\0",
        None,
    ],
    ids=repr,
)
def test_anything_but_a_plain_ok_refuses(scanner: tuple[str, FakeClamd], answer: bytes | None) -> None:
    address, clamd = scanner
    clamd.answer = lambda content: answer

    with pytest.raises(TryLater, match="could not be checked for malware just now"):
        find_malware(address, b"%PDF-1.7", A_MOMENT)


@pytest.mark.parametrize("name", [b"", b"HTTP/1.1 400 Bad Request\0", b"ClamAV \x1b[2J\0"], ids=repr)
def test_what_is_no_scanner_is_none(scanner: tuple[str, FakeClamd], name: bytes) -> None:
    address, clamd = scanner
    clamd.name = name

    with pytest.raises(TryLater):
        ask_name(address, A_MOMENT)
    with pytest.raises(TryLater):
        find_malware(address, b"%PDF-1.7", A_MOMENT)
    assert clamd.seen == []


def test_a_scanner_that_is_not_there_refuses(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for address in (f"tcp://127.0.0.1:{port}", f"unix:{tmp_path / 'none'}"):
        with pytest.raises(TryLater, match="not kept"):
            find_malware(address, b"%PDF-1.7")


def test_one_that_never_finishes_its_answer_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                while not stop.wait(A_MOMENT.total_seconds() / 4):
                    connection.sendall(b"C")

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        with pytest.raises(TryLater):
            ask_name(f"tcp://127.0.0.1:{listener.getsockname()[1]}", A_MOMENT)
        stop.set()
        thread.join()
