"""What addresses may hold, and those of our own pages, which every page asks for again."""

from collections.abc import Callable
from typing import Any

from flask import Flask, has_request_context, request, url_for
from flask.globals import request_ctx
from werkzeug.routing import IntegerConverter, Map

from wpound.core.errors import NotFound


class RowNumber(IntegerConverter):
    """The number of a row: one that no database column can hold is no address of ours."""

    regex = r"\d{1,10}"

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**31 - 1)


def register_addresses(app: Flask) -> None:
    """Let ``<int:...>`` in an address stand for the number of a row, and no address hold a sign no database keeps."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    if "\0" in request.path:
        raise NotFound("No address of ours holds such a sign.")


def remember_addresses() -> Callable[..., str]:
    """``url_for`` that makes an address once where it holds nothing but, at most, the name of a file of ours."""
    known: dict[tuple[str, str, str | None], str] = {}

    def address_of(endpoint: str, **values: Any) -> str:
        adapter = request_ctx.url_adapter if has_request_context() else None
        if adapter is None or endpoint.startswith(".") or not values.keys() <= {"filename"}:
            return url_for(endpoint, **values)
        wanted = (adapter.script_name, endpoint, values.get("filename"))
        if wanted not in known:
            known[wanted] = url_for(endpoint, **values)
        return known[wanted]

    return address_of
