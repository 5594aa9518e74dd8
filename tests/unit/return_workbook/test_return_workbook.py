"""A return leaves as a workbook and comes back the same; what cannot be read is told by line, sheet and cell."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wpound.core.claim_content import ClaimContent, NewEntry
from wpound.core.claim_counting import EntryKind
from wpound.core.errors import InputError, InputErrors
from wpound.core.periods import Period
from wpound.core.return_changes import list_line_changes
from wpound.core.return_sheets import ReturnSheets
from wpound.ingest.return_workbook import ReturnWorkbook, read_return_workbook

QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30))
Make = Callable[..., ReturnSheets]
Write = Callable[[ReturnSheets], bytes]
Edit = Callable[..., bytes]


def problems(read: ReturnWorkbook) -> dict[str, str]:
    found = [*read.problems, *(problem for line in read.lines.values() for problem in line.problems)]
    return {problem.field: problem.message for problem in found}


def changes(read: ReturnWorkbook, sheets: ReturnSheets) -> list[tuple[str, str, str]]:
    return [
        (change.cell, change.before, change.after)
        for line in sheets.lines
        for found in [read.lines[line.claim_id]]
        for change in list_line_changes(line, found.content, found.cells, sheets.factors)
    ]


def contents(read: ReturnWorkbook) -> dict[int, ClaimContent]:
    assert problems(read) == {}
    return {claim_id: line.content for claim_id, line in read.lines.items()}


def test_export_import_export_gives_identical_files(sheets: Make, written: Write, edit: Edit) -> None:
    first = written(sheets())
    for content in (first, edit(first, {})):
        read = read_return_workbook(content, sheets())
        assert changes(read, sheets()) == [] and not any(line.is_touched for line in read.lines.values())
        assert written(sheets(contents(read))) == first


def test_an_empty_return_is_an_empty_workbook(sheets: Make, written: Write) -> None:
    read = read_return_workbook(written(sheets({})), sheets({}))
    assert set(contents(read).values()) == {ClaimContent()}


# A return keeps six decimals; a share is written as a part of 1.
numbers = st.decimals(0, 10**6, places=6)
shares = st.integers(1, 10**8).map(lambda number: Decimal(number).scaleb(-6))
days = st.dates(date(2026, 7, 1), date(2026, 9, 30))
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Zs", "Zl", "Zp"], include_characters=" \n\t"), max_size=80
).map(str.strip)


@st.composite
def filled(draw: st.DrawFn) -> dict[int, ClaimContent]:
    """What a supplier may write, as far as it got."""

    def entries(kind: EntryKind, **fields: Any) -> tuple[NewEntry, ...]:
        references = draw(st.lists(st.from_regex(r"[=+@-]?[A-Z]{2}0\d{1,4}", fullmatch=True), max_size=3, unique=True))
        return tuple(
            NewEntry(kind, one, share=draw(shares), **{name: draw(made) for name, made in fields.items()}).within(
                QUARTER
            )
            for one in references
        )

    day = {name: st.none() | days for name in ("first_on", "last_on")}
    events = {"hours": st.none() | numbers, "attendees": st.none() | st.integers(1, 999)}
    factor = st.sampled_from([None, "grid-kwh", "diesel-litre"])
    words = {number: draw(st.none() | texts.filter(bool)) for number in (11, 12, 13, 14)}
    people = entries(EntryKind.PERSON, hours=numbers, started_on=st.none() | days, **day)
    return {
        11: ClaimContent(draw(st.none() | numbers), narrative=words[11], entries=people),
        12: ClaimContent(narrative=words[12], entries=entries(EntryKind.EVENT, **events)),
        13: ClaimContent(None, draw(shares), words[13], entries(EntryKind.ASSET, amount=numbers, factor=factor, **day)),
        14: ClaimContent(
            draw(st.none() | numbers),
            draw(shares),
            words[14],
            (*entries(EntryKind.EVENT, amount=numbers), *entries(EntryKind.ASSET, amount=numbers)),
        ),
    }


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=filled())
def test_whatever_is_written_comes_back_equal(sheets: Make, written: Write, found: dict[int, ClaimContent]) -> None:
    first = written(sheets(found))
    back = contents(read_return_workbook(first, sheets(found)))
    assert back == found
    assert written(sheets(back)) == first


def test_every_problem_is_told_at_its_cell_and_the_rest_is_read(sheets: Make, written: Write, edit: Edit) -> None:
    faults = {
        "Claims!K8": "a few",
        "Claims!M5": "One\x07two",
        "Claims!M9": "Below the last row.",
        "People!D5": "full time",
        "People!E5": "3/11/25",
        "People!F6": time(9, 30),
        "People!G6": 46295,
        "People!H6": "half",
        "Events!E5": 2.5,
        "Items!D5": ("=100+100.5", 200.5),
        "Items!E5": "Firewood, tonne",
        "Events!F5": 12,
    }
    read = read_return_workbook(edit(written(sheets()), faults), sheets())
    found = problems(read)
    assert set(found) == set(faults)
    assert found["People!E5"] == "This is '3/11/25', which is no day. Clear the cell and type it like 1 May 2026."
    assert found["Items!D5"] == "This holds a formula. Type the value itself: formulas are not read."
    assert found["Events!F5"] == "This is not counted for this claim. Leave the cell empty."
    assert all(message[:5] == "This " and message[-1] == "." for message in found.values())
    assert read.lines[11].content.entries[1].reference == "0013" and read.lines[14].content.share == 20


def test_what_another_program_writes_is_understood(sheets: Make, written: Write, edit: Edit) -> None:
    typed = {
        "Claims!K8": "£1,250.50",
        "Claims!L8": "25%",
        "People!C6": 13,
        "People!E6": "2026-02-01",
        "People!F6": "3/8/2026",
        "People!G6": "30 September 2026",
        "Items!E5": "grid-kwh",
    }
    read = read_return_workbook(edit(written(sheets()), typed), sheets())
    rest = "to 30 September 2026, 62.5% for this contract"
    assert changes(read, sheets()) == [
        (
            "People!B6",
            "",
            f"35 hours a week, employed since 1 February 2026, from 3 August 2026, {rest}",
        ),
        (
            "People",
            f"35 hours a week, from 1 August 2026, {rest}",
            "",
        ),
        (
            "Items!B5",
            "amount 200.123456, Diesel, litre, all of it for this contract",
            "amount 200.123456, Grid electricity, kWh, all of it for this contract",
        ),
        ("Claims!K8", "£1,500.50", "£1,250.50"),
        ("Claims!L8", "20%", "25%"),
    ]


def test_rows_may_stand_in_any_order_and_with_gaps(sheets: Make, written: Write, edit: Edit) -> None:
    choice, cells = "1. Local people in work", "BCDEFGH"
    moved = {"B": choice, "C": "0013", "D": 35, "F": date(2026, 8, 1), "G": date(2026, 9, 30), "H": 0.625}
    blank = {f"People!{letter}6": "" for letter in cells}
    saved = edit(written(sheets()), blank | {f"People!{letter}90": value for letter, value in moved.items()})
    read = read_return_workbook(saved, sheets())
    assert problems(read) == {} and changes(read, sheets()) == [] and not read.lines[11].is_touched


def test_a_row_of_no_claim_holds_every_claim_of_its_sheet(sheets: Make, written: Write, edit: Edit) -> None:
    faults = {"Events!B5": "", "Items!B9": "5. Trees", "Items!C9": "Oak 1", "People!C7": "0099"}
    read = read_return_workbook(edit(written(sheets()), faults), sheets())
    assert set(problems(read)) == {"Events!B5", "Items!B9", "People!B7"}
    assert [claim_id for claim_id, line in read.lines.items() if line.is_whole] == []
    one = read_return_workbook(edit(written(sheets()), {"People!C7": "0099"}), sheets())
    assert [claim_id for claim_id, line in one.lines.items() if line.is_whole] == [12, 13, 14]


def test_the_same_reference_twice_is_told_by_its_row(sheets: Make, written: Write, edit: Edit) -> None:
    again = {"People!B7": "1. Local people in work", "People!C7": " =emp \N{EN DASH} 0012", "People!D7": 5}
    read = read_return_workbook(edit(written(sheets()), again), sheets())
    assert problems(read) == {"People!C7": "This is in row 5 already. Put both into one row."}


def test_problems_of_counting_stand_at_the_cell_they_are_about(sheets: Make, written: Write, edit: Edit) -> None:
    line = read_return_workbook(edit(written(sheets()), {"People!D5": "x"}), sheets()).lines[11]
    fields = ("share", "entries[0].hours", "entries[1].share", "entries[1].kind", "entries", "entries[1].attendees")
    located = line.locate(InputErrors([InputError(field, field) for field in fields]))
    told = {problem.field: problem.message for problem in located}
    assert told == {
        "Claims!L5": "share",
        "People!H6": "entries[1].share",
        "People!B6": "entries[1].kind",
        "Claims!B5": "entries",
    }, "what cannot be read is not told again as missing"


@pytest.mark.parametrize(
    ("faults", "without", "place", "message"),
    [
        ({"Claims!A6": "13", "Claims!A7": "12"}, "", "Claims!A6", "Rows of this sheet were moved"),
        ({"Start!A1": "8"}, "", "Start!A1", "belongs to another return"),
        ({"Start!A3": "2026-10-01/2026-12-31"}, "", "Start!A1", "belongs to another return"),
        ({"Start!A4": "0"}, "", "Start!A4", "a form that is not used any more"),
        ({"Start!A5": "0" * 64}, "", "Start!A5", "hidden marks of the workbook were changed"),
        ({}, "Start", "Start!A1", "not the workbook of a return"),
        ({}, "Items", "Items", "The sheet Items is missing"),
    ],
)
def test_another_workbook_is_refused_as_a_whole(
    faults: dict[str, str], without: str, place: str, message: str, sheets: Make, written: Write, edit: Edit
) -> None:
    with pytest.raises(InputErrors, match=message) as refused:
        read_return_workbook(edit(written(sheets()), faults, without), sheets())
    assert [error.field for error in refused.value.errors] == [place]


def test_the_workbook_of_the_same_return_with_another_line_is_refused(sheets: Make, written: Write) -> None:
    more = replace(sheets().lines[0], claim_id=15)
    with pytest.raises(InputErrors, match="moved or changed"):
        read_return_workbook(written(sheets()), replace(sheets(), lines=(*sheets().lines, more)))


def test_a_hundred_thousand_rows_are_too_many(sheets: Make, written: Write, edit: Edit) -> None:
    read = read_return_workbook(edit(written(sheets()), {"People!C100000": "P1"}), sheets())
    assert problems(read) == {
        "People!B10005": "The sheet has more than 10,000 rows. Delete those that are empty, or count less here."
    }
    assert not read.lines[11].is_whole and read.lines[14].is_whole


def test_nothing_that_leaves_is_a_formula(sheets: Make, written: Write) -> None:
    with zipfile.ZipFile(BytesIO(written(sheets()))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")}
    assert len(parts) == 5
    for name, content in parts.items():
        assert b"<f" not in content.replace(b"<formula1", b"").replace(b"<formula2", b""), name


def test_only_lines_that_may_be_changed_are_unlocked(sheets: Make, written: Write) -> None:
    assert unlocked(written(sheets()), "sheet2") == {f"{letter}{row}" for letter in "KLM" for row in range(5, 9)} - {
        "L5",
        "L6",
    }
    queried = written(sheets(closed=[11, 13, 14]))
    assert unlocked(queried, "sheet2") == {"K6", "M6"}
    assert unlocked(queried, "sheet3") == set(), "no line that counts people may be changed"
    assert unlocked(queried, "sheet4") == {"B5", "C5", "D5", "E5", "F5", "G5", "columns 2 to 7"}


def unlocked(content: bytes, part: str) -> set[str]:
    """The cells of a sheet that a spreadsheet lets people change, and the columns below them."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        styles = archive.read("xl/styles.xml").decode()
        sheet = archive.read(f"xl/worksheets/{part}.xml").decode()
    assert "<sheetProtection" in sheet
    looks = re.findall(r"<xf [^>]*?(?:/>|>.*?</xf>)", styles.partition("<cellXfs")[2].partition("</cellXfs>")[0])
    is_open = {str(i) for i, look in enumerate(looks) if 'locked="0"' in look}
    cells = {name for name, style in re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', sheet) if style in is_open}
    columns = re.findall(r'<col min="(\d+)" max="(\d+)"[^>]*? style="(\d+)"', sheet)
    wide = [(int(first), int(last)) for first, last, style in columns if style in is_open]
    return cells | ({f"columns {wide[0][0]} to {wide[-1][1]}"} if wide else set())
