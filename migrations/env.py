"""How Alembic reaches the database: on the connection ``store.engine`` hands over, or by its own from a shell."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, TypeDecorator

import wpound.store.models  # noqa: F401 (makes the metadata complete)
from wpound.config import Settings
from wpound.store.base import Base
from wpound.store.engine import create_engine_for


def render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Write plain SQLAlchemy types into a migration, so that it still runs when our own types have changed."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def migrate(connection: Connection) -> None:
    """Run the migrations in one transaction, so that a failing step leaves the tables as they were."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
        render_item=render_item,
    )
    is_sqlite = connection.dialect.name == "sqlite"
    raw: Any = connection.connection.driver_connection
    if is_sqlite:
        # SQLite changes a table by making it anew; with foreign keys on, dropping the old one would touch the others.
        raw.execute("PRAGMA foreign_keys = off")
    try:
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise RuntimeError(f"The migration left references to rows that are not there: {broken}")
    finally:
        if is_sqlite:
            raw.execute("PRAGMA foreign_keys = on")


if "connection" in context.config.attributes:
    migrate(context.config.attributes["connection"])
else:
    with create_engine_for(Settings.from_environment().database_url).connect() as own_connection:
        migrate(own_connection)
