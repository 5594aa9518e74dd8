"""The announced end of a contract: the day before the same day some years later, or the end of a shorter month."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from wpound.core.method import Method
from wpound.core.particulars import Particulars
from wpound.services.make_tender_pack import contract_ends_on
from wpound.services.read_terms import PublishedTerms

PRICE = {"code": "price", "kind": "price", "weighting": 100, "formula": "lowest_ratio"}
METHOD = Method.from_dict({"title": "Grounds", "criteria": [PRICE]})
TERMS = PublishedTerms(METHOD, "fingerprint", date(2026, 4, 1), datetime(2026, 5, 1, 11, tzinfo=UTC))


@pytest.mark.parametrize(
    ("start_on", "years", "ends_on"),
    [
        (date(2026, 7, 1), "2", date(2028, 6, 30)),
        (date(2026, 12, 1), "1", date(2027, 11, 30)),
        (date(2027, 1, 1), "1", date(2027, 12, 31)),
        (date(2028, 2, 29), "1", date(2029, 2, 28)),
        (date(2026, 8, 31), "0.5", date(2027, 2, 28)),
        (date(2026, 1, 31), "1", date(2027, 1, 30)),
        (date(2026, 7, 1), "0.3", None),
        (None, "1", None),
        (date(2026, 7, 1), None, None),
    ],
)
def test_a_contract_ends_the_day_before(start_on: date | None, years: str | None, ends_on: date | None) -> None:
    method = replace(METHOD, years=Decimal(years) if years else None)
    assert contract_ends_on(replace(TERMS, method=method), Particulars(start_on=start_on)) == ends_on
