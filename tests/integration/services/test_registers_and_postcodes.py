"""What becomes known later of suppliers and postcodes reaches payments that came in before."""

import gzip
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from wpound.catalogue.model import City
from wpound.core.errors import InputError, StateError
from wpound.core.periods import financial_year
from wpound.core.places import Ring
from wpound.services.import_spend import import_spend
from wpound.services.load_postcode_table import load_postcode_table
from wpound.services.load_register import load_register
from wpound.services.review_payees import review_payees
from wpound.store.league import ring_spend
from wpound.store.models.spend import SpendSource
from wpound.store.rollups import check_rollups

HEADER = "pcd7,pcds,dointr,doterm,lad25cd,wd25cd,lsoa21cd\n"


def rings(session: Session, source: SpendSource) -> dict[tuple[Ring, Ring, Ring], int]:
    found = ring_spend(
        session, organisation_ids=[source.organisation_id], period=financial_year(2025), rule_key="city-trading"
    )
    return {(row.ring, row.nearest, row.farthest): row.pence for row in found[source.organisation_id]}


@pytest.fixture
def paid(session: Session, source: SpendSource, city: City, write_spend) -> None:
    rows = [
        ("01/04/2025", "Example Ashgrove Joinery Ltd", "10.00"),
        ("02/04/2025", "Border Example", "5.00", "WV8 1AA"),
    ]
    import_spend(session, source, write_spend(rows), city.localities, actor="test")


def table(tmp_path: Path, name: str = "ONSPD_AUG_2025.csv.gz") -> Path:
    path = tmp_path / name
    path.write_bytes(gzip.compress((HEADER + "WV8 1AA,WV8 1AA,198001,,E08000031,,\n").encode()))
    return path


def test_a_register_loaded_later_places_what_was_paid_before(
    session: Session, source: SpendSource, city: City, paid, register: Path
) -> None:
    before = rings(session, source)

    load_register(session, register, actor="test")
    found = review_payees(session, city, actor="test")

    assert before[(Ring.UNKNOWN, Ring.WARD, Ring.OVERSEAS)] == 1000
    assert rings(session, source)[(Ring.CITY, Ring.CITY, Ring.CITY)] == 1000
    assert found["city-of-wolverhampton-council"].automatic == 1
    assert check_rollups(session) == []


def test_a_full_table_settles_what_a_sector_leaves_open(
    session: Session, source: SpendSource, city: City, paid, tmp_path: Path
) -> None:
    before = rings(session, source)

    load_postcode_table(session, table(tmp_path), actor="test")
    review_payees(session, city, actor="test")

    assert [key for key, pence in before.items() if pence == 500] != [(Ring.CITY, Ring.CITY, Ring.CITY)]
    assert rings(session, source)[(Ring.CITY, Ring.CITY, Ring.CITY)] == 500
    assert check_rollups(session) == []


def test_the_same_edition_is_loaded_once(session: Session, tmp_path: Path) -> None:
    load_postcode_table(session, table(tmp_path), actor="test")

    with pytest.raises(StateError):
        load_postcode_table(session, table(tmp_path), actor="test")


def test_a_table_without_rows_is_refused(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "ONSPD_AUG_2025.csv"
    path.write_text(HEADER, "utf-8")

    with pytest.raises(InputError, match="no postcodes"):
        load_postcode_table(session, path, actor="test")
