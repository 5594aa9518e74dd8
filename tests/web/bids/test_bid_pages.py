"""A bid is written part by part, read by a colleague, handed in, and nothing else is said to be handed in."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from wpound.services.draft_tender import NewLot
from wpound.store.engine import writing
from wpound.store.models.outbox import OutgoingMail
from wpound.store.models.tenders import Tender

SUBMIT = {"may_submit": "y"}


def states(page: Any) -> dict[str, str]:
    """The state of each task of a bid, by its title."""
    found = {}
    for item in page.all(".//li[@class]"):
        status = [one for one in item.iter("div") if "govuk-task-list__status" in one.get("class", "")]
        names = [one for one in item.iter("div") if "name-and-hint" in one.get("class", "")]
        if status:
            found["".join(next(iter(names[0])).itertext()).strip()] = "".join(status[0].itertext()).strip()
    return found


def test_a_bid_is_written_part_by_part_and_submitted(act_as, bid, write) -> None:
    alma = act_as("alma")
    page = alma.get(bid)
    assert "Nobody has received this bid" in page.text and "8 days 23 hours left" in page.text
    assert (
        states(page)["Submit"] == "Cannot start yet" and states(page)["How you will deliver it"] == "Cannot start yet"
    )
    write(alma)
    page = alma.get(bid)
    assert "Not submitted yet" in page.text and "Cannot start yet" not in page.text
    receipt = alma.send(f"{bid}/submit", SUBMIT)
    assert receipt.heading.startswith("R-") and "Stands" in receipt.text
    page = alma.get(bid)
    assert "Not submitted" not in page.text and receipt.heading in page.text
    assert states(page)["Submit"] == "Completed"


def test_a_draft_may_be_unfinished_and_says_what_is_missing(act_as, bid) -> None:
    alma = act_as("alma")
    alma.send(f"{bid}/promises", {"promise-local-jobs": "8"})
    alma.send(f"{bid}/answers/wages", {"answer": "One word more than there is room for"})
    page = alma.get(f"{bid}/review")
    assert "Price for the whole contract is missing." in page.text
    assert "Insurance needs a yes or a no." in page.text
    assert "Wages has 8 words, 3 more than the limit of 5; shorten it." in page.text
    assert "Local people in work: say how and when this promise will be kept" in page.text
    assert "Continue to submit" not in page.text
    assert "The bid cannot be submitted yet" in alma.get(f"{bid}/submit").text
    assert "It is 3 too long" in alma.get(f"{bid}/answers/wages").text


def test_text_from_a_word_processor_is_taken_and_a_control_sign_is_told(act_as, bid) -> None:
    alma = act_as("alma")
    alma.send(f"{bid}/answers/wages", {"answer": "A\u00a0living\u200b wage\u00ad.\r\nFor\u2028all."})
    assert alma.fields(f"{bid}/answers/wages")["answer"] == "A living wage.\nFor\nall."
    fields = alma.fields(f"{bid}/answers/wages") | {"answer": "A living \x07wage"}
    refused = alma.raw(f"{bid}/answers/wages", method="POST", data=fields)
    assert refused.status_code == 400
    assert "Wages holds characters that cannot be printed." in refused.get_data(as_text=True)


def test_numbers_that_are_none_are_told_and_not_saved(act_as, bid) -> None:
    alma = act_as("alma")
    page = alma.send(f"{bid}/promises", {"promise-local-jobs": "eight", "promise-local-jobs-in-2027": "-1"}, status=400)
    assert page.links()["Local people in work must be a number, like 1,250 or 12.5"] == "#promise-local-jobs"
    assert "Local people in work in 2027 must be 0 or more" in page.text
    assert "Nobody has received this bid" in alma.get(bid).text


def test_the_marks_of_the_promises_are_worked_out_and_advice_is_given(act_as, bid) -> None:
    alma = act_as("alma")
    assert "Your marks" not in alma.get(f"{bid}/promises").text
    alma.send(f"{bid}/company", {"headcount": "3"})
    page = alma.send(f"{bid}/promises", {"promise-local-jobs": "8", "next": "stay"})
    assert page.heading == "What you promise"
    assert "16 of 20 marks" in page.text, "8 of 10 FTE-years are four fifths of 20 marks"
    assert "You promise 4 full-time posts in a year under Local people in work, and 3 people employed." in page.text


def test_a_promise_above_the_cap_is_a_warning_that_is_acknowledged(act_as, bid, write) -> None:
    alma = act_as("alma")
    write(alma, promises={"promise-local-jobs": "14"})
    page = alma.send(f"{bid}/submit", SUBMIT, status=400)
    assert page.links()["Confirm that you have read the warning"] == "#acknowledged"
    assert alma.send(f"{bid}/submit", SUBMIT | {"acknowledged": "y"}).heading.startswith("R-")


def test_two_colleagues_write_two_parts_at_once_and_one_part_only_after_another(act_as, bid) -> None:
    alma, abel = act_as("alma"), act_as("abel")
    price, company = alma.fields(f"{bid}/price"), alma.fields(f"{bid}/company")
    abel.send(f"{bid}/price", {"price": "440,000"})
    alma.post(f"{bid}/company", company | {"headcount": "12"})
    page = alma.post(f"{bid}/price", price | {"price": "450,000"}, status=409)
    assert page.heading == "Somebody else saved this first"
    assert "450,000" in page.text and "440,000.00" in page.text
    assert alma.fields(f"{bid}/price")["price"] == "440,000.00"


def test_a_colleague_and_nobody_else_marks_the_bid_as_right(act_as, bid, write) -> None:
    alma, abel = act_as("alma"), act_as("abel")
    write(alma)
    assert "You were the last to write" in alma.get(f"{bid}/review").text
    page = alma.post(f"{bid}/review", alma.fields(f"{bid}/company"), status=400)
    assert "Ask a colleague to read it" in page.text
    assert "abel@example.org has read the bid" in abel.send(f"{bid}/review").text
    assert "Read by abel@example.org" in alma.get(bid).text
    alma.send(f"{bid}/price", {"price": "1"})
    assert "Read by abel@example.org" not in alma.get(bid).text, "what was read is not what is there now"


def test_the_receipt_can_be_checked_with_the_bid_itself(tendering, act_as, bid, write) -> None:
    alma = act_as("alma")
    write(alma)
    receipt = alma.send(f"{bid}/submit", SUBMIT)
    downloaded = alma.raw(f"{bid}/submitted.json")
    assert hashlib.sha256(downloaded.get_data()).hexdigest() in receipt.text
    with writing(tendering.engine) as session:
        mails = [mail for mail in session.scalars(select(OutgoingMail)) if mail.template == "bid_receipt"]
    assert {mail.recipient for mail in mails} == {"alma@example.org", "abel@example.org"}
    assert all(receipt.heading in (mail.body or "") and "450,000" not in (mail.body or "") for mail in mails)
    readers = "was sent this email: abel@example.org, alma@example.org."
    assert all(readers in (mail.body or "") for mail in mails), "a stranger among them can be noticed"


def test_a_bid_is_replaced_and_withdrawn_until_the_deadline(act_as, bid, write) -> None:
    alma = act_as("alma")
    write(alma)
    first = alma.send(f"{bid}/submit", SUBMIT).heading
    alma.send(f"{bid}/price", {"price": "440,000"})
    assert "The changes are not submitted yet." in alma.get(bid).text
    second = alma.send(f"{bid}/submit", SUBMIT).heading
    assert "Replaced" in alma.get(f"/supplier/receipts/{first}").text
    assert second in alma.get(f"{bid}/withdraw").text
    assert "Not submitted yet" in alma.send(f"{bid}/withdraw").text
    assert "Withdrawn" in alma.get(f"/supplier/receipts/{second}").text
    assert alma.raw(f"{bid}/submitted.json").status_code == 404
    assert alma.fields(f"{bid}/price")["price"] == "440,000.00", "what was written stays"
    page = alma.get("/supplier/receipts")
    assert "2 receipts" in page.text and first in page.text


def test_after_a_change_of_the_tender_the_same_bid_is_confirmed(tendering, act_as, bid, write) -> None:
    alma = act_as("alma")
    write(alma)
    first = alma.send(f"{bid}/submit", SUBMIT)
    with writing(tendering.engine) as session:
        session.scalars(select(Tender)).one().amendment = 1
    assert "Confirm it again" in alma.get("/supplier/tenders").text
    assert "The tender was changed after you submitted." in alma.get(bid).text
    second = alma.send(f"{bid}/confirm")
    assert second.heading != first.heading and "Change 1 of the tender" in second.text
    assert hashlib.sha256(alma.raw(f"{bid}/submitted.json").get_data()).hexdigest() in first.text
    assert "To be confirmed" not in alma.get("/supplier/receipts").text


def test_after_the_deadline_a_draft_can_be_seen_and_not_written(tendering, act_as, bid, write) -> None:
    alma = act_as("alma")
    write(alma)
    form = alma.fields(f"{bid}/price")
    with writing(tendering.engine) as session:
        session.scalars(select(Tender)).one().deadline_at = datetime.now(UTC) - timedelta(seconds=1)
    page = alma.get(bid)
    assert "The deadline was" in page.text and "Write your bid" not in page.text
    assert alma.raw(f"{bid}/price").status_code == 302
    page = alma.post(f"{bid}/price", form | {"price": "1"}, status=400)
    assert "The deadline for bids was" in page.text
    assert "£450,000.00" in alma.get(f"{bid}/review").text


def test_a_tender_in_lots_shows_each_and_never_mixes_them(tendering, act_as, write) -> None:
    tendering.publish("ocds-lots", lots=[NewLot("North", None), NewLot("South", None)])
    alma = act_as("alma")
    alma.send("/supplier/tenders/ocds-lots/lots/2/bid/price", {"price": "7"})
    page = alma.get("/supplier/tenders/ocds-lots")
    assert "1: North" in page.text and "2: South" in page.text
    assert page.text.index("Not started") < page.text.index("Draft")
    assert not alma.fields("/supplier/tenders/ocds-lots/lots/1/bid/price").get("price")


@pytest.mark.parametrize("page", ["answers/nothing", "files/99"])
def test_what_the_tender_does_not_ask_is_not_found(act_as: Callable[..., Any], bid: str, page: str) -> None:
    act_as("alma").get(f"{bid}/{page}", status=404)
