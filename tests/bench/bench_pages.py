"""Pages measured against bare Flask answering three words behind the same server, in the same run.

Every page is asked for by somebody signed in: the sign-in is looked up, the policy decided, the rows read and the
template rendered. The yardstick does none of that. Then 64 connections ask the real server for 30 seconds.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from multiprocessing import get_context
from pathlib import Path
from secrets import token_hex
from socket import create_connection, socket
from statistics import median
from threading import Thread
from typing import Any

from flask import Flask, render_template
from gunicorn.app.base import BaseApplication

from wpound.app import create_app
from wpound.config import Settings
from wpound.services.access import Policy, Role
from wpound.services.change_roles import grant_role
from wpound.services.keep_sign_in import SignInLimits, begin_sign_in
from wpound.services.list_buyer_work import STAGE_TITLES, list_buyer_tenders
from wpound.store.base import add
from wpound.store.engine import upgrade, writing
from wpound.store.models.accounts import User
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Tender, TenderStage
from wpound.web.access import current_person, requires
from wpound.web.pagination import get_page
from wpound.web.reading import reading_page

ROWS = 20
ROUNDS, REQUESTS = 40, 80
THREADS = 2
CONNECTIONS, SECONDS = 64, 30
QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
LENGTH, TAG = re.compile(rb"(?i)content-length: (\d+)"), re.compile(rb"(?i)etag: ([^\r]+)")
YARDSTICK = "bare Flask, in requests per second of the same run"
BARE_LIST = """{% from "macros/lists.html" import pagination, showing %}
{% from "macros/tables.html" import scroll_table, heading %}
{% call scroll_table("tenders", showing(page, "tender", "tenders")) %}
{% for row in page.rows %}<tr><th scope="row">{{ row.title }}<span class="app-table__note">{{ row.ocid }}</span></th>
<td>{{ titles[row.stage] }}</td><td>{{ row.deadline_at | moment }}</td><td>{{ row.contract_value }}</td></tr>
{% endfor %}{% endcall %}{{ pagination(page) }}"""


def fill(engine: Any) -> str:
    """Enter a council with a list of tenders and an officer who is signed in; gives the officer's cookie."""
    key = token_hex(32)
    limits = SignInLimits(idle=timedelta(hours=1), absolute=timedelta(hours=1))
    with writing(engine) as session:
        council = add(session, Organisation(key="council", name="Example council", is_public_body=True))
        user = User(
            name="Ada", email="ada@example.org", fs_uniquifier=token_hex(32), fs_webauthn_user_handle=token_hex(32)
        )
        grant_role(session, add(session, user), council, Role.OFFICER, actor="bench")
        for number in range(ROWS):
            tender = Tender(organisation_id=council.id, ocid=f"ocds-{number}", title=f"Tender {number}", lots=[])
            tender.stage, tender.method, tender.method_hash = TenderStage.PUBLISHED, {}, "a"
            tender.catalogue_fingerprint, tender.as_of = "b", date(2026, 4, 1)
            tender.deadline_at = datetime.now(UTC) + timedelta(days=number + 1)
            add(session, tender)
        data = f'{{"_user_id": "{user.fs_uniquifier}", "_fresh": true, "csrf_token": "{token_hex(20)}"}}'
        begin_sign_in(session, key, data=data, uniquifier=user.fs_uniquifier, limits=limits, address="", agent="")
    return key


def build(folder: Path) -> tuple[Flask, str]:
    """The application over a database of its own, with one page more: the list without the frame."""
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(folder)}))
    upgrade(app.extensions["wpound"].engine)

    @app.get("/bench/list")
    @requires(Policy.OFFICER)
    def bare_list() -> str:
        person = current_person()
        with reading_page() as session:
            page = get_page(lambda limit, offset: list_buyer_tenders(session, person, None, limit, offset))
        return render_template(template, page=page, titles=STAGE_TITLES)

    template = app.jinja_env.from_string(BARE_LIST)
    cookie = fill(app.extensions["wpound"].engine)
    # The server is another process, which opens connections of its own.
    app.extensions["wpound"].engine.dispose()
    return app, cookie


