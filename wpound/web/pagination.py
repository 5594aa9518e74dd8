"""Lists: which of their rows are shown, and on which page, is in the address."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar
from urllib.parse import urlencode

from flask import request

from wpound.core.errors import NotFound

Choice = TypeVar("Choice", bound=StrEnum)
Row = TypeVar("Row")
PAGE_SIZE = 20
# What an address may ask for at most; more is no page of any list.
LAST_NUMBER = 100_000


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list: its rows, the number of all rows, and which page it is, counted from 1."""

    rows: Sequence[Row]
    count: int
    number: int
    size: int

    @property
    def last(self) -> int:
        """The number of the last page; a list without rows has one page."""
        return max(-(-self.count // self.size), 1)

    @property
    def first_row(self) -> int:
        """The place of this page's first row in the whole list, counted from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def numbers(self) -> list[int | None]:
        """The pages to link to: first, last and those beside this one; None stands for what is left out."""
        near = {1, self.last, *range(self.number - 1, self.number + 2)} & set(range(1, self.last + 1))
        shown: list[int | None] = []
        for number in sorted(near):
            if shown and shown[-1] is not None and number > shown[-1] + 1:
                # One page left out is shorter to show than to leave out.
                shown.append(number - 1 if number == shown[-1] + 2 else None)
            shown.append(number)
        return shown

    def address(self, number: int) -> str:
        """Where another page of the list is, with everything else the address asks for."""
        asked = [(name, text) for name, text in request.args.items(multi=True) if name != "page"]
        query = urlencode(asked + ([("page", str(number))] if number > 1 else []))
        return f"{request.path}?{query}" if query else request.path


def get_page(fetch: Callable[[int, int], tuple[Sequence[Row], int]], size: int = PAGE_SIZE) -> Page[Row]:
    """The page the address asks for; ``fetch`` is given limit and offset. Raises NotFound where there is none."""
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
    if not 1 <= number <= LAST_NUMBER:
        raise NotFound("A page of a list has a number from 1.")
    rows, count = fetch(size, (number - 1) * size)
    page = Page(rows, count, number, size)
    if number > page.last:
        raise NotFound("The list has fewer pages.")
    return page


def get_choice(name: str, choices: Iterable[Choice]) -> Choice | None:
    """The choice a filter in the address makes, None for all of them; raises NotFound for a word that is no choice."""
    word = request.args.get(name, "")
    if not word:
        return None
    found = next((choice for choice in choices if choice.value == word), None)
    if found is None:
        raise NotFound(f"There is no {name} called {word}.")
    return found
