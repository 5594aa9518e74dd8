import csv
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from wpound.catalogue.loader import load_catalogue
from wpound.catalogue.model import Catalogue

Workbook = Callable[[str, str], list[list[object]]]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def sheet(shared: Path) -> Workbook:
    """Rows of a sheet of one of the published workbooks, empty rows included."""

    def read(file: str, name: str) -> list[list[object]]:
        book = CalamineWorkbook.from_path(shared / "data" / "values" / file)
        return book.get_sheet_by_name(name).to_python(skip_empty_area=False)

    return read


@pytest.fixture(scope="session")
def deflator(shared: Path) -> Mapping[int, Decimal]:
    with (shared / "data" / "values" / "gdp_deflator.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    return {int(row[0]): Decimal(row[1]) for row in rows[1:]}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a file and give its path."""

    def to_file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return to_file
