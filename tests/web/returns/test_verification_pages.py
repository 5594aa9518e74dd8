"""The pages on which a return is verified: a list, the return, and each of its lines with its decision."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from wpound.app import create_app
from wpound.catalogue.model import Head
from wpound.config import Settings
from wpound.core.claim_counting import EntryKind
from wpound.core.delivery import ClaimState
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.core.roles import Role
from wpound.core.valuing import ValueKind
from wpound.services.access import Grant, Person
from wpound.services.note_version import note_version
from wpound.store.base import add
from wpound.store.engine import upgrade, writing
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.evidence import Evidence
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import (
    Claim,
    ClaimEntry,
    CountedKey,
    ReturnStatus,
    SocialValueReturn,
    VersionKind,
)
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.store.returns import get_claim
from wpound.web import access

MEASURES = {"volunteering-hours": Unit.HOUR, "local-jobs": Unit.FTE_YEAR, "carbon-fleet": Unit.TCO2E}
APPROVAL = {"verified": "12", "level": "officer_checked", "checked": "The register."}


@dataclass
class Council:
    """A council to which returns are sent."""

    app: Flask
    ids: dict[str, int]
    numbers: Iterator[int]

    def session(self) -> Any:
        return writing(self.app.extensions["wpound"].engine)

    def send(self) -> tuple[int, list[int], int]:
        """A contract with a return of three lines that was sent: their numbers, and that of the contract."""
        with self.session() as session:
            contract = Contract(organisation_id=self.ids["council"], supplier_id=self.ids["supplier"], title="Grounds")
            number = next(self.numbers)
            contract.reference, contract.contract_value = f"C-{number}", Money(100)
            contract.start_on, contract.end_on = date(2026, 4, 1), date(2028, 3, 31)
            contract.commitments = [promise(code, unit) for code, unit in MEASURES.items()]
            add(session, contract)
            claims = [line(one, "12" if one.unit is Unit.HOUR else "0.25") for one in contract.commitments]
            about = {"period_start_on": date(2026, 4, 1), "period_end_on": date(2026, 6, 30)}
            sent = SocialValueReturn(contract_id=contract.id, due_on=date(2026, 7, 28), claims=claims, **about)
            sent.status, sent.submitted_by = ReturnStatus.SUBMITTED, "ann@firm.example"
            sent.submitted_at, sent.sample_seed = datetime(2026, 7, 10, 9, tzinfo=UTC), "seed"
            add(session, sent)
            key = add(session, CountedKey(kind=EntryKind.PERSON, key=f"key {number}"))
            add(session, person_entry(claims[1].id, key.id))
            file = Evidence(claim_id=claims[0].id, sha256="ab" * 32, name="secret.pdf", media_type="application/pdf")
            file.byte_count, file.description, file.has_personal_data = 4096, "Signed register", True
            file.added_by = "ann@firm.example"
            add(session, file)
            for claim in claims:
                note_version(session, claim, VersionKind.SUBMITTED, actor="ann@firm.example")
            return sent.id, [claim.id for claim in claims], contract.id

    def claim(self, claim_id: int) -> Claim:
        with self.session() as session:
            return get_claim(session, claim_id)


def promise(code: str, unit: Unit) -> Commitment:
    about = {"head": Head.JOBS, "quantity": Decimal(80), "value_kind": ValueKind.NONE}
    return Commitment(measure_code=code, unit=unit, **about)


def line(commitment: Commitment, claimed: str) -> Claim:
    about = {"amount": Decimal(claimed), "state": ClaimState.SUBMITTED, "narrative": "Work in the parks."}
    return Claim(commitment_id=commitment.id, claimed=Decimal(claimed), **about)


def person_entry(claim_id: int, key_id: int) -> ClaimEntry:
    entry = ClaimEntry(claim_id=claim_id, number=1, kind=EntryKind.PERSON, key_id=key_id, hours=Decimal(35))
    entry.sealed_reference, entry.counted = b"sealed", Decimal("0.25")
    return entry


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    folder = tmp_path_factory.mktemp("verification pages")
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(folder)}))
    engine = app.extensions["wpound"].engine
    upgrade(engine)
    with writing(engine) as session:
        ids = {
            name: add(session, Organisation(key=name, name=name, is_public_body=True)).id
            for name in ("council", "trust")
        }
        supplier = Supplier(name="Ash Ltd", identifier="GB-COH-1", size=SupplierSize.UNKNOWN, source="test")
        supplier.seen_on = date(2026, 4, 1)
        ids["supplier"] = add(session, supplier).id
    yield Council(app, ids, count(1))
    engine.dispose()


@pytest.fixture
def act_as(council: Council, monkeypatch: pytest.MonkeyPatch) -> Callable[..., FlaskClient]:
    """A browser of somebody of the council."""

    def sign_in(name: str = "olga", role: Role = Role.OFFICER, place: str = "council", **about: int) -> FlaskClient:
        grant = Grant(council.ids[place], place, place, role, about.get("tender_id"), about.get("contract_id"))
        person = Person(1, name, f"{name}@council.example", (grant,), grant.organisation_id)
        monkeypatch.setattr(access, "_read_person", lambda: person)
        client = council.app.test_client()
        client.set_cookie(council.app.config["SESSION_COOKIE_NAME"], "anything")
        return client

    return sign_in


@pytest.fixture
def post(fetch: Callable[..., Any]) -> Callable[..., Any]:
    """Send one of the forms of a page as a browser would, found by its last word: what leads on, or the page again."""

    def send(client: FlaskClient, address: str, action: str, status: int = 303, **fields: Any) -> Any:
        page = fetch(client, address)
        [form] = [one for one in page.all(".//form") if (one.get("action") or "").endswith(action)]
        hidden = {one.get("name"): one.get("value") for one in form.iter("input") if one.get("type") == "hidden"}
        response = client.post(form.get("action"), data=hidden | fields)
        assert response.status_code == status, response.get_data(as_text=True)
        return response.headers.get("Location") or response.get_data(as_text=True)

    return send


def test_after_each_decision_comes_the_next_line_and_then_the_return(
    council: Council, act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], post: Callable[..., Any]
) -> None:
    number, (hours, jobs, carbon), _ = council.send()
    base, client = f"/buyer/returns/{number}", act_as()
    page = fetch(client, base)
    assert "0 of 3 lines decided." in page.text and "To be looked at closely" in page.text
    addresses = {name: f"{base}/claims/{one}" for name, one in (("hours", hours), ("jobs", jobs), ("carbon", carbon))}

    text = post(client, addresses["hours"], "/approve", 400, verified="13", level="officer_checked")
    assert "What holds must be between 0 and what was claimed, 12." in text and "There is a problem" in text
    assert post(client, addresses["hours"], "/approve", **APPROVAL).endswith(addresses["jobs"])
    answer_by = {"reply_by-day": "3", "reply_by-month": "8", "reply_by-year": "2099"}
    following = post(client, addresses["jobs"], "/query", question="Whose are they?", **answer_by)
    assert following.endswith(addresses["carbon"])
    assert post(client, addresses["carbon"], "/reject", rejection="Another fleet.").endswith(base)

    page = fetch(client, base)
    assert "2 of 3 lines decided. 1 with the supplier." in page.text
    assert "Nothing waits for you. The supplier answers by 3 August 2099" in page.text
    assert council.claim(carbon).verified == 0
    text = fetch(client, addresses["carbon"]).text
    assert "Another fleet." in text and "Propose a correction" in text


def test_a_line_shows_what_it_counts_and_proves_and_nothing_that_is_the_supplier_s_own(
    council: Council, act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], post: Callable[..., Any]
) -> None:
    number, (hours, jobs, _), _ = council.send()
    client, base = act_as(), f"/buyer/returns/{number}/claims"
    text = fetch(client, f"{base}/{jobs}").text
    assert "Person" in text and "0.25" in text and "The whole quarter" in text
    assert "Signed register" in fetch(client, f"{base}/{hours}").text

    answer_by = {"reply_by-day": "3", "reply_by-month": "8", "reply_by-year": "2099"}
    post(client, f"{base}/{hours}", "/query", question="Whose are they?", **answer_by)
    with council.session() as session:
        claim = get_claim(session, hours)
        claim.claimed, claim.narrative = Decimal(7), "Not sent yet."
    text = fetch(client, f"{base}/{hours}").text
    assert "12 hours" in text and "Not sent yet." not in text and "What you see is what it sent last." in text


def test_who_was_too_late_is_shown_both_versions(
    council: Council, act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], post: Callable[..., Any]
) -> None:
    number, (hours, *_), _ = council.send()
    address = f"/buyer/returns/{number}/claims/{hours}"
    client = act_as("mia")
    page = fetch(client, address)
    [form] = [one for one in page.all(".//form") if (one.get("action") or "").endswith("/reject")]
    hidden = {one.get("name"): one.get("value") for one in form.iter("input") if one.get("type") == "hidden"}
    post(client, address, "/approve", **APPROVAL)
    late = client.post(f"{address}/reject", data=hidden | {"rejection": "Not ours."})
    assert late.status_code == 409 and "Not ours." in late.get_data(as_text=True)
    assert council.claim(hours).state is ClaimState.APPROVED


def test_a_correction_is_decided_by_somebody_else(
    council: Council, act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], post: Callable[..., Any]
) -> None:
    number, (hours, *_), _ = council.send()
    address = f"/buyer/returns/{number}/claims/{hours}"
    post(act_as(), address, "/approve", **APPROVAL)
    text = post(act_as(), address, "/corrections", 400, claimed="10")
    assert "Say why the figure should change" in text
    assert post(act_as(), address, "/corrections", claimed="10", reason="Twice.").endswith(address)
    assert "Somebody else decides on it" in fetch(act_as(), address).text
    assert "A correction waits" in fetch(act_as(), f"/buyer/returns/{number}").text

    client = act_as("mia")
    text = post(client, address, "/accept", 400, verified="9", level="third_party")
    assert "you approve less than was claimed" in text
    post(client, address, "/refuse", refusal="The register shows 12.")
    post(act_as(), address, "/corrections", claimed="10", reason="Twice, really.")
    post(act_as("mia"), address, "/accept", verified="10", level="third_party")
    found = council.claim(hours)
    assert (found.claimed, found.verified) == (10, 10)
    text = fetch(act_as(), address).text
    assert "Correction 1: refused" in text and "Correction 2: accepted" in text and "Corrected" in text


def test_the_list_is_filtered_by_its_address(
    council: Council, act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], post: Callable[..., Any]
) -> None:
    number, (hours, *_), contract_id = council.send()
    client = act_as(role=Role.CONTRACT_MANAGER, contract_id=contract_id)
    shown = {"": 1, "submitted": 1, "queried": 0, "verified": 0}
    for status, rows in shown.items():
        page = fetch(client, f"/buyer/returns?status={status}")
        assert len(page.all(".//tbody/tr")) == rows
    answer_by = {"reply_by-day": "3", "reply_by-month": "8", "reply_by-year": "2099"}
    post(client, f"/buyer/returns/{number}/claims/{hours}", "/query", question="Whose?", **answer_by)
    [row] = fetch(client, "/buyer/returns?status=queried").all(".//tbody/tr")
    assert f"/buyer/returns/{number}" in {link.get("href") for link in row.iter("a")}
    assert "Returns" in fetch(client, "/buyer/returns?status=overdue").heading
    fetch(client, "/buyer/returns?status=perhaps", 404)


def test_the_record_leaves_as_a_file_for_those_who_look_after_the_contract(
    council: Council, act_as: Callable[..., FlaskClient]
) -> None:
    number, _, contract_id = council.send()
    address = f"/buyer/returns/{number}"
    manager = act_as(role=Role.CONTRACT_MANAGER, contract_id=contract_id)
    for extension, kind in (("csv", "text/csv; charset=utf-8"), ("json", "application/json")):
        response = manager.get(f"{address}/record.{extension}")
        assert (response.status_code, response.content_type) == (200, kind)
        assert "ann@firm.example" in response.get_data(as_text=True)
    assert manager.get(f"{address}/record.xml").status_code == 404
    assert act_as(place="trust").get(address).status_code == 404
    assert act_as(role=Role.CONTRACT_MANAGER, contract_id=contract_id + 1).get(address).status_code == 404
    assert act_as(role=Role.EVALUATOR).get(address).status_code == 403


def test_a_longer_return_costs_no_more_queries(
    council: Council, act_as: Callable[..., FlaskClient], fetch: Callable[..., Any]
) -> None:
    number, _, contract_id = council.send()
    client, address = act_as(), f"/buyer/returns/{number}"
    client.get(address)
    before = count_selects(council, lambda: client.get(address))
    with council.session() as session:
        for code in ("apprenticeship-weeks-level-2", "school-support-hours", "local-direct-spend"):
            added = promise(code, Unit.WEEK)
            added.contract_id = contract_id
            claim = line(add(session, added), "1")
            claim.return_id = number
            note_version(session, add(session, claim), VersionKind.SUBMITTED, actor="ann@firm.example")
    assert count_selects(council, lambda: client.get(address)) == before


def count_selects(council: Council, act: Callable[[], Any]) -> int:
    """How many questions reach the database while something is done."""
    engine, statements = council.app.extensions["wpound"].engine, []

    def watch(connection: Any, record: Any, proxy: Any) -> None:
        connection.set_trace_callback(statements.append)

    event.listen(engine, "checkout", watch)
    act()
    event.remove(engine, "checkout", watch)
    return sum(statement.startswith("SELECT") for statement in statements)
