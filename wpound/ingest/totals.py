"""Rows that add others up: recognised by reconciliation, never loaded, kept as control totals."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

TOLERANCE_PENCE = 5
_LABEL = re.compile(
    r"\W*(?:(?:grand|sub|report|overall|page|sheet)[\s\-]?)?(?:totals?|sum)"
    r"(?:\s+(?:amount|payments?|spend|spending|expenditure|value|paid|net|gross))?\W*",
    re.IGNORECASE,
)
_BEGINS_AS_LABEL = re.compile(r"\W*(?:(?:grand|sub|report|overall|page)[\s\-]?)?totals?\b", re.IGNORECASE)
_GLUED = re.compile(r"\W*(?:grand|sub)?[\s\-]?totals?[^\w(]*(?P<amount>[0-9][0-9,]*(?:\.[0-9]+)?)\W*", re.IGNORECASE)
_PRINTED_AT_END = re.compile(r"total[^\w(]*(?P<amount>[0-9][0-9,]*\.[0-9]{2})\W*$", re.IGNORECASE)


class TotalKind(Enum):
    """How much a row looks like a total before its amount is compared with the rows it would close."""

    LABELLED = auto()
    """Its only words are those of a total, and it names no payment: a control total even where it does not agree."""
    POSSIBLE = auto()
    """It begins with the word total: a total if it agrees, otherwise a supplier whose name begins so."""
    ALONE = auto()
    """An amount with nothing beside it: a total if it agrees, otherwise nobody knows what it is."""


@dataclass(frozen=True)
class ControlTotal:
    """A total printed in the file: where, how much, and whether it agrees to the penny with the rows it closes."""

    line: int
    pence: int
    reconciles: bool

    def to_dict(self) -> dict[str, int | bool]:
        """The shape of ``totals_rows`` in the contract of ``wpound spend check --json``."""
        return {"line": self.line, "pence": self.pence, "reconciles": self.reconciles}


def total_kind(words: Iterable[str]) -> TotalKind | None:
    """What the filled cells of a row other than its amount say, for a row without a date or transaction number.

    >>> total_kind(["TOTAL SOLUTIONS LTD"])
    <TotalKind.POSSIBLE: 2>
    """
    filled = [word for word in words if any(map(str.isalnum, word))]
    if not filled:
        return TotalKind.ALONE
    if len(filled) == 1 and _LABEL.fullmatch(filled[0]):
        return TotalKind.LABELLED
    return TotalKind.POSSIBLE if any(_BEGINS_AS_LABEL.match(word) for word in filled) else None


def glued_total(cell: str) -> Decimal | None:
    """The amount of a cell such as ``Grand Total1,234.56``, in pounds."""
    match = _GLUED.fullmatch(cell)
    return Decimal(match["amount"].replace(",", "")) if match else None


def printed_total(raw: str) -> Decimal | None:
    """The amount of a total that closes a row which could not be read, in pounds."""
    match = _PRINTED_AT_END.search(raw)
    return Decimal(match["amount"].replace(",", "")) if match else None


def agrees(pence: Decimal, sums: Iterable[Decimal]) -> bool:
    """Whether an amount is one of the sums, give or take the few pence that rounding makes."""
    return any(abs(pence - total) <= TOLERANCE_PENCE for total in sums)


def agrees_to_the_penny(pence: Decimal, sums: Iterable[Decimal]) -> bool:
    """Whether an amount is one of the sums, with less than a penny between them."""
    return any(abs(pence - total) < 1 for total in sums)
