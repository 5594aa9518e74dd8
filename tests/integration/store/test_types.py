"""What goes into a column comes out the same on both databases."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from wpound.core.money import Money
from wpound.store.base import add
from wpound.store.models.bids import Bid, BidCommitment
from wpound.store.models.tenders import Lot, Tender
from wpound.store.tenders import list_lots
from wpound.store.types import canonical_json, hash_of

BEYOND_FLOAT = 2**53 + 1


def test_money_adds_up_exactly_beyond_what_a_float_holds(session: Session, make) -> None:
    tender = make.tender(session, make.organisation(session))
    for number, pence in enumerate((BEYOND_FLOAT, 2, -1), start=1):
        add(session, Lot(tender_id=tender.id, number=number + 1, title="Lot", contract_value=Money(pence)))
    session.expire_all()

    assert session.scalar(select(Lot.contract_value).where(Lot.number == 2)) == Money(BEYOND_FLOAT)
    assert session.scalar(select(func.sum(Lot.contract_value))) == Money(BEYOND_FLOAT + 1)


@pytest.mark.parametrize("value", [1.5, 150, Decimal("1.50"), "150"])
def test_money_columns_take_nothing_but_money(session: Session, make, value) -> None:
    with pytest.raises(StatementError, match="takes Money"):
        make.tender(session, make.organisation(session), contract_value=value)


@pytest.mark.parametrize("text", ["8.50", "0.1", "-0.000000000000000000000000001", "123456789012345678901234567890.5"])
def test_exact_numbers_keep_every_digit(session: Session, make, text: str) -> None:
    tender = make.tender(session, make.organisation(session), years=Decimal(text))
    session.expire_all()

    assert str(session.get(Tender, tender.id).years) == str(Decimal(text))


@pytest.mark.parametrize("value", [0.5, 1, "1", Decimal("NaN"), Decimal("Infinity")])
def test_exact_numbers_refuse_what_is_not_a_finite_decimal(session: Session, make, value) -> None:
    with pytest.raises(StatementError, match="finite Decimal"):
        make.tender(session, make.organisation(session), years=value)


def test_a_promise_below_nothing_is_refused_by_the_database(session: Session, make) -> None:
    bid = make.bid(session, make.tender(session, make.organisation(session)), make.supplier(session))
    with pytest.raises(IntegrityError, match="quantity_not_negative"), session.begin_nested():
        session.add(BidCommitment(bid_id=bid.id, measure_code="jobs", quantity=Decimal("-1"), unit="week"))
        session.flush()


def test_instants_come_back_in_utc_whatever_zone_they_came_in(session: Session, make) -> None:
    summer = datetime(2026, 6, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    tender = make.tender(session, make.organisation(session), deadline_at=summer)
    session.expire_all()

    found = session.get(Tender, tender.id).deadline_at
    assert found == summer
    assert found.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused(session: Session, make) -> None:
    with pytest.raises(StatementError, match="time zone"):
        make.tender(session, make.organisation(session), deadline_at=datetime(2026, 6, 1, 12))  # noqa: DTZ001


def test_a_word_outside_the_list_is_refused(session: Session, make) -> None:
    with pytest.raises(StatementError, match="enormous"):
        make.supplier(session, size="enormous")


def test_every_row_knows_when_it_was_made(session: Session, make) -> None:
    assert make.organisation(session).created_at.date() - date.today() < timedelta(days=1)  # noqa: DTZ011


def test_canonical_json_is_one_text_whatever_the_order() -> None:
    assert (
        canonical_json({"b": [1, None], "a": "£"})
        == '{"a":"£","b":[1,null]}'
        == canonical_json({"a": "£", "b": [1, None]})
    )
    assert hash_of({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"


@pytest.mark.parametrize("value", [0.1, {"a": 1.0}, {"a": [{"b": 2.5}]}])
def test_canonical_json_refuses_floats_at_any_depth(value) -> None:
    with pytest.raises(TypeError, match="float"):
        canonical_json(value)


def test_one_bid_a_bidder(session: Session, make) -> None:
    tender, supplier = make.tender(session, make.organisation(session)), make.supplier(session)
    make.bid(session, tender, supplier)

    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(
            Bid(
                tender_id=tender.id,
                lot_id=list_lots(session, tender_id=tender.id)[0].id,
                alias="Bidder again",
                supplier_id=supplier.id,
                bidder="Again",
                submitted_at=datetime(2026, 4, 1, tzinfo=UTC),
                price=Money(1),
            )
        )
        session.flush()
