"""How an amount of a promise is printed on the pages of a contract."""

from datetime import date
from decimal import Decimal

from wpound.core.progress import progress_of
from wpound.core.quantities import Unit
from wpound.services.show_delivery import DeliveryLine
from wpound.store.models.contracts import Commitment

NOTHING = Decimal(0)


def test_an_amount_between_two_hundredths_is_printed_as_the_one_above():
    nowhere = progress_of(NOTHING, (), date(2026, 7, 1), None, (NOTHING, NOTHING, NOTHING))
    line = DeliveryLine(Commitment(unit=Unit.FTE_YEAR), "Local jobs", nowhere, (), assumed_even=True)
    assert line.format(Decimal("0.125")) == "0.13 FTE-years"
    assert line.format(Decimal("1.125")) == "1.13 FTE-years"
