"""Statements that pages ask again and again: compiled once, then given to the driver as they are.

SQLAlchemy's own way to run a statement takes several times as long as SQLite takes to answer one of these. And for as
long as nobody has changed the database, what was found is not even asked for again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.orm import Session

Convert = Callable[[Any], Any]
# Under this name a connection that reads keeps what was found, see ``engine``; where there is none nothing is kept.
FOUND = "found"
MOST_FOUND = 200


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement for one kind of database: its own values, how ours go in and how those of the columns come out.

    ``order`` is that of the values, None where the driver takes them by name.
    """

    text: str
    own: Mapping[str, Any]
    order: Sequence[str] | None
    given: Mapping[str, Convert]
    found: Sequence[Convert | None]


class Prepared:
    """A SELECT that takes values by name (``bindparam``, none of them a list) and reads its columns by their types.

    ``make`` gives a row its form, which must not change once made; ``changes`` marks one that finds something else
    each time, whatever is in the database. No event of SQLAlchemy tells of a statement, and errors are the driver's
    own.
    """

    def __init__(
        self, statement: Select[Any], make: Callable[[tuple[Any, ...]], Any] = tuple, *, changes: bool = False
    ) -> None:
        self._statement = statement
        self._changes = changes
        self._make = make
        self._forms: dict[str, _Form] = {}

    def rows(self, session: Session, **values: Any) -> tuple[Any, ...]:
        """What is found for these values in the transaction of the session."""
        connection = session.connection()
        kept = None if self._changes else connection.info.get(FOUND)
        if kept is None:
            return self._ask(connection, values)
        key = (self, *values.items())
        found: tuple[Any, ...] | None = kept.get(key)
        if found is None:
            if len(kept) >= MOST_FOUND:
                kept.clear()
            found = kept[key] = self._ask(connection, values)
        return found

    def _ask(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, ...]:
        form = self._forms.get(connection.dialect.name) or self._compile(connection.dialect)
        sent = {**form.own, **values, **{name: convert(values[name]) for name, convert in form.given.items()}}
        cursor = connection.connection.cursor()
        try:
            cursor.execute(form.text, sent if form.order is None else [sent[name] for name in form.order])
            found = cursor.fetchall()
        finally:
            cursor.close()
        # Column by column, so that it is asked once and not for every row what is to be converted.
        columns = zip(*found, strict=True)
        read = (map(convert, next(columns)) if convert else next(columns) for convert in form.found)
        return tuple(map(self._make, zip(*read, strict=True))) if found else ()

    def _compile(self, dialect: Dialect) -> _Form:
        compiled: Any = self._statement.compile(dialect=dialect)
        if compiled.post_compile_params:
            raise TypeError("a prepared statement takes no lists of values")
        into = {name: _type_of(value, dialect).bind_processor(dialect) for name, value in compiled.binds.items()}
        own = {name: value.value for name, value in compiled.binds.items() if not value.required}
        form = _Form(
            text=str(compiled),
            own={name: convert(value) if (convert := into[name]) else value for name, value in own.items()},
            order=compiled.positiontup if compiled.positional else None,
            given={name: convert for name, convert in into.items() if convert and name not in own},
            found=[
                _type_of(column, dialect).result_processor(dialect, None) for column in self._statement.selected_columns
            ],
        )
        self._forms[dialect.name] = form
        return form


def _type_of(value: Any, dialect: Dialect) -> Any:
    """The type of a value or a column as one kind of database has it."""
    return value.type.dialect_impl(dialect)
