"""What addresses may hold."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map


class RowNumber(IntegerConverter):
    """The number of a row: one that no database column can hold is no address of ours."""

    regex = r"\d{1,10}"

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**31 - 1)


def register_addresses(app: Flask) -> None:
    """Let ``<int:...>`` in an address stand for the number of a row."""
    app.url_map.converters["int"] = RowNumber
