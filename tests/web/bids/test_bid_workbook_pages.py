"""A bid leaves as a workbook and comes back: nothing is taken over before somebody has seen what it changes."""

from io import BytesIO
from pathlib import Path
from runpy import run_path
from typing import Any

edit = run_path(str(Path(__file__).parents[2] / "edit_workbook.py"))["edit_workbook"]
SUBMIT = {"may_submit": "y"}


def upload(browser: Any, bid: str, content: bytes, status: int = 303) -> Any:
    data = browser.fields(f"{bid}/workbook") | {"file": (BytesIO(content), "bid.xlsx")}
    if status == 303:
        return browser.post(f"{bid}/workbook", data, content_type="multipart/form-data")
    return browser.raw(f"{bid}/workbook", method="POST", data=data, content_type="multipart/form-data")


def test_export_import_export_is_identical(act_as, bid, write) -> None:
    alma = act_as("alma")
    write(alma)
    first = alma.raw(f"{bid}/workbook/filled.xlsx").get_data()
    page = upload(alma, bid, first)
    assert page.heading == "What the workbook changes" and "Nothing changes" in page.text
    alma.send(f"{bid}/workbook/changes")
    assert alma.raw(f"{bid}/workbook/filled.xlsx").get_data() == first


def test_what_is_right_is_taken_over_and_the_rest_is_listed_by_cell(act_as, bid, write) -> None:
    alma = act_as("alma")
    write(alma)
    filled = alma.raw(f"{bid}/workbook/filled.xlsx").get_data()
    changes = {"Price!E5": 440000, "Price!E6": "twelve", "Statements!E5": "We pay it.", "Commitments!E5": "x"}
    page = upload(alma, bid, edit(filled, changes))
    assert "2 changes" in page.text and "Not read: 2 entries" in page.text
    assert "Price!E6" in page.text and "Commitments!E5" in page.text
    assert alma.fields(f"{bid}/price")["price"] == "450,000.00", "nothing is taken over before it is seen"
    assert "waits to be looked at" in alma.get(bid).text
    alma.send(f"{bid}/workbook/changes")
    price = alma.fields(f"{bid}/price")
    assert (price["price"], price["fte"]) == ("440,000.00", "12")
    assert alma.fields(f"{bid}/promises")["promise-local-jobs"] == "8", "what could not be read stays as it was"
    assert alma.fields(f"{bid}/answers/wages")["answer"] == "We pay it."


def test_a_workbook_is_put_away_and_the_draft_is_as_it_was(act_as, bid, write) -> None:
    alma = act_as("alma")
    write(alma)
    upload(alma, bid, edit(alma.raw(f"{bid}/workbook/filled.xlsx").get_data(), {"Price!E5": 1}))
    alma.post(f"{bid}/workbook/put-away", alma.fields(f"{bid}/workbook/changes"))
    assert alma.fields(f"{bid}/price")["price"] == "450,000.00"
    assert alma.raw(f"{bid}/workbook/changes").status_code == 404


def test_a_bid_written_in_a_workbook_alone_can_be_submitted(act_as, bid) -> None:
    alma = act_as("alma")
    entries = {
        "Price!E5": 450000,
        "Checks!E5": "Yes",
        "Commitments!E5": 8,
        "Plan!E5": "Two posts a quarter.",
        "Statements!E5": "A living wage.",
        "Company!E5": 40,
    }
    upload(alma, bid, edit(alma.raw(f"{bid}/workbook/empty.xlsx").get_data(), entries))
    alma.send(f"{bid}/workbook/changes")
    assert alma.send(f"{bid}/submit", SUBMIT).heading.startswith("R-")


def test_a_workbook_of_another_tender_is_refused_with_its_reason(tendering, act_as, bid) -> None:
    tendering.publish("ocds-other")
    alma = act_as("alma")
    other = alma.raw("/supplier/tenders/ocds-other/lots/1/bid/workbook/empty.xlsx").get_data()
    refused = upload(alma, bid, other, status=400)
    assert refused.status_code == 400 and "belongs to another tender" in refused.get_data(as_text=True)
