"""Evidence in the browser: sent in with words and an answer about people, read under a sandbox, removed when asked."""

import json
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from wpound.core.delivery import ClaimState
from wpound.core.errors import InputError
from wpound.services import check_file
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn

LINES = ("local-jobs", "volunteering-hours")
PDF = b"%PDF-1.7 sign-in sheets"
WORDS = {"description": "Sign-in sheets of May", "people": "no"}
SCANNER = "ClamAV 1.4.6/27800/Sat Nov 21 09:00:00 2026"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """There is a scanner, which is not there."""
    return {"WPOUND_CLAMD": f"unix:{tmp_path_factory.mktemp('scanner')}/clamd"}


def send_in(desk: Any, return_id: int) -> None:
    """The return goes to the buyer."""
    with desk.session() as session:
        found = session.get_one(SocialValueReturn, return_id)
        found.status, found.submitted_at, found.submitted_by = ReturnStatus.SUBMITTED, datetime.now(UTC), "ann"
        for claim in session.query(Claim).filter_by(return_id=return_id):
            claim.state = ClaimState.SUBMITTED


def count_kept(desk: Any) -> int:
    """How many files there are."""
    folder = desk.app.extensions["wpound"].settings.data_dir / "evidence"
    return sum(path.is_file() for path in folder.rglob("*"))


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scanner that finds nothing."""
    monkeypatch.setattr(check_file, "find_malware", lambda address, content: SCANNER)


def send(
    client: FlaskClient, address: str, fetch: Any, name: str = "May.pdf", content: bytes = PDF, **words: str
) -> Any:
    """Fill in the form of a page and send it."""
    data = {"csrf_token": find_token(fetch(client, address)), **(words or WORDS), "file": (BytesIO(content), name)}
    return client.post(address, data=data, content_type="multipart/form-data")


def press(client: FlaskClient, address: str, fetch: Any) -> TestResponse:
    """Press the button of a page that asks once more."""
    return client.post(address, data={"csrf_token": find_token(fetch(client, address))})


def find_token(page: Any) -> str:
    """The token of the one form that belongs to the page and not to its frame."""
    [token] = [one.get("value") for one in page.find("main").iter("input") if one.get("name") == "csrf_token"]
    return str(token)


@pytest.mark.usefixtures("clean")
def test_a_file_goes_in_and_comes_out_as_it_was(desk: Any, act_as: Any, fetch: Any) -> None:
    return_id, _, claim_id = desk.open(*LINES)
    client, address = act_as("firm"), f"/supplier/returns/{return_id}/claims/{claim_id}/evidence"
    empty = fetch(client, address)
    assert "No files" in empty.text and "up to 20 files" in empty.text and "200 MB are left" in empty.text

    answer = send(client, address, fetch, "../../Żółw\u202e 2026.pdf", **WORDS)
    assert (answer.status_code, answer.headers["Location"]) == (303, address)

    page = fetch(client, address)
    links = page.links()
    assert "Sign-in sheets of May" in page.text and "ann@firm.example" in page.text
    response = client.get(links["Żółw 2026.pdf"])
    assert response.get_data() == PDF
    told = response.headers
    assert told["Content-Type"] == "application/pdf" and told["X-Content-Type-Options"] == "nosniff"
    name = "filename=\"Zow 2026.pdf\"; filename*=UTF-8''%C5%BB%C3%B3%C5%82w%202026.pdf"
    assert told["Content-Disposition"] == f"attachment; {name}"
    assert told["Cache-Control"] == "private, no-store" and "ETag" not in told
    assert "default-src 'none'; sandbox" in told.getlist("Content-Security-Policy")

    send_in(desk, return_id)
    locked = fetch(client, address)
    assert "This line is with the buyer" in locked.text and not locked.all(".//input[@type='file']")
    manifest = act_as("council").get(f"/buyer/returns/{return_id}/evidence.json")
    [file] = [file for line in manifest.get_json()["lines"] for file in line["files"]]
    assert (file["name"], file["scanned_by"], file["leaf"], file["proof"]) == ("Żółw 2026.pdf", SCANNER, 0, [])
    assert manifest.headers["Content-Disposition"] == f"attachment; filename=evidence-{return_id}.json"
    number = links["Żółw 2026.pdf"].rpartition("/")[2]
    bought = act_as("council").get(f"/buyer/returns/{return_id}/evidence/{number}")
    assert bought.get_data() == PDF and "default-src 'none'; sandbox" in bought.headers.getlist(
        "Content-Security-Policy"
    )


@pytest.mark.usefixtures("clean")
@pytest.mark.parametrize(
    ("name", "content", "words", "why"),
    [
        ("", b"", WORDS, "Choose a file to add"),
        ("a.exe", b"MZ", WORDS, "is not of a kind that is taken"),
        ("a.pdf", b"<html>", WORDS, "holds something else"),
        ("a.pdf", PDF, {"description": "", "people": "no"}, "Say what the file shows"),
        ("a.pdf", PDF, {"description": "x" * 301, "people": "no"}, "300"),
        ("a.pdf", PDF, {"description": "x"}, "Say whether this file names or shows people"),
        ("a.pdf", PDF, {"description": "x", "people": "perhaps"}, "Say whether this file names or shows people"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(
    desk: Any, act_as: Any, fetch: Any, name: str, content: bytes, words: dict[str, str], why: str
) -> None:
    return_id, claim_id, _ = desk.open(*LINES)
    before = count_kept(desk)
    answer = send(
        act_as("firm"), f"/supplier/returns/{return_id}/claims/{claim_id}/evidence", fetch, name, content, **words
    )

    assert answer.status_code == 400 and count_kept(desk) == before
    assert "There is a problem" in answer.text and why in answer.text


def test_nothing_is_taken_while_the_scanner_does_not_answer_or_finds_something(
    desk: Any, act_as: Any, fetch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    return_id, claim_id, _ = desk.open(*LINES)
    address, before = f"/supplier/returns/{return_id}/claims/{claim_id}/evidence", count_kept(desk)

    silent = send(act_as("firm"), address, fetch)
    assert silent.status_code == 503 and "Try again in a few minutes" in silent.text

    def find(address: str, content: bytes) -> str:
        raise InputError("file", "This file was found to hold malware.")

    monkeypatch.setattr(check_file, "find_malware", find)
    found = send(act_as("firm"), address, fetch)
    assert found.status_code == 400 and "found to hold malware" in found.text
    assert count_kept(desk) == before and "No files" in fetch(act_as("firm"), address).text


@pytest.mark.usefixtures("clean")
def test_a_file_is_removed_after_a_question_and_only_by_its_own_people(desk: Any, act_as: Any, fetch: Any) -> None:
    return_id, claim_id, other_id = desk.open(*LINES)
    line = f"/supplier/returns/{return_id}/claims/{claim_id}/evidence"
    send(act_as("firm"), line, fetch, "May.pdf", PDF + b"only here")
    before, address = count_kept(desk), fetch(act_as("firm"), line).links()["May.pdf"]
    number = address.rpartition("/")[2]
    foreign = [
        ("rival", line),
        ("rival", address),
        ("rival", f"{address}/remove"),
        ("rival", f"/supplier/returns/{return_id}/evidence.json"),
        ("firm", address.replace(f"claims/{claim_id}", f"claims/{other_id}")),
        ("firm", f"{line}/{int(number) + 1}"),
        ("firm", f"{line}/{int(number) + 1}/remove"),
        # The draft was not sent to anybody.
        ("council", f"/buyer/returns/{return_id}/evidence/{number}"),
        ("council", f"/buyer/returns/{return_id}/evidence.json"),
    ]
    assert [act_as(who).get(place).status_code for who, place in foreign] == [404] * len(foreign)

    assert press(act_as("firm"), f"{address}/remove", fetch).headers["Location"] == line
    assert count_kept(desk) == before - 1
    assert act_as("firm").get(address).status_code == 404

    send(act_as("firm"), line, fetch)
    again = fetch(act_as("firm"), line).links()["May.pdf"]
    token = {"csrf_token": "", **WORDS}
    send_in(desk, return_id)
    assert "cannot be removed now" in fetch(act_as("firm"), f"{again}/remove").text
    assert act_as("trust").get(f"/buyer/returns/{return_id}/evidence.json").status_code == 404
    assert act_as("firm").post(f"{again}/remove", data=token).status_code == 400


@pytest.mark.usefixtures("clean")
def test_the_page_says_where_else_the_same_file_is(desk: Any, act_as: Any, fetch: Any) -> None:
    return_id, claim_id, other_id = desk.open(*LINES)
    content = PDF + json.dumps(return_id).encode()
    for line in (claim_id, other_id):
        send(act_as("firm"), f"/supplier/returns/{return_id}/claims/{line}/evidence", fetch, content=content)

    page = fetch(act_as("firm"), f"/supplier/returns/{return_id}/claims/{claim_id}/evidence")

    assert "The same file is also here: Grounds, 1 April 2026 to 30 June 2026: Staff volunteering hours" in page.text
