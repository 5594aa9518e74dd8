"""Everyone reads what is bought and how bids are marked; nobody reads of a bid, a bidder or how many there are."""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from wpound.core.roles import Role
from wpound.services.clock import fixed_clock
from wpound.services.close_tender import close_tender
from wpound.store.base import add
from wpound.store.engine import writing
from wpound.store.file_folder import put_file
from wpound.store.files import record_file
from wpound.store.models.tenders import Tender, TenderDocument
from wpound.store.sealed_bids import list_sealed_bids
from wpound.store.tenders import get_tender

OCID = "ocds-test-1"
METHOD = {
    "title": "Grounds",
    "contract_value": "480000.00",
    "years": "2",
    "criteria": [
        {"code": "price", "kind": "price", "weighting": 80, "formula": "lowest_ratio"},
        {"code": "jobs", "kind": "quantity", "weighting": 20, "measure": "local-jobs", "formula": "proportional"},
    ],
}
PAGE = f"/tenders/{OCID}"


@pytest.fixture
def anyone(tendering: Any, fetch: Any) -> Any:
    """A visitor's browser."""
    return lambda address, status=200: fetch(tendering.app, address, status)


def download(tendering: Any, address: str, **headers: str) -> Any:
    return tendering.app.test_client().get(address, headers=headers)


def change(tendering: Any, **columns: Any) -> None:
    with writing(tendering.engine) as session:
        tender = get_tender(session, OCID)
        for name, value in columns.items():
            setattr(tender, name, value)


def test_open_tenders_come_first_and_what_is_searched_for_is_in_the_address(tendering: Any, anyone: Any) -> None:
    tendering.publish("ocds-late", timedelta(days=2), method={**METHOD, "title": "Tree care"})
    tendering.publish("ocds-gone", timedelta(days=1), method={**METHOD, "title": "Old roads"})
    with writing(tendering.engine) as session:
        get_tender(session, "ocds-gone").deadline_at = datetime.now(UTC) - timedelta(minutes=1)
    page = anyone("/tenders")
    titles = [row.find("th/a").text for row in page.all(".//tbody/tr")]
    assert titles == ["Tree care", "Grounds maintenance", "Old roads"]
    assert "Closed, bids are being assessed" in page.text
    assert [row.find("th/a").text for row in anyone("/tenders?q=TREE+council").all(".//tbody/tr")] == ["Tree care"]
    assert [row.find("th/a").text for row in anyone("/tenders?state=closed").all(".//tbody/tr")] == ["Old roads"]
    assert "No tender matches" in anyone("/tenders?q=100%25").text
    anyone("/tenders?state=draft", 404)
    anyone("/tenders?buyer=nobody", 404)


def test_the_page_says_what_is_bought_until_when_and_how_bids_are_marked(anyone: Any) -> None:
    page = anyone(PAGE)
    assert page.heading == "Grounds maintenance"
    assert re.search(r"Bids close at \d\d:\d\d (noon )?\((GMT|BST)\) on", page.text)
    for words in (
        "Grass, hedges and litter in parks.",
        "£480,000.00 without VAT",
        "buying@example.org",
        "Do you hold insurance of £5 million?",
        "40%",
        "Worked examples for",
        "No answers have been published.",
    ):
        assert words in page.text, words
    assert page.links()["Sign in to make a bid"] == f"/supplier/tenders/{OCID}"
    assert "Local jobs" in page.text or "local" in page.text


@pytest.mark.parametrize("path", ["", "/pack.pdf", "/method.json", "/release.json", "/lots/1/bid.xlsx", "/documents/1"])
def test_a_draft_does_not_exist_for_the_public(tendering: Any, anyone: Any, path: str) -> None:
    with writing(tendering.engine) as session:
        draft = Tender(organisation_id=tendering.ids["council"], ocid="ocds-draft", title="Secret plans", lots=[])
        add(session, draft)
    assert "Secret plans" not in anyone("/tenders").text
    anyone(f"/tenders/ocds-draft{path}", 404)


def test_no_bid_or_bidder_is_told_of_before_or_after_the_deadline(
    tendering: Any, anyone: Any, act_as: Any, bid: str, write: Any
) -> None:
    empty = anyone(PAGE)
    for name in ("alma", "bruno"):
        person = act_as(name)
        write(person)
        person.send(f"{bid}/submit", {"may_submit": "y"})
    assert anyone(PAGE).text == empty.text, "a page before the deadline is the same with bids and without"
    assert download(tendering, f"{PAGE}/release.json").data == download(tendering, f"{PAGE}/release.json").data
    past = datetime.now(UTC) - timedelta(minutes=1)
    change(tendering, deadline_at=past)
    with writing(tendering.engine) as session:
        tender = get_tender(session, OCID)
        hashes = sorted(receipt.content_hash for *_, receipt in list_sealed_bids(session, tender_id=tender.id))
        close_tender(session, tender, actor="two@example.org", clock=fixed_clock(past))
    page = anyone(PAGE)
    assert [item.text for item in page.all(".//li[@class='app-code']")] == hashes
    for told in (page.text, anyone("/tenders").text, download(tendering, f"{PAGE}/release.json").text):
        assert not re.search(r"\b(Ash|Birch|450,?000|2 bids|two bids)\b", told), told


