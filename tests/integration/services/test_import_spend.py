"""Spend files come in whole, once, and every pound is found again in the roll-ups and the table."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wpound.catalogue.model import City
from wpound.core.money import Money
from wpound.core.periods import financial_year
from wpound.core.places import Ring
from wpound.services.import_spend import SpendImport, import_spend
from wpound.services.load_register import load_register
from wpound.store.audit import list_events
from wpound.store.league import ring_spend
from wpound.store.models.spend import FileStatus, SpendFile, SpendLine, SpendSource
from wpound.store.models.suppliers import Payee, SupplierCandidate
from wpound.store.rollups import check_rollups
from wpound.store.spend import list_lines
from wpound.store.suppliers import list_payees, list_suppliers

ROWS = [
    ("01/04/2025", "EXAMPLE ASHGROVE JOINERY LIMITED", "100.00"),
    ("02/04/2025", "Example Fellside Fleet Ltd", "250.50"),
    ("03/04/2025", "Example Water Authority", "40.00"),
    ("04/04/2025", "Somebody Quite Unheard Of", "9.99"),
    ("05/04/2025", "Example Ashgrove Joinery Ltd", "-20.00"),
    ("06/04/2025", "REDACTED PERSONAL DATA", "60.00"),
]


def bring_in(session: Session, source: SpendSource, path: Path, city: City) -> SpendImport:
    return import_spend(session, source, path, city.localities, actor="test")


def rings(session: Session, source: SpendSource, rule_key: str) -> dict[tuple[Ring, bool], int]:
    found = ring_spend(
        session, organisation_ids=[source.organisation_id], period=financial_year(2025), rule_key=rule_key
    )
    return {(row.ring, row.is_transfer): row.pence for row in found[source.organisation_id]}


def test_every_pound_is_placed_by_the_address_that_counts(
    session: Session, source: SpendSource, city: City, write_spend, register: Path
) -> None:
    load_register(session, register, actor="test")

    bring_in(session, source, write_spend(ROWS), city)

    # Traded in the city: the joiners (100.00 less the credit note) and the branch of the fleet firm.
    assert rings(session, source, "city-trading") == {
        (Ring.CITY, False): 33050,
        (Ring.COMBINED_AUTHORITY, True): 4000,
        (Ring.UNKNOWN, False): 6999,
    }
    # By the registered office the fleet firm is a Manchester firm.
    assert rings(session, source, "city-registered")[(Ring.UK, False)] == 25050
    assert check_rollups(session) == []


def test_the_file_is_accounted_for_line_by_line(session: Session, source: SpendSource, city: City, write_spend) -> None:
    outcome = bring_in(session, source, write_spend([*ROWS, ("07/04/2025", "Unreadable Example Ltd", "n/k")]), city)

    file = outcome.file
    assert file.status is FileStatus.ACCEPTED_WITH_WARNINGS
    assert (file.row_count, file.loaded_rows, file.refused_rows) == (7, 6, 1)
    assert file.total == Money(44049)
    assert (file.negative_rows, file.negative_total) == (1, Money(-2000))
    lines = list_lines(session, organisation_id=source.organisation_id)
    assert [line.line_number for line, _ in lines] == [2, 3, 4, 5, 6, 7]
    assert lines[0][0].raw.startswith("01/04/2025,EXAMPLE ASHGROVE")
    assert [event.action for event in list_events(session, object_kind="spend_file", object_id=file.id)] == [
        "spend_file.imported"
    ]


def test_the_same_file_and_the_same_rows_again_change_nothing(
    session: Session, source: SpendSource, city: City, write_spend
) -> None:
    first = bring_in(session, source, write_spend(ROWS), city)

    again = bring_in(session, source, write_spend(ROWS), city)
    shuffled = bring_in(session, source, write_spend(list(reversed(ROWS)), "other-name.csv"), city)

    assert again.is_repeated and shuffled.is_repeated
    assert shuffled.file.id == first.file.id
    assert "came in before" in shuffled.sentence
    assert session.scalar(select(func.count()).select_from(SpendLine)) == len(ROWS)
    assert session.scalar(select(func.count()).select_from(SpendFile)) == 1


def test_a_true_second_payment_counts_twice(session: Session, source: SpendSource, city: City, write_spend) -> None:
    bring_in(session, source, write_spend([ROWS[0], ROWS[0]]), city)

    assert sum(rings(session, source, "city-trading").values()) == 20000


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<!DOCTYPE html><html><body>403</body></html>", "web page"),
        (b"", "empty"),
        (b"Payment Date,Supplier Name,Net Amount\n01/04/2025,Example Ltd,none\n", "amount"),
        (b"%PDF-1.7\n", "PDF"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_reason_and_leaves_nothing(
    session: Session, source: SpendSource, city: City, tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "payments.csv"
    path.write_bytes(content)

    outcome = bring_in(session, source, path, city)

    assert outcome.file.status is FileStatus.REFUSED
    assert outcome.file.refused_because and reason in outcome.file.refused_because
    assert session.scalar(select(func.count()).select_from(SpendLine)) == 0
    assert session.scalar(select(func.count()).select_from(Payee)) == 0


def test_a_likeness_goes_to_a_person_and_a_redacted_name_to_nobody(
    session: Session, source: SpendSource, city: City, write_spend, register: Path
) -> None:
    load_register(session, register, actor="test")
    rows = [("01/04/2025", "Example Ashgrove Joiners Ltd", "10.00"), ROWS[5]]

    outcome = bring_in(session, source, write_spend(rows), city)

    assert (outcome.identified.review, outcome.identified.withheld) == (1, 1)
    assert session.scalar(select(func.count()).select_from(SupplierCandidate)) >= 1
    assert all(payee.supplier_id is None for payee in list_payees(session, organisation_id=source.organisation_id))


def test_a_register_loaded_twice_adds_nothing(session: Session, register: Path) -> None:
    first = load_register(session, register, actor="test")
    again = load_register(session, register, actor="test")

    assert (first.entered, again.entered, again.known) == (3, 0, 3)
    assert [len(supplier.addresses) for supplier in list_suppliers(session)] == [2, 2, 2]


def test_a_postcode_printed_in_the_file_places_an_unknown_supplier(
    session: Session, source: SpendSource, city: City, write_spend
) -> None:
    bring_in(session, source, write_spend([("01/04/2025", "Nobody We Know", "5.00", "WV1 1AA")]), city)

    assert rings(session, source, "city-trading") == {(Ring.CITY, False): 500}


def test_a_likeness_that_waits_for_a_person_waits_once(
    session: Session, source: SpendSource, city: City, write_spend, register: Path
) -> None:
    load_register(session, register, actor="test")
    likeness = ("01/04/2025", "Example Ashgrove Joiners Ltd", "10.00")
    bring_in(session, source, write_spend([likeness]), city)
    waiting = session.scalar(select(func.count()).select_from(SupplierCandidate))

    again = bring_in(session, source, write_spend([likeness, ROWS[3]], "may.csv"), city)

    assert again.file.status is FileStatus.ACCEPTED
    assert again.identified.review == 1
    assert session.scalar(select(func.count()).select_from(SupplierCandidate)) == waiting
