"""What people send in or fetch never waits in a temporary file, where part of a sealed bid could be read."""

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import waitress
from flask import Flask, request
from werkzeug.datastructures import FileStorage
from werkzeug.test import EnvironBuilder, encode_multipart

from wpound.cli.serve import SERVER

LARGE = b"CANARY-4711 " * 200_000


@pytest.fixture
def no_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no such folder"))
    with pytest.raises(FileNotFoundError), tempfile.TemporaryFile():
        pass


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a server with the options of ``wpound serve``, that sends back what it is sent."""
    server = waitress.create_server(echo, host="127.0.0.1", port=0, map={}, **SERVER)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield int(server.effective_port)
    # The loop may run the closing, woken by something else, before it is woken for it.
    with suppress(OSError):
        server.trigger.pull_trigger(server.close)
    thread.join()


@pytest.mark.usefixtures("no_temporary_files")
def test_a_form_with_a_large_file_is_read_in_memory(app: Flask) -> None:
    boundary, body = encode_multipart({"file": FileStorage(BytesIO(LARGE), "plan.pdf")})
    sent = EnvironBuilder(method="POST", data=body, content_type=f'multipart/form-data; boundary="{boundary}"')
    with app.request_context(sent.get_environ()):
        assert request.files["file"].read() == LARGE


@pytest.mark.usefixtures("no_temporary_files")
def test_the_server_holds_requests_and_answers_in_memory(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/", LARGE)

    assert connection.getresponse().read() == LARGE
    connection.close()
