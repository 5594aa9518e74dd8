"""What every model shares: names of constraints, types of columns, and the rows that are written once."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from sqlalchemy import CheckConstraint, Connection, Date, MetaData, Text, event, func, inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Mapper, Session, declared_attr, mapped_column
from sqlalchemy.orm.attributes import flag_modified

from wpound.core.errors import StaleEdit, StateError
from wpound.core.money import Money
from wpound.store.types import ExactDecimal, Pence, UtcDateTime


class Base(DeclarativeBase):
    """The declarative base: every table has a key and knows when each row was made."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        Money: Pence,
        Decimal: ExactDecimal,
        datetime: UtcDateTime,
        date: Date,
    }


Row = TypeVar("Row", bound=Base)


class Identified:
    """A row known by a number, with the moment it was made (the database's clock)."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=99)


class Versioned:
    """A row that people edit: every change raises its version, and a change made from a stale copy fails (D5)."""

    version: Mapped[int] = mapped_column(sort_order=98)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


def require_version(row: Versioned, version: int | None) -> None:
    """Raise StaleEdit unless the row, locked before, still is of the version a person was shown."""
    if row.version != version:
        raise StaleEdit


def touch(row: Identified) -> None:
    """Raise the version of a row though none of its columns changes: something that belongs to it did."""
    row.created_at  # noqa: B018  # read first: what was not read yet cannot be marked as changed
    flag_modified(row, "created_at")


class AppendOnly:
    """A row that is written once and never deleted; a model may allow a named change by its own ``allows``.

    The same rule stands in the database as a trigger, made by the migrations; this is the second of its three depths
    (the first is that no service offers it).
    """

    def allows(self, changed: set[str]) -> bool:
        """Whether columns of these names may change now."""
        return not changed


def value_before(row: Any, column: str) -> Any:
    """What a column held before the changes not yet written; declare the column with ``active_history``."""
    history = inspect(row).attrs[column].history
    if not history.has_changes():
        return getattr(row, column)
    return history.deleted[0] if history.deleted else None


@event.listens_for(AppendOnly, "before_update", propagate=True)
def _refuse_update(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    changed = {attribute.key for attribute in inspect(row).attrs if attribute.history.has_changes()}
    if not row.allows(changed):
        names = ", ".join(sorted(changed))
        raise StateError(f"A row of {mapper.local_table.description} is kept as it was written: {names} cannot change.")


@event.listens_for(AppendOnly, "before_delete", propagate=True)
def _refuse_delete(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    raise StateError(f"A row of {mapper.local_table.description} is kept for ever and cannot be deleted.")


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """A check that a text column holds a word of the list (or nothing, where nothing is allowed)."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def not_negative(column: str) -> CheckConstraint:
    """A check that a whole-number column is not below nothing."""
    return CheckConstraint(f"{column} >= 0", name=f"{column}_not_negative")


def together(*columns: str) -> CheckConstraint:
    """A check that either all of these columns hold something or none does."""
    first, *others = columns
    alike = " AND ".join(f"({first} IS NULL) = ({other} IS NULL)" for other in others)
    return CheckConstraint(alike, name=f"{first}_complete")


def no_minus(column: str) -> CheckConstraint:
    """A check that an exact number kept as text carries no minus sign."""
    return CheckConstraint(f"{column} NOT LIKE '-%'", name=f"{column}_not_negative")


def add(session: Session, row: Row) -> Row:
    """Put a new row in and give it back with its number; raises StateError where there is one like it already."""
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        if not is_duplicate(error):
            raise
        raise StateError(f"There is already a {row.__tablename__} row like this one.") from error
    return row


def is_duplicate(error: IntegrityError) -> bool:
    """Whether a unique key was what the database objected to."""
    return getattr(error.orig, "sqlstate", None) == "23505" or "UNIQUE constraint" in str(error.orig)
