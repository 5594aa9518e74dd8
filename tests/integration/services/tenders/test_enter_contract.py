"""Contracts that come from no tender here: terms and promises checked, every promise with its value."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from wpound.core.bids import Commitment as Promise
from wpound.core.errors import InputErrors
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.core.quantities import Unit
from wpound.services.enter_contract import ContractTerms, enter_contract
from wpound.store.models.contracts import Contract

LIFE = Period(date(2026, 7, 1), date(2028, 6, 30))


def enter(buying: Any, *promises: Promise, **changes: Any) -> Contract:
    plain = {"reference": "C-9", "title": "Cleaning", "value": Money(9_000_000), "life": LIFE}
    terms = ContractTerms(**(plain | changes))
    return enter_contract(
        buying.session, buying.buyer, buying.firms["Ash"], terms, promises, buying.catalogue, actor="officer"
    )


def test_a_contract_from_elsewhere_is_entered_with_its_promises(buying: Any) -> None:
    weeks = Promise("apprenticeship-weeks-level-3", Decimal(52))
    contract = enter(buying, weeks, Promise("carbon-fleet", Decimal("8.5"), 2027))

    assert (contract.tender_id, contract.bid_id) == (None, None)
    told = [(c.measure_code, c.value_kind.value, c.unit_value is None) for c in contract.commitments]
    assert told == [("apprenticeship-weeks-level-3", "none", True), ("carbon-fleet", "additional", False)]


def test_a_measure_without_a_value_in_that_year_is_counted_in_its_unit_only(buying: Any) -> None:
    """No value in force is not a value of 0."""
    contract = enter(buying, Promise("carbon-fleet", Decimal(1), 2010))

    (commitment,) = contract.commitments
    assert (commitment.quantity, commitment.unit_value, commitment.value_reference) == (Decimal(1), None, None)


@pytest.mark.parametrize(
    ("changes", "promises", "fields"),
    [
        ({"reference": " "}, (), {"reference"}),
        ({"title": "", "value": Money(0)}, (), {"title", "value"}),
        ({}, (Promise("no-such", Decimal(1)),), {"commitments[0].measure"}),
        ({}, (Promise("local-jobs", Decimal(-1)),), {"commitments[0].quantity"}),
        ({}, (Promise("local-jobs", Decimal(1), unit=Unit.HOUR),), {"commitments[0].unit"}),
        ({}, (Promise("local-jobs", Decimal(1)),) * 2, {"commitments[1].measure"}),
    ],
)
def test_terms_and_promises_that_cannot_be_are_refused(
    buying: Any, changes: dict[str, Any], promises: tuple[Promise, ...], fields: set[str]
) -> None:
    with pytest.raises(InputErrors) as refused:
        enter(buying, *promises, **changes)

    assert {error.field for error in refused.value.errors} == fields
    assert buying.session.scalar(select(func.count()).select_from(Contract)) == 0


def test_a_reference_is_used_once_by_a_buyer(buying: Any) -> None:
    enter(buying)

    with pytest.raises(InputErrors, match="already a contract C-9"):
        enter(buying)
