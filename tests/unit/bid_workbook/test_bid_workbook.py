"""A bid leaves as a workbook and comes back the same; what cannot be read is told by sheet and cell."""

import dataclasses
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from runpy import run_path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wpound.core.bid_content import BidContent
from wpound.core.bid_sheets import BidSheets, join_answer, split_answer
from wpound.core.bids import Commitment, Company
from wpound.core.errors import InputErrors
from wpound.core.method import Method
from wpound.core.money import Money
from wpound.documents.bid_template import BidTemplate, bid_template_xlsx
from wpound.ingest.bid_workbook import BidWorkbook, read_bid_workbook

edit = run_path(str(Path(__file__).parents[2] / "edit_workbook.py"))["edit_workbook"]
Make = Callable[..., BidTemplate]


def back(read: BidWorkbook, content: BidContent) -> BidContent:
    """The content as the service puts it together again."""
    assert read.problems == ()
    return BidContent.from_dict({**read.data, "bidder": content.bidder, "salt": content.salt})


def problems(read: BidWorkbook) -> dict[str, str]:
    return {problem.field: problem.message for problem in read.problems}


def test_an_empty_template_is_an_empty_bid(template: Make, sheets: BidSheets) -> None:
    assert read_bid_workbook(bid_template_xlsx(template()), sheets).data == {}


def test_a_whole_bid_comes_back_equal(template: Make, sheets: BidSheets, content: BidContent) -> None:
    assert back(read_bid_workbook(bid_template_xlsx(template(content)), sheets), content) == content


def test_export_import_export_gives_identical_files(template: Make, sheets: BidSheets, content: BidContent) -> None:
    first = bid_template_xlsx(template(content))
    again = bid_template_xlsx(template(back(read_bid_workbook(first, sheets), content)))
    assert again == first


def test_another_program_may_save_it(template: Make, sheets: BidSheets, content: BidContent) -> None:
    saved = edit(bid_template_xlsx(template(content)), {})
    assert back(read_bid_workbook(saved, sheets), content) == content


quantities = st.decimals(0, 10**9, places=4).map(lambda number: number.normalize() + 0)
exact = st.decimals(0, 10**14, places=12)
texts = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=["C", "Zs", "Zl", "Zp"], include_characters=" \n\t"),
        max_size=80,
    )
    .map(str.strip)
    .filter(bool)
)
pounds = st.integers(0, 10**15 - 1).map(Money)


@st.composite
def contents(draw: st.DrawFn) -> BidContent:
    """A bid in the order of the template, as far as its bidder got."""
    places = [(measure, year) for measure in ("local-jobs", "apprentice-weeks") for year in (None, 2027, 2028)]
    promised = [(place, draw(st.none() | quantities | exact)) for place in places]
    return BidContent(
        bidder="Any firm",
        salt="cd" * 16,
        price=draw(st.none() | pounds),
        passes=draw(st.dictionaries(st.just("insured"), st.booleans())),
        commitments=tuple(Commitment(code, number, year) for (code, year), number in promised if number is not None),
        fte=draw(st.none() | quantities),
        company=Company(
            draw(st.none() | st.integers(0, 10**7)),
            draw(st.none() | pounds),
            draw(st.none() | quantities),
            draw(st.none() | st.decimals(0, 1, places=6)),
        ),
        answers=draw(st.dictionaries(st.sampled_from(["mobilisation", "wages"]), texts)),
        plans=draw(st.dictionaries(st.sampled_from(["local-jobs", "apprentice-weeks"]), texts)),
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=contents())
def test_any_bid_comes_back_equal(template: Make, sheets: BidSheets, content: BidContent) -> None:
    first = bid_template_xlsx(template(content))
    found = back(read_bid_workbook(first, sheets), content)
    assert found.to_dict() == content.to_dict()
    assert bid_template_xlsx(template(found)) == first


def test_every_problem_is_told_at_its_cell_and_the_rest_is_read(template: Make, sheets: BidSheets) -> None:
    filled = edit(
        bid_template_xlsx(template()),
        {
            "Price!E5": "about half a million",
            "Price!E6": 12,
            "Checks!E5": "perhaps",
            "Commitments!E5": -1,
            "Commitments!F5": "12,5",
            "Commitments!G5": "1,250.5",
            "Commitments!E6": ("=1/0", "#DIV/0!"),
            "Company!E5": 2.5,
            "Company!E6": "£1,000.005",
            "Company!E8": "125%",
            "Plan!E5": "x" * 5_001,
            "Plan!E9": "A row of my own",
            "Statements!E5": "Yes\u00a0we\u200b can",
        },
    )
    read = read_bid_workbook(filled, sheets)
    assert sorted(problems(read)) == [
        "Checks!E5",
        "Commitments!E5",
        "Commitments!E6",
        "Commitments!F5",
        "Company!E5",
        "Company!E6",
        "Company!E8",
        "Plan!E5",
        "Plan!E9",
        "Price!E5",
    ]
    assert problems(read)["Price!E5"].startswith("is 'about half a million', which is no number")
    assert "comes to an error" in problems(read)["Commitments!E6"]
    assert read.data == {
        "fte": "12",
        "commitments": [{"measure": "local-jobs", "quantity": "1250.5", "year": 2028}],
        "answers": {"mobilisation": "Yes we can"},
    }


