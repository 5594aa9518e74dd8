"""Build a frozen model from plain data, strictly: the model is the schema.

Unknown and missing keys, wrong kinds of value, floats and words outside a closed list are all refused, each with its
place in the file, and all of them at once.
"""

import dataclasses
import re
import types
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from wpound.core.errors import InputError, InputErrors

T = TypeVar("T")
Reader = Callable[[Any, str], Any]
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def build(model: type[T], table: object, place: str) -> T:
    """Build ``model`` from a table; raises ``InputErrors`` with every problem, its place starting with ``place``.

    >>> from wpound.catalogue.model import PlanItem
    >>> build(PlanItem, {"key": "homes", "text": "More new homes"}, "plan.toml")
    PlanItem(key='homes', text='More new homes')
    >>> build(PlanItem, {"key": "homes", "txt": "More"}, "plan.toml")
    Traceback (most recent call last):
    wpound.core.errors.InputErrors: plan.toml: txt: unknown key; plan.toml: text: missing
    """
    schema: Any = model
    result: T = _reader(schema)(table, place)
    return result


def inside(place: str, key: str) -> str:
    """The place of a key: ``file: key`` at the top of a file, ``file: key.key`` below it."""
    return f"{place}.{key}" if ": " in place else f"{place}: {key}"


def refuse(place: str, message: str) -> InputErrors:
    """One problem, ready to raise."""
    return InputErrors([InputError(place, message)])


def resolve_reference(table: dict[str, Any], key: str, references: Mapping[str, Any], place: str) -> None:
    """Put the reference itself where its key was written; raises InputErrors for a key there is no reference of."""
    name = table.get(key)
    if isinstance(name, str):
        if name not in references:
            raise refuse(inside(place, key), f"there is no reference of the key {name!r}")
        table[key] = references[name]


def tables(raw: object) -> list[dict[str, Any]]:
    """The tables of a list, whatever was written; the strict reader refuses the rest with its place."""
    return [table for table in raw if isinstance(table, dict)] if isinstance(raw, list) else []


class Problems:
    """Collects the problems of several parts and raises them together."""

    def __init__(self) -> None:
        self.found: list[InputError] = []

    def add(self, place: str, message: str) -> None:
        """Note one problem."""
        self.found.append(InputError(place, message))

    def attempt(self, step: Callable[..., T], *arguments: Any) -> T | None:
        """Run a step and keep its problems instead of stopping at them."""
        try:
            return step(*arguments)
        except InputErrors as errors:
            self.found.extend(errors.errors)
            return None

    def raise_if_any(self) -> None:
        """Raise everything noted so far, if anything was."""
        if self.found:
            raise InputErrors(self.found)


def refuse_repeated(keys: Iterable[str], place: str, problems: Problems) -> None:
    """Note every key that is used more than once."""
    for key, times in Counter(keys).items():
        if times > 1:
            problems.add(place, f"the key {key!r} is used twice")


@cache
def _reader(kind: Any) -> Reader:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _union_reader(get_args(kind))
    if origin in (tuple, frozenset):
        return _list_reader(origin, _reader(get_args(kind)[0]))
    if origin is Mapping:
        return _table_reader(*map(_reader, get_args(kind)))
    if dataclasses.is_dataclass(kind):
        return _model_reader(kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _word_reader(kind)
    return _SCALARS[kind]


def _union_reader(kinds: tuple[Any, ...]) -> Reader:
    """``X | None`` reads None or X; text, an exact number or a list of numbers is told apart by what was written."""
    inner = [kind for kind in kinds if kind is not type(None)]
    if len(inner) == 1:
        read = _reader(inner[0])
        return lambda raw, place: None if raw is None else read(raw, place)
    read_numbers = _list_reader(tuple, _decimal)

    def read_any(raw: Any, place: str) -> Any:
        if isinstance(raw, list):
            return read_numbers(raw, place)
        return raw if isinstance(raw, str) and not NUMBER.fullmatch(raw) else _decimal(raw, place)

    return read_any


def _list_reader(collect: Callable[[list[Any]], Any], read: Reader) -> Reader:
    def read_list(raw: Any, place: str) -> Any:
        if not isinstance(raw, Sequence) or isinstance(raw, str):
            raise refuse(place, "must be a list")
        problems = Problems()
        items = [problems.attempt(read, item, f"{place}[{i}]") for i, item in enumerate(raw)]
        problems.raise_if_any()
        return collect(items)

    return read_list


def _table_reader(read_key: Reader, read_item: Reader) -> Reader:
    def read_table(raw: Any, place: str) -> Any:
        problems, table = Problems(), {}
        for key, item in _require_table(raw, place).items():
            where = inside(place, key)
            table[problems.attempt(read_key, key, where)] = problems.attempt(read_item, item, where)
        problems.raise_if_any()
        return table

    return read_table


def _model_reader(model: Any) -> Reader:
    hints = get_type_hints(model)
    readers = {field.name: _reader(hints[field.name]) for field in dataclasses.fields(model)}
    required = {f.name for f in dataclasses.fields(model) if f.default is f.default_factory is dataclasses.MISSING}

    def read_model(raw: Any, place: str) -> Any:
        table, problems, values = _require_table(raw, place), Problems(), {}
        for key, item in table.items():
            where = inside(place, key)
            if key in readers:
                values[key] = problems.attempt(readers[key], item, where)
            else:
                problems.add(where, "unknown key")
        for key in sorted(required - table.keys()):
            problems.add(inside(place, key), "missing")
        problems.raise_if_any()
        return model(**values)

    return read_model


def _word_reader(words: type[StrEnum]) -> Reader:
    def read_word(raw: Any, place: str) -> StrEnum:
        if raw in list(words):
            return words(raw)
        raise refuse(place, f"{raw!r} is not one of: {', '.join(words)}")

    return read_word


def _require_table(raw: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise refuse(place, "must be a table of keys and values")
    return raw


def _text(raw: Any, place: str) -> str:
    if not isinstance(raw, str):
        raise refuse(place, "must be text")
    return raw.strip()


def _decimal(raw: Any, place: str) -> Decimal:
    """A number written as text, or a whole or exact number; a binary float has already lost what was written."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal):
        raise refuse(place, "must be an exact number")
    try:
        number = Decimal(raw)
    except InvalidOperation:
        raise refuse(place, f"{raw!r} is not a number") from None
    if not number.is_finite():
        raise refuse(place, "must be a finite number")
    return number


def _whole(raw: Any, place: str) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise refuse(place, "must be a whole number")
    return raw


def _flag(raw: Any, place: str) -> bool:
    if not isinstance(raw, bool):
        raise refuse(place, "must be true or false")
    return raw


def _day(raw: Any, place: str) -> date:
    if type(raw) is date:
        return raw
    try:
        return date.fromisoformat(raw)
    except (TypeError, ValueError):
        raise refuse(place, f"{raw!r} is not a day written as 2026-04-01") from None


_SCALARS: dict[Any, Reader] = {str: _text, Decimal: _decimal, int: _whole, bool: _flag, date: _day}
