"""A return leaves as a workbook and comes back: nothing is taken over before somebody has seen what it changes."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from wpound.core.errors import InputError, TryLater

edit = run_path(str(Path(__file__).parents[2] / "edit_workbook.py"))["edit_workbook"]
# One more person, and hours of volunteering with a share that cannot be.
PERSON = {"People!B5": "1. Local people in work", "People!C5": "P-0012", "People!D5": 35}
WRONG = {"Claims!K6": 12, "Claims!L6": 1.5}


def open_one(desk: Any) -> tuple[str, int, int]:
    """A draft return of a new contract with two lines: its address and the numbers of the lines."""
    return_id, *lines = desk.open("local-jobs", "volunteering-hours")
    return f"/supplier/returns/{return_id}", *lines


def waits(desk: Any, address: str) -> bool:
    """Whether a workbook was sent that nobody decided about."""
    folder = desk.app.extensions["wpound"].settings.data_dir / "waiting"
    return (folder / f"return-{address.rpartition('/')[2]}").is_file()


@pytest.fixture
def ann(act_as: Callable[[str], FlaskClient]) -> FlaskClient:
    return act_as("firm")


def hidden(page: Any) -> dict[str, str]:
    """What the form of a page carries without showing it."""
    found = {
        one.get("name"): one.get("value") for one in page.find("main").iter("input") if one.get("type") == "hidden"
    }
    return {str(name): value or "" for name, value in found.items()}


def upload(client: FlaskClient, address: str, fetch: Any, content: bytes) -> TestResponse:
    data = hidden(fetch(client, f"{address}/workbook")) | {"file": (BytesIO(content), "return.xlsx")}
    return client.post(f"{address}/workbook", data=data, content_type="multipart/form-data")


def change(client: FlaskClient, address: str, fetch: Any, cells: Mapping[str, Any]) -> Any:
    """Send the workbook with other values in some cells: the page that says what it changes."""
    sent = upload(client, address, fetch, edit(download(client, address), cells))
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{address}/workbook/changes")
    return fetch(client, f"{address}/workbook/changes")


def download(client: FlaskClient, address: str) -> bytes:
    return client.get(f"{address}/workbook.xlsx").get_data()


def test_export_import_export_is_identical(desk: Any, ann: FlaskClient, fetch: Any) -> None:
    address, _, _ = open_one(desk)
    assert "workbook" in " ".join(fetch(ann, address).links())
    answer = ann.get(f"{address}/workbook.xlsx")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=return-")
    sent = upload(ann, address, fetch, answer.get_data())
    assert sent.headers["Location"] == f"{address}/workbook"
    assert "Nothing changes" in fetch(ann, f"{address}/workbook").text and not waits(desk, address)
    assert download(ann, address) == answer.get_data()


def test_a_workbook_is_scanned_before_it_waits(desk: Any, ann: FlaskClient, fetch: Any, scanner: Any) -> None:
    address, _, _ = open_one(desk)
    content = edit(download(ann, address), PERSON)
    for why, status in ((TryLater("Try again in a few minutes."), 503), (InputError("file", "It holds malware."), 400)):
        seen = scanner(desk.app, why)
        refused = upload(ann, address, fetch, content)
        assert refused.status_code == status and why.message in refused.get_data(as_text=True)
        assert seen == [content] and not waits(desk, address)


def test_what_is_right_is_taken_over_and_the_rest_is_listed_by_cell(desk: Any, ann: FlaskClient, fetch: Any) -> None:
    address, jobs, hours = open_one(desk)
    page = change(ann, address, fetch, PERSON | WRONG)

    assert "Person P-0012" in page.text and "Claims!L6" in page.text and "0.25 FTE-years" in page.text
    assert "The share for this contract must be more than 0" in page.text
    assert "These stay as they are: Staff volunteering" in page.text
    assert waits(desk, address)
    assert desk.claim(jobs).entries == [], "nothing is taken over before it is seen"
    assert "see what it changes" in fetch(ann, f"{address}/workbook").text

    taken = ann.post(f"{address}/workbook/changes", data=hidden(page))

    assert (taken.status_code, taken.headers["Location"]) == (303, address)
    assert "1 line was taken over. Nothing is sent yet." in fetch(ann, address).text
    assert desk.claim(jobs).claimed == Decimal("0.25") and desk.claim(hours).amount is None
    assert not waits(desk, address)
    again = ann.post(f"{address}/workbook/changes", data=hidden(page))
    assert again.headers["Location"] == f"{address}/workbook"
    assert "No workbook waits" in fetch(ann, f"{address}/workbook").text


def test_a_change_made_meanwhile_shows_the_changes_anew(desk: Any, ann: FlaskClient, fetch: Any) -> None:
    address, jobs, hours = open_one(desk)
    page = change(ann, address, fetch, PERSON)
    place = f"{address}/claims/{hours}"
    fields = {"version": str(desk.claim(hours).version), "amount": "7", "csrf_token": hidden(page)["csrf_token"]}
    assert ann.post(place, data=fields).status_code == 303
    now = fetch(ann, f"{address}/workbook/changes", 409, method="POST", data=hidden(page))
    assert "was changed after you opened this page" in now.text
    assert "1 line" not in now.text and "volunteering" not in now.text, "what the workbook did not touch stays"
    assert desk.claim(jobs).entries == [] and desk.claim(hours).amount == 7
    other = change(ann, address, fetch, {"Claims!K6": 9})
    put_away = ann.post(f"{address}/workbook/put-away", data=hidden(now))
    assert put_away.headers["Location"] == f"{address}/workbook/changes", "it is not the workbook that was shown"
    ann.post(f"{address}/workbook/put-away", data=hidden(other))
    assert "Your return is as it was" in fetch(ann, f"{address}/workbook").text and not waits(desk, address)


def test_what_is_no_workbook_of_this_return_is_refused_with_its_reason(
    desk: Any, ann: FlaskClient, act_as: Any, fetch: Any
) -> None:
    (address, _, _), (other, _, _) = open_one(desk), open_one(desk)
    for content, reason in (
        (b"Name,Hours", "not a whole XLSX workbook"),
        (download(ann, other), "belongs to another return"),
        (edit(download(ann, address), {"Claims!A5": "x"}), "moved or changed"),
    ):
        refused = upload(ann, address, fetch, content)
        assert refused.status_code == 400 and reason in refused.get_data(as_text=True)
    content = download(ann, address)
    rival = act_as("rival")
    assert b"xl/workbook" in content
    for method, place in (("GET", "workbook.xlsx"), ("GET", "workbook"), ("GET", "workbook/changes")):
        assert rival.open(f"{address}/{place}", method=method).status_code == 404
