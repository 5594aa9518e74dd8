"""Workbooks that are given out to be filled in: their cells, and what one that comes back would change.

Known to the writer and to the reader of such a workbook, so that both mean the same cell.
"""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# The first row to fill in, counted from 0: above it stand a heading, a sentence and the names of the columns.
FIRST_ROW = 4
# A cell holds 32,767 characters.
MOST_IN_A_CELL = 32_000


class CellKind(StrEnum):
    """What kind of thing is entered in a cell; a choice is one of a list that the cell offers."""

    MONEY = "money"
    NUMBER = "number"
    WHOLE = "whole"
    SHARE = "share"
    YES_NO = "yes_no"
    CHOICE = "choice"
    DAY = "day"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that would change: its cell in the workbook, what it is, and both versions in words, empty for none."""

    cell: str
    title: str
    before: str
    after: str


def address(page: str, row: int, column: int) -> str:
    """A cell as people look it up; row and column are counted from 0.

    >>> address("Commitments", 6, 3)
    'Commitments!D7'
    """
    return f"{page}!{column_letters(column)}{row + 1}"


def column_letters(column: int) -> str:
    """A column as a spreadsheet names it, counted from 0.

    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def checksum_of(parts: list[Any]) -> str:
    """SHA-256 over all that must stand where it stood in a workbook, in hexadecimal."""
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()
