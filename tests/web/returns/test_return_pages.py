"""A supplier's returns in the browser: opened, filled in row by row, declared, sent once, and answered for."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from wpound.core.declarations import Declaration
from wpound.core.delivery import ClaimState, Side
from wpound.store.base import add
from wpound.store.models.returns import ClaimMessage, MessageKind
from wpound.store.returns import get_claim

MEASURES = ("local-jobs", "volunteering-hours", "equality-training")
QUARTER = "2026-04-01"
WORDS = "Work in the parks."


def query(desk: Any, claim_id: int) -> None:
    """The buyer asks about a line."""
    with desk.session() as session:
        claim = get_claim(session, claim_id)
        claim.state, claim.reason, claim.reply_by = ClaimState.QUERIED, "Whose hours are these?", date(2099, 7, 31)
        about = {"side": Side.BUYER, "kind": MessageKind.QUERY, "written_by": "olga@council.example"}
        add(session, ClaimMessage(claim_id=claim_id, text=claim.reason, reply_by=claim.reply_by, **about))


@pytest.fixture
def ann(act_as: Callable[..., FlaskClient]) -> FlaskClient:
    return act_as("firm")


def send(client: FlaskClient, page: str, action: str | None = None, **fields: Any) -> TestResponse:
    """Send the form of a page with its token and version."""
    text = client.get(page).get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', text)
    assert token is not None, text
    version = re.search(r'name="version"[^>]* value="(\d+)"', text)
    hidden = {"csrf_token": token[1]} | ({"version": version[1]} if version else {})
    return client.post(action or page, data=hidden | fields)


def open_one(ann: FlaskClient, contract_id: int) -> str:
    """Open the return of the first quarter: its address."""
    sent = send(ann, "/supplier/returns", "/supplier/returns/open", contract=str(contract_id), quarter=QUARTER)
    assert sent.status_code == 303, sent.get_data(as_text=True)
    return sent.headers["Location"]


def lines_of(fetch: Callable[..., Any], ann: FlaskClient, address: str) -> list[str]:
    """The addresses of the lines of a return."""
    found = [href for href in fetch(ann, address).links().values() if "/claims/" in href]
    return list(dict.fromkeys(found))


def fill(fetch: Callable[..., Any], ann: FlaskClient, address: str) -> list[str]:
    """Answer the three lines: two people of this return, an amount of which half counts, nothing with a reason."""
    jobs, hours, training = lines = lines_of(fetch, ann, address)
    rows = {"entry-1-hours": "35", "entry-3-hours": "17.5"}
    rows |= {f"entry-{row}-reference": f"P-{address.rsplit('/', 1)[1]}-{row}" for row in (1, 3)}
    assert send(ann, jobs, narrative=WORDS, **rows).status_code == 303
    assert send(ann, hours, amount="20", share="50", narrative=WORDS).status_code == 303
    assert send(ann, training, nothing="y", narrative="The trainer was ill.").status_code == 303
    return lines


def test_a_return_from_its_opening_to_the_page_that_says_it_was_sent(desk: Any, ann: FlaskClient, fetch: Any) -> None:
    contract_id = desk.enter(*MEASURES)
    address = open_one(ann, contract_id)
    assert open_one(ann, contract_id) == address
    page = fetch(ann, address)
    assert page.text.count("Not answered") == 3 and "Go on to declare" not in page.text
    assert ann.get(f"{address}/declare").headers["Location"] == address

    jobs, hours, _ = fill(fetch, ann, address)
    page, payroll = fetch(ann, jobs), f"P-{address.rsplit('/', 1)[1]}-1"
    assert "0.5 of a full-time post for 91 of 91 days of the quarter: 0.125" in page.text
    assert "This quarter 0.375 FTE-years" in page.text
    assert "20 hours, 50% of it for this contract: 10 hours" in fetch(ann, hours).text
    assert payroll not in fetch(ann, address).text

    page = fetch(ann, f"{address}/declare")
    assert "Nothing is claimed, though 1 is due this quarter." in page.text
    declared = dict.fromkeys((one.value for one in Declaration), "y")
    some = {"this_contract_only": "y", "tied_to_commitment": "y"}
    assert send(ann, f"{address}/declare", **some, acknowledged="y").status_code == 400
    assert send(ann, f"{address}/declare", **declared).status_code == 400
    sent = send(ann, f"{address}/declare", **declared, acknowledged="y")
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{address}/sent")

    assert fetch(ann, sent.headers["Location"]).heading == "Return sent"
    assert "The figures of this quarter are locked" in fetch(ann, address).text
    page = fetch(ann, jobs)
    assert payroll in page.text and "Submitted at" in page.text
    assert not page.all(".//input[@name='entry-1-reference']")
    assert address in {link.get("href") for link in fetch(ann, "/supplier/returns").all(".//a")}


def test_what_is_wrong_stands_at_its_row_and_nothing_typed_is_lost(desk: Any, ann: FlaskClient, fetch: Any) -> None:
    jobs, hours, training = lines_of(fetch, ann, open_one(ann, desk.enter(*MEASURES)))
    rows = {
        "entry-2-reference": "Ada Lovelace",
        "entry-2-hours": "200",
        "entry-5-reference": "P-1",
        "entry-5-hours": "35",
        "entry-5-first_on": "31/13/2026",
    }
    answer = send(ann, jobs, **rows)
    assert answer.status_code == 400
    text = answer.get_data(as_text=True)
    assert "Person 5: First day must be a real date" in text
    answer = send(ann, jobs, **(rows | {"entry-5-first_on": "1/5/2026"}))
    text = answer.get_data(as_text=True)
    assert "Person 2: This looks like a name." in text and 'href="#entry-2-hours"' in text
    assert 'value="Ada Lovelace"' in text and 'value="1/5/2026"' in text

    answer = send(
        ann,
        hours,
        **{"amount": "5", "entry-1-kind": "event", "entry-1-reference": "Fair, 1 May", "entry-1-amount": "2"},
    )
    assert "Give an amount or a list, not both" in answer.get_data(as_text=True)
    answer = send(
        ann, training, **{"nothing": "y", "entry-1-reference": "Talk, town hall, 4 May", "entry-1-hours": "2"}
    )
    assert "Row" not in answer.get_data(as_text=True) and "Event 1: Give how many people attended" in answer.get_data(
        as_text=True
    )


def test_rows_are_kept_taken_out_and_added(desk: Any, ann: FlaskClient, fetch: Any) -> None:
    [jobs] = lines_of(fetch, ann, open_one(ann, desk.enter("local-jobs")))
    rows = {f"entry-{number}-reference": f"P-{number}" for number in range(1, 6)}
    rows |= {f"entry-{number}-hours": "35" for number in range(1, 6)}
    sent = send(ann, jobs, next="more", **rows)
    assert sent.headers["Location"].endswith("#row-6")
    page = fetch(ann, jobs)
    assert len(page.all(".//fieldset")) == 10

    send(ann, jobs, **rows, **{"entry-2-remove": "y", "entry-9-reference": "P-9", "entry-9-hours": "7"})
    claim = desk.claim(int(jobs.rsplit("/", 1)[1]))
    assert [entry.number for entry in claim.entries] == [1, 2, 3, 4, 5]
    assert claim.claimed == Decimal("1.05")
    page = fetch(ann, jobs)
    boxes = [field for field in page.all(".//input") if (field.get("name") or "").endswith("reference")]
    assert [box.get("value") for box in boxes] == ["P-1", "P-3", "P-4", "P-5", "P-9", *[""] * 5]


def test_two_people_who_write_at_once_are_shown_both_versions(desk: Any, act_as: Any, fetch: Any) -> None:
    ann = act_as("firm")
    _, hours, _ = lines_of(fetch, ann, open_one(ann, desk.enter(*MEASURES)))
    text = ann.get(hours).get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', text)
    assert token is not None
    send(ann, hours, amount="20")
    late = ann.post(hours, data={"csrf_token": token[1], "version": "1", "amount": "30"})

    assert late.status_code == 409
    assert "30" in late.get_data(as_text=True) and "20" in late.get_data(as_text=True)
    assert desk.claim(int(hours.rsplit("/", 1)[1])).claimed == 20


def test_what_another_contract_counts_is_said_before_and_refused_at_sending(
    desk: Any, ann: FlaskClient, fetch: Any
) -> None:
    fair = {"entry-1-kind": "event", "entry-1-reference": "Careers fair, town hall, 12 May 2026", "entry-1-amount": "9"}
    addresses = [open_one(ann, desk.enter("volunteering-hours")) for _ in range(2)]
    [first], [second] = (lines_of(fetch, ann, address) for address in addresses)
    send(ann, first, **fair, **{"entry-1-share": "60"}, narrative=WORDS)
    send(ann, second, **fair, **{"entry-1-share": "50"}, narrative=WORDS)
    declared = dict.fromkeys((one.value for one in Declaration), "y") | {"acknowledged": "y"}
    # Both pages are open before either is sent.
    page = ann.get(f"{addresses[1]}/declare").get_data(as_text=True)
    token, version = (re.search(rf'name="{name}"[^>]* value="([^"]+)"', page) for name in ("csrf_token", "version"))
    assert token and version
    assert send(ann, f"{addresses[0]}/declare", **declared).status_code == 303

    refused = ann.post(f"{addresses[1]}/declare", data=declared | {"csrf_token": token[1], "version": version[1]})
    assert refused.status_code == 400
    assert "Staff volunteering hours: Other claims already use part of this event. 40% is left" in refused.get_data(
        as_text=True
    )
    assert "40% is left" in fetch(ann, second).text
    assert "Counted twice" in fetch(ann, addresses[1]).text
    send(ann, second, **fair, **{"entry-1-share": "40"}, narrative=WORDS)
    assert send(ann, f"{addresses[1]}/declare", **declared).status_code == 303


def test_a_queried_line_opens_is_answered_and_closes(desk: Any, ann: FlaskClient, fetch: Any) -> None:
    address = open_one(ann, desk.enter(*MEASURES))
    jobs, hours, _ = fill(fetch, ann, address)
    declared = dict.fromkeys((one.value for one in Declaration), "y")
    send(ann, f"{address}/declare", **declared, acknowledged="y")
    claim_id = int(hours.rsplit("/", 1)[1])
    query(desk, claim_id)

    assert "The buyer has asked about one line" in fetch(ann, address).text
    assert "Whose hours are these?" in fetch(ann, hours).text
    assert not fetch(ann, jobs).all(".//form[@action='" + jobs + "']")
    assert send(ann, hours, amount="18", share="50", narrative=WORDS).status_code == 303
    assert send(ann, hours, f"{hours}/answer", answer=" ").status_code == 400
    assert send(ann, hours, f"{hours}/answer", answer="Of our gardeners.").status_code == 303

    claim = desk.claim(claim_id)
    assert (claim.state, claim.claimed) == (ClaimState.SUBMITTED, 9)
    page = fetch(ann, hours)
    assert "Of our gardeners." in page.text and "Answered at" in page.text
    assert send(ann, jobs, f"{jobs}/note", note="Payroll is on its way.").status_code == 303
    assert "Payroll is on its way." in fetch(ann, jobs).text


def test_a_decided_line_is_only_corrected(desk: Any, ann: FlaskClient, fetch: Any) -> None:
    address = open_one(ann, desk.enter("volunteering-hours"))
    [hours] = lines_of(fetch, ann, address)
    send(ann, hours, amount="1", narrative=WORDS)
    send(ann, f"{address}/declare", **dict.fromkeys((one.value for one in Declaration), "y"), acknowledged="y")
    assert ann.get(f"{hours}/correction").headers["Location"] == hours
    with desk.session() as session:
        claim = get_claim(session, int(hours.rsplit("/", 1)[1]))
        claim.state, claim.verified, claim.level = ClaimState.APPROVED, claim.claimed, "officer_checked"
        claim.verified_at, claim.verified_by = datetime.now(UTC) - timedelta(hours=1), "olga@council.example"

    assert send(ann, f"{hours}/correction", claimed="2", reason="").status_code == 400
    assert send(ann, f"{hours}/correction", claimed="2", reason="Misread.").status_code == 303
    page = fetch(ann, hours)
    assert "Waits for the buyer" in page.text and "Propose a correction" not in page.text


@pytest.mark.parametrize("organisation", ["rival", "council"])
def test_others_find_nothing_here(desk: Any, act_as: Any, fetch: Any, organisation: str) -> None:
    ann = act_as("firm")
    contract_id = desk.enter("local-jobs")
    address = open_one(ann, contract_id)
    [jobs] = lines_of(fetch, ann, address)
    other, status = act_as(organisation), 404 if organisation == "rival" else 403

    for path in (address, jobs, f"{address}/declare", f"{address}/sent", f"{jobs}/correction"):
        assert other.get(path).status_code == status, path


def test_a_made_up_button_opens_nothing(desk: Any, ann: FlaskClient) -> None:
    contract_id = desk.enter(*MEASURES)
    for quarter, status in (("soon", 303), ("2026-04-02", 404), ("2027-10-01", 303)):
        about = {"contract": str(contract_id), "quarter": quarter}
        assert send(ann, "/supplier/returns", "/supplier/returns/open", **about).status_code == status


def test_pages_cost_the_same_questions_however_long_they_are(
    desk: Any, ann: FlaskClient, count_selects: Callable[..., int], many_measures: list[str]
) -> None:
    """The list of returns, a return, its last step and one of its lines: of 1 line and of 30, with 1 return and 30."""

    def count_all(*measures: str) -> list[int]:
        return_id, line, *_ = desk.open(*measures)
        address = f"/supplier/returns/{return_id}"
        pages = ["/supplier/returns", address, f"{address}/claims/{line}", f"{address}/claims/{line}/evidence"]
        assert [ann.get(page).status_code for page in pages] == [200] * len(pages)
        return [count_selects(desk.engine, partial(ann.get, page)) for page in pages]

    few = count_all("local-jobs")
    for _ in range(30):
        desk.open("local-jobs")
    assert count_all(*many_measures) == few
