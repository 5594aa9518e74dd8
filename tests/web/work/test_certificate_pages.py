"""Issuing certificates and looking after them, as buyers and suppliers do it in a browser."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from wpound.documents.credential import check_credential
from wpound.services import issue_certificate
from wpound.services.access import Role
from wpound.services.keep_certificate_keys import find_key_ring
from wpound.store.base import add
from wpound.store.engine import reading, writing
from wpound.store.models.accounts import User
from wpound.store.models.certificates import Certificate
from wpound.store.models.jobs import Job, JobKind

QUARTER = {"first": "2025-04-01", "last": "2025-04-01"}


@pytest.fixture(autouse=True)
def plain_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the pages look like is another test's matter."""
    monkeypatch.setattr(
        issue_certificate, "certificate_pdf", lambda facts, credential: b"%PDF-" + facts.serial.encode()
    )
    monkeypatch.setattr(issue_certificate, "seal", lambda pdf, keys, location: pdf)


@pytest.fixture
def contract_id(town: Any) -> int:
    """A contract of the council under which 8 of 8.50 FTE-years were verified in the second quarter of 2025."""
    number: int = town.enter_contract("council", "C-1", date(2025, 4, 1))
    town.enter_return(number, date(2025, 4, 1), verified="8")
    return number


@pytest.fixture
def post(fetch: Callable[..., Any]) -> Callable[..., Any]:
    """Send a form with the token of the page it stands on."""

    def send(client: FlaskClient, page: str, action: str, status: int = 303, **data: str) -> Any:
        token = next(e.get("value") for e in fetch(client, page).all(".//input") if e.get("name") == "csrf_token")
        response = client.post(action, data={"csrf_token": token, **data})
        assert response.status_code == status, response.get_data(as_text=True)[:500]
        return response

    return send


@pytest.fixture
def issued(act_as: Callable[..., FlaskClient], contract_id: int, post: Callable[..., Any]) -> str:
    """The serial number of a certificate of the contract."""
    officer = act_as("council", Role.OFFICER)
    work = {"scope": "contract", "contract": str(contract_id), **QUARTER}
    answer = post(officer, "/buyer/certificates", "/buyer/certificates/new", **work)
    return str(answer.location.rpartition("/")[2])


def test_what_a_certificate_would_say_is_shown_before_it_is_issued(
    act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], contract_id: int
) -> None:
    officer = act_as("council", Role.OFFICER)
    for scope in ({"scope": "contract", "contract": str(contract_id)}, {"scope": "anchor"}):
        page = fetch(officer, f"/buyer/certificates/new?{urlencode(scope | QUARTER)}")
        assert "What it would say" in page.text and "8 FTE-years" in page.text
    with reading(officer.application.extensions["wpound"].engine) as session:
        assert session.scalars(select(Certificate)).all() == []


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"scope": "contract"}, "Select the contract"),
        ({"scope": "supplier"}, "Select the supplier"),
        (
            {"scope": "anchor", "first": "2025-07-01", "last": "2025-04-01"},
            "The last quarter must not be before the first",
        ),
        ({"scope": "anchor", "first": "2025-01-01", "last": "2025-01-01"}, "Nothing was verified in this period"),
        ({"scope": ""}, "Select what to certify"),
    ],
)
def test_what_cannot_be_certified_is_explained(
    act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], contract_id: int, asked: dict[str, str], says: str
) -> None:
    page = fetch(act_as("council", Role.OFFICER), f"/buyer/certificates/new?{urlencode(QUARTER | asked)}", 400)
    assert says in page.text and page.title.startswith("Error: ")


def test_a_certificate_is_issued_listed_and_downloaded(
    act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], post: Callable[..., Any], issued: str, town: Any
) -> None:
    officer = act_as("council", Role.OFFICER)
    assert issued in fetch(officer, "/buyer/certificates").links()
    page = fetch(officer, f"/buyer/certificates/{issued}")
    assert "Valid" in page.text and "Contract C-1" in page.text
    pdf = officer.get(f"/buyer/certificates/{issued}/certificate.pdf")
    assert pdf.data == b"%PDF-" + issued.encode() and f"{issued}.pdf" in pdf.headers["Content-Disposition"]
    data = officer.get(f"/buyer/certificates/{issued}/certificate.json")
    assert check_credential(data.data, find_key_ring(officer.application.extensions["wpound"].settings)).ok
    again = {"scope": "contract", "contract": str(town_contract(town)), **QUARTER}
    answer = post(officer, "/buyer/certificates", "/buyer/certificates/new", 400, **again)
    assert "certifies this already" in answer.get_data(as_text=True)


def town_contract(town: Any) -> int:
    with reading(town.engine) as session:
        return int(session.scalars(select(Certificate.contract_id)).one() or 0)


def test_revoking_needs_a_reason_and_everybody_reads_it(
    act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], post: Callable[..., Any], issued: str
) -> None:
    officer, here = act_as("council", Role.OFFICER), f"/buyer/certificates/{issued}"
    assert "Enter the reason" in post(officer, here, f"{here}/revoke", 400).get_data(as_text=True)
    post(officer, here, f"{here}/revoke", because="The payroll was another firm's.")
    assert "The payroll was another firm" in fetch(officer, here).text
    page = fetch(officer.application, f"/verify/{issued}")
    assert page.heading == "This certificate was revoked" and "The payroll was another firm" in page.text


