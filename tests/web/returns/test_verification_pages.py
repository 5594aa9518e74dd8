"""The pages on which a return is verified: a list, the return, and each of its lines with its decision."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient

from wpound.core.claim_counting import EntryKind
from wpound.core.contract_words import ChangeKind
from wpound.core.delivery import ClaimState
from wpound.core.reproportion import Rule
from wpound.core.roles import Role
from wpound.services.change_contract import NewTerms, apply_change
from wpound.services.note_version import note_version
from wpound.store.base import add
from wpound.store.contracts import get_contract_of
from wpound.store.models.evidence import Evidence
from wpound.store.models.returns import (
    ClaimEntry,
    CountedKey,
    ReturnStatus,
    VersionKind,
)
from wpound.store.returns import get_claim, get_return

MEASURES = ("volunteering-hours", "local-jobs", "carbon-fleet")
APPROVAL = {"verified": "12", "level": "officer_checked", "checked": "The register."}


@pytest.fixture
def act_as(act_as: Callable[..., FlaskClient]) -> Callable[..., FlaskClient]:
    """A browser of somebody of the council, an officer where nothing else is said."""

    def sign_in(name: str = "olga", role: Role = Role.OFFICER, place: str = "council", **about: int) -> FlaskClient:
        return act_as(place, name, role, **about)

    return sign_in


def send_in(desk: Any, *more: str) -> tuple[int, list[int], int]:
    """A return of three lines and more that was sent: its number, those of the lines, and that of the contract."""
    return_id, *lines = desk.open(*MEASURES, *more)
    with desk.session() as session:
        sent = get_return(session, return_id)
        sent.status, sent.submitted_by = ReturnStatus.SUBMITTED, "ann@firm.example"
        sent.submitted_at, sent.sample_seed = datetime(2026, 7, 10, 9, tzinfo=UTC), "seed"
        sent.sample = {str(lines[0]): "Drawn by lot, 1 of 3 lines."}
        for claim, claimed in zip(sent.claims, ["12", *["0.25"] * len(lines)], strict=False):
            claim.amount = claim.claimed = Decimal(claimed)
            claim.state, claim.narrative = ClaimState.SUBMITTED, "Work in the parks."
        key = add(session, CountedKey(kind=EntryKind.PERSON, key=f"key {return_id}"))
        add(session, person_entry(lines[1], key.id))
        file = Evidence(claim_id=lines[0], sha256="ab" * 32, name="secret.pdf", media_type="application/pdf")
        file.byte_count, file.description, file.has_personal_data = 4096, "Signed register", True
        file.added_by = "ann@firm.example"
        add(session, file)
        for claim in sent.claims:
            note_version(session, claim, VersionKind.SUBMITTED, actor="ann@firm.example")
        return return_id, lines, sent.contract_id


def person_entry(claim_id: int, key_id: int) -> ClaimEntry:
    entry = ClaimEntry(claim_id=claim_id, number=1, kind=EntryKind.PERSON, key_id=key_id, hours=Decimal(35))
    entry.sealed_reference, entry.counted = b"sealed", Decimal("0.25")
    return entry


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
    desk: Any, act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], post: Callable[..., Any]
) -> None:
    number, (hours, jobs, carbon), _ = send_in(desk)
    base, client = f"/buyer/returns/{number}", act_as()
    page = fetch(client, base)
    assert "0 of 3 lines decided." in page.text and "To be looked at closely" in page.text
    addresses = {name: f"{base}/claims/{one}" for name, one in (("hours", hours), ("jobs", jobs), ("carbon", carbon))}

    text = post(client, addresses["hours"], "/approve", 400, verified="13", level="officer_checked")
    assert "The amount you approve must be between 0 and what was claimed, 12." in text and "There is a problem" in text
    assert post(client, addresses["hours"], "/approve", **APPROVAL).endswith(addresses["jobs"])
    answer_by = {"reply_by-day": "3", "reply_by-month": "8", "reply_by-year": "2099"}
    following = post(client, addresses["jobs"], "/query", question="Whose are they?", **answer_by)
    assert following.endswith(addresses["carbon"])
    assert post(client, addresses["carbon"], "/reject", rejection="Another fleet.").endswith(base)

    page = fetch(client, base)
    assert "2 of 3 lines decided. 1 with the supplier." in page.text
    assert "Nothing waits for you. The supplier answers by 3 August 2099" in page.text
    assert desk.claim(carbon).verified == 0
    text = fetch(client, addresses["carbon"]).text
    assert "Another fleet." in text and "Propose a correction" in text


def test_a_line_shows_what_it_counts_and_proves_and_nothing_that_is_the_supplier_s_own(
    desk: Any, act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], post: Callable[..., Any]
) -> None:
    number, (hours, jobs, _), _ = send_in(desk)
    client, base = act_as(), f"/buyer/returns/{number}/claims"
    text = fetch(client, f"{base}/{jobs}").text
    assert "Person" in text and "0.25" in text and "The whole quarter" in text
    assert "Signed register" in fetch(client, f"{base}/{hours}").text

    answer_by = {"reply_by-day": "3", "reply_by-month": "8", "reply_by-year": "2099"}
    post(client, f"{base}/{hours}", "/query", question="Whose are they?", **answer_by)
    with desk.session() as session:
        claim = get_claim(session, hours)
        claim.claimed, claim.narrative = Decimal(7), "Not sent yet."
    text = fetch(client, f"{base}/{hours}").text
    assert "12 hours" in text and "Not sent yet." not in text and "What you see is what it sent last." in text


def test_pages_of_both_sides_say_what_came_in_the_place_of_a_promise(
    desk: Any, act_as: Callable[..., FlaskClient], fetch: Callable[..., Any]
) -> None:
    number, (hours, *_), contract_id = send_in(desk)
    with desk.session() as session:
        contract = get_contract_of(session, contract_id)
        about = {"value": contract.contract_value, "end_on": date(2027, 3, 31), "rule": Rule.TIME}
        shorter = NewTerms(ChangeKind.VARIATION, "Half of it.", effective_on=date(2026, 6, 1), **about)
        apply_change(session, contract, shorter, desk.app.extensions["wpound"].catalogue, actor="olga")

    change = "replaced by 4 hours from 1 June 2026"
    for side, name, place in (("buyer", "olga", "council"), ("supplier", "ann", "firm")):
        client = act_as(name=name, place=place, role=Role.OFFICER if side == "buyer" else Role.SUPPLIER)
        assert change in fetch(client, f"/{side}/returns/{number}").text
        line = fetch(client, f"/{side}/returns/{number}/claims/{hours}").text
        assert f"8 hours, {change}" in line and "12 hours of 4 hours" in line
        assert "(1 hours by the end of it)" in line or "(due by the end of the quarter: 1 hours)" in line


def test_who_was_too_late_is_shown_both_versions(
    desk: Any, act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], post: Callable[..., Any]
) -> None:
    number, (hours, *_), _ = send_in(desk)
    address = f"/buyer/returns/{number}/claims/{hours}"
    client = act_as("mia")
    page = fetch(client, address)
    [form] = [one for one in page.all(".//form") if (one.get("action") or "").endswith("/reject")]
    hidden = {one.get("name"): one.get("value") for one in form.iter("input") if one.get("type") == "hidden"}
    post(client, address, "/approve", **APPROVAL)
    late = client.post(f"{address}/reject", data=hidden | {"rejection": "Not ours."})
    assert late.status_code == 409 and "Not ours." in late.get_data(as_text=True)
    assert desk.claim(hours).state is ClaimState.APPROVED


def test_a_correction_is_decided_by_somebody_else(
    desk: Any, act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], post: Callable[..., Any]
) -> None:
    number, (hours, *_), _ = send_in(desk)
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
    post(act_as("mia"), address, "/accept", verified="10", level="third_party", checked="The files")
    found = desk.claim(hours)
    assert (found.claimed, found.verified) == (10, 10)
    text = fetch(act_as(), address).text
    assert "Correction 1: refused" in text and "Correction 2: accepted" in text and "Corrected" in text


def test_who_entered_figures_for_the_supplier_finds_no_decision_to_take(
    desk: Any, act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], post: Callable[..., Any]
) -> None:
    def offers(page: Any, end: str) -> list[Any]:
        return [form for form in page.all(".//form") if (form.get("action") or "").endswith(end)]

    number, (hours, jobs, _), _ = send_in(desk)
    base, refusal = f"/buyer/returns/{number}/claims", "You entered figures of this line for its supplier"
    with desk.session() as session:
        get_claim(session, hours).entered_by = ["ann@firm.example", "olga@council.example"]
    page = fetch(act_as(), f"{base}/{hours}")
    assert refusal in page.text and not offers(page, "/approve")
    assert "Your decision" in page.text and refusal not in fetch(act_as(), f"{base}/{jobs}").text
    hidden = act_as().get(f"{base}/{jobs}").get_data(as_text=True)
    token = hidden.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    sent = act_as().post(
        f"{base}/{hours}/reject", data={"csrf_token": token, "version": desk.claim(hours).version, "rejection": "No."}
    )
    assert sent.status_code == 400 and desk.claim(hours).state is ClaimState.SUBMITTED
    page = fetch(act_as("mia"), f"{base}/{hours}")
    assert refusal not in page.text and offers(page, "/approve")

    post(act_as("mia"), f"{base}/{hours}", "/approve", **APPROVAL)
    post(act_as("mia"), f"{base}/{hours}", "/corrections", claimed="10", reason="Twice.")
    page = fetch(act_as(), f"{base}/{hours}")
    assert refusal in page.text and not offers(page, "/accept")


def test_a_corrected_figure_says_how_far_its_entries_are_from_it(
    desk: Any, act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], post: Callable[..., Any]
) -> None:
    number, (_, jobs, _), _ = send_in(desk)
    address = f"/buyer/returns/{number}/claims/{jobs}"
    post(act_as(), address, "/approve", **APPROVAL | {"verified": "0.25"})
    with desk.session() as session:
        session.query(ClaimEntry).filter_by(claim_id=jobs).one().sealed_reference = None
    said = "Its entries still come to"
    assert said not in fetch(act_as(), address).text
    for figure, apart in (("0.2", "0.05 FTE-years more"), ("0.3", "0.05 FTE-years less")):
        post(act_as(), address, "/corrections", claimed=figure, reason="Misread.")
        post(act_as("mia"), address, "/accept", verified=figure, level="third_party", checked="The files")
        told = f"The figure was corrected to {figure} FTE-years. {said} 0.25 FTE-years, {apart}."
        for page in (
            fetch(act_as(), address),
            fetch(act_as(name="ann", place="firm", role=Role.SUPPLIER), address.replace("/buyer/", "/supplier/")),
        ):
            assert page.text.count(told) == 2, "beside the figure and beside the entries"


def test_the_list_is_filtered_by_its_address(
    desk: Any, act_as: Callable[..., FlaskClient], fetch: Callable[..., Any], post: Callable[..., Any]
) -> None:
    number, (hours, *_), contract_id = send_in(desk)
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
    desk: Any, act_as: Callable[..., FlaskClient]
) -> None:
    number, _, contract_id = send_in(desk)
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


def test_pages_cost_the_same_questions_however_long_they_are(
    desk: Any, act_as: Callable[..., FlaskClient], count_selects: Callable[..., int], many_measures: list[str]
) -> None:
    """The lists of returns, a return and one of its lines: of 3 lines and of 30, with few returns and with many."""

    def count_all(*more: str) -> list[int]:
        number, lines, _ = send_in(desk, *more)
        address, client = f"/buyer/returns/{number}", act_as()
        pages = ["/buyer/returns", "/buyer/returns?status=overdue", address, f"{address}/claims/{lines[0]}"]
        assert [client.get(page).status_code for page in pages] == [200] * len(pages)
        return [count_selects(desk.engine, partial(client.get, page)) for page in pages]

    few = count_all()
    for _ in range(30):
        send_in(desk)
    assert count_all(*(code for code in many_measures if code not in MEASURES)) == few
