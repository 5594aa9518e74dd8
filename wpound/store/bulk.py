"""Many rows at once: through the driver (``executemany`` on SQLite, COPY on PostgreSQL), and look-ups in chunks.

The mapper and SQLAlchemy's compiler cost six to twelve times what the database itself needs
(``docs/decisions/0012-rows-in-bulk.md``).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy.orm import Session

# SQLite takes at most 32,766 values in one statement.
CHUNK = 10_000

Item = TypeVar("Item")


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items in parts that one statement can take."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def insert_rows(session: Session, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain database values (whole pence, ISO text for days on SQLite) inside the session's transaction.

    Table and column names come from the code alone. Rows are consumed as they come, never held together.
    """
    session.flush()
    driver: Any = session.connection().connection.driver_connection
    names = ", ".join(columns)
    if session.get_bind().dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(columns))
    driver.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608
