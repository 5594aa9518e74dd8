"""Questions, changes and the end of a tender on their pages: who asked is for officers alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from wpound.core.roles import Role
from wpound.store.engine import writing
from wpound.store.models.clarifications import TenderChange
from wpound.store.models.outbox import OutgoingMail
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.tenders import get_tender

OCID = "ocds-test-1"
ASK = f"/supplier/tenders/{OCID}/clarifications"
CLARIFICATIONS, CHANGES = f"/buyer/tenders/{OCID}/clarifications", f"/buyer/tenders/{OCID}/changes"
NEXT_YEAR = datetime.now(UTC).year + 1


def last_sunday(year: int, month: int) -> date:
    """The last Sunday of a month of 31 days."""
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def proposal(day: date, time: str, **changes: str) -> dict[str, str]:
    """What an officer types into the form of a change."""
    plain = {"kind": "extension", "words": "Longer.", "reason": "Late questions.", "new_time": time}
    parts = {"day": day.day, "month": day.month, "year": day.year}
    return plain | {f"new_deadline_at-{part}": str(number) for part, number in parts.items()} | changes


def test_who_asked_is_shown_to_officers_alone(tendering: Any, act_as: Any, fetch: Any) -> None:
    alma, bruno, ophelia = act_as("alma"), act_as("bruno"), act_as("ophelia")
    page = alma.send(ASK, {"question": "Must we prune, as Ash did?"})
    assert "Your question is with the buyer." in page.text and "Waits for an answer" in page.text
    assert "prune" not in bruno.get(ASK).text and "prune" not in fetch(tendering.app, f"/tenders/{OCID}").text
    page = ophelia.get(CLARIFICATIONS)
    assert "Ash (Example) Ltd" in page.text and "Must we prune, as Ash did?" in page.text

    address = f"{CLARIFICATIONS}/1"
    assert ophelia.fields(address)["question"] == "Must we prune, as Ash did?"
    refused = ophelia.send(address, {"question": "Does Ash (Example) prune?", "answer": "Yes."}, status=400)
    assert "would tell everyone who asked" in refused.text
    page = ophelia.send(address, {"question": "Is pruning wanted?", "answer": "Yes, once a year."})
    assert "Published. Everyone who follows" in page.text and "which only officers see" in page.text

    for text in (fetch(tendering.app, f"/tenders/{OCID}").text, bruno.get(f"/tenders/{OCID}").text):
        assert "1. Is pruning wanted?" in text and "Yes, once a year." in text
        assert "Ash" not in text
    assert "Answered as number 1" in alma.get(ASK).text
    with writing(tendering.engine) as session:
        said = [f"{mail.subject} {mail.body}" for mail in session.scalars(select(OutgoingMail))]
    assert said and not [words for words in said if "Ash" in words or "prune, as" in words]
    assert "This page is not open now" in ophelia.get(address, 409).text


def test_other_roles_and_other_buyers_see_no_question(tendering: Any, act_as: Any) -> None:
    stranger = act_as("alma", Role.OFFICER)
    for path in (CLARIFICATIONS, f"{CLARIFICATIONS}/1", CHANGES, f"{CHANGES}/1", f"/buyer/tenders/{OCID}/cancel"):
        stranger.get(path, 404)
        act_as("bruno").get(path, 403)


@pytest.mark.parametrize(
    ("month", "time", "told"), [(3, "1:30am", "does not exist"), (10, "01:30", "comes twice")], ids=["spring", "autumn"]
)
def test_a_time_that_clocks_do_not_show_once_is_refused(
    tendering: Any, act_as: Any, month: int, time: str, told: str
) -> None:
    page = act_as("ophelia").send(CHANGES, proposal(last_sunday(NEXT_YEAR, month), time), status=400)
    assert told in page.text


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ({"new_time": ""}, "Enter the time of the new deadline"),
        ({"new_time": "5"}, "must be a time, like 17:00 or 5pm"),
        ({"new_deadline_at-year": "2020"}, "never shortened"),
        ({"reason": " "}, "Say why it changes"),
    ],
)
def test_what_is_wrong_with_a_change_is_said(act_as: Any, entries: dict[str, str], told: str) -> None:
    page = act_as("ophelia").send(CHANGES, proposal(date(NEXT_YEAR, 6, 1), "12:00") | entries, status=400)
    assert told in page.text and page.title.startswith("Error: ")


def test_the_one_who_proposed_cannot_agree(tendering: Any, act_as: Any, fetch: Any) -> None:
    ophelia, otto = act_as("ophelia"), act_as("otto")
    page = ophelia.send(CHANGES, proposal(date(NEXT_YEAR, 6, 1), "12:00", kind="amendment"))
    assert "Waiting for a second officer" in page.text and "Propose the change" not in page.text
    token = ophelia.fields(CLARIFICATIONS)["csrf_token"]
    refused = ophelia.post(f"{CHANGES}/1", {"decision": "agree", "csrf_token": token}, 400)
    assert "agreed by another officer" in refused.text
    assert "Longer." not in fetch(tendering.app, f"/tenders/{OCID}").text
    page = otto.send(f"{CHANGES}/1", {"decision": "agree"})
    assert "The change is made and everyone is told." in page.text
    public = fetch(tendering.app, f"/tenders/{OCID}").text
    assert f"Bids close at 12:00 noon (BST) on 1 June {NEXT_YEAR}" in public
    assert "must be confirmed again before the deadline" in public
    with writing(tendering.engine) as session:
        assert (get_tender(session, OCID).amendment, len(session.scalars(select(TenderChange)).all())) == (1, 1)


def test_a_tender_is_cancelled_with_a_reason_and_once(tendering: Any, act_as: Any) -> None:
    ophelia, address = act_as("ophelia"), f"/buyer/tenders/{OCID}/cancel"
    assert "This cannot be undone." in ophelia.get(address).text
    ophelia.send(address, {"reason": " "}, status=400)
    page = ophelia.send(address, {"reason": "The parks are sold."})
    assert "The tender has ended without an award." in page.text
    assert "This tender has ended" in ophelia.get(address).text
    with writing(tendering.engine) as session:
        assert session.scalars(select(Tender)).one().stage is TenderStage.CANCELLED
    assert "not taken any more" in act_as("alma").get(ASK).text
