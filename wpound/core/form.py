"""Reading a nested mapping (from a file, a page or the database), telling every problem with its place.

Reading never stops at the first problem: a field that cannot be used is recorded and a harmless stand-in is
returned, so that one look finds them all. Only the first problem of a place is kept, so a stand-in never causes
a second complaint.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from numbers import Real
from typing import TypeVar

from wpound.core.errors import InputError, InputErrors
from wpound.core.money import Money, drop_zeros

Choice = TypeVar("Choice", bound=StrEnum)

# At most 15 digits and 12 decimals: enough for any public contract, and nothing that could blow up a calculation.
PLAIN_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,12})?", re.ASCII)
NOT_EXACT = 'must be written in quotes, like "12.5", so that it stays exact'
NOT_A_NUMBER = 'is not a plain number: write it like "1250.5", without commas, signs of currency or units'


def write_decimal(value: Decimal) -> str:
    """A decimal as plain text: no exponent, no zeros at the end.

    >>> write_decimal(Decimal("12.500")), write_decimal(Decimal("1E+2"))
    ('12.5', '100')
    """
    text = drop_zeros(format(value, "f"))
    return "0" if text == "-0" else text


def write_money(value: Money) -> str:
    """Money as plain text in pounds, always with two decimals."""
    return format(value.pounds, "f")


def write_list(names: Sequence[str]) -> str:
    """One name or several, as a sentence lists them.

    >>> write_list(["price", "jobs", "carbon"])
    'price, jobs and carbon'
    """
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


class Problems:
    """Every problem found so far, the first of each place, in the order met."""

    def __init__(self) -> None:
        self._found: dict[str, InputError] = {}

    def add(self, path: str, message: str) -> None:
        """Record a problem unless the place already has one."""
        self._found.setdefault(path, InputError(path, message))

    def __contains__(self, path: str) -> bool:
        return path in self._found

    def __bool__(self) -> bool:
        return bool(self._found)

    def __iter__(self) -> Iterator[InputError]:
        """Every problem in the order met."""
        return iter(self._found.values())

    def raise_if_any(self) -> None:
        """Raise :class:`InputErrors` with every problem, or do nothing."""
        if self._found:
            raise InputErrors(list(self._found.values()))


class Form:
    """One level of the mapping; ``close`` refuses, by name, the keys nobody asked for."""

    def __init__(self, data: object, path: str, problems: Problems) -> None:
        self.path = path
        self.problems = problems
        self._asked: set[str] = set()
        self._data: dict[str, object] = {}
        if isinstance(data, Mapping):
            self._data = {str(key): value for key, value in data.items() if value is not None}
        else:
            self.refuse("", "must be a table of names and values")

    def place(self, key: str) -> str:
        """The full path of a key, such as ``criteria[2].weighting``."""
        return f"{self.path}.{key}".strip(".")

    def refuse(self, key: str, message: str) -> None:
        """Record a problem with a key."""
        self.problems.add(self.place(key) or "file", message)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._data

    def __iter__(self) -> Iterator[str]:
        """The keys of a table whose names are data, such as marks by criterion."""
        return iter(self._data)

    def _take(self, key: str, required: bool) -> object | None:
        self._asked.add(key)
        value = self._data.get(key)
        if value is None and required:
            self.refuse(key, "is missing")
        return value

    def text(self, key: str, required: bool = True, limit: int = 300) -> str:
        """Text without spaces around it, empty where it is missing."""
        value = self._take(key, required)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip() or len(value) > limit:
            self.refuse(key, f"must be text of 1 to {limit} characters")
            return ""
        if not all(letter.isprintable() or letter in "\n\t" for letter in value):
            self.refuse(key, "holds characters that cannot be printed; type it again")
            return ""
        return value.strip()

    def decimal(self, key: str, required: bool = True) -> Decimal | None:
        """An exact number, from text, a whole number or a Decimal; a binary fraction is refused."""
        value = self._take(key, required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            is_binary = isinstance(value, Real) and not isinstance(value, bool)
            self.refuse(key, NOT_EXACT if is_binary else NOT_A_NUMBER)
            return None
        text = format(value, "f") if isinstance(value, Decimal) else str(value).strip()
        if not PLAIN_NUMBER.fullmatch(text):
            self.refuse(key, NOT_A_NUMBER)
            return None
        return Decimal(text)

    def share(self, key: str, required: bool = True) -> Decimal | None:
        """A share of a whole, from 0 to 1."""
        share = self.decimal(key, required)
        if share is not None and not 0 <= share <= 1:
            self.refuse(key, "must be a share from 0 to 1, like 0.25")
            return None
        return share

    def money(self, key: str, required: bool = True) -> Money | None:
        """An amount in pounds with at most two decimals."""
        pounds = self.decimal(key, required)
        if pounds is None:
            return None
        try:
            return Money.from_pounds(pounds)
        except ValueError:
            self.refuse(key, "is an amount of money, so it has at most two decimals")
            return None

    def whole(self, key: str, low: int, high: int, required: bool = True) -> int | None:
        """A whole number from ``low`` to ``high``."""
        number = self.decimal(key, required)
        if number is None:
            return None
        if number != number.to_integral_value() or not low <= number <= high:
            self.refuse(key, f"must be a whole number from {low} to {high}")
            return None
        return int(number)

    def flag(self, key: str, required: bool = True) -> bool | None:
        """True or false."""
        value = self._take(key, required)
        if value is not None and not isinstance(value, bool):
            self.refuse(key, "must be true or false")
            return None
        return value

    def day(self, key: str) -> date | None:
        """A day, from a date or from text such as ``2026-04-01``."""
        value = self._take(key, required=True)
        if value is None or type(value) is date:
            return value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self.refuse(key, "must be a day written year-month-day, like 2026-04-01")
            return None

    def choice(self, key: str, choices: type[Choice] | list[Choice], required: bool = True) -> Choice | None:
        """One of a closed list of words."""
        value = self._take(key, required)
        if value is None:
            return None
        for choice in choices:
            if value == choice.value:
                return choice
        words = ", ".join(choice.value for choice in choices)
        self.refuse(key, f"is {value!r}, which is not known here; use one of: {words}")
        return None

    def table(self, key: str, required: bool = False) -> "Form":
        """A table inside this one; empty where it is missing."""
        value = self._take(key, required)
        return Form({} if value is None else value, self.place(key), self.problems)

    def rows(self, key: str, required: bool = True) -> list["Form"]:
        """A list of tables inside this one; empty where it is missing."""
        return [Form(item, path, self.problems) for item, path in self._items(key, required)]

    def words(self, key: str) -> tuple[str, ...]:
        """A list of words; empty where it is missing."""
        found = []
        for item, path in self._items(key, required=False):
            if isinstance(item, str):
                found.append(item)
            else:
                self.problems.add(path, "must be text")
        return tuple(found)

    def _items(self, key: str, required: bool) -> list[tuple[object, str]]:
        value = self._take(key, required)
        if value is None:
            return []
        if not isinstance(value, list | tuple) or (required and not value):
            self.refuse(key, "must be a list with at least one entry" if required else "must be a list")
            return []
        return [(item, f"{self.place(key)}[{i}]") for i, item in enumerate(value)]

    def close(self) -> None:
        """Refuse every key that was not asked for."""
        for key in self._data:
            if key not in self._asked:
                near = get_close_matches(key, self._asked, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                self.refuse(key, f"is not a key that is known here{hint}")
