"""How values are written on pages: the rules of ``core`` and ``documents``, under the names templates use."""

import re
from datetime import date
from decimal import Decimal

from flask import Flask

from wpound.core.money import Money, format_number
from wpound.core.periods import format_day, format_financial_year
from wpound.documents.render import format_percent
from wpound.services.clock import format_deadline, format_moment

_RESULT = re.compile(r"That is (\S+)% of the (\S+) marks available: (\S+) marks\.$")

REGISTERS = {
    "GB-COH": "Companies House",
    "GB-CHC": "Charity Commission for England and Wales",
    "GB-SC": "Scottish Charity Regulator",
    "GB-NIC": "Charity Commission for Northern Ireland",
}


def format_rate(pounds: Decimal) -> str:
    """An exact number of pounds for one unit: all the decimals it has, pence only where there are any.

    >>> format_rate(Decimal("14610.00")), format_rate(Decimal("12.7")), format_rate(Decimal("0.125"))
    ('£14,610', '£12.70', '£0.125')
    """
    whole, _, decimals = f"{pounds:,f}".partition(".")
    decimals = decimals.rstrip("0")
    return f"£{whole}.{decimals:0<2}" if decimals else f"£{whole}"


def format_date(day: date) -> str:
    """A day as people read it, kept on one line."""
    return format_day(day).replace(" ", "\N{NO-BREAK SPACE}")


def format_explanation(sentence: str) -> str:
    """How a mark came about, with one mark and no marks said as people say them.

    The sentence itself is part of a result with a hash and of letters that were issued, so it stays as it was stored.

    >>> format_explanation("Jobs: the bid promises 0. That is 0.00% of the 1 marks available: 0.00 marks.")
    'Jobs: the bid promises 0. That is 0% of the 1 mark available: 0 marks.'
    """

    def say(found: re.Match[str]) -> str:
        share = "0" if found[1] == "0.00" else found[1]
        return f"That is {share}% of the {_count_marks(found[2])} available: {_count_marks(found[3])}."

    return _RESULT.sub(say, sentence)


def _count_marks(number: str) -> str:
    short = {"0.00": "0", "1.00": "1"}.get(number, number)
    return f"{short} {'mark' if short == '1' else 'marks'}"


def name_register(identifier: str) -> str:
    """An identifier with the register it is in, where it is one that suppliers register by.

    >>> name_register("GB-COH-01234567"), name_register("GB-GOR-X1")
    ('GB-COH-01234567 (Companies House)', 'GB-GOR-X1')
    """
    register = REGISTERS.get("-".join(identifier.split("-")[:2]))
    return f"{identifier} ({register})" if register else identifier


def register_filters(app: Flask) -> None:
    """Make the formats known to the templates."""
    app.jinja_env.filters.update(
        money=Money.format,
        rate=format_rate,
        percent=format_percent,
        number=format_number,
        explanation=format_explanation,
        whole="{:,}".format,
        day=format_date,
        with_register=name_register,
        moment=format_moment,
        deadline=format_deadline,
        financial_year=format_financial_year,
    )
