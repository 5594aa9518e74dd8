"""Cells of text into exact amounts, days and numbers; what cannot be read is a problem and never a made-up value."""

import re
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from wpound.ingest.layout import DateOrder
from wpound.ingest.suppliers.identifiers import normalise_company_number


class Problem(NamedTuple):
    """Why a cell could not be read: a stable code and a sentence."""

    code: str
    message: str


# --- amounts ---------------------------------------------------------------------------------------------------------

_PLAIN_AMOUNT = re.compile(r"-?(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,20})?")
_WHOLE_PENCE = re.compile(r"-?(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})\.[0-9]{2}")
_AMOUNT = re.compile(
    r"(?P<open>\()?(?P<sign>[-+])?(?:£|GBP)?(?P<inner>[-+])?"
    r"(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]{1,3})?)"
    r"(?:GBP)?(?P<trailing>-)?(?P<close>\))?"
)
_CLEAN = str.maketrans({"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{EM DASH}": "-", "\N{DAGGER}": None})
_SPACES = re.compile(r"\s+")
_NOTHING = frozenset({"", "-", "£", "£-", "-£", "nil", "n/a", "none"})
# Enough to add up trillions of pounds and lose none of the decimals an amount may have.
EXACT_DIGITS = 60
_LARGEST_EXPONENT = 11
_SMALLEST_EXPONENT = -30
_MISSING = Problem("amount_missing", "The row has no amount.")
_UNREADABLE = Problem("amount_unreadable", "The amount cannot be read as a number.")
_TOO_LARGE = Problem("amount_too_large", "The amount is a trillion pounds or more, which cannot be a payment.")


def parse_amount(text: str) -> Decimal | Problem:
    """An amount in pounds, exactly as printed and not rounded.

    Reads ``£``, thousands commas, spaces, ``(1,234.56)``, ``1234.56-``, ``-£5`` and ``5.68E-13``; nil signs and
    blanks are a missing amount, not 0.

    >>> parse_amount("(1,234.56)")
    Decimal('-1234.56')
    """
    text = text.strip()
    if _PLAIN_AMOUNT.fullmatch(text):
        return Decimal(text.replace(",", ""))
    text = _SPACES.sub("", text.translate(_CLEAN))
    if text.casefold() in _NOTHING:
        return _MISSING
    match = _AMOUNT.fullmatch(text)
    if match is None or not any(character.isdigit() for character in match["number"].lower().partition("e")[0]):
        return _UNREADABLE
    bracketed = match["open"] is not None
    minuses = [match["sign"] == "-", match["inner"] == "-", match["trailing"] is not None, bracketed]
    if bracketed != (match["close"] is not None) or sum(minuses) > 1:
        return _UNREADABLE
    amount = Decimal(match["number"].replace(",", ""))
    if amount and amount.adjusted() > _LARGEST_EXPONENT:
        return _TOO_LARGE
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < _SMALLEST_EXPONENT:
        return _UNREADABLE
    return amount.copy_negate() if any(minuses) else amount


def parse_pence(text: str) -> int | Decimal | Problem:
    """An amount in pence: a whole number, or the exact Decimal of an amount that is not whole pence.

    Needs a Decimal context of :data:`EXACT_DIGITS`.

    >>> parse_pence("1,234.56"), parse_pence("0.005")
    (123456, Decimal('0.500'))
    """
    if _WHOLE_PENCE.fullmatch(text):
        return int(text.replace(",", "").replace(".", ""))
    amount = parse_amount(text)
    if isinstance(amount, Problem):
        return amount
    return in_pence(amount)


def in_pence(pounds: Decimal) -> int | Decimal:
    """Pounds in pence: a whole number where they are whole pence, otherwise the exact Decimal."""
    pence = pounds * 100
    return whole if (whole := int(pence)) == pence else pence


# --- days ------------------------------------------------------------------------------------------------------------


