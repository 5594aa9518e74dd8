"""The database as a request reads it: who asks and what they are shown, in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, g, request

from wpound.store.engine import open_reading
from wpound.web.extensions import site


def register_reading(app: Flask) -> None:
    """End what a request was reading in when it ends, whatever became of it."""
    app.teardown_request(lambda error: end_reading())


@contextmanager
def reading_page() -> Iterator[Any]:
    """A reading session, the one its person was found in where there is one; it ends with the block."""
    session = g.pop("reading", None) or open_reading(site().engine)
    with session:
        yield session


@contextmanager
def reading_person(engine: Any) -> Iterator[Any]:
    """A reading session that is kept for what the page reads, unless it may write first and read what it wrote."""
    session = open_reading(engine)
    if request.method == "GET":
        g.reading = session
        yield session
    else:
        with session:
            yield session


def end_reading() -> None:
    """End the session that was kept, where the page has not."""
    session = g.pop("reading", None)
    if session is not None:
        session.close()
