"""The ways mail goes out, each against a server of this test on loopback."""

import json
import socket
import socketserver
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from wpound.config import Settings
from wpound.core.errors import InputError, StateError, TryLater
from wpound.mail.folder import FolderMailer
from wpound.mail.mailer import open_mailer
from wpound.mail.message import Message

MESSAGE = Message("ada@example.org", "A subject of £5", "Hello\n\nLine £2\n", "mail-7")
SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]  # type: ignore[index]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Notify(HTTPServer):
    """As much of GOV.UK Notify as a mail needs."""

    def __init__(self, status: int = 201) -> None:
        super().__init__(("127.0.0.1", 0), NotifyRequest)
        self.status = status
        self.got: list[tuple[str, dict[str, str], dict[str, Any]]] = []


class NotifyRequest(BaseHTTPRequestHandler):
    server: Notify

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


def open_notify(port: int, **changes: str) -> Any:
    given = {
        "WPOUND_MAIL": "notify",
        "WPOUND_NOTIFY_KEY": f"council-live-{SERVICE}-{SECRET}",
        "WPOUND_NOTIFY_TEMPLATE": TEMPLATE,
        "WPOUND_NOTIFY_URL": f"http://127.0.0.1:{port}",
    }
    return open_mailer(Settings.from_environment(given | changes))


def test_notify_gets_the_words_the_template_and_a_signed_statement() -> None:
    with serving(notify := Notify()) as port:
        open_notify(port).deliver(MESSAGE)

    [(path, headers, body)] = notify.got
    assert path == "/v2/notifications/email"
    assert body == {
        "email_address": "ada@example.org",
        "template_id": TEMPLATE,
        "personalisation": {"subject": "A subject of £5", "body": "Hello\n\nLine £2\n"},
        "reference": "mail-7",
    }
    scheme, _, token = headers["Authorization"].partition(" ")
    stated = jwt.decode(token, OctKey.import_key(SECRET), algorithms=["HS256"])
    assert scheme == "Bearer"
    assert stated.claims["iss"] == SERVICE
    assert isinstance(stated.claims["iat"], int)


@pytest.mark.parametrize(
    ("status", "error"), [(400, StateError), (403, TryLater), (429, TryLater), (500, TryLater), (302, TryLater)]
)
def test_what_notify_answers_says_whether_to_try_again(status: int, error: type[Exception]) -> None:
    with serving(Notify(status)) as port, pytest.raises(error) as raised:
        open_notify(port).deliver(MESSAGE)

    assert "ada@example.org" not in str(raised.value)


def test_notify_out_of_reach_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(TryLater, match="could not be reached"):
        open_notify(port).deliver(MESSAGE)


@pytest.mark.parametrize("name", ["WPOUND_NOTIFY_KEY", "WPOUND_NOTIFY_TEMPLATE"])
def test_half_a_notify_key_or_template_is_said_before_anything_is_sent(name: str) -> None:
    with pytest.raises(InputError) as raised:
        open_notify(1, **{name: "council-live-123"})

    assert raised.value.field == name


class MailServer(socketserver.TCPServer):
    """A mail server that answers each command from a table."""

    allow_reuse_address = True

    def __init__(self, answers: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), MailConversation)
        self.answers = answers
        self.got: list[bytes] = []


class MailConversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline():
            command = line.split()[0].upper().decode()
            self.say(self.server.answers.get(command, "354 go on" if command == "DATA" else "250 fine"))
            if command == "DATA":
                self.server.got.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.say("250 taken")
            if command == "QUIT":
                return

    def say(self, answer: str) -> None:
        self.wfile.write(answer.encode() + b"\r\n")


@pytest.fixture
def send() -> Callable[..., MailServer]:
    def send_with(**answers: str) -> MailServer:
        with serving(server := MailServer(answers)) as port:
            open_mailer(Settings.from_environment({"WPOUND_MAIL": f"smtp://127.0.0.1:{port}"})).deliver(MESSAGE)
        return server

    return send_with


def test_a_mail_server_gets_the_mail_with_a_reference_that_stays(send: Callable[..., MailServer]) -> None:
    [wire] = send().got

    mail = message_from_bytes(wire)
    assert mail["To"] == "ada@example.org"
    assert mail["Message-ID"] == "<mail-7@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_payload(decode=True).decode().splitlines() == ["Hello", "", "Line £2"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"RCPT": "550 no such person"}, StateError),
        ({"RCPT": "450 busy"}, TryLater),
        ({"MAIL": "421 closing"}, TryLater),
        ({"MAIL": "553 bad sender"}, StateError),
    ],
)
def test_what_a_mail_server_answers_says_whether_to_try_again(
    send: Callable[..., MailServer], answers: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error) as raised:
        send(**answers)

    assert "ada@example.org" not in str(raised.value)


def test_a_password_is_never_sent_to_another_machine_without_encryption(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server elsewhere that offers no encryption gets neither password nor mail."""
    with serving(server := MailServer({})) as port:
        monkeypatch.setattr("wpound.mail.smtp.THIS_MACHINE", ())
        mailer = open_mailer(Settings.from_environment({"WPOUND_MAIL": f"smtp://user:word@127.0.0.1:{port}"}))
        with pytest.raises(TryLater):
            mailer.deliver(MESSAGE)

    assert server.got == []


def test_a_mail_server_out_of_reach_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(TryLater):
        open_mailer(Settings.from_environment({"WPOUND_MAIL": f"smtp://127.0.0.1:{port}"})).deliver(MESSAGE)


def test_the_folder_holds_one_private_file_a_mail_however_often_it_is_sent(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "mail", "wpound@localhost")

    mailer.deliver(MESSAGE)
    mailer.deliver(MESSAGE)

    [path] = (tmp_path / "mail").iterdir()
    assert path.name == "mail-7.eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert message_from_bytes(path.read_bytes())["To"] == "ada@example.org"


@pytest.mark.parametrize("way", ["pigeon", "smtp://", "http://mail.example"])
def test_a_way_there_is_not_is_said(way: str) -> None:
    with pytest.raises(InputError) as raised:
        open_mailer(Settings.from_environment({"WPOUND_MAIL": way}))

    assert raised.value.field == "WPOUND_MAIL"
