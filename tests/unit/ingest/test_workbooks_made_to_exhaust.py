"""Small workbooks that name far cells: the reading library makes room for all between, or gives up with its process."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from wpound.ingest.readers import open_sheets
from wpound.ingest.workbooks import WorkbookProblem, read_tables

PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture
def workbook() -> Callable[..., bytes]:
    """An XLSX workbook of one sheet with the value 1 in the cells named."""

    def write(*cells: str) -> bytes:
        rows = "".join(f'<row><c r="{cell}"><v>1</v></c></row>' for cell in cells)
        book = f'<sheets><sheet name="s" sheetId="1" r:id="r1" xmlns:r="{OFFICE}"/></sheets>'
        parts = {
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{_relation("officeDocument", "xl/workbook.xml")}',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{_relation("worksheet", "s.xml")}',
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}">{book}</workbook>',
            "xl/s.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>',
        }
        file = BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name, text in parts.items():
                archive.writestr(name, text)
        return file.getvalue()

    return write


def _relation(kind: str, target: str) -> str:
    return f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>'


@pytest.mark.parametrize("cells", [["XFD1048576"], ["A1", "XFD1048576"], ["A1", "XFD1", "A1048576"]])
def test_it_is_refused_with_the_way_out(workbook: Callable[..., bytes], tmp_path: Path, cells: list[str]) -> None:
    path = tmp_path / "far.xlsx"
    path.write_bytes(workbook(*cells))
    [sheet] = open_sheets(path)
    assert sheet.refused_because is not None
    assert "save the sheet as CSV" in sheet.refused_because


def test_an_ordinary_one_is_read(workbook: Callable[..., bytes]) -> None:
    assert read_tables(workbook("A1", "B2")) == [("s", [[1.0, ""], ["", 1.0]])]


def test_what_is_none_is_said_to_be_damaged() -> None:
    with pytest.raises(WorkbookProblem, match="damaged"):
        read_tables(b"no workbook")
