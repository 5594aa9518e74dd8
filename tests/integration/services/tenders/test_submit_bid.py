"""Bids: one each, replaced until the deadline, decided by the clock inside the lock, and told to nobody."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from wpound.core.bid_content import BidContent
from wpound.core.bids import Commitment as Promise
from wpound.core.errors import InputErrors, StateError
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.services.clock import fixed_clock
from wpound.services.close_tender import list_hashes
from wpound.services.submit_bid import withdraw_bid
from wpound.store.base import Base
from wpound.store.engine import reading, writing
from wpound.store.models.tenders import Tender
from wpound.store.sealed_bids import list_receipts, list_sealed_bids

CANARY = "quince"
CANARY_NUMBER = 773_173_177


def standing(buying: Any, tender: Tender) -> list[tuple[str, str]]:
    """Who has a bid in that stands, by the supplier's name, with the code of its receipt."""
    names = {firm.id: name for name, firm in buying.firms.items()}
    rows = list_sealed_bids(buying.session, tender_id=tender.id)
    return [(names[bid.supplier_id], receipt.code) for _, bid, receipt in rows]


def test_a_bid_comes_out_of_its_envelopes_as_it_was_offered(buying: Any) -> None:
    tender = buying.publish(buying.draft())
    receipt = buying.submit(tender, "Ash", fte=Decimal("4.5"))

    (bid,) = buying.open(tender)
    assert (bid.bidder, bid.price, bid.fte, bid.passes) == (
        "Ash",
        Money(45_000_000),
        Decimal("4.5"),
        {"insurance": True},
    )
    assert (bid.content["answers"], bid.alias, bid.receipt_id) == ({"plan": "Twelve sites."}, "Bidder 1", receipt.id)
    assert BidContent.from_dict(bid.content).content_hash == receipt.content_hash
    promised = [(c.measure_code, c.quantity, c.unit, c.year) for c in bid.commitments]
    assert promised == [
        ("local-jobs", Decimal(8), Unit.FTE_YEAR, None),
        ("carbon-fleet", Decimal(10), Unit.TCO2E, 2026),
    ]


def test_a_bid_is_replaced_until_the_deadline_and_every_receipt_is_kept(buying: Any) -> None:
    tender = buying.publish(buying.draft())
    first = buying.submit(tender, "Ash", at=tender.deadline_at - timedelta(days=1))
    better = (Promise("local-jobs", Decimal(9)),)
    again = buying.submit(tender, "Ash", price=Money(44_000_000), commitments=better)
    assert standing(buying, tender) == [("Ash", again.code)]
    kept = list_receipts(buying.session, lot_id=buying.lot(tender).id, supplier_id=buying.firms["Ash"].id)
    assert [receipt.code for receipt in kept] == [again.code, first.code]

    (bid,) = buying.open(tender)
    assert bid.price == Money(44_000_000)
    assert [(c.measure_code, c.quantity) for c in bid.commitments] == [("local-jobs", Decimal(9))]


def test_a_withdrawn_bid_is_erased_and_can_be_made_again(buying: Any) -> None:
    tender = buying.publish(buying.draft())
    lot, firm, clock = buying.lot(tender), buying.firms["Ash"], fixed_clock(tender.deadline_at - timedelta(days=1))
    buying.submit(tender, "Ash")
    withdrawn = withdraw_bid(buying.session, lot, firm, actor="Ash", clock=clock)
    assert (withdrawn.quality, withdrawn.price, standing(buying, tender)) == (None, None, [])
    with pytest.raises(StateError, match="no bid of yours"):
        withdraw_bid(buying.session, lot, firm, actor="Ash", clock=clock)

    again = buying.submit(tender, "Ash")
    assert standing(buying, tender) == [("Ash", again.code)]
    with pytest.raises(StateError, match="deadline"):
        withdraw_bid(buying.session, lot, firm, actor="Ash", clock=fixed_clock(tender.deadline_at))


def test_a_bid_made_before_an_amendment_is_opened_only_when_it_was_confirmed(buying: Any) -> None:
    tender = buying.publish(buying.draft())
    for name in ("Ash", "Birch"):
        buying.submit(tender, name)
    tender.amendment = 1
    confirmed = buying.submit(tender, "Birch")

    assert [bid.bidder for bid in buying.open(tender)] == ["Birch"]
    assert list_hashes(buying.session, tender) == [confirmed.content_hash]


def test_two_bidders_of_one_name_are_told_apart(buying: Any) -> None:
    tender = buying.publish(buying.draft())
    buying.submit(tender, "Ash")
    buying.submit(tender, "Birch", bidder="ASH")

    names = {bid.bidder for bid in buying.open(tender)}
    assert len({name.casefold() for name in names}) == 2
    assert all(name.casefold().startswith("ash") for name in names)


def test_hashes_are_no_business_of_anybodys_before_the_end(buying: Any) -> None:
    tender = buying.publish(buying.draft())
    receipt = buying.submit(tender, "Ash")
    with pytest.raises(StateError, match="when the tender is closed"):
        list_hashes(buying.session, tender)

    assert list_hashes(buying.session, buying.close(tender)) == [receipt.content_hash]


@pytest.mark.parametrize("late_by", [timedelta(0), timedelta(milliseconds=1), timedelta(days=400)])
def test_late_is_late_and_the_deadline_is_told(buying: Any, late_by: timedelta) -> None:
    tender = buying.publish(buying.draft())
    before = buying.submit(tender, "Ash")

    with pytest.raises(StateError, match=r"The deadline for bids was 12:00 noon \(BST\) on 1 April 2026\."):
        buying.submit(tender, "Ash", at=tender.deadline_at + late_by, price=Money(1))

    assert standing(buying, tender) == [("Ash", before.code)]


