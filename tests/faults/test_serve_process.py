"""``wpound serve`` as a process: it answers, delivers mail by itself, and stops in order when the system ends it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from wpound.services.queue_mail import queue_mail
from wpound.store.engine import create_engine_for, writing

GIVEN_UP_AFTER = 90
FACTS = {"at": "noon", "what": "something", "reset": "https://x.example/r"}


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number: int = taken.getsockname()[1]
        return number


@pytest.fixture
def serving(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    with (tmp_path / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", "from wpound.cli import main; main()", "serve", "--port", str(port)],
            env={**os.environ, "WPOUND_DATA_DIR": str(tmp_path)},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def ask(port: int, path: str) -> int | None:
    """The status of a page, None where nobody answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def wait(process: subprocess.Popen[bytes], until: Callable[[], object]) -> None:
    end = time.monotonic() + GIVEN_UP_AFTER
    while not until():
        assert process.poll() is None, "the service ended by itself"
        assert time.monotonic() < end, "not in time"
        time.sleep(0.1)


def test_one_process_serves_delivers_and_stops_in_order(
    serving: subprocess.Popen[bytes], port: int, tmp_path: Path
) -> None:
    wait(serving, lambda: ask(port, "/ready") == 200)
    engine = create_engine_for(f"sqlite:///{tmp_path / 'wpound.sqlite'}")
    with writing(engine) as session:
        queue_mail(session, "ada@example.org", "account_changed", FACTS)
    engine.dispose()
    assert ask(port, "/plan") == 200

    wait(serving, lambda: list((tmp_path / "mail").glob("*.eml")))
    serving.send_signal(signal.SIGTERM)

    assert serving.wait(30) == 0
    lines = [json.loads(line) for line in (tmp_path / "serve.log").read_text().splitlines()]
    assert {"request", "job done"} <= {line["event"] for line in lines}
    assert "ada@example.org" not in json.dumps(lines)
