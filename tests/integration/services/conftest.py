"""A city, its anchors and small made-up files, for services."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from wpound.catalogue.loader import load_catalogue, load_city
from wpound.catalogue.model import Catalogue, City
from wpound.services.enrol_anchors import enrol_anchors
from wpound.services.import_spend import open_source
from wpound.store.models.organisations import Organisation
from wpound.store.models.spend import SpendSource

WriteSpend = Callable[..., Path]


@pytest.fixture(scope="session")
def city() -> City:
    """The default city."""
    return load_city("wolverhampton")


@pytest.fixture(scope="session")
def catalogue(city: City) -> Catalogue:
    """The catalogue under the city's plan."""
    return load_catalogue(city.plan)


@pytest.fixture
def anchors(session: Session, city: City) -> list[Organisation]:
    """The city's anchors, enrolled."""
    return enrol_anchors(session, city, actor="test")


@pytest.fixture
def source(session: Session, anchors: list[Organisation]) -> SpendSource:
    """The council's payments."""
    return open_source(session, anchors[0], "Payments")


@pytest.fixture
def write_spend(tmp_path: Path) -> WriteSpend:
    """Write a spend file of (day, supplier, amount[, postcode]) rows."""

    def write(rows: Sequence[tuple[str, ...]], name: str = "payments.csv") -> Path:
        lines = ["Payment Date,Supplier Name,Net Amount,Supplier Postcode"]
        lines += [",".join([*row, *[""] * (4 - len(row))]) for row in rows]
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    return write


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """Three invented suppliers: in the city, elsewhere with a branch in it, and a public body."""
    path = tmp_path / "register.csv"
    path.write_text(
        "supplier_name,company_number,public_body,registered_postcode,trading_postcode,source,date\n"
        "Example Ashgrove Joinery Ltd,ZZ000001,no,WV1 1AA,WV1 1AA,test register,2026-04-01\n"
        "Example Fellside Fleet Ltd,ZZ000002,no,M1 1AE,WV1 4AA,test register,2026-04-01\n"
        "Example Water Authority,,yes,B1 1AA,B1 1AA,test register,2026-04-01\n",
        "utf-8",
    )
    return path
