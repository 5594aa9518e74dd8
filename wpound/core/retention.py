"""How long a contract's papers are kept.

Defaults: six years after the end of the contract for its record, common practice of the Information and Records
Management Society; three years, the floor of section 98 of the Procurement Act 2023, for what holds personal data.
"""

from datetime import date, timedelta
from enum import StrEnum

from wpound.core.periods import first_months


class RetentionClass(StrEnum):
    """How long something is kept: as the contract's record, or no longer than must be, as it holds personal data."""

    RECORD = "record"
    PERSONAL = "personal"


DEFAULT_YEARS = {RetentionClass.RECORD: 6, RetentionClass.PERSONAL: 3}


def keep_until(klass: RetentionClass, contract_end: date, years: int | None = None) -> date:
    """The last day on which it is kept: whole years that begin on the day after the contract's end.

    ``years`` is what the house has set, the default of the class where it is None.

    >>> keep_until(RetentionClass.RECORD, date(2028, 2, 29))
    datetime.date(2034, 2, 28)
    >>> keep_until(RetentionClass.PERSONAL, date(2027, 3, 31))
    datetime.date(2030, 3, 31)
    """
    kept = DEFAULT_YEARS[klass] if years is None else years
    return first_months(contract_end + timedelta(days=1), 12 * kept).end_on if kept else contract_end