def test_every_file_can_be_had_and_is_not_made_twice(tendering: Any) -> None:
    kinds = {
        "pack.pdf": b"%PDF",
        "method.json": b"{",
        "release.json": b"{",
        "lots/1/bid.xlsx": b"PK",
    }
    for path, start in kinds.items():
        found = download(tendering, f"{PAGE}/{path}")
        assert (found.status_code, found.data[: len(start)]) == (200, start), path
        assert found.headers["Content-Disposition"].startswith("attachment")
        again = download(tendering, f"{PAGE}/{path}", **{"If-None-Match": found.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path
        change(tendering, title=f"Grounds maintenance after {path}")
        assert download(tendering, f"{PAGE}/{path}", **{"If-None-Match": found.headers["ETag"]}).status_code == 200
    assert download(tendering, f"{PAGE}/lots/9/bid.xlsx").status_code == 404


def test_the_fingerprint_of_the_method_is_that_of_the_file(tendering: Any, anyone: Any) -> None:
    content = download(tendering, f"{PAGE}/method.json").data
    assert hashlib.sha256(content).hexdigest() in anyone(PAGE).text
    assert json.loads(content)["title"] == "Grounds maintenance"


def test_the_workbook_is_the_one_that_can_be_uploaded(tendering: Any, act_as: Any, bid: str) -> None:
    content = download(tendering, f"{PAGE}/lots/1/bid.xlsx").data
    own = act_as("alma").raw(f"{bid}/workbook/empty.xlsx").data
    assert ZipFile(BytesIO(content)).testzip() is None
    assert content == own


def test_documents_of_the_officer_are_given_out(tendering: Any, anyone: Any) -> None:
    settings = tendering.app.extensions["wpound"].settings
    with writing(tendering.engine) as session:
        sha256 = put_file(settings.data_dir / "files", b"what is wanted")
        file = record_file(
            session, sha256=sha256, media_type="text/plain", byte_count=14, original_name="specification.txt"
        )
        tender = get_tender(session, OCID)
        document = add(
            session,
            TenderDocument(tender_id=tender.id, title="Specification", file_id=file.id, added_by="one@example.org"),
        )
    address = anyone(PAGE).links()["Specification (TXT)"]
    assert address == f"{PAGE}/documents/{document.id}"
    assert download(tendering, address).data == b"what is wanted"
    assert download(tendering, f"{PAGE}/documents/{document.id + 1}").status_code == 404


def test_a_page_that_did_not_change_is_not_sent_again(tendering: Any) -> None:
    found = download(tendering, PAGE)
    assert download(tendering, PAGE, **{"If-None-Match": found.headers["ETag"]}).status_code == 304


def test_whoever_is_signed_in_can_follow_and_stop(act_as: Any) -> None:
    olga = act_as("ophelia", Role.EVALUATOR)
    assert "Make a bid" not in olga.get(PAGE).text
    page = olga.post(f"{PAGE}/follow", {"csrf_token": olga.fields(PAGE)["csrf_token"]})
    assert "You follow this tender" in page.text
    page = olga.post(f"{PAGE}/unfollow", {"csrf_token": olga.fields(PAGE)["csrf_token"]})
    assert "Follow this tender by email" in page.text


def test_a_cancelled_tender_says_why(tendering: Any, anyone: Any) -> None:
    with writing(tendering.engine) as session:
        from wpound.services.cancel_tender import cancel_tender

        cancel_tender(
            session, get_tender(session, OCID), reason="The parks are sold.", actor="one@example.org", base_url=""
        )
    page = anyone(PAGE)
    assert "Why it ended: The parks are sold." in page.text
    assert "Sign in to make a bid" not in page.text
    assert json.loads(download(tendering, f"{PAGE}/release.json").data)["releases"][0]["tag"] == ["tenderCancellation"]


def test_the_list_is_in_the_navigation_of_visitors(anyone: Any) -> None:
    assert anyone("/").links()["Tenders"] == "/tenders"
    assert anyone("/").links()["See open tenders"] == "/tenders?state=open"