class DateEvidence(StrEnum):
    """What a written date says about the order in which its file writes day and month."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    EITHER = "either"


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",), ("jun", "june"),
            ("jul", "july"), ("aug", "august"), ("sep", "sept", "september"), ("oct", "october"),
            ("nov", "november"), ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
_TIME = r"(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[-+][0-9]{2}:?[0-9]{2})?)?"
_NUMERIC = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4}|[0-9]{2})" + _TIME)
_NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ /.\-]+([A-Za-z]+)[ /.,\-]+([0-9]{4}|[0-9]{2})" + _TIME)
_ISO = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})" + _TIME)
_MONTH_ONLY = re.compile(r"([A-Za-z]+)[ /.\-]*(?:[0-9]{4}|[0-9]{2})|[0-9]{1,4}[ /.\-]*([A-Za-z]+)|[0-9]{1,2}/[0-9]{4}")
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")
_LOST = re.compile(r"#+|00:00(:00)?|0")
_SERIAL_START = date(1899, 12, 30)
_SERIALS = range(30_000, 60_001)
_YEARS = range(1990, 2100)
_DATE_MISSING = Problem("date_missing", "The row has no date of payment; none is made up.")
_DATE_UNREADABLE = Problem("date_unreadable", "The date of payment cannot be read; none is made up.")
_DATE_LOST = Problem("date_lost", "The date was lost when the file was saved (a time or ###### stands in its place).")
_MONTH_ALONE = Problem("month_only_date", "Only a month is given, so the day of payment is not known.")
_SERIAL_ALONE = Problem(
    "serial_date", "A spreadsheet's day number stands in a column of written dates, so it is not trusted."
)
_WRONG_ORDER = Problem("month_first_date", "The date can only be read month first, unlike the rest of the file.")


def is_serial(text: str) -> bool:
    """Whether a cell holds a spreadsheet's day number between 1982 and 2064."""
    match = _SERIAL.fullmatch(text)
    return match is not None and int(match[1]) in _SERIALS


@lru_cache(maxsize=16_384)
def date_evidence(text: str) -> DateEvidence | None:
    """What an all-number date says about the order of its column, or None for dates that say nothing."""
    match = _NUMERIC.fullmatch(text)
    if match is None or match[1] == match[2]:
        return None
    first, second = int(match[1]), int(match[2])
    if first <= 12:
        return DateEvidence.EITHER if second <= 12 else DateEvidence.MONTH_FIRST
    return DateEvidence.DAY_FIRST


@lru_cache(maxsize=16_384)
def parse_date(text: str, order: DateOrder) -> date | Problem:
    """A day of payment, read in the given order; a time of day is left off.

    >>> parse_date("05/04/2017", DateOrder.DAY_FIRST)
    datetime.date(2017, 4, 5)
    """
    text = text.strip()
    if not text:
        return _DATE_MISSING
    if match := _NUMERIC.fullmatch(text):
        return _numeric_date(int(match[1]), int(match[2]), _year(match[3]), order)
    if match := _ISO.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if (match := _NAMED.fullmatch(text)) and match[2].lower() in _MONTHS:
        return _day(_year(match[3]), _MONTHS[match[2].lower()], int(match[1]))
    if is_serial(text):
        return _serial_date(text) if order is DateOrder.SERIAL else _SERIAL_ALONE
    return _why_no_date(text)


def _why_no_date(text: str) -> Problem:
    if _LOST.fullmatch(text):
        return _DATE_LOST
    match = _MONTH_ONLY.fullmatch(text)
    if match and (name := match[1] or match[2] or "jan").lower() in _MONTHS and name:
        return _MONTH_ALONE
    return _DATE_UNREADABLE


def _numeric_date(first: int, second: int, year: int, order: DateOrder) -> date | Problem:
    if order is DateOrder.MONTH_FIRST:
        return _day(year, first, second)
    if second > 12 >= first:
        return _WRONG_ORDER
    return _day(year, second, first)


def _serial_date(text: str) -> date:
    return _SERIAL_START + timedelta(days=int(text.partition(".")[0]))


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else 2000 + year if year < 70 else 1900 + year


def _day(year: int, month: int, day: int) -> date | Problem:
    try:
        return date(year, month, day) if year in _YEARS else _DATE_UNREADABLE
    except ValueError:
        return _DATE_UNREADABLE


# --- numbers of registers --------------------------------------------------------------------------------------------

_NO_COMPANY = Problem("company_number_odd", "This is not a company number, so it is not used to identify the supplier.")


def parse_company_number(text: str) -> str | Problem | None:
    """A company number of 8 characters, its leading zeros put back; None for a blank.

    >>> parse_company_number("1234567")
    '01234567'
    """
    return (normalise_company_number(text) or _NO_COMPANY) if text.strip() else None
