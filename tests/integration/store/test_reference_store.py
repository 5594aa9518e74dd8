"""Organisations, suppliers, postcodes, published tables and stored files."""

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError, InvalidRequestError
from sqlalchemy.orm import Session

from wpound.core.errors import NotFound, StateError
from wpound.core.money import Money
from wpound.core.periods import Period, financial_year
from wpound.core.places import Area
from wpound.store import files, league, organisations, places, suppliers
from wpound.store.base import add
from wpound.store.models.league import LeagueSnapshotRank, LeagueSnapshotRow
from wpound.store.models.suppliers import SupplierAddress


def test_anchors_of_a_city_by_name(session: Session, make) -> None:
    b, a = make.organisation(session, "b", name="Bilston"), make.organisation(session, "a", name="Aldersley")
    make.organisation(session, "elsewhere", city_key="other")
    make.organisation(session, "firm", anchor_kind=None)

    assert organisations.list_anchors(session, city_key="town") == [a, b]
    assert organisations.get_organisation(session, "b") is b
    with pytest.raises(NotFound, match="'z'"):
        organisations.get_organisation(session, "z")


def test_an_anchor_has_a_city_and_a_population_has_a_day(session: Session, make) -> None:
    for values, rule in (({"city_key": None}, "anchor_has_city"), ({"population": 5}, "population_dated")):
        with pytest.raises(IntegrityError, match=rule), session.begin_nested():
            make.organisation(session, **values)


def test_not_known_to_be_a_charity_is_not_no(session: Session, make) -> None:
    for name, flag in (("Unknown", None), ("No", False), ("Yes", True)):
        make.supplier(session, name, is_vcse=flag)
    session.expire_all()

    assert [supplier.is_vcse for supplier in suppliers.list_suppliers(session)] == [None, False, True]


def test_a_supplier_comes_with_its_addresses(session: Session, make) -> None:
    firm = make.supplier(session, identifier="GB-COH-00000000")
    where = {"source": "register", "seen_on": date(2026, 1, 1)}
    add(session, SupplierAddress(supplier_id=firm.id, kind="registered", postcode="ZZ1 1ZZ", **where))
    add(session, SupplierAddress(supplier_id=firm.id, kind="trading", country="FR", **where))
    session.expire_all()

    assert [address.kind for address in suppliers.get_supplier(session, firm.id).addresses] == ["registered", "trading"]
    assert suppliers.find_supplier(session, "GB-COH-00000000") is firm
    with pytest.raises(IntegrityError, match="says_where"), session.begin_nested():
        session.add(SupplierAddress(supplier_id=firm.id, kind="invoice", **where))
        session.flush()


def test_what_was_not_asked_for_is_not_fetched_row_by_row(session: Session, make) -> None:
    firm = make.supplier(session)
    session.expire_all()
    with pytest.raises(InvalidRequestError, match="raise_on_sql"):
        assert session.get_one(type(firm), firm.id).addresses


def test_a_payee_is_put_in_once_however_often_it_is_named(session: Session, make) -> None:
    council = make.organisation(session)
    keys = [suppliers.PayeeKey("Alder"), suppliers.PayeeKey("Alder", "77"), suppliers.PayeeKey("Alder")]
    first = suppliers.add_payees(session, keys, organisation_id=council.id)

    assert suppliers.add_payees(session, keys, organisation_id=council.id) == first
    assert len(first) == 2


def test_postcodes_come_from_the_newest_edition_that_has_them(session: Session) -> None:
    old = [("ZZ1 1ZZ", "E1", "W1", None, "199001", None), ("ZZ9 9ZZ", "E9", None, None, None, "200001")]
    places.load_postcodes(session, title="May 2022", vintage="2022-05", rows=old)
    places.load_postcodes(
        session, title="May 2026", vintage="2026-05", rows=[("ZZ1 1ZZ", "E2", "W2", "L2", "199001", None)]
    )
    asked = ["ZZ1 1ZZ", "ZZ9 9ZZ", "ZZ5 5ZZ"]

    assert places.find_areas(session, asked) == {
        "ZZ1 1ZZ": Area("E2", "2026-05", "W2", "L2"),
        "ZZ9 9ZZ": Area("E9", "2022-05"),
    }


def test_the_same_edition_twice_is_refused(session: Session) -> None:
    places.load_postcodes(session, title="May 2022", vintage="2022-05", rows=[])
    with pytest.raises(StateError, match="already"), session.begin_nested():
        places.load_postcodes(session, title="May 2022", vintage="2022-05", rows=[])


def test_the_newest_published_table_is_found_with_its_rows(session: Session, make) -> None:
    anchor = make.organisation(session)
    make.snapshot(session)
    newest = make.snapshot(session, definition="In the city, corrected")
    zero = Money(0)
    row = LeagueSnapshotRow(
        snapshot_id=newest.id,
        organisation_id=anchor.id,
        position=1,
        anchor=anchor.key,
        name=anchor.name,
        anchor_kind=anchor.anchor_kind,
        total=zero,
        local_low=zero,
        local_high=zero,
        unknown=zero,
        transfers=zero,
        transfer_lines=0,
        ranks=[LeagueSnapshotRank(ranked_by="share", low=1, high=2, shared=False)],
    )
    add(session, row)
    session.expire_all()

    found = league.find_snapshot(session, city_key="town", rule_key="city", period=financial_year(2025))
    assert found is newest
    assert [(rank.low, rank.high) for rank in found.rows[0].ranks] == [(1, 2)]
    assert len(league.list_snapshots(session, city_key="town")) == 2
    quarter = Period(date(2025, 4, 1), date(2025, 6, 30))
    assert league.find_snapshot(session, city_key="town", rule_key="city", period=quarter) is None


def test_the_same_bytes_are_one_stored_file(session: Session) -> None:
    about = {"sha256": "e" * 64, "media_type": "application/pdf", "byte_count": 10}
    first = files.record_file(session, **about, original_name="a.pdf")

    assert files.record_file(session, **about, original_name="b.pdf") is first
    assert files.find_file(session, "f" * 64) is None