def test_bids_are_not_taken_before_publication_or_after_closing(buying: Any) -> None:
    tender = buying.draft()
    with pytest.raises(StateError, match="not published yet"):
        buying.submit(tender, "Ash")

    buying.publish(tender)
    buying.close(tender)
    with pytest.raises(StateError, match="deadline"):
        buying.submit(tender, "Ash")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"price": Money(0)}, {"price"}),
        ({"passes": {}}, {"passes.insurance"}),
        ({"passes": {"insurance": True, "tax": True}}, {"passes.tax"}),
        ({"fte": Decimal(0)}, {"fte"}),
        ({"commitments": (Promise("local-jobs", Decimal(-1)),)}, {"commitments[0].quantity"}),
        ({"commitments": (Promise("local-jobs", Decimal(1), unit=Unit.WEEK),)}, {"commitments[0].unit"}),
        ({"commitments": (Promise("no-such", Decimal(1)),)}, {"commitments[0].measure"}),
        ({"commitments": (Promise("local-jobs", Decimal(1)),) * 2}, {"commitments[1].measure"}),
        ({"commitments": (Promise("carbon-fleet", Decimal(1), 2010),)}, {"commitments[0].year"}),
        ({"answers": {}}, {"answers.plan"}),
        ({"answers": {"plan": "Twelve.", "jobs": "Many."}}, {"answers.jobs"}),
    ],
)
def test_what_could_not_be_scored_is_not_taken(buying: Any, changes: dict[str, Any], fields: set[str]) -> None:
    tender = buying.publish(buying.draft())
    birch = buying.submit(tender, "Birch")

    with pytest.raises(InputErrors) as refused:
        buying.submit(tender, "Ash", **changes)

    assert {error.field for error in refused.value.errors} == fields
    assert standing(buying, tender) == [("Birch", birch.code)]


def test_nothing_of_a_bid_can_be_read_in_any_table(buying: Any) -> None:
    tender = buying.publish(buying.draft())
    buying.submit(
        tender,
        "Ash",
        price=Money(CANARY_NUMBER),
        commitments=(Promise("local-jobs", Decimal(CANARY_NUMBER)),),
        fte=Decimal(CANARY_NUMBER),
        answers={"plan": CANARY},
    )

    rows = {name: str(buying.session.execute(select(table)).all()) for name, table in Base.metadata.tables.items()}
    assert "bid.submitted" in rows["audit_events"]
    assert [name for name, told in rows.items() if CANARY in told or str(CANARY_NUMBER) in told] == []


def is_held(engine: Engine) -> bool:
    """Whether nobody else can write to the tenders just now."""
    try:
        if engine.dialect.name == "sqlite":
            with closing(sqlite3.connect(str(engine.url.database), timeout=0)) as other:
                other.execute("BEGIN IMMEDIATE")
        else:
            with engine.connect() as connection:
                connection.execute(select(Tender.id).with_for_update(nowait=True))
    except (sqlite3.OperationalError, OperationalError):
        return True
    return False


def test_the_clock_is_read_while_the_tender_is_held(engine: Engine, arrange: Any) -> None:
    with writing(engine) as session:
        buying = arrange(session)
        tender = buying.publish(buying.draft())
    held = [is_held(engine)]

    def clock(session: Session) -> datetime:
        held.append(is_held(engine))
        return tender.deadline_at - timedelta(days=1)

    with writing(engine) as session:
        replace(buying, session=session).submit(tender, "Ash", clock=clock)

    assert held == [False, True]


class Ticking:
    """A clock that is a moment before the deadline when it is first read, and at it ever after."""

    def __init__(self, deadline_at: datetime) -> None:
        self.deadline_at, self.readings = deadline_at, 0

    def __call__(self, session: Session) -> datetime:
        self.readings += 1
        return self.deadline_at - timedelta(milliseconds=1) if self.readings == 1 else self.deadline_at


@pytest.fixture
def at_once(
    engine: Engine, arrange: Any
) -> Callable[[Sequence[str], Any], tuple[list[tuple[str, str]], list[tuple[str, str]]]]:
    """Let firms press the button at the same moment under one clock; what each was told, and the bids there are."""

    def press(names: Sequence[str], clock_of: Any) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        with writing(engine) as session:
            buying = arrange(session)
            tender = buying.publish(buying.draft())
        clock, start, told = clock_of(tender.deadline_at), Barrier(len(names)), []

        def send(name: str) -> None:
            start.wait()
            try:
                with writing(engine) as session:
                    replace(buying, session=session).submit(tender, name, clock=clock)
                told.append((name, "taken"))
            except StateError as refused:
                told.append((name, refused.message))

        threads = [Thread(target=send, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with reading(engine) as session:
            return told, standing(replace(buying, session=session), tender)

    return press


def test_of_two_at_the_deadline_the_one_that_waited_for_the_other_is_late(at_once: Any) -> None:
    told, bids = at_once(["Ash", "Birch"], Ticking)

    taken = [name for name, answer in told if answer == "taken"]
    assert len(taken) == 1
    assert [name for name, _ in bids] == taken
    assert next(answer for name, answer in told if name not in taken).startswith("The deadline for bids was 12:00")


def test_a_double_click_gives_one_bid(at_once: Any) -> None:
    told, bids = at_once(["Ash", "Ash"], lambda deadline_at: lambda session: deadline_at - timedelta(seconds=5))

    assert [answer for _, answer in told] == ["taken", "taken"]
    assert [name for name, _ in bids] == ["Ash"]