def test_issued_anew_the_old_one_leads_to_the_new(
    act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], post: Callable[..., Any], issued: str
) -> None:
    officer, here = act_as("council", Role.OFFICER), f"/buyer/certificates/{issued}"
    newer = post(officer, here, f"{here}/reissue").location.rpartition("/")[2]
    assert newer != issued
    page = fetch(officer.application, f"/verify/{issued}")
    assert page.heading == "This certificate was superseded"
    assert page.links()[f"See {newer}"] == f"/verify/{newer}"
    assert fetch(officer.application, f"/verify/{newer}").heading == "This certificate is valid"
    assert "Re-issue the certificate" not in fetch(officer, here).text


def test_a_year_is_asked_for_once_and_waits_among_the_requests(
    act_as: Callable[..., FlaskClient], post: Callable[..., Any], contract_id: int, town: Any
) -> None:
    with writing(town.engine) as session:
        add(session, User(email="ada@example.org", name="Ada", fs_uniquifier="1", fs_webauthn_user_handle="1"))
    officer = act_as("council", Role.OFFICER)
    assert post(officer, "/buyer/certificates", "/buyer/certificates/year", 400).status_code == 400
    for _ in range(2):
        answer = post(officer, "/buyer/certificates", "/buyer/certificates/year", year="2025")
        assert answer.location == "/account/jobs"
    with reading(town.engine) as session:
        assert [job.kind for job in session.scalars(select(Job))] == [JobKind.ISSUE_CERTIFICATES]


class TestWhoMay:
    def test_the_manager_of_a_contract_certifies_that_one_alone(
        self, act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], contract_id: int, issued: str, town: Any
    ) -> None:
        other = town.enter_contract("council", "C-2", date(2025, 4, 1))
        manager = act_as("council", Role.CONTRACT_MANAGER, contract_id=contract_id)
        page = fetch(manager, "/buyer/certificates/new")
        assert "Contract C-1 (C-1)" in page.text and "C-2" not in page.text and "All contracts" not in page.text
        page = fetch(manager, "/buyer/certificates")
        assert issued in page.links() and "A certificate for every contract of a year" not in page.text
        stranger = act_as("council", Role.CONTRACT_MANAGER, contract_id=other)
        assert issued not in fetch(stranger, "/buyer/certificates").text
        assert stranger.get(f"/buyer/certificates/{issued}").status_code == 404

    def test_another_buyer_finds_nothing(self, act_as: Callable[..., FlaskClient], issued: str) -> None:
        stranger = act_as("hospital", Role.OFFICER)
        for ending in ("", "/certificate.pdf", "/certificate.json"):
            assert stranger.get(f"/buyer/certificates/{issued}{ending}").status_code == 404

    def test_a_supplier_has_its_own_files_and_badge_and_no_others(
        self, act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], issued: str
    ) -> None:
        firm, here = act_as("firm", Role.SUPPLIER), f"/supplier/certificates/{issued}"
        assert issued in fetch(firm, "/supplier/certificates").links()
        page = fetch(firm, here)
        assert page.links()["Badge (SVG)"] == f"/certificates/{issued}/badge.svg"
        assert firm.get(f"{here}/certificate.pdf").data == b"%PDF-" + issued.encode()
        assert json.loads(firm.get(f"{here}/certificate.json").data)["credentialSubject"]["serial"] == issued
        stranger = act_as("stranger", Role.SUPPLIER)
        assert issued not in fetch(stranger, "/supplier/certificates").text
        assert [stranger.get(here + end).status_code for end in ("", "/certificate.pdf")] == [404, 404]


class TestWhatEverybodyFetches:
    def test_the_badge_shows_where_the_certificate_stands_now(
        self, act_as: Callable[..., FlaskClient], post: Callable[..., Any], issued: str
    ) -> None:
        officer = act_as("council", Role.OFFICER)
        visitor = officer.application.test_client()
        badge = visitor.get(f"/certificates/{issued}/badge.svg")
        assert badge.mimetype == "image/svg+xml" and "of promises verified" in badge.get_data(as_text=True)
        assert f"/verify/{issued}" in badge.get_data(as_text=True)
        post(officer, f"/buyer/certificates/{issued}", f"/buyer/certificates/{issued}/revoke", because="Issued twice.")
        assert ">Revoked<" in visitor.get(f"/certificates/{issued}/badge.svg").get_data(as_text=True)
        assert visitor.get("/certificates/NONE/badge.svg").status_code == 404

    def test_the_published_keys_and_the_list_are_all_a_stranger_needs(
        self, act_as: Callable[..., FlaskClient], issued: str
    ) -> None:
        visitor = act_as("council", Role.OFFICER).application.test_client()
        keys = visitor.get("/.well-known/certificate-keys.json")
        assert keys.headers["Access-Control-Allow-Origin"] == "*"
        [method] = keys.get_json()["verificationMethod"]
        register = issued.rpartition("-")[0]
        listed = visitor.get(f"/certificates/status/{register}/revocation.json")
        proof = json.loads(listed.data)["proof"]
        assert (listed.mimetype, proof["verificationMethod"]) == ("application/vc", method["id"])
        assert visitor.get(f"/certificates/status/{register}/other.json").status_code == 404
