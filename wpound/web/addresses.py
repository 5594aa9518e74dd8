"""What addresses may hold, and those of our own pages, which every page asks for again."""

from collections.abc import Callable
from typing import Any

from flask import Flask, url_for
from flask.globals import request_ctx
from werkzeug.routing import IntegerConverter, Map


class RowNumber(IntegerConverter):
    """The number of a row: one that no database column can hold is no address of ours."""

    regex = r"\d{1,10}"

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**31 - 1)


def register_addresses(app: Flask) -> None:
    """Let ``<int:...>`` in an address stand for the number of a row."""
    app.url_map.converters["int"] = RowNumber


def remember_addresses() -> Callable[..., str]:
    """``url_for`` that makes an address once where it holds nothing but, at most, the name of a file of ours."""
    known: dict[tuple[str, str, str | None], str] = {}

    def address_of(endpoint: str, **values: Any) -> str:
        adapter = request_ctx.url_adapter if request_ctx else None
        if adapter is None or endpoint.startswith(".") or not values.keys() <= {"filename"}:
            return url_for(endpoint, **values)
        wanted = (adapter.script_name, endpoint, values.get("filename"))
        if wanted not in known:
            known[wanted] = url_for(endpoint, **values)
        return known[wanted]

    return address_of
