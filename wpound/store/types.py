"""Column types that keep what Python holds exactly, the same on SQLite and on PostgreSQL."""

import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import rfc8785
from sqlalchemy import BigInteger, DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from wpound.core.money import Money


class Pence(TypeDecorator[Money]):
    """Money as whole pence in a BIGINT; anything that is not :class:`Money` is refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        if value is None or isinstance(value, Money):
            return value.pence if value is not None else None
        raise TypeError(f"a money column takes Money, not {type(value).__name__}")

    def process_result_value(self, value: Any, dialect: Dialect) -> Money | None:
        # PostgreSQL adds BIGINTs up to a NUMERIC, which arrives as a whole Decimal.
        return None if value is None else Money(int(value))


class ExactDecimal(TypeDecorator[Decimal]):
    """A finite Decimal as plain digits in TEXT, because NUMERIC is a floating number on SQLite.

    Digits come back as they were written (``8.50`` stays ``8.50``). Text does not sort or add up in SQL; that is
    done by the rules, in Decimal.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if not isinstance(value, Decimal) or not value.is_finite():
            raise TypeError(f"an exact number column takes a finite Decimal, not {value!r}")
        # Nothing has no sign, though "-0" can be typed: a column without a minus would refuse it.
        return format(value or abs(value), "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant in UTC; a datetime without a time zone is refused, and none ever comes back (requirement D8)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise TypeError(f"an instant needs a time zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """A word from a closed list, as TEXT; a word outside the list is refused on the way in and on the way out."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words
        self._known = {word.value: word for word in words}

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        # Every list reads some; the look-up takes a fifth of the time of the call, which says what is wrong.
        return None if value is None else self._known.get(value) or self.words(value)


class CanonicalJson(TypeDecorator[Any]):
    """A JSON value as canonical text (RFC 8785), so that its hash can be taken again at any time.

    Numbers are whole; marks, shares and quantities go in as text. Replace the value to change it: a change made
    inside it is not seen.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def canonical_json(value: Any) -> str:
    """The one JSON text of a value (RFC 8785); floats are refused, whatever they hold."""
    _refuse_floats(value)
    return rfc8785.dumps(value).decode()


def hash_of(value: Any) -> str:
    """SHA-256, in hex, of the canonical JSON of a value."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):  # float: only to refuse it
        raise TypeError(f"a float has no exact form: {value!r}; write the number as text")
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
