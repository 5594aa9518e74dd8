"""``wpound serve`` on a real port of this machine."""

import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
import waitress
from click.testing import CliRunner
from flask import request

from wpound.cli import serve
from wpound.core.errors import InputError


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WPOUND_DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.fixture
def free() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        return int(other.getsockname()[1])


def test_a_port_that_is_taken_is_said_with_the_way_out(data_dir: Path, taken: int) -> None:
    result = CliRunner().invoke(serve.command, ["--port", str(taken)])
    assert isinstance(result.exception, InputError)
    assert f"cannot listen on 127.0.0.1 port {taken}" in result.exception.message
    assert "choose another with --port" in result.exception.message


def test_the_addresses_printed_answer_on_a_new_database(
    data_dir: Path, free: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was set up before: the database is made, and its empty league table is a page."""
    pages: dict[str, int] = {}

    class Answering:
        """Waitress, but instead of running for ever it is asked for what was printed."""

        def __init__(self, app, **options) -> None:
            self.app = app

        def run(self) -> None:
            client = self.app.test_client()
            for path in ("/", "/plan", "/league-table", "/verify", "/verify/unknown"):
                pages[path] = client.get(path).status_code
            self.app.extensions["wpound"].engine.dispose()

    monkeypatch.setattr(waitress, "create_server", Answering)
    result = CliRunner().invoke(serve.command, ["--port", str(free)])
    assert result.exit_code == 0, result.output
    for path in ("/", "/plan", "/league-table", "/verify"):
        assert f"http://127.0.0.1:{free}{path}\n" in result.output
    assert set(pages.values()) == {200}


@pytest.mark.parametrize(("proxies", "seen"), [("0", "127.0.0.1"), ("1", "203.0.113.9")])
def test_a_visitors_address_is_taken_from_a_proxy_that_is_ours_alone(
    data_dir: Path, free: int, monkeypatch: pytest.MonkeyPatch, proxies: str, seen: str
) -> None:
    """Guesses are counted by it: one for all visitors would let one of them lock out the others."""
    real, addresses = waitress.create_server, []

    class Answering:
        """Waitress, asked once by what could be a proxy."""

        def __init__(self, app, **options) -> None:
            app.before_request(lambda: addresses.append(request.remote_addr))
            self.app, self.server = app, real(app, **options)

        def run(self) -> None:
            running = threading.Thread(target=self.server.run)
            running.start()
            ask = HTTPConnection("127.0.0.1", free, timeout=30)
            ask.request("GET", "/health", headers={"X-Forwarded-For": "203.0.113.9"})
            ask.getresponse().read()
            ask.close()
            # In its own thread: closed from here, what it waits for would be gone under its hands.
            self.server.trigger.pull_trigger(self.server.close)
            running.join()
            self.app.extensions["wpound"].engine.dispose()

    monkeypatch.setenv("WPOUND_PROXIES", proxies)
    monkeypatch.setattr(waitress, "create_server", Answering)
    result = CliRunner().invoke(serve.command, ["--port", str(free), "--no-worker"])
    assert result.exit_code == 0, result.output
    assert addresses == [seen]
