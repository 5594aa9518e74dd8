"""Files of a bid: checked, kept encrypted, given back as they were sent, and gone when they are removed."""

import re
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from wpound.core.errors import InputError, TryLater

PDF = b"%PDF-1.7 the certificate of insurance"
SUBMIT = {"may_submit": "y"}


def add(browser: Any, bid: str, name: str, content: bytes, status: int = 303) -> Any:
    data = browser.fields(f"{bid}/files") | {"file": (BytesIO(content), name)}
    if status == 303:
        return browser.post(f"{bid}/files", data, content_type="multipart/form-data")
    return browser.raw(f"{bid}/files", method="POST", data=data, content_type="multipart/form-data")


def kept(tendering: Any) -> list[Path]:
    folder = tendering.app.extensions["wpound"].settings.data_dir / "files"
    return [path for path in folder.rglob("*") if path.is_file()]


def remove(browser: Any, bid: str, page: Any) -> Any:
    address = next(form.get("action") for form in page.all(".//form") if form.get("action", "").endswith("/remove"))
    return browser.post(address, {"csrf_token": browser.fields(f"{bid}/files")["csrf_token"]})


def test_a_file_comes_back_as_it_was_sent(act_as, bid) -> None:
    alma = act_as("alma")
    page = add(alma, bid, "Żółw 2026.pdf", PDF)
    address = page.links()["Żółw 2026.pdf"]
    response = alma.raw(address)
    assert response.get_data() == PDF and response.mimetype == "application/pdf"
    name = "filename=\"Zow 2026.pdf\"; filename*=UTF-8''%C5%BB%C3%B3%C5%82w%202026.pdf"
    assert response.headers["Content-Disposition"] == f"attachment; {name}", "a server refuses letters of its own"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert act_as("abel").raw(address).get_data() == PDF, "a colleague sees it, too"


def test_the_address_of_a_file_does_not_count_the_files_of_rivals(act_as, bid) -> None:
    page = add(act_as("alma"), bid, "a.pdf", PDF)
    address = page.links()["a.pdf"]
    assert re.fullmatch(r"[0-9a-f]{64}", address.rpartition("/")[2])
    assert act_as("bruno").raw(address).status_code == 404


def test_a_file_that_is_removed_leaves_the_disk(tendering, act_as, bid) -> None:
    alma = act_as("alma")
    page = add(alma, bid, "a.pdf", PDF)
    assert len(kept(tendering)) == 1
    assert "No files" in remove(alma, bid, page).text
    assert kept(tendering) == []
    assert alma.raw(page.links()["a.pdf"]).status_code == 404


def test_a_file_of_the_bid_that_is_in_stays_until_it_is_replaced(tendering, act_as, bid, write) -> None:
    alma = act_as("alma")
    write(alma)
    page = add(alma, bid, "a.pdf", PDF)
    alma.send(f"{bid}/submit", SUBMIT)
    remove(alma, bid, page)
    assert len(kept(tendering)) == 1, "the openers will need it"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.exe", b"MZ", "is not of a kind that is taken"),
        ("a.pdf", b"MZ", "holds something else"),
        ("a.csv", b"=cmd|calc", "has a formula"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_its_reason(act_as, bid, name: str, content: bytes, why: str) -> None:
    response = add(act_as("alma"), bid, name, content, status=400)
    assert response.status_code == 400 and why in response.get_data(as_text=True)


def test_a_file_is_scanned_before_it_is_sealed_and_before_the_database_is_held(
    tendering, act_as, bid, scanner, caplog
) -> None:
    alma = act_as("alma")
    for why, status in (
        (TryLater("The file could not be checked. Try again in a few minutes."), 503),
        (InputError("file", "This file was found to hold malware. It was not kept."), 400),
    ):
        seen = scanner(tendering.app, why)
        refused = add(alma, bid, "insurance.pdf", PDF, status)
        assert refused.status_code == status and why.message in refused.get_data(as_text=True)
        assert seen == [PDF] and kept(tendering) == []
    for word in ("insurance", "alma", "Ash", sha256(PDF).hexdigest()):
        assert word not in caplog.text
    assert "malware refused" in caplog.text


def test_the_same_name_twice_is_refused(act_as, bid) -> None:
    alma = act_as("alma")
    add(alma, bid, "a.pdf", PDF)
    assert "There is a file called A.pdf already" in add(alma, bid, "A.PDF", PDF, status=400).get_data(as_text=True)


def test_a_file_larger_than_other_uploads_is_taken_here_and_nowhere_else(act_as, bid) -> None:
    alma, large = act_as("alma"), PDF + bytes(6 * 1024 * 1024)
    fields = alma.fields(f"{bid}/files")
    # Written out here: the test client would keep a body of this size in a file of its own.
    boundary, body = encode_multipart(fields | {"file": FileStorage(BytesIO(large), "large.pdf")})
    sent = {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}
    assert "large.pdf" in alma.post(f"{bid}/files", **sent).text
    assert alma.raw("/verify/file", method="POST", **sent).status_code == 413