def bare_flask() -> Flask:
    """An application that says hello."""
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "Hello, Flask here!")
    return app


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with one worker: waitress closes the connection after every 304, which would be measured with it."""

    def __init__(self, app: Flask, port: int) -> None:
        self.served, self.port = app, port
        super().__init__()

    def load_config(self) -> None:
        wanted = {"bind": f"127.0.0.1:{self.port}", "worker_class": "gthread", "threads": THREADS, "keepalive": 60}
        for name, value in (wanted | {"loglevel": "error", "control_socket_disable": True}).items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.served


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """An application behind a server in a process of its own; gives its port."""
    port = free_port()
    server = get_context("fork").Process(target=Server(app, port).run)
    server.start()
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.join()


class Browsers:
    """As many browsers as the worker has threads, which ask for one page on connections they keep.

    The server always has the next request, as a busy one does: a single browser measures how long the machine takes
    to wake up between them. The standard library's client takes longer to read the headers of an answer than the
    server to write them.
    """

    def __init__(self, port: int, path: str, status: int = 200, **headers: str) -> None:
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
        self.path, self.request = path, "\r\n".join([*lines, "", ""]).encode()
        self.expected = f"HTTP/1.1 {status} ".encode()
        self.connections = [create_connection(("127.0.0.1", port), timeout=30) for _ in range(THREADS)]
        # A connection on which nothing was ever asked holds one of the worker's threads.
        for connection in self.connections:
            connection.sendall(self.request)
        self.heads = [self.read(connection) for connection in self.connections]

    def read(self, connection: socket) -> bytes:
        """The head of an answer of the status expected, once all of the answer is here."""
        answer = connection.recv(65536)
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(65536)
        head, _, body = answer.partition(b"\r\n\r\n")
        if not head.startswith(self.expected):
            raise RuntimeError(f"{self.path} answered {head[:60]!r}, not {self.expected!r}")
        found = LENGTH.search(head)
        missing = int(found[1]) - len(body) if found else 0
        while missing > 0:
            missing -= len(connection.recv(65536))
        return head

    def rate(self) -> float:
        """Requests per second."""
        started, waiting = time.perf_counter(), deque(self.connections)
        for connection in waiting:
            connection.sendall(self.request)
        for asked in range(THREADS, REQUESTS + THREADS):
            connection = waiting.popleft()
            self.read(connection)
            if asked < REQUESTS:
                connection.sendall(self.request)
                waiting.append(connection)
        return REQUESTS / (time.perf_counter() - started)


def measure(folder: Path) -> list[dict[str, Any]]:
    """Each page as a share of bare Flask."""
    app, cookie = build(folder)
    signed_in = {"Cookie": f"{app.config['SESSION_COOKIE_NAME']}={cookie}"}
    with served(app) as port, served(bare_flask()) as bare_port:
        tag = TAG.search(Browsers(port, "/plan").heads[0])[1].decode()  # type: ignore[index]
        hello = Browsers(bare_port, "/")
        pages = {
            f"List of {ROWS} rows without the frame": (Browsers(port, "/bench/list", **signed_in), "0.35"),
            f"List of {ROWS} rows, the whole page": (Browsers(port, "/buyer/tenders", **signed_in), "0.15"),
            "Unchanged page, answered 304": (Browsers(port, "/plan", 304, **{"If-None-Match": tag}), "0.5"),
        }
        return compare(pages, hello)


def compare(pages: dict[str, tuple[Browsers, str]], hello: Browsers) -> list[dict[str, Any]]:
    """The median of many rounds; in each, a page's rate is divided by that of bare Flask a moment before.

    The best of each would compare moments that have nothing to do with one another. A page comes with its goal.
    """
    rates: dict[str, list[float]] = {title: [] for title in pages}
    bare = []
    for _ in range(ROUNDS):
        bare.append(hello.rate())
        for title, (browsers, _) in pages.items():
            rates[title].append(browsers.rate())
    return [
        {
            "title": f"{title} ({median(rates[title]):,.0f} of {median(bare):,.0f} a second)",
            "yardstick": YARDSTICK,
            "ratio": median(page / hello for page, hello in zip(rates[title], bare, strict=True)),
            "goal": f"at least {goal}",
            "requests_per_second": round(median(rates[title])),
        }
        for title, (_, goal) in pages.items()
    ]


def storm(folder: Path) -> dict[str, Any]:
    """The real server asked by many connections at once; every answer that is not 200 is an error."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("wpound")), "serve", "--port", str(port)]
    server = subprocess.Popen(command, env={"WPOUND_DATA_DIR": str(folder)}, **QUIET)
    try:
        wait_for(port)
        counts = [[0, 0] for _ in range(CONNECTIONS)]
        until = time.monotonic() + SECONDS
        threads = [Thread(target=keep_asking, args=(port, until, count)) for count in counts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        server.terminate()
        server.wait()
    answers, errors = (sum(count[which] for count in counts) for which in (0, 1))
    return {
        "title": f"{CONNECTIONS} connections for {SECONDS} seconds: {answers:,} answers, {errors} errors",
        "yardstick": "the answers that were right",
        "ratio": (answers - errors) / answers,
        "goal": "1.00",
        "errors": errors,
    }


def free_port() -> int:
    """A port nobody listens on."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int) -> None:
    """Until the server answers, for half a minute at most."""
    for _ in range(150):
        try:
            with socket() as probe:
                probe.connect(("127.0.0.1", port))
            return
        except ConnectionRefusedError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")


def keep_asking(port: int, until: float, count: list[int]) -> None:
    """Ask for page after page on one connection, and count answers and errors."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    paths = ("/", "/plan", "/measures", "/league-table", "/verify")
    while time.monotonic() < until:
        try:
            connection.request("GET", paths[count[0] % len(paths)])
            response = connection.getresponse()
            response.read()
            count[1] += response.status != 200
        except OSError:
            count[1] += 1
            connection.close()
        count[0] += 1
    connection.close()


def run() -> list[dict[str, Any]]:
    """Pages as shares of bare Flask, then the storm."""
    with tempfile.TemporaryDirectory() as folder:
        return [*measure(Path(folder)), storm(Path(folder))]


if __name__ == "__main__":
    for result in run():
        sys.stdout.write(f"{result['title']}: {result['ratio']:.2f} x {result['yardstick']} (goal {result['goal']})\n")
