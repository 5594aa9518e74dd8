"""A bid with a mark in everything it says, and the search for those marks wherever a byte of it could lie."""

import base64
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

# No page, name or hash holds one of these by chance. Numbers are found however they are grouped.
WORD, NUMBER, PRICE = b"zqxwzqxw", b"731773177", b"464646464"
ENCODED = {
    WORD.hex().encode(),
    WORD.decode().encode("utf-16-le"),
    *(base64.b64encode(b" " * shift + WORD)[4:-4] for shift in range(3)),
}
SEPARATORS = re.compile(rb"(?<=\d)[.,](?=\d)")
# Tokens of forms, how much time is left, and headers that tell one answer from the next.
PASSING = (
    re.compile(r"(value|content)=\"[\w.-]{60,}\""),
    re.compile(r"\d+ (days?|hours?|minutes?)\b( \d+ (hours?|minutes?))?"),
    re.compile(r"^(X-Request-ID|ETag|Date|Set-Cookie|Last-Modified|Content-Length):.*$", re.M),
)
# The pages that tell when they were themselves asked for.
SHOW_THE_TIME, CLOCK = ("/account/sign-ins", "/admin"), re.compile(r"\b\d{1,2}:\d{2}(am|pm)?\b")
SKIPPED, LOG_IN = ("static",), "/account/sign-in/"


def marks_in(content: bytes) -> set[str]:
    """Which kinds of marks are in some bytes, packed ones unpacked: ``word``, ``number`` and ``price``."""
    found = set()
    for part in (content, *_unpacked(content)):
        plain = SEPARATORS.sub(b"", part)
        found |= {name for name, mark in (("number", NUMBER), ("price", PRICE)) if mark in plain}
        found |= {"word"} if WORD in part or any(mark in part for mark in ENCODED) else set()
    return found


def _unpacked(content: bytes) -> Iterator[bytes]:
    """The parts of a workbook."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as packed:
            yield from (packed.read(name) for name in packed.namelist())


def find_in_files(folder: Path) -> list[str]:
    """Files below a folder with a mark in their bytes or their name."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files, f"nothing was written to {folder.name}"
    marked = [path for path in files if marks_in(path.read_bytes()) or marks_in(path.name.encode())]
    return sorted(str(path.relative_to(folder)) for path in marked)


def find_in_rows(database: Path) -> list[str]:
    """Columns of a database with a mark in a value, as SQLite gives it; numbers it keeps in bytes are read."""
    found = set()
    with closing(sqlite3.connect(database)) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            rows = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the name is the database's own
            names = [column[0] for column in rows.description]
            found |= {
                f"{table}.{name}" for row in rows for name, value in zip(names, row, strict=True) if _marked(value)
            }
    return sorted(found)


def _marked(value: Any) -> bool:
    return bool(marks_in(value if isinstance(value, bytes) else str(value).encode()))


@dataclass
class Walk:
    """Every address that can be looked at; ``values`` has one or more values for each argument (none: it is 1)."""

    app: Flask
    values: Mapping[str, Iterable[Any]]
    cookies: Mapping[str, str]

    def addresses(self) -> list[str]:
        """All addresses that answer GET, with each of the values."""
        found = []
        with self.app.test_request_context():
            for rule in self.app.url_map.iter_rules():
                if "GET" in (rule.methods or ()) and rule.endpoint not in SKIPPED:
                    names = sorted(rule.arguments - set(rule.defaults or ()))
                    for chosen in _product({name: list(self.values.get(name, [1])) for name in names}):
                        found.append(self.app.url_for(rule.endpoint, **chosen))
        return sorted({*found, f"/tenders?q={WORD.decode()[:4]}", "/tenders?q=731773"})

    def client(self, who: str) -> FlaskClient:
        client = self.app.test_client()
        if who in self.cookies:
            client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.cookies[who])
        return client

    def look(self, who: str) -> dict[str, tuple[int, bytes]]:
        """Every address as one of them sees it: its status and its bytes."""
        seen = {}
        # Pages of the log-in last: one of them ends the sign-in of whoever is signed in already.
        for address in sorted(self.addresses(), key=lambda one: (one.startswith(LOG_IN), one)):
            response = self.client(who).get(address)
            seen[address] = (response.status_code, response.get_data() + str(response.headers).encode())
            response.close()
        return seen


def _product(values: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """Every choice of one value for each name."""
    if not values:
        yield {}
        return
    (name, choices), *rest = values.items()
    for others in _product(dict(rest)):
        yield from ({name: choice, **others} for choice in choices)


def find_on_pages(seen: Mapping[str, tuple[int, bytes]]) -> dict[str, set[str]]:
    """The addresses with marks on them, and which."""
    return {address: marks for address, (_, content) in seen.items() if (marks := marks_in(content))}


def without_time(seen: Mapping[str, tuple[int, bytes]]) -> dict[str, tuple[int, str]]:
    """The pages without what differs each time they are asked for."""
    found = {}
    for address, (status, content) in seen.items():
        text = content.decode("utf-8", "replace")
        for passing in PASSING:
            text = passing.sub("", text)
        found[address] = (status, CLOCK.sub("", text) if address in SHOW_THE_TIME else text)
    return found
