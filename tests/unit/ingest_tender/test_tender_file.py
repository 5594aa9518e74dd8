"""The three forms of a tender file give the same tender, and what is none of them is refused in plain words."""

import io
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from wpound.catalogue.loader import load_catalogue
from wpound.core.errors import InputErrors
from wpound.core.form import Problems
from wpound.core.tender import Tender, read_tender
from wpound.ingest.tender_file import read_tender_file
from wpound.services.score_tender import score_tender_file

SHEETS: dict[str, list[list[Any]]] = {
    "tender": [
        ["key", "value"],
        ["title", "Grounds maintenance"],
        ["as_of", date(2026, 4, 1)],
        ["contract_value", 480000],
        ["years", 2],
        ["rounding.places", 3],
        ["ties", "quality, price"],
        ["additionality.deadweight", 0.2],
    ],
    "criteria": [
        ["code", "kind", "parent", "weighting", "formula", "measure", "target", "scale_max", "include_flow", "per"],
        ["price", "price", None, 40, "banded"],
        ["quality", "group", None, 40],
        ["q1", "qualitative", "quality", 60, None, None, None, 5],
        ["q2", "qualitative", "quality", 40],
        ["social", "group", None, 20],
        ["jobs", "quantity", "social", 50, "target", "local-jobs", 10.5, None, None, "contract"],
        ["value", "social_value", "social", 50, "proportional", None, None, None, "yes"],
        ["insurance", "pass_fail"],
    ],
    "bands": [["criterion", "from", "marks"], ["price", 0, 100], ["price", 420000, 62.5]],
    "scale": [["criterion", "mark", "words"], ["q2", 0, "Nothing."], ["q2", 1, "All of it."]],
    "bids": [["bidder", "price", "fte"], ["A", 450000.5, 12], ["B", 400000, None]],
    "marks": [
        ["bidder", "criterion", "mark"],
        ["A", "q1", 4.5],
        ["A", "q2", 1],
        ["B", "q1", 3],
        ["B", "q2", 0],
    ],
    "passes": [["bidder", "criterion", "passed"], ["A", "insurance", True], ["B", "insurance", "yes"]],
    "reasons": [["bidder", "criterion", "reason"], ["A", "q1", "Clear and costed."]],
    "commitments": [
        ["bidder", "measure", "quantity", "year", "unit"],
        ["A", "local-jobs", 8.5, 2026, "fte_year"],
        ["B", "donations", 1200, None, None],
    ],
}
FORM: dict[str, Any] = {
    "title": "Grounds maintenance",
    "as_of": "2026-04-01",
    "contract_value": "480000.00",
    "years": "2",
    "rounding": {"places": 3},
    "ties": ["quality", "price"],
    "additionality": {"deadweight": "0.2"},
    "criteria": [
        {
            "code": "price",
            "kind": "price",
            "weighting": 40,
            "formula": "banded",
            "bands": [{"from": "0", "marks": "100"}, {"from": "420000", "marks": "62.5"}],
        },
        {
            "code": "quality",
            "kind": "group",
            "weighting": 40,
            "criteria": [
                {"code": "q1", "kind": "qualitative", "weighting": 60, "scale_max": "5"},
                {
                    "code": "q2",
                    "kind": "qualitative",
                    "weighting": 40,
                    "scale": [{"mark": "0", "words": "Nothing."}, {"mark": "1", "words": "All of it."}],
                },
            ],
        },
        {
            "code": "social",
            "kind": "group",
            "weighting": 20,
            "criteria": [
                {
                    "code": "jobs",
                    "kind": "quantity",
                    "weighting": 50,
                    "formula": "target",
                    "measure": "local-jobs",
                    "target": "10.5",
                    "per": "contract",
                },
                {
                    "code": "value",
                    "kind": "social_value",
                    "weighting": 50,
                    "formula": "proportional",
                    "include_flow": True,
                },
            ],
        },
        {"code": "insurance", "kind": "pass_fail"},
    ],
    "bids": [
        {
            "bidder": "A",
            "price": "450000.50",
            "fte": "12",
            "marks": {"q1": "4.5", "q2": "1"},
            "passes": {"insurance": True},
            "reasons": {"q1": "Clear and costed."},
            "commitments": [{"measure": "local-jobs", "quantity": "8.5", "year": 2026, "unit": "fte_year"}],
        },
        {
            "bidder": "B",
            "price": "400000.00",
            "marks": {"q1": "3", "q2": "0"},
            "passes": {"insurance": True},
            "commitments": [{"measure": "donations", "quantity": "1200"}],
        },
    ],
}