def test_what_people_type_is_understood(template: Make, sheets: BidSheets) -> None:
    typed = {
        "Price!E5": "£450,000.50",
        "Checks!E5": "YES",
        "Company!E8": "35%",
        "Company!E5": "210",
        "Price!E6": "14.60",
    }
    read = read_bid_workbook(edit(bid_template_xlsx(template()), typed), sheets)
    assert read.problems == ()
    assert read.data == {
        "price": "450000.5",
        "fte": "14.6",
        "passes": {"insured": True},
        "company": {"headcount": 210, "supply_chain_share": "0.35"},
    }


def test_a_formula_counts_by_its_value(template: Make, sheets: BidSheets) -> None:
    # The noise of binary arithmetic that a spreadsheet itself does not show.
    read = read_bid_workbook(edit(bid_template_xlsx(template()), {"Commitments!E5": 0.1 + 0.2}), sheets)
    assert read.data == {"commitments": [{"measure": "local-jobs", "quantity": "0.3"}]}


def test_later_problems_are_told_at_the_cell_too(template: Make, sheets: BidSheets, content: BidContent) -> None:
    read = read_bid_workbook(bid_template_xlsx(template(content)), sheets)
    with pytest.raises(InputErrors) as caught:
        BidContent.from_dict({**read.data, "bidder": "B", "salt": content.salt, "fte": "many"})
    assert [problem.field for problem in read.locate(caught.value)] == ["Price!E6"]
    assert read.cells["commitments[2]"] == "Commitments!G5"


def test_the_template_of_another_tender_or_method_is_refused(template: Make, sheets: BidSheets) -> None:
    stricter = Method.from_dict({**sheets.method.to_dict(), "threshold": "50"})
    for other, word in (
        (dataclasses.replace(sheets, ocid="ocds-abc123-0002"), "another tender"),
        (dataclasses.replace(sheets, lot=2), "another tender or lot"),
        (dataclasses.replace(sheets, method=stricter), "was changed after"),
        (dataclasses.replace(sheets, years=(2027,)), "hidden marks"),
    ):
        with pytest.raises(InputErrors, match=word):
            read_bid_workbook(bid_template_xlsx(template(lot=other)), sheets)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Commitments!A5", "apprentice-weeks"),
        ("Statements!A6", "mobilisation"),
        ("Start!A4", "0" * 64),
        ("Price!A5", 7),
    ],
)
def test_changed_marks_are_refused(template: Make, sheets: BidSheets, cell: str, value: object) -> None:
    with pytest.raises(InputErrors) as caught:
        read_bid_workbook(edit(bid_template_xlsx(template()), {cell: value}), sheets)
    assert [error.field for error in caught.value.errors] == [cell]


@pytest.mark.parametrize(
    "file", [b"", b"%PDF-1.7", b"PK\x03\x04 cut off", b"bidder,price\nA,1\n", b"\0" * (11 * 1024 * 1024)]
)
def test_what_is_no_workbook_is_refused(sheets: BidSheets, file: bytes) -> None:
    with pytest.raises(InputErrors) as caught:
        read_bid_workbook(file, sheets)
    assert [error.field for error in caught.value.errors] == ["file"]


def test_another_workbook_is_refused(sheets: BidSheets) -> None:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("Payments").write(0, 0, "Supplier")
    book.close()
    with pytest.raises(InputErrors, match="not the workbook of this tender"):
        read_bid_workbook(out.getvalue(), sheets)


def test_a_promise_without_a_place_stops_the_export(template: Make, content: BidContent) -> None:
    late = dataclasses.replace(content, commitments=(Commitment("local-jobs", Decimal(1), 2031),))
    with pytest.raises(InputErrors, match="local-jobs in 2031"):
        bid_template_xlsx(template(late))


def test_a_long_answer_runs_on_in_the_next_cell(template: Make, sheets: BidSheets, content: BidContent) -> None:
    data = sheets.method.to_dict()
    data["criteria"][2]["criteria"][0]["word_limit"] = 9_000
    longer = dataclasses.replace(sheets, method=Method.from_dict(data))
    essay = "Eleven long paragraphs follow.\n" * 2_500
    bid = dataclasses.replace(content, answers={"mobilisation": essay.strip()})
    assert longer.cells_an_answer == 3
    assert back(read_bid_workbook(bid_template_xlsx(template(bid, longer)), longer), bid) == bid
    with pytest.raises(InputErrors, match="more than 32,000 characters"):
        bid_template_xlsx(template(bid))


@given(st.text(" ab\n", max_size=50).map(str.strip))
def test_pieces_of_an_answer_make_the_answer(text: str) -> None:
    assert join_answer(split_answer(text, 1) or []) == text


def test_a_workbook_with_locked_parts_is_refused(template: Make, sheets: BidSheets) -> None:
    locked = bytearray(bid_template_xlsx(template()))
    place = locked.find(b"PK\x01\x02")
    while place >= 0:
        locked[place + 8] |= 1
        place = locked.find(b"PK\x01\x02", place + 1)
    with pytest.raises(InputErrors, match="not a whole XLSX workbook"):
        read_bid_workbook(bytes(locked), sheets)
