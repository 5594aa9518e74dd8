"""Numbers and dates as people type them into a form, read without guessing."""

import re
from datetime import date
from decimal import Decimal

from wpound.core.money import Money

DATE_PARTS = ("day", "month", "year")
# In whole or grouped digits; "1,25" is no grouping, and reading it as 125 would be a guess.
_NUMBER = re.compile(r"-?(\d{1,18}|\d{1,3}(,\d{3}){1,5})(\.\d{1,12})?", re.ASCII)
_SIGN_OF_POUNDS = re.compile(r"^(-?)£ ?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BOUNDS = {"day": (1, 31), "month": (1, 12), "year": (1000, 9999)}


def read_number(text: str) -> Decimal | None:
    """The exact number of a text, with or without thousands commas, or None where it is none.

    >>> read_number("1,250.5"), read_number("1,25")
    (Decimal('1250.5'), None)
    """
    return Decimal(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def has_places(number: Decimal, places: int) -> bool:
    """Whether a number needs no more decimals than so many; zeros at its end do not count."""
    return number == number.quantize(Decimal(1).scaleb(-places))


def read_pounds(text: str) -> Decimal | None:
    """The number of a text that may start with a pound sign, or None.

    >>> read_pounds("-£1,250"), read_pounds("£ 1,250"), read_pounds("12 pounds")
    (Decimal('-1250'), Decimal('1250'), None)
    """
    return read_number(_SIGN_OF_POUNDS.sub(r"\1", text))


def read_date_part(part: str, text: str) -> int | None:
    """A day, month or year as a number within its bounds, or None; a month may be a name, a year has four digits.

    >>> read_date_part("month", "November"), read_date_part("year", "26")
    (11, None)
    """
    if part == "month" and text.isalpha() and text[:3].lower() in _MONTHS:
        return _MONTHS.index(text[:3].lower()) + 1
    if not (text.isascii() and text.isdigit()) or len(text) > 4:
        return None
    low, high = _BOUNDS[part]
    return int(text) if low <= int(text) <= high else None


class DateProblem(ValueError):
    """What is wrong with a date, and with which parts of it."""

    def __init__(self, message: str, parts: tuple[str, ...] = DATE_PARTS) -> None:
        super().__init__(message)
        self.parts = parts


def read_date(day: str, month: str, year: str) -> date:
    """The day of three texts of which at least one is not blank; raises DateProblem with the rest of a sentence."""
    texts = dict(zip(DATE_PARTS, (day, month, year), strict=True))
    missing = tuple(part for part, text in texts.items() if not text)
    if missing:
        raise DateProblem(f"must include a {' and a '.join(missing)}", missing)
    numbers = {part: read_date_part(part, text) for part, text in texts.items()}
    unreal = tuple(part for part, number in numbers.items() if number is None)
    if unreal:
        # Only a year of four digits is real: 26 could be 1926 or 2026.
        wanted = "must have a year of 4 digits" if unreal == ("year",) else "must be a real date"
        raise DateProblem(wanted, unreal)
    try:
        return date(numbers["year"] or 0, numbers["month"] or 0, numbers["day"] or 0)
    except ValueError:
        raise DateProblem("must be a real date") from None


def require_money(name: str, money: Money, least: Money, most: Money) -> Money:
    """The amount again where it lies within its limits; raises ValueError in words."""
    if not least <= money <= most:
        limit = f"{least.format()} or more" if money < least else f"{most.format()} or less"
        raise ValueError(f"{name} must be {limit}")
    return money


def require_number(name: str, number: Decimal, least: Decimal, most: Decimal) -> Decimal:
    """The number again where it lies within its limits; raises ValueError in words."""
    if not least <= number <= most:
        limit = f"{least:,f} or more" if number < least else f"{most:,f} or less"
        raise ValueError(f"{name} must be {limit}")
    return number
