"""Evidence in the browser: sent in with words and an answer about people, read under a sandbox, removed when asked."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from wpound.app import create_app
from wpound.catalogue.model import Head
from wpound.config import Settings
from wpound.core.delivery import ClaimState
from wpound.core.errors import InputError
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.core.roles import Role
from wpound.core.valuing import ValueKind
from wpound.services import keep_evidence
from wpound.services.access import Grant, Person
from wpound.store.base import add
from wpound.store.engine import upgrade, writing
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.web import access

PDF = b"%PDF-1.7 sign-in sheets"
WORDS = {"description": "Sign-in sheets of May", "people": "no"}
SCANNER = "ClamAV 1.4.6/27800/Sat Nov 21 09:00:00 2026"


@dataclass
class Desk:
    """Two councils and two firms; the first council has as many contracts with the first firm as tests ask for."""

    app: Flask
    ids: dict[str, int]
    numbers: Iterator[int]

    def open(self) -> tuple[int, int, int]:
        """A draft return of a new contract with two lines: its number and theirs."""
        measures = {"local-jobs": Unit.FTE_YEAR, "volunteering-hours": Unit.HOUR}
        with writing(self.app.extensions["wpound"].engine) as session:
            contract = Contract(organisation_id=self.ids["council"], supplier_id=self.ids["supplier"], title="Grounds")
            contract.reference, contract.contract_value = f"C-{next(self.numbers)}", Money(100)
            contract.start_on, contract.end_on = date(2026, 4, 1), date(2028, 3, 31)
            promises = [
                Commitment(measure_code=code, head=Head.JOBS, quantity=Decimal(9), unit=unit, value_kind=ValueKind.NONE)
                for code, unit in measures.items()
            ]
            contract.commitments = promises
            add(session, contract)
            claims = [Claim(commitment_id=one.id, claimed=Decimal(0)) for one in promises]
            period = {"period_start_on": date(2026, 4, 1), "period_end_on": date(2026, 6, 30)}
            found = SocialValueReturn(contract_id=contract.id, due_on=date(2026, 7, 28), claims=claims, **period)
            add(session, found)
            return found.id, *(claim.id for claim in claims)

    def send(self, return_id: int) -> None:
        with writing(self.app.extensions["wpound"].engine) as session:
            found = session.get_one(SocialValueReturn, return_id)
            found.status, found.submitted_at, found.submitted_by = ReturnStatus.SUBMITTED, datetime.now(UTC), "ann"
            for claim in session.query(Claim).filter_by(return_id=return_id):
                claim.state = ClaimState.SUBMITTED

    @property
    def kept(self) -> int:
        folder = self.app.extensions["wpound"].settings.data_dir / "evidence"
        return sum(path.is_file() for path in folder.rglob("*"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("evidence pages")
    # There is a scanner, which is not there.
    environment = {"WPOUND_DATA_DIR": str(folder), "WPOUND_CLAMD": f"unix:{folder}/clamd"}
    app = create_app(Settings.from_environment(environment))
    engine = app.extensions["wpound"].engine
    upgrade(engine)
    with writing(engine) as session:
        ids = {}
        for name, identifier in (("council", None), ("hospital", None), ("firm", "GB-COH-1"), ("rival", "GB-COH-2")):
            body = Organisation(key=name, name=name, identifier=identifier, is_public_body=identifier is None)
            ids[name] = add(session, body).id
        firm = Supplier(name="Ash Ltd", identifier="GB-COH-1", size=SupplierSize.UNKNOWN, source="test")
        firm.seen_on = date(2026, 4, 1)
        ids["supplier"] = add(session, firm).id
    yield Desk(app, ids, count(1))
    engine.dispose()


@pytest.fixture
def act_as(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], FlaskClient]:
    """A browser of somebody of an organisation."""

    def sign_in(organisation: str) -> FlaskClient:
        role = Role.SUPPLIER if organisation in ("firm", "rival") else Role.OFFICER
        grant = Grant(desk.ids[organisation], organisation, organisation, role, None, None)
        person = Person(1, "Ann Example", f"ann@{organisation}.example", (grant,), grant.organisation_id)
        monkeypatch.setattr(access, "_read_person", lambda: person)
        client = desk.app.test_client()
        client.set_cookie(desk.app.config["SESSION_COOKIE_NAME"], "anything")
        return client

    return sign_in


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scanner that finds nothing."""
    monkeypatch.setattr(keep_evidence, "find_malware", lambda address, content: SCANNER)


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
def test_a_file_goes_in_and_comes_out_as_it_was(desk: Desk, act_as: Any, fetch: Any) -> None:
    return_id, _, claim_id = desk.open()
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

    desk.send(return_id)
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
    desk: Desk, act_as: Any, fetch: Any, name: str, content: bytes, words: dict[str, str], why: str
) -> None:
    return_id, claim_id, _ = desk.open()
    before = desk.kept
    answer = send(
        act_as("firm"), f"/supplier/returns/{return_id}/claims/{claim_id}/evidence", fetch, name, content, **words
    )

    assert answer.status_code == 400 and desk.kept == before
    assert "There is a problem" in answer.text and why in answer.text


def test_nothing_is_taken_while_the_scanner_does_not_answer_or_finds_something(
    desk: Desk, act_as: Any, fetch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    return_id, claim_id, _ = desk.open()
    address, before = f"/supplier/returns/{return_id}/claims/{claim_id}/evidence", desk.kept

    silent = send(act_as("firm"), address, fetch)
    assert silent.status_code == 503 and "Try again in a few minutes" in silent.text

    def find(address: str, content: bytes) -> str:
        raise InputError("file", "This file was found to hold malware.")

    monkeypatch.setattr(keep_evidence, "find_malware", find)
    found = send(act_as("firm"), address, fetch)
    assert found.status_code == 400 and "found to hold malware" in found.text
    assert desk.kept == before and "No files" in fetch(act_as("firm"), address).text


@pytest.mark.usefixtures("clean")
def test_a_file_is_removed_after_a_question_and_only_by_its_own_people(desk: Desk, act_as: Any, fetch: Any) -> None:
    return_id, claim_id, other_id = desk.open()
    line = f"/supplier/returns/{return_id}/claims/{claim_id}/evidence"
    send(act_as("firm"), line, fetch, "May.pdf", PDF + b"only here")
    before, address = desk.kept, fetch(act_as("firm"), line).links()["May.pdf"]
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
    assert desk.kept == before - 1
    assert act_as("firm").get(address).status_code == 404

    send(act_as("firm"), line, fetch)
    again = fetch(act_as("firm"), line).links()["May.pdf"]
    token = {"csrf_token": "", **WORDS}
    desk.send(return_id)
    assert "cannot be removed now" in fetch(act_as("firm"), f"{again}/remove").text
    assert act_as("hospital").get(f"/buyer/returns/{return_id}/evidence.json").status_code == 404
    assert act_as("firm").post(f"{again}/remove", data=token).status_code == 400


@pytest.mark.usefixtures("clean")
def test_the_page_says_where_else_the_same_file_is(desk: Desk, act_as: Any, fetch: Any) -> None:
    return_id, claim_id, other_id = desk.open()
    content = PDF + json.dumps(return_id).encode()
    for line in (claim_id, other_id):
        send(act_as("firm"), f"/supplier/returns/{return_id}/claims/{line}/evidence", fetch, content=content)

    page = fetch(act_as("firm"), f"/supplier/returns/{return_id}/claims/{claim_id}/evidence")

    assert "The same file is also here: Grounds, 1 April 2026 to 30 June 2026: Staff volunteering hours" in page.text
