"""A return leaves as a workbook and comes back: nothing is taken over before somebody has seen what it changes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import count
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from wpound.app import create_app
from wpound.catalogue.model import Head
from wpound.config import Settings
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.core.roles import Role
from wpound.core.valuing import ValueKind
from wpound.services.access import Grant, Person
from wpound.store.base import add
from wpound.store.engine import upgrade, writing
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, SocialValueReturn
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.store.returns import get_claim
from wpound.web import access

edit = run_path(str(Path(__file__).parents[2] / "edit_workbook.py"))["edit_workbook"]
MEASURES = {"local-jobs": Unit.FTE_YEAR, "volunteering-hours": Unit.HOUR}
# One more person, and hours of volunteering with a share that cannot be.
PERSON = {"People!B5": "1. Local people in work", "People!C5": "P-0012", "People!D5": 35}
WRONG = {"Claims!K6": 12, "Claims!L6": 1.5}


@dataclass
class Firm:
    """A firm with as many contracts as tests ask for."""

    app: Flask
    ids: dict[str, int]
    numbers: Iterator[int]

    def open(self) -> tuple[str, int, int]:
        """A draft return of a new contract with two lines: its address and the numbers of the lines."""
        with writing(self.app.extensions["wpound"].engine) as session:
            contract = Contract(organisation_id=self.ids["council"], supplier_id=self.ids["supplier"], title="Grounds")
            contract.reference, contract.contract_value = f"C-{next(self.numbers)}", Money(100)
            contract.start_on, contract.end_on = date(2026, 4, 1), date(2028, 3, 31)
            contract.commitments = [
                Commitment(measure_code=code, head=Head.JOBS, quantity=Decimal(8), unit=unit, value_kind=ValueKind.NONE)
                for code, unit in MEASURES.items()
            ]
            add(session, contract)
            claims = [Claim(commitment_id=one.id, claimed=Decimal(0)) for one in contract.commitments]
            period = {"period_start_on": date(2026, 4, 1), "period_end_on": date(2026, 6, 30)}
            found = SocialValueReturn(contract_id=contract.id, due_on=date(2026, 7, 28), claims=claims, **period)
            return f"/supplier/returns/{add(session, found).id}", claims[0].id, claims[1].id

    def claim(self, claim_id: int) -> Claim:
        with writing(self.app.extensions["wpound"].engine) as session:
            return get_claim(session, claim_id)

    def waits(self, address: str) -> bool:
        folder = self.app.extensions["wpound"].settings.data_dir / "waiting"
        return (folder / f"return-{address.rpartition('/')[2]}").is_file()


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path_factory.mktemp("workbook pages"))}))
    engine = app.extensions["wpound"].engine
    upgrade(engine)
    with writing(engine) as session:
        ids = {}
        for name, identifier in (("council", None), ("firm", "GB-COH-1"), ("rival", "GB-COH-2")):
            body = Organisation(key=name, name=name, identifier=identifier, is_public_body=identifier is None)
            ids[name] = add(session, body).id
        supplier = Supplier(name="Ash Ltd", identifier="GB-COH-1", size=SupplierSize.UNKNOWN, source="test")
        supplier.seen_on = date(2026, 4, 1)
        ids["supplier"] = add(session, supplier).id
    yield Firm(app, ids, count(1))
    engine.dispose()


@pytest.fixture
def act_as(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], FlaskClient]:
    """A browser of somebody of an organisation."""

    def sign_in(organisation: str) -> FlaskClient:
        grant = Grant(firm.ids[organisation], organisation, organisation, Role.SUPPLIER, None, None)
        person = Person(1, "Ann", f"ann@{organisation}.example", (grant,), grant.organisation_id)
        monkeypatch.setattr(access, "_read_person", lambda: person)
        client = firm.app.test_client()
        client.set_cookie(firm.app.config["SESSION_COOKIE_NAME"], "anything")
        return client

    return sign_in


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


def test_export_import_export_is_identical(firm: Firm, ann: FlaskClient, fetch: Any) -> None:
    address, _, _ = firm.open()
    assert "workbook" in " ".join(fetch(ann, address).links())
    answer = ann.get(f"{address}/workbook.xlsx")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=return-")
    sent = upload(ann, address, fetch, answer.get_data())
    assert sent.headers["Location"] == f"{address}/workbook"
    assert "Nothing changes" in fetch(ann, f"{address}/workbook").text and not firm.waits(address)
    assert download(ann, address) == answer.get_data()


def test_what_is_right_is_taken_over_and_the_rest_is_listed_by_cell(firm: Firm, ann: FlaskClient, fetch: Any) -> None:
    address, jobs, hours = firm.open()
    page = change(ann, address, fetch, PERSON | WRONG)

    assert "Person P-0012" in page.text and "Claims!L6" in page.text and "0.25 FTE-years" in page.text
    assert "The share for this contract must be more than 0" in page.text
    assert "These stay as they are: Staff volunteering" in page.text
    assert firm.waits(address)
    assert firm.claim(jobs).entries == [], "nothing is taken over before it is seen"
    assert "see what it changes" in fetch(ann, f"{address}/workbook").text

    taken = ann.post(f"{address}/workbook/changes", data=hidden(page))

    assert (taken.status_code, taken.headers["Location"]) == (303, address)
    assert "1 line was taken over. Nothing is sent yet." in fetch(ann, address).text
    assert firm.claim(jobs).claimed == Decimal("0.25") and firm.claim(hours).amount is None
    assert not firm.waits(address)
    again = ann.post(f"{address}/workbook/changes", data=hidden(page))
    assert again.headers["Location"] == f"{address}/workbook"
    assert "No workbook waits" in fetch(ann, f"{address}/workbook").text


def test_a_change_made_meanwhile_shows_the_changes_anew(firm: Firm, ann: FlaskClient, fetch: Any) -> None:
    address, jobs, hours = firm.open()
    page = change(ann, address, fetch, PERSON)
    place = f"{address}/claims/{hours}"
    fields = {"version": str(firm.claim(hours).version), "amount": "7", "csrf_token": hidden(page)["csrf_token"]}
    assert ann.post(place, data=fields).status_code == 303
    now = fetch(ann, f"{address}/workbook/changes", 409, method="POST", data=hidden(page))
    assert "was changed after you opened this page" in now.text
    assert "1 line" not in now.text and "volunteering" not in now.text, "what the workbook did not touch stays"
    assert firm.claim(jobs).entries == [] and firm.claim(hours).amount == 7
    other = change(ann, address, fetch, {"Claims!K6": 9})
    put_away = ann.post(f"{address}/workbook/put-away", data=hidden(now))
    assert put_away.headers["Location"] == f"{address}/workbook/changes", "it is not the workbook that was shown"
    ann.post(f"{address}/workbook/put-away", data=hidden(other))
    assert "Your return is as it was" in fetch(ann, f"{address}/workbook").text and not firm.waits(address)


def test_what_is_no_workbook_of_this_return_is_refused_with_its_reason(
    firm: Firm, ann: FlaskClient, act_as: Any, fetch: Any
) -> None:
    (address, _, _), (other, _, _) = firm.open(), firm.open()
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