def workbook(sheets: Mapping[str, list[list[Any]]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                sheet.write(r, c, cell, day if isinstance(cell, date) else None)
    book.close()
    return buffer.getvalue()


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


def tender(content: bytes) -> Tender:
    problems = Problems()
    found = read_tender(read_tender_file(content).data, problems)
    problems.raise_if_any()
    return found


def refusal(content: bytes) -> dict[str, str]:
    with pytest.raises(InputErrors) as refused:
        score_tender_file(content, load_catalogue())
    return {error.field: error.message for error in refused.value.errors}


def changed(name: str, row: int, column: str, value: Any) -> bytes:
    rows = [list(r) for r in SHEETS[name]]
    at = rows[0].index(column)
    rows[row - 1] += [None] * (at + 1 - len(rows[row - 1]))
    rows[row - 1][at] = value
    return workbook(SHEETS | {name: rows})


def test_json_toml_and_workbook_are_the_same_tender_with_the_same_result() -> None:
    forms = [
        json.dumps(FORM).encode(),
        ("\n".join(f"{key} = {toml(value)}" for key, value in FORM.items())).encode(),
        workbook(SHEETS),
    ]
    first, *others = [tender(content) for content in forms]
    assert all(other == first for other in others)
    results = [score_tender_file(content, load_catalogue()).to_dict() for content in forms]
    assert results[0] == results[1] == results[2]


def test_the_content_decides_the_form_even_with_a_byte_order_mark() -> None:
    assert tender(b"\xef\xbb\xbf\n " + json.dumps(FORM).encode()) == tender(json.dumps(FORM).encode())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"<!doctype html><p>Not found", "is a web page"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password-protected"),
        (b"PK\x03\x04 cut short", "not a whole XLSX workbook"),
        (json.dumps(FORM).encode()[:400], "is not whole JSON"),
        (b'{"title": "A", "title": "B"}', "'title' stands twice"),
        (b'{"a":' + b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "cannot be read as JSON"),
        (b"title = 'A\n", "neither JSON nor readable as TOML"),
        (b"\xff\xfe\x00bad", "not text in UTF-8"),
        (b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_what_is_no_tender_file_is_refused_with_its_reason(content: bytes, words: str) -> None:
    found = refusal(content)
    assert words in found["file"]


def test_a_binary_fraction_in_json_is_refused_and_a_whole_number_is_not() -> None:
    bids = [FORM["bids"][0] | {"price": 450000}, FORM["bids"][1] | {"price": 400000.5}]
    assert set(refusal(json.dumps(FORM | {"bids": bids}).encode())) == {"bids[1].price"}


@pytest.mark.parametrize(
    ("content", "places"),
    [
        (changed("criteria", 2, "weighting", 45), {f"sheet criteria, row {row}, weighting" for row in (2, 3, 6)}),
        (changed("criteria", 4, "parent", "qualtiy"), {"sheet criteria, row 4, parent"}),
        (changed("criteria", 7, "measure", "no-such"), {"sheet criteria, row 7, measure"}),
        (changed("tender", 3, "value", "April"), {"sheet tender, row 3"}),
        (changed("tender", 4, "key", "contractvalue"), {"sheet tender, row 4"}),
        (changed("bids", 3, "price", 0), {"sheet bids, row 3, price"}),
        (changed("marks", 2, "mark", 7), {"sheet marks, row 2"}),
        (changed("marks", 2, "bidder", "Z"), {"sheet marks, row 2, bidder", "sheet bids, row 2, marks.q1"}),
        (changed("marks", 3, "criterion", "q1"), {"sheet marks, row 3, criterion", "sheet bids, row 2, marks.q2"}),
        (changed("commitments", 2, "unit", "week"), {"sheet commitments, row 2, unit"}),
        (changed("bands", 3, "from", 0), {"sheet bands, row 3, from"}),
        (changed("scale", 2, "criterion", "q9"), {"sheet scale, row 2, criterion"}),
        (workbook(SHEETS | {"notes": [["x"]]}), {"sheet notes"}),
        (workbook(SHEETS | {"passes": [["bidder", "passed"]]}), {"sheet passes"}),
        (
            workbook(SHEETS | {"bids": [[*SHEETS["bids"][0], "colour"], ["A", 1, 1, "red"]]}),
            {"sheet bids, row 2, colour"},
        ),
    ],
)
def test_a_problem_in_a_workbook_names_its_sheet_and_row(content: bytes, places: set[str]) -> None:
    assert places <= set(refusal(content))


def test_a_workbook_without_its_sheets_says_which() -> None:
    found = refusal(workbook({"tender": SHEETS["tender"]}))
    assert {"sheet criteria", "sheet bids"} <= set(found)
