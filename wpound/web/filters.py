"""How values are written on pages: the rules of ``core`` and ``documents``, under the names templates use."""

from datetime import date
from decimal import Decimal

from flask import Flask

from wpound.core.money import Money, format_number
from wpound.core.periods import format_day, format_financial_year
from wpound.documents.render import format_percent
from wpound.services.clock import format_deadline, format_moment


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


def register_filters(app: Flask) -> None:
    """Make the formats known to the templates."""
    app.jinja_env.filters.update(
        money=Money.format,
        rate=format_rate,
        percent=format_percent,
        number=format_number,
        whole="{:,}".format,
        day=format_date,
        moment=format_moment,
        deadline=format_deadline,
        financial_year=format_financial_year,
    )
