"""Asking about a certificate, by its number and by its file."""

from collections.abc import Callable
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from wpound.core.errors import InputError
from wpound.services.verify_certificate import Outcome, Verification
from wpound.web.public import views_verify
from wpound.web.security import LARGEST_UPLOAD

PDF = b"%PDF-1.7 ..."


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[Verification], None]:
    """Make both ways of asking give an answer."""

    def give(verification: Verification) -> None:
        monkeypatch.setattr(views_verify, "check_serial", lambda session, settings, serial: verification)
        monkeypatch.setattr(views_verify, "check_file", lambda session, settings, data: verification)

    return give


@pytest.fixture
def send(client, fetch) -> Callable[..., object]:
    """Open the form, then send a file with the token it holds."""

    def send_file(content: bytes | None, status: int = 200):
        form = fetch(client, "/verify")
        token = next(e.get("value") for e in form.all(".//input") if e.get("name") == "csrf_token")
        data = {"csrf_token": token}
        if content is not None:
            data["file"] = FileStorage(BytesIO(content), "certificate.pdf")
        # Encoded here: the test client would leave the temporary file it encodes a large body in open.
        boundary, body = encode_multipart(data)
        content_type = f'multipart/form-data; boundary="{boundary}"'
        return fetch(client, "/verify/file", status, method="POST", data=body, content_type=content_type)

    return send_file


def test_a_valid_number_shows_what_the_register_says(get, answer, samples) -> None:
    answer(Verification(Outcome.VALID, (), samples.certificate_facts()))
    page = get(f"/verify/{samples.SERIAL}")
    assert page.heading == "This certificate is valid"
    assert "Bright & Sons <Grounds> Limited" in page.text
    assert "Compare what follows with the certificate in your hands." in page.text
    assert [words(cell) for cell in page.all(".//tbody/tr")[0]] == [
        "Long-term unemployed into work",
        "10 FTE-years",
        "8 FTE-years",
        "80.0%",
    ]


def test_a_revoked_one_says_why(get, answer, samples) -> None:
    answer(
        Verification(Outcome.REVOKED, ("It was revoked on 3 June 2026: issued twice.",), samples.certificate_facts())
    )
    page = get(f"/verify/{samples.SERIAL}")
    assert page.heading == "This certificate was revoked"
    assert "issued twice" in page.text


def test_a_superseded_one_leads_to_the_one_in_its_place(get, answer, samples) -> None:
    reasons = ("CWC-2026-0002 was issued in its place. Go by that one.",)
    answer(Verification(Outcome.SUPERSEDED, reasons, samples.certificate_facts(), "CWC-2026-0002"))
    page = get(f"/verify/{samples.SERIAL}")
    assert page.heading == "This certificate was superseded"
    assert page.links()["See CWC-2026-0002"] == "/verify/CWC-2026-0002"


def test_an_expired_one_says_when(get, answer, samples) -> None:
    answer(Verification(Outcome.EXPIRED, ("It expired on 1 May 2028.",), samples.certificate_facts()))
    page = get(f"/verify/{samples.SERIAL}")
    assert page.heading == "This certificate has expired"
    assert "It expired on 1 May 2028." in page.text


def test_an_unknown_number_is_an_answer_and_shown_as_typed(get, answer) -> None:
    answer(Verification(Outcome.UNKNOWN))
    page = get("/verify/<script>")
    assert page.heading == "No certificate has this serial number"
    assert "<script>" in page.text


def test_the_form_leads_to_the_page_of_the_number(client) -> None:
    response = client.get("/verify?serial=%20CWC-2026-0001%20")
    assert response.status_code == 302
    assert response.location == "/verify/CWC-2026-0001"


@pytest.mark.parametrize(
    ("serial", "message"),
    [
        ("", "Enter the serial number of the certificate"),
        ("9" * 41, "Serial number must be 40 characters or fewer"),
    ],
)
def test_a_number_that_cannot_be_one_is_explained_at_its_field(get, serial: str, message: str) -> None:
    page = get(f"/verify?serial={serial}", status=400)
    assert page.title.startswith("Error: ")
    assert page.links()[message] == "#serial"
    field = next(e for e in page.all(".//input") if e.get("id") == "serial")
    assert "serial-error" in field.get("aria-describedby", "")


def test_a_file_that_holds_is_valid(send, answer, samples) -> None:
    answer(Verification(Outcome.VALID, (), samples.certificate_facts()))
    page = send(PDF)
    assert page.heading == "This certificate is valid"
    assert "Nothing in the file was changed after it was issued." in page.text


def test_a_changed_file_is_refused_with_the_reasons(send, answer) -> None:
    answer(Verification(Outcome.ALTERED, ("The file was changed after it was sealed, or is damaged.",)))
    page = send(PDF)
    assert page.heading == "This file was altered"
    assert "changed after it was sealed" in page.text
    assert not page.all(".//table")


def test_no_file_and_a_file_that_is_no_pdf_are_explained_at_the_field(send, monkeypatch) -> None:
    def refuse(session, settings, data):
        raise InputError("file", "This is not a PDF file.")

    monkeypatch.setattr(views_verify, "check_file", refuse)
    assert send(None, status=400).links()["Choose the certificate file"] == "#file"
    assert send(b"hello", status=400).links()["This is not a PDF file."] == "#file"


def test_a_file_above_the_limit_is_refused(send) -> None:
    page = send(PDF + b"x" * LARGEST_UPLOAD, status=400)
    assert page.links()["The selected file must be smaller than 5 MB"] == "#file"
    assert send(b"x" * (LARGEST_UPLOAD + 2**20), status=413).heading == "The file is too large"


def test_a_forged_request_is_refused(client, fetch) -> None:
    data = {"file": (BytesIO(PDF), "certificate.pdf")}
    page = fetch(client, "/verify/file", 400, method="POST", data=data)
    assert page.heading == "The form was open for too long"


def words(element) -> str:
    return " ".join("".join(element.itertext()).split())
