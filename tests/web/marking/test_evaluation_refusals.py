"""What the pages of an evaluation refuse: the seal, the conflict gate, two envelopes, marks without a reason."""

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest

TENDER = "/buyer/tenders/ocds-test-1"
NOTHING_TO_OPEN = "There is no envelope of this tender to open now."
BID_TEXT = ("Four gardeners", "Twelve sites")
# What the three firms ask, as pages write it.
PRICES = ("450,000", "500,000.00", "480,000.00 for", "450000", "45000000")


def is_silent(response: Any) -> bool:
    """Whether an answer holds nothing of what a bid says."""
    return not any(words in response.get_data(as_text=True) for words in BID_TEXT)


def words(response: Any) -> str:
    """The text of an answer."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)).split())


def pages_of(hall: Any) -> list[str]:
    """Where an evaluator reads a bid."""
    bid = hall.bids()["Ash"]
    file = f"{TENDER}/bids/{bid.id}/files/{bid.content['files'][0]['sha256']}"
    marking = f"{TENDER}/marking"
    return [marking, f"{marking}/bids/{bid.id}", f"{marking}/bids/{bid.id}/plan", f"{marking}/criteria/plan", file]


def refused_everywhere(hall: Any, browser: Any) -> bool:
    """Whether an evaluator is let in nowhere; being sent to declare first is no way in."""
    answers = [browser.raw(page) for page in pages_of(hall)]
    return all(one.status_code in (303, 403, 404, 409) and is_silent(one) for one in answers)


def test_the_seal_is_not_broken_by_one_or_by_a_stranger_to_it(
    make_hall: Callable[..., Any], browser_of: Callable[..., Any]
) -> None:
    hall = make_hall(opened=False)
    ophelia, olga = browser_of(hall, "ophelia"), browser_of(hall, "olga")
    token = ophelia.hidden(f"{TENDER}/opening")
    mine = {"passphrase": hall.module.PASSPHRASES["ophelia"]}
    early = ophelia.raw(f"{TENDER}/opening", method="POST", data=token | mine)
    assert NOTHING_TO_OPEN in words(early)
    ophelia.press(f"{TENDER}/opening/close", shown=f"{TENDER}/opening")
    hers = olga.hidden(f"{TENDER}/panel") | mine
    answer = olga.raw(f"{TENDER}/opening", method="POST", data=hers)
    assert "You are not one of the openers of this tender" in words(answer)
    ophelia.press(f"{TENDER}/opening", **mine)
    again = ophelia.raw(f"{TENDER}/opening", method="POST", data=token | mine)
    assert "Another opener has to act now" in words(again)
    assert hall.bids() == {}
    for page in ("checks", "moderation", "bid-questions", "opening/record", "lots/1/result"):
        answer = ophelia.raw(f"{TENDER}/{page}")
        assert is_silent(answer) and "Cedar" not in answer.get_data(as_text=True)


def test_nobody_reads_a_bid_before_declaring_or_against_the_officers_decision(
    make_hall: Callable[..., Any], browser_of: Callable[..., Any]
) -> None:
    hall = make_hall()
    officer, eva, emil = (browser_of(hall, name) for name in ("ophelia", "eva", "emil"))
    assert refused_everywhere(hall, eva), "no seat"
    for name in ("eva", "emil"):
        officer.press(f"{TENDER}/panel", user=str(hall.users[name]))
    assert refused_everywhere(hall, eva), "nothing declared"
    eva.press(f"{TENDER}/declaration", has_interest="yes", statement="My partner works for Ash.")
    assert refused_everywhere(hall, eva), "not decided yet"
    [link] = {
        href
        for href in officer.get(f"{TENDER}/panel").links().values()
        if href.startswith(f"{TENDER}/panel/") and not href.endswith("/remove")
    }
    officer.press(link, 400, allowed="no")
    officer.press(link, allowed="no", because="The interest cannot be managed.")
    assert refused_everywhere(hall, eva), "kept out"
    emil.press(f"{TENDER}/declaration", has_interest="no")
    assert emil.raw(pages_of(hall)[2]).status_code == 200


@pytest.mark.parametrize("two_envelopes", [True, False])
def test_no_price_is_told_to_anybody_before_the_marks_are_locked(
    seated: Callable[..., Any],
    browser_of: Callable[..., Any],
    two_envelopes: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    hall = seated(two_envelopes=two_envelopes)
    officer, eva = browser_of(hall, "ophelia"), browser_of(hall, "eva")
    officer.press(f"{TENDER}/moderation/begin", reason="All have marked.")
    bid = hall.bids()["Ash"].id
    own = ["opening", "opening/record", "checks", f"checks/{bid}/insurance", "moderation", "bid-questions", "panel"]
    own += [f"moderation/bids/{bid}/plan", f"bids/{bid}/ask", "lots/1/result", "lots/1/award", "record.json"]
    own += ["lots/1/result/download.csv", "lots/1/award/report.pdf", f"lots/1/result/bids/{bid}"]
    with caplog.at_level(logging.INFO):
        for browser, pages in ((officer, [f"{TENDER}/{page}" for page in own]), (eva, pages_of(hall))):
            for page in pages:
                told = browser.raw(page).get_data(as_text=True) + caplog.text
                assert not [price for price in PRICES if price in told], page
    assert "Prices are shown here once" in officer.get(f"{TENDER}/opening/record").text
    assert {bid.price is None for bid in hall.bids().values()} == {two_envelopes}
    token = officer.hidden(f"{TENDER}/cancel")
    early = token | {"passphrase": hall.module.PASSPHRASES["ophelia"]}
    answer = officer.raw(f"{TENDER}/opening", method="POST", data=early)
    assert NOTHING_TO_OPEN in words(answer)


def test_marks_are_finished_with_a_reason_each_and_agreed_with_reason_and_names(
    seated: Callable[..., Any], browser_of: Callable[..., Any], mark_all: Callable[..., None]
) -> None:
    hall = seated()
    officer, eva = browser_of(hall, "ophelia"), browser_of(hall, "eva")
    bid = hall.bids()["Ash"]
    mark_all(hall, "eva", finish=False)
    eva.press(f"{TENDER}/marking/bids/{bid.id}/plan", mark="4", reason=" ")
    assert eva.raw(f"{TENDER}/marking/finish", method="POST", data=eva.hidden(f"{TENDER}/marking")).status_code >= 400
    agreed = f"{TENDER}/moderation/bids/{bid.id}/plan"
    token = officer.hidden(f"{TENDER}/cancel") | {"version": "0"}
    whole = {"mark": "4", "reason": "Every site is named.", "present": "Eva"}
    assert officer.raw(agreed, method="POST", data=token | whole).status_code == 409, "sheets are open"
    assert "Because of eva" not in browser_of(hall, "emil").raw(pages_of(hall)[2]).get_data(as_text=True)
    mark_all(hall, "eva")
    for name in ("emil", "elsa"):
        mark_all(hall, name)
    for missing in ("reason", "present"):
        officer.press(agreed, 400, **(whole | {missing: ""}))
    assert officer.raw(f"{TENDER}/moderation/lock", method="POST", data=token).status_code in (400, 409)
    assert hall.tender().moderation_locked_at is None
