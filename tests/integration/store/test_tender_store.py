"""Tenders, bids and evaluations: what the database itself will not let happen."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wpound.core.errors import NotFound, StateError
from wpound.core.money import Money
from wpound.store import bids, evaluations, tenders
from wpound.store.base import add
from wpound.store.models.bids import BidCommitment, BidMark, MarkKind
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Lot, Tender, TenderStage


@pytest.fixture
def tender(session: Session, make) -> Tender:
    return make.tender(session, make.organisation(session))


def test_a_tender_is_published_only_whole(session: Session, tender: Tender) -> None:
    tender.stage = TenderStage.PUBLISHED
    with pytest.raises(IntegrityError, match="published_is_complete"), session.begin_nested():
        session.flush()


def test_the_same_ocid_twice_is_told_in_words(session: Session, make, tender: Tender) -> None:
    with pytest.raises(StateError, match="already a tenders row"), session.begin_nested():
        make.tender(session, make.organisation(session, "college"))


def test_a_tender_comes_with_its_lots(session: Session, tender: Tender) -> None:
    for number in (3, 2):
        add(session, Lot(tender_id=tender.id, number=number, title=f"Lot {number}"))
    session.expire_all()

    lots = ["Grounds maintenance", "Lot 2", "Lot 3"]
    assert [lot.title for lot in tenders.get_tender(session, tender.ocid).lots] == lots
    with pytest.raises(NotFound):
        tenders.get_tender(session, "ocds-none")


def test_a_buyer_sees_its_own_tenders_newest_first(session: Session, make, tender: Tender) -> None:
    buyer = session.get_one(Organisation, tender.organisation_id)
    later = make.tender(session, buyer, ocid="2")
    make.tender(session, make.organisation(session, "college"), ocid="3")

    assert tenders.list_tenders(session, organisation_id=tender.organisation_id) == [later, tender]


def test_a_price_of_nothing_is_refused(session: Session, make, tender: Tender) -> None:
    with pytest.raises(IntegrityError, match="price_above_nothing"), session.begin_nested():
        make.bid(session, tender, make.supplier(session), price=Money(0))


def test_bids_come_with_what_they_promise_and_their_marks(session: Session, make, tender: Tender) -> None:
    bid = make.bid(session, tender, make.supplier(session))
    add(
        session, BidCommitment(bid_id=bid.id, measure_code="jobs", quantity=Decimal("8.50"), unit="fte_year", year=2026)
    )
    for kind, who in ((MarkKind.INDIVIDUAL, "ann"), (MarkKind.INDIVIDUAL, "bob"), (MarkKind.CONSENSUS, "ann")):
        add(session, _mark(bid.id, kind, who))
    session.expire_all()

    (found,) = bids.list_bids(session, lot_id=bid.lot_id)
    assert [str(promise.quantity) for promise in found.commitments] == ["8.50"]
    assert len(found.marks) == 3
    assert sum(mark.kind is MarkKind.CONSENSUS for mark in found.marks) == 1


def _mark(bid_id: int, kind: MarkKind, who: str) -> BidMark:
    return BidMark(bid_id=bid_id, criterion="q1", kind=kind, marked_by=who, mark=Decimal(4), reason="Clear plan")


def test_there_is_one_agreed_mark_a_criterion(session: Session, make, tender: Tender) -> None:
    bid = make.bid(session, tender, make.supplier(session))
    add(session, _mark(bid.id, MarkKind.CONSENSUS, "ann"))
    with pytest.raises(StateError, match="already"), session.begin_nested():
        add(session, _mark(bid.id, MarkKind.CONSENSUS, "bob"))


@pytest.mark.parametrize("year", [2026, None])
def test_a_measure_is_promised_once_a_year_and_once_for_the_whole(session: Session, make, tender: Tender, year) -> None:
    bid = make.bid(session, tender, make.supplier(session))
    add(session, BidCommitment(bid_id=bid.id, measure_code="jobs", quantity=Decimal(1), unit="week", year=year))
    with pytest.raises(StateError, match="already"), session.begin_nested():
        add(session, BidCommitment(bid_id=bid.id, measure_code="jobs", quantity=Decimal(2), unit="week", year=year))


def test_a_rescore_is_a_new_number_with_a_reason_and_the_first_stays(session: Session, make, tender: Tender) -> None:
    bid = make.bid(session, tender, make.supplier(session))
    (lot,) = tenders.list_lots(session, tender_id=tender.id)
    assert evaluations.next_number(session, lot) == 1
    first = make.evaluation(session, bid)
    assert evaluations.next_number(session, lot) == 2
    with pytest.raises(IntegrityError, match="rescore_has_reason"), session.begin_nested():
        make.evaluation(session, bid, number=2)
    second = make.evaluation(session, bid, number=2, reason="A mark was entered for the wrong bid")
    session.expire_all()

    assert evaluations.find_evaluation(session, lot_id=lot.id) is second
    found = evaluations.find_evaluation(session, lot_id=lot.id, number=1)
    assert found is first
    assert [(line.criterion, line.contribution) for line in found.bids[0].lines] == [("price", Decimal("38.00"))]
    assert evaluations.list_evaluations(session, lot_id=lot.id) == [first, second]


def test_a_bid_is_ranked_or_excluded_never_both(session: Session, make, tender: Tender) -> None:
    evaluation = make.evaluation(session, make.bid(session, tender, make.supplier(session)))
    other = make.bid(session, tender, make.supplier(session, "Other"))
    row = type(evaluation.bids[0])
    with pytest.raises(IntegrityError, match="ranked_or_excluded"), session.begin_nested():
        session.add(row(evaluation_id=evaluation.id, bid_id=other.id, position=2, rank=2, excluded_because="Late"))
        session.flush()


def test_the_day_of_an_evaluation_is_kept(session: Session, make, tender: Tender) -> None:
    make.evaluation(session, make.bid(session, tender, make.supplier(session)))
    (lot,) = tenders.list_lots(session, tender_id=tender.id)

    assert evaluations.find_evaluation(session, lot_id=lot.id).as_of == date(2026, 4, 1)
    assert evaluations.find_evaluation(session, lot_id=lot.id, number=9) is None
